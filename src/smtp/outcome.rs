//! From a server's reply to what becomes of the mail (RFC 5321 §4.2.1).

use crate::domain::text;

/// What became of one mail. The text is one line: the reply, or the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it over.
    Accepted(String),
    /// Not now: try the same bytes again later.
    Deferred(String),
    /// Never: the server does not take this mail.
    Refused(String),
}

/// Decides on the reply to MAIL, RCPT, DATA or the mail itself. Without a code the
/// connection broke, and the mail may or may not have arrived.
pub(super) fn of_reply(code: Option<u16>, words: &str) -> Outcome {
    let said = text::line(&match code {
        Some(code) => format!("{code} {words}"),
        None => words.to_owned(),
    });
    match code {
        Some(200..=299) => Outcome::Accepted(said),
        Some(530 | 534 | 535 | 538) => Outcome::Deferred(format!(
            "the server wants another log-in before it takes mail, check `user`, `password` and `tls`: {said}"
        )),
        Some(503) => Outcome::Deferred(format!("the conversation got out of step: {said}")),
        Some(500..=599) => Outcome::Refused(said),
        _ => Outcome::Deferred(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_has_its_outcome() {
        let word = |code| match of_reply(code, "words") {
            Outcome::Accepted(_) => "accepted",
            Outcome::Deferred(_) => "deferred",
            Outcome::Refused(_) => "refused",
        };
        for (code, expected) in [
            (Some(250), "accepted"),
            (Some(251), "accepted"),
            (Some(354), "deferred"),
            (Some(421), "deferred"),
            (Some(450), "deferred"),
            (Some(451), "deferred"),
            (Some(452), "deferred"),
            (Some(454), "deferred"),
            (Some(500), "refused"),
            (Some(503), "deferred"),
            (Some(530), "deferred"),
            (Some(534), "deferred"),
            (Some(535), "deferred"),
            (Some(538), "deferred"),
            (Some(550), "refused"),
            (Some(552), "refused"),
            (Some(553), "refused"),
            (Some(554), "refused"),
            (Some(600), "deferred"),
            (None, "deferred"),
        ] {
            assert_eq!(word(code), expected, "{code:?}");
        }
    }

    #[test]
    fn the_reply_becomes_one_line() {
        assert_eq!(
            of_reply(Some(550), "5.1.1 no such\r\nuser"),
            Outcome::Refused("550 5.1.1 no such user".to_owned())
        );
    }
}
