//! Who has a ticket, who takes part in it and who hears of it.

use super::{Piece, facts::Facts, said};
use crate::ticket::Happening;

pub(super) fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let (who, whom) = (facts.who(), || facts.person("who").unwrap_or_else(|| "somebody".into()));
    match happening {
        Happening::Assignee => match facts.word("to") {
            None => said![who, " gave it back: nobody has it"],
            Some(to) if to == facts.actor => said![who, " took it"],
            Some(_) => said![who, " assigned it to ", facts.people_or("to")],
        },
        Happening::Unassigned => said![who, " found nobody to assign it to"],
        Happening::BroughtIn => brought_in(facts),
        Happening::Left => said![who, left(facts.word("by"))],
        Happening::ParticipantAdded => said![who, " added ", whom()],
        Happening::ParticipantRemoved => said![who, " took ", whom(), " out"],
        Happening::Requester => said![who, " said that it is the ticket of ", facts.people_or("to")],
        Happening::Subscribed => {
            let often = match facts.word("cadence") {
                Some("immediate") | None => " hears of each change from now on".to_owned(),
                Some(digest) => format!(" gets a {digest} digest of it from now on"),
            };
            said![whom(), often]
        }
        _ => said![whom(), " hears no more of it"],
    }
}

fn brought_in(facts: &Facts<'_>) -> Vec<Piece> {
    let by = facts.person("by").unwrap_or_else(|| facts.who());
    let named = facts.people("named");
    let left_out = match facts.number("left_out").unwrap_or_default() {
        0 => String::new(),
        more => format!("; {more} more were too many"),
    };
    match named.is_empty() {
        true => said![by, format!(" named people on Cc{left_out}")],
        false => said![by, " named ", named, format!(" on Cc, who take part from now on{left_out}")],
    }
}

fn left(by: Option<&str>) -> String {
    match by {
        Some(by) => format!(" takes part no longer (by {by})"),
        None => " takes part no longer".to_owned(),
    }
}

impl Facts<'_> {
    fn people_or(&self, key: &str) -> Piece {
        self.person(key).unwrap_or_else(|| "somebody".into())
    }
}
