//! Error codes and quoted messages: what programs say, which is the same for everybody who sees it.
//!
//! A mark is a lexeme that no word can be: `code:ora-00942`, `said:no space left on device`, and `~device` for each
//! word of what was said, so that messages which differ in a name still meet.

use super::noise;
use crate::domain::text;

/// More marks say no more.
const MOST: usize = 24;

/// The longest message that is kept, in bytes; it has to fit into a lexeme (2,046 bytes).
const LONGEST: usize = 200;

/// Opening and closing marks of quotations; an apostrophe is none.
const QUOTES: &[(char, char)] =
    &[('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('»', '«'), ('「', '」'), ('『', '』'), ('`', '`')];

/// What stands before an error message on its line.
const SAYS: &[&str] = &[
    "error:",
    "exception:",
    "fatal:",
    "fehler:",
    "fehlermeldung:",
    "meldung:",
    "erreur:",
    "erreur :",
    "erro:",
    "errore:",
    "fout:",
    "foutmelding:",
    "błąd:",
    "エラー:",
    "エラー：",
    "错误:",
    "错误：",
    "message:",
];

/// Words behind which a number from 400 to 599 is an HTTP status.
const STATUS: &[&str] = &[
    "http",
    "https",
    "error",
    "status",
    "code",
    "fehler",
    "fehlercode",
    "erreur",
    "erro",
    "errore",
    "fout",
    "foutcode",
    "błąd",
    "error-code",
    "código",
    "codice",
    "kod",
    "エラー",
    "错误",
];

/// The marks of a text, each once, in the order in which they stand.
pub fn marks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        codes(line, &mut found);
        for said in quoted(line).into_iter().chain(announced(line)) {
            message(said, &mut found);
        }
    }
    found.truncate(MOST);
    found
}

/// Whether a lexeme is a mark that two tickets do not share by chance.
pub fn is_strong(lexeme: &str) -> bool {
    lexeme.starts_with("code:") || lexeme.starts_with("said:")
}

/// Whether a lexeme is a mark of any sort.
pub fn is_mark(lexeme: &str) -> bool {
    is_strong(lexeme) || lexeme.starts_with('~')
}

fn codes(line: &str, found: &mut Vec<String>) {
    let mut before = [String::new(), String::new()];
    for word in line.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        let number = bare.len() == 3 && matches!(bare.parse(), Ok(400..=599));
        if number && before.iter().any(|word| STATUS.contains(&word.as_str())) {
            push(found, format!("code:http-{bare}"));
        } else if let Some(code) = code(bare) {
            push(found, format!("code:{}", code.to_lowercase()));
        }
        before = [std::mem::take(&mut before[1]), bare.to_lowercase()];
    }
}

/// `ORA-00942`, `E1042`, `ERR_CONNECTION_RESET`, `0x80070057`, `java.io.FileNotFoundException`.
fn code(word: &str) -> Option<&str> {
    if !(4..=80).contains(&word.len()) || !word.is_ascii() || word.contains(['@', '/', '\\']) {
        return None;
    }
    let name = word.rsplit('.').next().unwrap_or(word);
    let named = |end: &str| name.len() > end.len() + 2 && name.ends_with(end);
    if name.starts_with(|c: char| c.is_ascii_uppercase()) && (named("Exception") || named("Error")) {
        return Some(name);
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hex = word.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let shouted = word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    let numbered = digits >= 2 && word.len() > digits;
    (hex || (shouted && (numbered || word.contains('_')))).then_some(word)
}

/// What stands between quotation marks on a line.
fn quoted(line: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), line);
    while let Some((at, open)) = rest.char_indices().find(|(_, c)| QUOTES.iter().any(|(open, _)| open == c)) {
        let behind = &rest[at + open.len_utf8()..];
        let closes = |c: char| QUOTES.iter().any(|(opens, close)| *opens == open && *close == c);
        // No message is longer: a mark that nothing closes costs no look at the rest of the text.
        let Some(end) = text::prefix(behind, 2 * LONGEST).find(closes) else {
            rest = behind;
            continue;
        };
        found.push(&behind[..end]);
        let close = behind[end..].chars().next().map_or(0, char::len_utf8);
        rest = &behind[end + close..];
    }
    found
}

/// What stands on a line behind "Error:".
fn announced(line: &str) -> Option<&str> {
    let lower = line.to_ascii_lowercase();
    let ends = SAYS.iter().filter_map(|says| lower.find(says).map(|at| at + says.len()));
    ends.min().map(|at| line[at..].trim())
}

fn message(said: &str, found: &mut Vec<String>) {
    let said = normal(text::prefix(said, LONGEST));
    let words: Vec<&str> = said.split(' ').filter(|word| !word.is_empty()).collect();
    let eastern = !said.is_ascii() && said.chars().filter(|c| *c >= '\u{3040}').count() >= 5;
    if !eastern && (words.len() < 2 || said.len() < 8) {
        return;
    }
    // Thanks in quotation marks are still thanks.
    let telling: Vec<&str> =
        words.into_iter().filter(|word| word.chars().count() >= 3 && !noise::is_noise(word)).collect();
    if telling.is_empty() {
        return;
    }
    push(found, format!("said:{said}"));
    for word in telling {
        push(found, format!("~{word}"));
    }
}

/// Lower case, numbers as `#`, anything else as single spaces.
fn normal(said: &str) -> String {
    let mut out = String::with_capacity(said.len());
    for c in said.chars().flat_map(char::to_lowercase) {
        let c = if c.is_numeric() { '#' } else { c };
        match c {
            '#' if out.ends_with('#') => {}
            c if c == '#' || c.is_alphabetic() => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.trim_end().to_owned()
}

fn push(found: &mut Vec<String>, mark: String) {
    if found.len() < MOST && !found.contains(&mark) {
        found.push(mark);
    }
}
