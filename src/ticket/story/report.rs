//! The three facts of a report, and who had the last word about them.

use super::{
    Piece,
    facts::{Facts, listed},
    names::fact,
    said,
};
use crate::ticket::Happening;

pub(super) fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    let named = |key: &str| listed(&facts.words(key).into_iter().map(fact).collect::<Vec<_>>());
    match happening {
        Happening::Report if facts.words("filled").is_empty() && facts.words("confirmed").is_empty() => {
            said!["The report was read anew"]
        }
        Happening::Report if facts.words("confirmed").is_empty() => {
            said![format!("The report now tells {}", named("filled"))]
        }
        Happening::Report => {
            said![facts.who(), format!(" confirmed what was understood: {}", named("confirmed"))]
        }
        Happening::Asked => {
            let again = match facts.number("time") {
                None | Some(..=1) => String::new(),
                Some(2) => " a second time".to_owned(),
                Some(time) => format!(" for the {time}th time"),
            };
            let for_what = Some(named("missing")).filter(|named| !named.is_empty());
            let for_what = for_what.unwrap_or_else(|| "missing facts".to_owned());
            said![facts.who(), format!(" asked the customer{again} for {for_what}")]
        }
        Happening::Completed => said!["The report is complete: nothing is missing any more"],
        Happening::Incomplete => {
            let missing = Some(named("missing")).filter(|named| !named.is_empty());
            let missing = missing.map(|named| format!(". Still missing: {named}")).unwrap_or_default();
            said![format!("Nobody is asked any more; a person takes over{missing}")]
        }
        _ => overruled(facts),
    }
}

/// One clause for each part that staff spoke about.
fn overruled(facts: &Facts<'_>) -> Vec<Piece> {
    let clause = |each: &Facts<'_>| {
        let (part, gate) = (each.word("part").unwrap_or("report"), each.word("gate").unwrap_or("nothing"));
        match (part, each.word("staff").unwrap_or("nothing")) {
            (part, "enough") => format!("{}: not needed", fact(part)),
            ("problem-report", "present") => "it is a problem report".to_owned(),
            ("problem-report", _) => "it is no problem report".to_owned(),
            (part, staff) if staff == gate => format!("{}: {staff}, as it was read", fact(part)),
            (part, staff) => format!("{}: {staff}, not {gate}", fact(part)),
        }
    };
    let clauses: Vec<String> = facts.each("said").iter().map(clause).collect();
    let about = if clauses.is_empty() { String::new() } else { format!(" – {}", clauses.join("; ")) };
    said![facts.who(), format!(" had the last word about the report{about}")]
}
