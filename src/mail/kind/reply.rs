//! Machines that answer for a person (RFC 3834, RFC 8098).

use super::{
    Evidence, any,
    words::{
        AUTOMATIC_WORDS, CHALLENGE_FIELDS, CHALLENGE_PHRASES, REPLIER_FIELDS, REPLY_NAMES, VACATION_SUBJECTS,
    },
};
use crate::{
    domain::{Detail, text},
    mail::{parts, receipt},
};

/// As much of the text as is looked at, in bytes.
const START_BYTES: usize = 4096;

impl Evidence<'_> {
    pub(super) fn auto_reply(&self) -> Option<(Option<Detail>, String)> {
        if parts::is_report(self.message, "disposition-notification") {
            let was = if receipt::was_shown(&self.mail.attachments) { Detail::Read } else { Detail::Deleted };
            return Some((Some(was), format!("it is a read receipt (RFC 8098): {was}")));
        }
        if let Some(why) = self.challenge() {
            return Some((Some(Detail::Challenge), why));
        }
        self.note().map(|why| (None, why))
    }

    /// A mail that lets ours pass when somebody follows a link.
    fn challenge(&self) -> Option<String> {
        if let Some(name) = self.fields.any_of(CHALLENGE_FIELDS) {
            return Some(format!("it has {name}, and asks whether a person wrote to it"));
        }
        let start = text::prefix(&self.mail.text, START_BYTES).to_lowercase();
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        let phrases = CHALLENGE_PHRASES.iter().filter(|words| start.contains(*words)).count();
        let machine = self.auto_submitted().is_some() || self.has_empty_path() || self.is_no_reply();
        (phrases >= 1 && machine).then(|| "it asks whether a person wrote to it".to_owned())
    }

    /// A vacation note or the like.
    fn note(&self) -> Option<String> {
        let submitted = self.auto_submitted();
        if submitted.as_deref() == Some("auto-replied") {
            return Some("Auto-Submitted: auto-replied (RFC 3834)".to_owned());
        }
        if let Some(name) = REPLIER_FIELDS.iter().find(|name| self.affirms(name)) {
            return Some(format!("it has {name}"));
        }
        if let Some(value) = self.precedence(&["auto_reply", "auto-reply", "autoreply"]) {
            return Some(format!("Precedence: {value}"));
        }
        let (vacation, is_whole) = self.vacation_subject()?;
        let sign = self.second_sign(submitted.as_deref());
        // Exchange writes the one on people's mail, too, and people answer; but then
        // their subjects do not say `Automatic reply: ...`.
        let weak = match is_whole && any(REPLY_NAMES, vacation) {
            true if self.fields.has("X-Auto-Response-Suppress") => Some("it asks for no automatic response"),
            true if self.answers() => Some("it answers a mail"),
            _ => None,
        };
        Some(format!("its subject begins with `{vacation}` and {}", sign.or(weak)?))
    }

    /// Domino writes `AUTO: Smith, Jo is out of the office (returning ...)`.
    /// The words and whether they are the whole of what it says: nothing follows but a
    /// date, or the subject that is answered behind a colon.
    fn vacation_subject(&self) -> Option<(&'static str, bool)> {
        let subject = self.mail.subject.to_lowercase();
        let domino = subject.strip_prefix("auto:");
        // The longest, since one may begin another: `absence`, `absence du bureau`.
        let words = VACATION_SUBJECTS.iter().filter(|words| subject.starts_with(*words));
        if let Some(words) = words.max_by_key(|words| words.len()) {
            let rest = subject[words.len()..].trim_start();
            return Some((
                words,
                rest.is_empty() || rest.starts_with([':', '：', '(', '（']) || is_date(rest),
            ));
        }
        let words =
            VACATION_SUBJECTS.iter().find(|words| domino.is_some_and(|said| said.contains(*words)))?;
        Some((words, true))
    }

    /// What makes a vacation subject more than a subject.
    fn second_sign(&self, submitted: Option<&str>) -> Option<&'static str> {
        let start = text::prefix(&self.mail.text, START_BYTES).to_lowercase();
        let signs = [
            (submitted.is_some(), "it was submitted automatically"),
            (self.has_empty_path(), "its return path is empty"),
            (self.precedence(&["bulk", "junk"]).is_some(), "it has a bulk Precedence"),
            (start.lines().any(calls_itself_automatic), "it calls itself automatic"),
        ];
        signs.into_iter().find_map(|(is, sign)| is.then_some(sign))
    }
}

/// Whether a text begins with a date in figures: `12.04.`, `2026-12-01`, `5/1 - 7/1`.
fn is_date(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && rest.starts_with(['.', '/', '-', '年', '月'])
}

fn calls_itself_automatic(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("note: ");
    AUTOMATIC_WORDS.iter().any(|words| line.starts_with(words))
}
