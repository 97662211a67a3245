//! What was promised, who was called, and whose shift it is.

use super::{Piece, facts::Facts, names::clock, said};
use crate::ticket::Happening;

pub(super) fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    match happening {
        Happening::DueSoon => {
            let due = facts.time("due").map(|due| said![": due ", due]);
            said![format!("The {} is due soon", clock(facts.word("clock"))), due]
        }
        Happening::Breached => {
            let due = facts.time("due").map(|due| said![": it was due ", due]);
            said![format!("The {} is late", clock(facts.word("clock"))), due]
        }
        Happening::IncidentBegan => {
            said!["It is so bad that somebody is called", severity(facts)]
        }
        Happening::IncidentEnded => said!["Nobody is called for it any more"],
        Happening::Paged | Happening::NobodyToPage | Happening::Escalated => call(happening, facts),
        Happening::PageAcknowledged | Happening::PageReleased => held(happening, facts),
        Happening::Update | Happening::UpdateDue | Happening::UpdateMissed => news(happening, facts),
        _ => shifts(happening, facts),
    }
}

fn severity(facts: &Facts<'_>) -> String {
    facts.word("severity").map(|number| format!(" (severity {number})")).unwrap_or_default()
}

fn call(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    match happening {
        Happening::Paged => {
            let everybody = facts.word("notice") == Some("paged-again");
            let everybody = if everybody { "everybody on call: " } else { "" };
            let next = facts.word("next").map(|next| format!("; next is {next}")).unwrap_or_default();
            said![facts.who(), format!(" called {everybody}"), facts.people("to"), next]
        }
        Happening::NobodyToPage => said!["There is nobody to call"],
        _ => {
            let whom = facts.person("recipient").map(|who| said![" to ", who]);
            said!["The call", whom, " did not arrive, so the next are called"]
        }
    }
}

fn held(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let who = facts.who();
    match (happening, facts.person("handed_to")) {
        (Happening::PageAcknowledged, _) => match facts.number("after_calls").unwrap_or_default() {
            0 => said![who, " has it"],
            1 => said![who, " has it, after one call"],
            calls => said![who, format!(" has it, after {calls} calls")],
        },
        (_, Some(to)) => said![who, " called ", to, " to it"],
        (_, None) if facts.word("had") == Some(facts.actor) => said![who, " has it no longer"],
        (_, None) => {
            let had = facts.person("had").unwrap_or_else(|| "somebody".into());
            said![who, " said that ", had, " has it no longer"]
        }
    }
}

fn news(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let to = Some(facts.people("to")).filter(|people| !people.is_empty());
    match happening {
        Happening::Update => said![facts.who(), " told the customer and stakeholders how it stands"],
        Happening::UpdateDue => {
            let due = facts.time("due").map(|due| said![" by ", due]);
            said![
                facts.who(),
                " reminded",
                to.map(|to| said![" ", to]),
                " of the news that were promised",
                due
            ]
        }
        _ => {
            let due = facts.time("due").map(|due| said![" by ", due]);
            let told = to.map(|to| said![", which ", to, " heard"]);
            said!["The news that were promised", due, " did not come", told]
        }
    }
}

fn shifts(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let who = facts.who();
    match happening {
        Happening::ShiftsProposed => {
            let number = facts.number("shifts").unwrap_or_default();
            let from = facts.time("from").map(|from| said![" from ", from, " on"]);
            said![who, format!(" proposed {number} shifts"), from]
        }
        Happening::NoShifts => said![who, " could propose no shifts"],
        Happening::ShiftsAskedAgain => said![who, " asked leads once more about the shifts"],
        Happening::ShiftsConfirmed => said![who, " confirmed the shifts"],
        Happening::ShiftsDeclined => said![who, " declined the shifts"],
        Happening::ShiftsChanged => {
            let change = |each: &Facts<'_>| {
                let number = each.number("shift").unwrap_or_default();
                let to = each.person("to").unwrap_or_else(|| "somebody else".into());
                said![format!("shift {number} is for "), to]
            };
            let changes: Vec<Vec<Piece>> = facts.each("changes").iter().map(change).collect();
            said![who, " changed the shifts: ", changes.join(&Piece::from("; "))]
        }
        _ => {
            let whose = facts.person("who").map(|whose| said![" of ", whose]);
            let after = facts.person("from").map(|before| said![", after ", before]);
            said!["The shift", whose, " begins", after]
        }
    }
}
