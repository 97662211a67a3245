//! From a server's reply to what becomes of the mail (RFC 5321 §4.2.1, RFC 3463).

use crate::domain::{link::without_seals, text};

/// What became of one mail. The text is one line: the reply, or the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it over.
    Accepted(String),
    /// Not now: try the same bytes again later. [`Trouble`] says who waits.
    Deferred(Trouble, String),
    /// Never: the server does not take this mail.
    Refused(String),
}

/// Whose trouble a deferral is, and so who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server could not be reached or logged in to. No mail was offered, and
    /// none will be until it can.
    Server,
    /// The server hung up, or took nothing more, in the midst of this mail. The mail
    /// waits a little, and before the others the server is asked again.
    Broken,
    /// The recipient's domain: everything to it waits.
    Domain,
    /// This recipient's own mailbox; nobody else's mail is touched.
    Recipient,
}

/// How far the conversation about one mail had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// MAIL: nothing was said about the recipient yet.
    Sender,
    /// RCPT and DATA.
    Recipient,
    /// The mail itself, and its dot.
    Content,
}

/// Decides on the reply to MAIL, RCPT, DATA or the mail itself. Without a code the
/// connection broke, and the mail may or may not have arrived.
pub(super) fn of_reply(stage: Stage, code: Option<u16>, words: &str) -> Outcome {
    // Servers repeat the sender's address, which is a reply address of the reader's own.
    let said = line(&match code {
        Some(code) => format!("{code} {words}"),
        None => words.to_owned(),
    });
    match code {
        Some(200..=299) => Outcome::Accepted(said),
        Some(530 | 534 | 535 | 538) => Outcome::Deferred(
            Trouble::Broken,
            format!(
                "the server wants another log-in before it takes mail, check `user`, `password` and `tls`: {said}"
            ),
        ),
        Some(503) => out_of_step(&said),
        Some(500..=599) => Outcome::Refused(said),
        _ => Outcome::Deferred(whose(stage, code, words), said),
    }
}

fn line(said: &str) -> String {
    text::line(&without_seals(said, "…"))
}

/// Decides on an answer that cannot be to what was asked.
pub(super) fn out_of_step(said: &str) -> Outcome {
    let said = line(said);
    Outcome::Deferred(Trouble::Broken, format!("the conversation got out of step: {said}"))
}

/// Decides on an answer to the whole mail that nobody can read. It was most likely taken:
/// to offer it again would double it, each time.
pub(super) fn unreadable() -> Outcome {
    let said = "the server had the whole mail, and its answer is unreadable (not UTF-8), so that it may have been \
                taken or not; see its log, and send the mail again only if it was not";
    Outcome::Refused(said.to_owned())
}

/// Decides on silence.
pub(super) fn of_silence(stage: Stage, said: String) -> Outcome {
    let trouble = if stage == Stage::Sender { Trouble::Broken } else { Trouble::Domain };
    Outcome::Deferred(trouble, said)
}

/// RFC 3463 §3: X.2.1 to X.2.3 speak of the recipient's mailbox, X.3 of the
/// server's own system.
fn whose(stage: Stage, code: Option<u16>, words: &str) -> Trouble {
    let about = |prefixes: &[&str]| prefixes.iter().any(|prefix| words.starts_with(prefix));
    match code {
        None | Some(421) => Trouble::Broken,
        _ if stage == Stage::Sender || about(&["4.3."]) => Trouble::Broken,
        Some(400..=499) if about(&["4.2.1", "4.2.2", "4.2.3"]) => Trouble::Recipient,
        Some(400..=499) => Trouble::Domain,
        // No reply of SMTP.
        Some(_) => Trouble::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Accepted(_) => "accepted",
            Outcome::Deferred(Trouble::Server, _) => "server",
            Outcome::Deferred(Trouble::Broken, _) => "broken",
            Outcome::Deferred(Trouble::Domain, _) => "domain",
            Outcome::Deferred(Trouble::Recipient, _) => "recipient",
            Outcome::Refused(_) => "refused",
        }
    }

    #[test]
    fn the_senders_address_is_repeated_without_its_seal() {
        let seal = "ab2d".repeat(8);
        let words = format!("5.1.8 <support+h-4-{seal}@desk.test>: Sender address rejected");
        let said = "550 5.1.8 <support+h-4-…@desk.test>: Sender address rejected".to_owned();
        assert_eq!(of_reply(Stage::Sender, Some(550), &words), Outcome::Refused(said));
        // Nor is half of it, where a long answer is cut.
        let words = format!("{} <support+h-4-{seal}@desk.test>", "x".repeat(text::MAX_LINE_BYTES - 40));
        let Outcome::Refused(said) = of_reply(Stage::Sender, Some(550), &words) else {
            panic!("it is refused")
        };
        assert!(said.contains("support+h-4-…") && !said.contains(&seal[..8]), "{said}");
    }

    #[test]
    fn every_reply_has_its_outcome() {
        for (code, expected) in [
            (Some(250), "accepted"),
            (Some(251), "accepted"),
            (Some(354), "broken"),
            (Some(421), "broken"),
            (Some(450), "domain"),
            (Some(451), "domain"),
            (Some(452), "domain"),
            (Some(454), "domain"),
            (Some(500), "refused"),
            (Some(503), "broken"),
            (Some(530), "broken"),
            (Some(534), "broken"),
            (Some(535), "broken"),
            (Some(538), "broken"),
            (Some(550), "refused"),
            (Some(552), "refused"),
            (Some(553), "refused"),
            (Some(554), "refused"),
            (Some(600), "broken"),
            (None, "broken"),
        ] {
            assert_eq!(word(&of_reply(Stage::Recipient, code, "words")), expected, "{code:?}");
        }
    }

    #[test]
    fn who_waits_follows_from_what_the_reply_is_about() {
        for (stage, words, expected) in [
            (Stage::Sender, "4.7.1 come back later", "broken"),
            (Stage::Recipient, "4.7.1 greylisted", "domain"),
            (Stage::Recipient, "4.2.0 greylisted", "domain"),
            (Stage::Recipient, "4.4.1 no answer from host", "domain"),
            (Stage::Recipient, "4.2.2 mailbox full", "recipient"),
            (Stage::Recipient, "4.3.1 no space left here", "broken"),
            (Stage::Recipient, "come back later", "domain"),
        ] {
            assert_eq!(word(&of_reply(stage, Some(450), words)), expected, "{words}");
        }
        assert_eq!(word(&of_silence(Stage::Sender, String::new())), "broken");
        assert_eq!(word(&of_silence(Stage::Recipient, String::new())), "domain");
    }

    #[test]
    fn the_reply_becomes_one_line() {
        assert_eq!(
            of_reply(Stage::Recipient, Some(550), "5.1.1 no such\r\nuser"),
            Outcome::Refused("550 5.1.1 no such user".to_owned())
        );
    }
}
