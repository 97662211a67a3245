//! What was written, and what became of our mails.

use super::{
    Piece,
    facts::Facts,
    names::{called_by_word, reason_in_words},
    said,
};
use crate::{
    domain::{Word, bounce::Reason},
    ticket::Happening,
};

pub(super) fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let who = facts.who();
    match happening {
        Happening::Joined if facts.word("by").is_some() => said![who, " wrote on their page"],
        Happening::Joined => said!["A customer’s mail was added"],
        Happening::StaffNote => said!["A mail of staff was kept as a note"],
        Happening::MachineNote => said!["A program’s mail was kept as a note"],
        Happening::Note => said![who, " left a note"],
        Happening::Replied => replied(facts),
        Happening::KnownAnswer => {
            let name = facts.word("name").unwrap_or_default();
            let closed = if facts.holds("closed") { " and closed it as answered" } else { "" };
            said![who, format!(" sent the known answer “{name}”{closed}")]
        }
        Happening::Held => said!["Words of ", who, " for the customer were held back"],
        Happening::HeldDiscarded => said![who, " gave up words for the customer that were held back"],
        Happening::CommandRefused => refused(facts),
        Happening::Bounced => said![ours(facts), " came back", why(facts)],
        Happening::Delayed => said![ours(facts), " is late, and their server still tries", why(facts)],
        Happening::Undeliverable => said![ours(facts), " was refused for good"],
        Happening::Quieted => {
            said![ours(facts), " was not sent: they got as many automatic mails in an hour as anybody may"]
        }
        _ => {
            let mailbox = facts.word("mailbox").unwrap_or("of the ticket");
            said![format!(
                "Nothing could be done at the time, since the mailbox {mailbox} is no longer configured"
            )]
        }
    }
}

fn replied(facts: &Facts<'_>) -> Vec<Piece> {
    let files = match facts.number("files").unwrap_or_default() {
        0 => String::new(),
        1 => ", with a file".to_owned(),
        files => format!(", with {files} files"),
    };
    let mails = match facts.number("mails").unwrap_or(1) {
        0 | 1 => String::new(),
        mails => format!(" ({mails} readers)"),
    };
    said![facts.who(), format!(" wrote to the customer{mails}{files}")]
}

fn refused(facts: &Facts<'_>) -> Vec<Piece> {
    let what = match (facts.number("commands").unwrap_or_default(), facts.holds("words")) {
        (0, _) => "words were sent to nobody".to_owned(),
        (1, _) => "command was not carried out".to_owned(),
        (commands, _) => format!("{commands} commands were not carried out"),
    };
    said!["In a mail of ", facts.who(), format!(", {}", with_article(&what))]
}

fn with_article(what: &str) -> String {
    match what.starts_with("command ") {
        true => format!("a {what}"),
        false => what.to_owned(),
    }
}

/// `The reply to Anna`.
fn ours(facts: &Facts<'_>) -> Vec<Piece> {
    let mail = called_by_word(facts.word("notice"));
    let mut letters = mail.chars();
    let begins: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let to = facts.person("recipient").map(|who| said![" to ", who]);
    said![format!("{begins}{}", letters.as_str()), to]
}

/// `: the mailbox is full`.
fn why(facts: &Facts<'_>) -> Option<Vec<Piece>> {
    let reason = facts.word("reason").and_then(|word| Reason::from_word(word).ok())?;
    Some(said![format!(": {}", reason_in_words(reason))])
}
