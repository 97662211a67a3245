//! Things to run: commands, code, mark-up and settings that stand in a report.
//!
//! A command that was typed or a piece of code that shows the fault is a step;
//! the output below it is what happened. Only the first words of a line are
//! looked at.

use super::{
    sentences::Shape,
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// Programs that people start by name in a shell.
#[rustfmt::skip]
const PROGRAMS: &[&str] = &[
    "sudo", "docker", "docker-compose", "kubectl", "helm", "curl", "wget", "apt", "apt-get", "yum",
    "dnf", "brew", "npm", "npx", "yarn", "pip", "git", "svn", "cvs", "make", "cmake", "gcc", "mvn",
    "gradle", "ant", "java", "javac", "php", "python", "python3", "ruby", "perl", "node", "cd", "mkdir",
    "touch", "echo", "cat", "ssh", "scp", "mysql", "psql", "sqlite3", "systemctl", "service", "export",
    "cp", "rm", "chmod", "vagrant", "terraform", "ansible-playbook", "cargo", "go", "rpm", "tar",
    "openssl", "telnet", "ping",
];

/// Words that open a line of code.
#[rustfmt::skip]
const CODE: &[&str] = &[
    "public", "private", "protected", "import", "package", "class", "interface", "static", "void", "def",
    "function", "var", "let", "const", "int", "string", "final", "return", "if", "for", "while", "new",
    "select", "create", "insert", "update", "delete", "alter", "#include", "try", "using", "require",
    "module", "print", "boolean", "long", "double", "@test", "@override", "@entity",
];

/// Instructions of a container's recipe.
#[rustfmt::skip]
const RECIPE: &[&str] = &[
    "FROM", "RUN", "CMD", "ENV", "ADD", "COPY", "EXPOSE", "ENTRYPOINT", "VOLUME", "WORKDIR", "USER",
    "LABEL",
];

/// The names of its signals.
pub(super) const NAMES: &[&str] = &["command", "code", "mark-up", "setting"];

/// What a line that no prose is shows of the steps.
pub(super) fn signal(line: &str) -> Option<Signal> {
    let (weight, name) = match sample(line)? {
        Sample::Command => (Weight::Weak, "command"),
        Sample::Code => (Weight::Trace, "code"),
        Sample::Markup => (Weight::Weak, "mark-up"),
        Sample::Setting => (Weight::Weak, "setting"),
    };
    Some(Signal { slot: Slot::Steps, weight, name })
}

/// What kind of thing to run a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    /// `$ docker run …`
    Command,
    /// `import java.util.List;`
    Code,
    /// `<form action="…">`
    Markup,
    /// `ServerName www.example.org`, `FROM debian`
    Setting,
}

/// The kind of thing to run that a line is, if any.
pub(super) fn sample(line: &str) -> Option<Sample> {
    let line = line.trim_start_matches('`').trim_start();
    let first = line.split_whitespace().next()?;
    let words = line.split_whitespace().take(9).count();
    if asks_about_itself(line) {
        return None;
    }
    let sentence = line.ends_with(['.', '?', '!']) && words > 3;
    if is_prompt(first) && words > 1 || starts_program(line, first) && !sentence {
        return Some(Sample::Command);
    }
    if line.starts_with('<')
        && line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?')
    {
        return Some(Sample::Markup);
    }
    let lower = first.trim_end_matches(['(', ';']).to_ascii_lowercase();
    let punctuated = line.contains([';', '{', '=', '(']);
    let query = lower == "select" && line.to_ascii_lowercase().contains(" from ")
        || lower == "from" && line.contains(" as ");
    if query || line.ends_with([';', '{', '}']) || CODE.contains(&lower.as_str()) && punctuated && !sentence {
        return Some(Sample::Code);
    }
    let recipe = RECIPE.contains(&first) && words > 1;
    let verb = line.split_whitespace().nth(1).is_some_and(|second| VERBS.contains(&second));
    let directive = is_camel_case(first) && (2..7).contains(&words) && !verb;
    ((recipe || directive) && !sentence && !line.ends_with([':', ','])).then_some(Sample::Setting)
}

/// Behind a name in two humps, these make a sentence: "PowerPoint is slow".
const VERBS: &[&str] =
    &["is", "are", "was", "were", "does", "doesn't", "has", "can", "can't", "crashes", "fails", "and", "in"];

/// Commands that only show a version or what is there; they are how a reporter
/// describes the machine.
fn asks_about_itself(line: &str) -> bool {
    [
        "docker version",
        "docker info",
        "docker -v",
        "uname",
        "--version",
        " -V",
        "lsb_release",
        "/etc/os-release",
    ]
    .iter()
    .any(|words| line.contains(words))
}

/// `$`, `#`, `>`, `user@host:~$`, `C:\>`
fn is_prompt(first: &str) -> bool {
    ["$", "%", "~$", ">>>", "mysql>", "C:\\>"].contains(&first)
        || first.contains('@') && first.ends_with(['#', '$', '%', '~', '>'])
        || first.starts_with("$ ")
}

/// A program with something behind it that reads as an argument, or a path to run.
fn starts_program(line: &str, first: &str) -> bool {
    let second = line.split_whitespace().nth(1).unwrap_or_default();
    let argument = second.starts_with(['-', '/', '.', '"', '\'', '$', '~'])
        || second.contains(['.', '/', '=', ':', '-', '_']);
    let by_path = first.starts_with("./") || first.starts_with("/configure") || first.starts_with("/usr/");
    let known = PROGRAMS.contains(&first);
    by_path && argument
        || known
            && (argument
                || ["docker", "sudo", "git", "npm", "kubectl", "apt-get"].contains(&first)
                    && !second.is_empty())
}

/// `ServerName`, `ProxyPassReverse`
fn is_camel_case(word: &str) -> bool {
    let humps = word
        .bytes()
        .zip(word.bytes().skip(1))
        .filter(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
        .count();
    humps > 0
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// "This configuration:" above mark-up, a command or code: the sentence tells what
/// the sample is for, which the sample itself does not.
pub(super) fn announcements(own: &str, body: &mut [Read]) {
    for place in 1..body.len() {
        if !is_sample(&body[place]) {
            continue;
        }
        let before = &body[place - 1];
        let sentence = &before.placed.sentence;
        let colon = own[sentence.start..sentence.end].ends_with([':', '：']);
        let announces = points_below(before) || colon && !is_of_output(&sentence.words);
        let prose = sentence.shape != Shape::Machine && !is_sample(before);
        if announces && prose && !before.tells(Slot::Expected) {
            let weight = if before.tells(Slot::Steps) { Weight::Likely } else { Weight::Fair };
            body[place - 1].signals.push(Signal { slot: Slot::Steps, weight, name: "announces a sample" });
        }
    }
}

fn is_sample(read: &Read) -> bool {
    read.signals.iter().any(|signal| NAMES.contains(&signal.name))
}

/// "The following code", "the snippet below".
fn points_below(read: &Read) -> bool {
    let words = &read.placed.sentence.words;
    read.tells(Slot::Steps) && POINTERS.iter().any(|pointer| words.contains(pointer))
}

const POINTERS: &[&str] = &["following", "below", "here is", "here's", "this is", "example"];

/// "Here is my configuration", "the following is an example of": points at what
/// stands below, unless that is what came out.
pub(super) fn is_shown_below(words: &str) -> bool {
    let start = format!(" {} ", words.split(' ').take(5).collect::<Vec<_>>().join(" "));
    SHOWING.iter().any(|pointer| start.contains(pointer)) && !is_of_output(words)
}

#[rustfmt::skip]
const SHOWING: &[&str] = &[
    " here is ", " here's ", " here are ", " following is ", " below is ", " excerpt from ", " given the ",
    " this is my ",
];

/// Whether a sentence speaks of what came out, of the machine, or of a way around.
fn is_of_output(words: &str) -> bool {
    words.split(' ').any(|word| OUTPUT.contains(&word))
}

#[rustfmt::skip]
const OUTPUT: &[&str] = &[
    "log", "logs", "error", "errors", "output", "trace", "stacktrace", "stack", "result", "results", "screenshot",
    "response", "patch", "fix", "workaround", "info", "problem", "link", "diff", "environment", "exception", "dump",
    "generated", "happened", "fails",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_code_markup_and_settings_are_samples() {
        let table = [
            ("$ harbour start web", Some(Sample::Command)),
            ("root@mill:~# ls /srv", Some(Sample::Command)),
            ("curl -s https://api.example.org/v2/orders", Some(Sample::Command)),
            ("./configure --prefix=/opt/mill", Some(Sample::Command)),
            ("import java.util.List;", Some(Sample::Code)),
            ("select name from Mill mill where mill.age > 3", Some(Sample::Code)),
            ("<form action=\"/mill\">", Some(Sample::Markup)),
            ("ServerName mill.example.org", Some(Sample::Setting)),
            ("FROM debian:12", Some(Sample::Setting)),
            ("docker version", None),
            ("Make sure the mill runs.", None),
            ("cat pictures are missing", None),
            ("If I open it, it is blank (always).", None),
            ("PowerPoint is slow.", None),
            ("", None),
        ];
        for (line, expected) in table {
            assert_eq!(sample(line), expected, "{line}");
        }
    }

    #[test]
    fn what_stands_below_is_shown_unless_it_came_out() {
        assert!(is_shown_below("here is my configuration"));
        assert!(is_shown_below("the following is an example of the query"));
        assert!(!is_shown_below("here is the log"));
        assert!(!is_shown_below("there is a red dot"));
    }
}
