//! Whether a mail answers or hands on another one: only then are quotes without marks
//! expected in it.

/// What the header of a mail says of the mail before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// It answers or forwards a mail, or that is not known.
    Mail,
    /// It is the first of its kind: a problem report with logs, lists and forms.
    Nothing,
}

/// What mail programs put before the subject of an answer or a forward, in lower case.
const PREFIXES: &[&str] = &[
    "re",
    "aw",
    "sv",
    "vs",
    "antw",
    "antwort",
    "rif",
    "res",
    "ref",
    "odp",
    "rép",
    "r",
    "ynt",
    "bls",
    "atb",
    "rv",
    "fw",
    "fwd",
    "wg",
    "tr",
    "enc",
    "i",
    "doorst",
    "pd",
    "vb",
    "vl",
    "ilt",
    "tov",
    "továbbítás",
    "weitergeleitet",
    "reenv",
    "inoltra",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "返信",
    "转发",
    "轉寄",
    "転送",
    "회신",
    "전달",
    "отв",
    "ha",
    "hl",
    "yml",
    "απ",
    "σχετ",
    "πρθ",
    "תשובה",
    "השב",
    "הועבר",
    "رد",
    "إعادة توجيه",
];

/// Longer words before a colon are words of a subject.
const MAX_PREFIX_BYTES: usize = 40;

impl Answering {
    /// What the subject says, and whether the mail `names` another in `In-Reply-To` or
    /// `References` (RFC 5322 §3.6.4).
    pub fn of(subject: &str, names: bool) -> Self {
        if names || has_prefix(subject) { Self::Mail } else { Self::Nothing }
    }
}

/// `Re: …`, `AW[2]: …`, also behind our reference: `[DG-1] Re: …`.
fn has_prefix(subject: &str) -> bool {
    let subject = subject.trim_start();
    let bare = match subject.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim_start(),
        None => subject,
    };
    let Some((prefix, _)) = bare.split_once([':', '：']) else { return false };
    if prefix.len() > MAX_PREFIX_BYTES {
        return false;
    }
    let word = prefix.split(['[', '(', '^']).next().unwrap_or_default().trim().trim_end_matches('.');
    PREFIXES.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_whether_a_mail_is_answered() {
        for subject in ["Re: Printer", "AW[2]: x", "[DG-1] Re: x", "Fwd: x", "回复：x", "Rép. : x"] {
            assert_eq!(Answering::of(subject, false), Answering::Mail, "{subject}");
        }
        for subject in ["", "Printer", "Error: 5", "Report: empty", "[DG-1] x", "Printer Re: x"] {
            assert_eq!(Answering::of(subject, false), Answering::Nothing, "{subject}");
            assert_eq!(Answering::of(subject, true), Answering::Mail);
        }
    }
}
