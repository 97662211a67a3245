//! Things to run: commands, code, mark-up and settings that stand in a report.
//!
//! A command that was typed or a piece of code that shows the fault is a step;
//! the output below it is what happened. Only the first words of a line are
//! looked at.

use super::signals::{Signal, Weight};
use crate::domain::Slot;

/// Programs that people start by name in a shell.
const PROGRAMS: &[&str] = &[
    "sudo",
    "docker",
    "docker-compose",
    "kubectl",
    "helm",
    "curl",
    "wget",
    "apt",
    "apt-get",
    "yum",
    "dnf",
    "brew",
    "npm",
    "npx",
    "yarn",
    "pip",
    "git",
    "svn",
    "cvs",
    "make",
    "cmake",
    "gcc",
    "mvn",
    "gradle",
    "ant",
    "java",
    "javac",
    "php",
    "python",
    "python3",
    "ruby",
    "perl",
    "node",
    "cd",
    "mkdir",
    "touch",
    "echo",
    "cat",
    "ssh",
    "scp",
    "mysql",
    "psql",
    "sqlite3",
    "systemctl",
    "service",
    "export",
    "cp",
    "rm",
    "chmod",
    "vagrant",
    "terraform",
    "ansible-playbook",
    "cargo",
    "go",
    "rpm",
    "tar",
    "openssl",
    "telnet",
    "ping",
];

/// Words that open a line of code.
const CODE: &[&str] = &[
    "public",
    "private",
    "protected",
    "import",
    "package",
    "class",
    "interface",
    "static",
    "void",
    "def",
    "function",
    "var",
    "let",
    "const",
    "int",
    "string",
    "final",
    "return",
    "if",
    "for",
    "while",
    "new",
    "select",
    "create",
    "insert",
    "update",
    "delete",
    "alter",
    "#include",
    "try",
    "using",
    "require",
    "module",
    "print",
    "boolean",
    "long",
    "double",
    "@test",
    "@override",
    "@entity",
];

/// Instructions of a container's recipe.
const RECIPE: &[&str] = &[
    "FROM",
    "RUN",
    "CMD",
    "ENV",
    "ADD",
    "COPY",
    "EXPOSE",
    "ENTRYPOINT",
    "VOLUME",
    "WORKDIR",
    "USER",
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
    let directive = is_camel_case(first) && (2..7).contains(&words);
    ((recipe || directive) && !sentence && !line.ends_with([':', ','])).then_some(Sample::Setting)
}

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
