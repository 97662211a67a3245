//! How a ticket came about, where it went and what it has to do with others.

use super::{Piece, facts::Facts, said};
use crate::ticket::Happening;

/// Beginnings, ends and relations.
pub(super) fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let who = facts.who();
    match happening {
        Happening::Opened => opened(facts),
        Happening::Continued => said!["A new ticket goes on with it: ", other(facts, "by")],
        Happening::Split => said![who, " made a ticket of its own of one entry: ", other(facts, "into")],
        Happening::Merged => said![who, " merged it into ", other(facts, "into")],
        Happening::MergedWith => merged_with(facts),
        Happening::Linked if facts.word("kind") == Some("cause") => {
            said![who, " said that its cause is ", other(facts, "to")]
        }
        Happening::Linked => said![who, " linked it with ", other(facts, "to")],
        Happening::Unlinked => said![who, " took the link with ", other(facts, "from"), " away"],
        Happening::CauseFixed => {
            let where_ = if facts.holds("in_production") { "in production" } else { "fixed" };
            said!["The requester was told that the cause, ", other(facts, "cause"), format!(", is {where_}")]
        }
        Happening::Live => {
            let release = facts.word("release").map(|name| format!(" with release {name}"));
            said![who, format!(" said that it is in production{}", release.unwrap_or_default())]
        }
        Happening::Snoozed => match facts.time("until") {
            Some(until) => said![who, " put it away until ", until],
            None => said![who, " put it away until the customer writes"],
        },
        Happening::Awake => said!["It is back in the inbox"],
        Happening::Spam => spam(facts),
        Happening::NoSpam => said![who, " said that it is no spam after all"],
        Happening::Blocked => {
            said![who, format!(" refuses mail of {} from now on", sender(facts))]
        }
        Happening::Unblocked => said![who, format!(" takes mail of {} again", sender(facts))],
        _ => worked(facts),
    }
}

/// What was said of it: status, severity and the like, and what the customer made of a fix.
pub(super) fn moved(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let who = facts.who();
    match happening {
        Happening::Status => status(facts),
        Happening::Severity => changed(facts, "severity"),
        Happening::Level => changed(facts, "level"),
        Happening::Product => match facts.word("to") {
            Some(to) => said![who, format!(" said that it is about {to}")],
            None => said![who, " said that its product is unknown"],
        },
        Happening::Queue => match facts.word("to") {
            Some(to) => said![who, format!(" moved it to the queue {to}")],
            None => said![who, " took it out of its queue"],
        },
        Happening::Waiting if facts.holds("customer") => said![who, " said that it waits for the customer"],
        Happening::Waiting => said![who, " said that it waits for the customer no longer"],
        Happening::Tried => tried(facts),
        Happening::Reminded => said![who, " reminded the requester to try the fix"],
        Happening::Silence => {
            said!["Nobody objected until ", day(facts), ": as announced, that counts as a yes"]
        }
        _ => said![
            "Nobody answered until ",
            day(facts),
            ", but the mail that asked may not have arrived: that says nothing"
        ],
    }
}

fn opened(facts: &Facts<'_>) -> Vec<Piece> {
    if let Some(from) = facts.ticket("split_from") {
        return said![facts.who(), " split it off from ", from];
    }
    let caused = facts.tickets("tickets");
    if !caused.is_empty() {
        return said![facts.who(), " opened it for the cause of ", caused];
    }
    if let Some(mail) = facts.number("inbound") {
        return said![facts.who(), format!(" made it of mail {mail}, which could not be read")];
    }
    let from = match facts.word("source") {
        Some("product-owner") => " opened it from a product owner’s mail",
        Some("security-list") => " opened it from a security list",
        Some("system") => " opened it from a program’s mail",
        _ => " opened it from a customer’s mail",
    };
    let handed_on = facts.person("passed_on_by").map(|by| said![", passed on by ", by]);
    let related = Some(facts.tickets("related")).filter(|it| !it.is_empty());
    let related = related.map(|tickets| said!["; it may have to do with ", tickets]);
    said![facts.who(), from, handed_on, related]
}

fn merged_with(facts: &Facts<'_>) -> Vec<Piece> {
    let hidden = facts.holds("among_staff");
    let hidden = if hidden { "; its thread is among staff here" } else { "" };
    said![facts.who(), " merged ", other(facts, "from"), " into it", hidden]
}

fn spam(facts: &Facts<'_>) -> Vec<Piece> {
    let stayed = match facts.words("withdrawn").len() {
        0 => String::new(),
        1 => "; one mail that had not left stays here".to_owned(),
        mails => format!("; {mails} mails that had not left stay here"),
    };
    said![facts.who(), format!(" called it spam: nobody outside is written to{stayed}")]
}

fn worked(facts: &Facts<'_>) -> Vec<Piece> {
    let minutes = facts.number("minutes").unwrap_or_default();
    let length = match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    let kind = facts.word("kind").unwrap_or("work");
    let of = facts.word("who").filter(|who| *who != facts.actor).and_then(|_| facts.person("who"));
    said![facts.who(), format!(" wrote down {length} of {kind}"), of.map(|who| said![" by ", who])]
}

fn status(facts: &Facts<'_>) -> Vec<Piece> {
    let piece = |key: &str, name: &str| {
        let name = facts.word(name).map(str::to_owned);
        facts.word(key).map(|means| Piece::Status { means: means.to_owned(), name })
    };
    let from = piece("from", "from_name").map(|from| said![" from ", from]);
    let to = piece("to", "name").map(|to| said![" to ", to]);
    let closed_as = facts.word("closed_as").map(|word| said![format!(" as {word}")]);
    said![facts.who(), " moved it", from, to, closed_as]
}

fn changed(facts: &Facts<'_>, what: &str) -> Vec<Piece> {
    let to = facts.word("to").unwrap_or("unknown");
    match facts.word("from") {
        Some(from) => said![facts.who(), format!(" changed its {what} from {from} to {to}")],
        None => said![facts.who(), format!(" set its {what} to {to}")],
    }
}

fn tried(facts: &Facts<'_>) -> Vec<Piece> {
    let found = match facts.word("outcome") {
        Some("works") => " tried the fix, and it works",
        Some("fails") => " says that it still fails",
        _ => " said something about the fix",
    };
    let place = if facts.word("by") == Some("page") { " (on their page)" } else { "" };
    said![facts.who(), found, place]
}

fn other(facts: &Facts<'_>, key: &str) -> Piece {
    facts.ticket(key).unwrap_or_else(|| "another ticket".into())
}

fn day(facts: &Facts<'_>) -> Piece {
    facts.time("until").unwrap_or_else(|| "the announced day".into())
}

fn sender<'a>(facts: &Facts<'a>) -> &'a str {
    facts.word("sender").unwrap_or("its sender")
}
