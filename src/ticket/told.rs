//! What a stakeholder knows of a ticket, and what changed since.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Happening;

/// A ticket as somebody was told it stands. Each field as people read it; an unknown one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// Where it stands.
    pub status: String,
    /// Why it is closed.
    pub closed_as: String,
    /// How bad it is.
    pub severity: String,
    /// Who is able to help.
    pub level: String,
    /// Who works on it.
    pub assignee: String,
    /// What it is about.
    pub product: String,
    /// What was promised, and until when (RFC 3339).
    pub promised: BTreeMap<String, String>,
}

/// One line of what changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: "Status", "Severity".
    pub what: String,
    /// Before, with the stations in between; may be empty.
    pub from: String,
    /// Now.
    pub to: String,
}

impl Difference {
    /// Something that was not there before.
    pub fn new(what: &str, to: &str) -> Difference {
        Difference { what: what.to_owned(), from: String::new(), to: to.to_owned() }
    }
}

impl Seen {
    /// The same with each promise as `show` has it.
    pub fn with_promises(self, show: impl Fn(&str) -> String) -> Seen {
        let promised = self.promised.into_iter().map(|(what, until)| (what, show(&until))).collect();
        Seen { promised, ..self }
    }

    /// Whether it is the same ticket apart from what is promised: that moves with each word.
    pub fn stands_as(&self, other: &Seen) -> bool {
        let bare = |seen: &Seen| Seen { promised: BTreeMap::new(), ..seen.clone() };
        bare(self) == bare(other)
    }
}

/// Between two stations.
const ARROW: &str = " → ";

/// What is different now, one line for each thing; `stations` are the statuses that were reached since, in order, the
/// last of them the present one. A way that ends where it began is no difference.
pub fn differences(before: &Seen, now: &Seen, stations: &[String]) -> Vec<Difference> {
    let mut all = Vec::new();
    if before.status != now.status || before.closed_as != now.closed_as {
        let (_, way) = stations.split_last().unwrap_or((&now.status, &[]));
        let way = std::iter::once(&before.status).chain(way).filter(|station| !station.is_empty());
        let mut way: Vec<&str> = way.map(String::as_str).collect();
        way.dedup();
        all.push(Difference { what: "Status".into(), from: way.join(ARROW), to: status(now) });
    }
    let plain = [
        ("Severity", &before.severity, &now.severity, "not rated"),
        ("Level", &before.level, &now.level, "not rated"),
        ("Assignee", &before.assignee, &now.assignee, "nobody"),
        ("Product", &before.product, &now.product, "unknown"),
    ];
    for (what, from, to, nothing) in plain.into_iter().filter(|(_, from, to, _)| from != to) {
        let to = if to.is_empty() { nothing } else { to };
        all.push(Difference { what: what.into(), from: from.clone(), to: to.into() });
    }
    let kept = |of: &Seen, what: &String| of.promised.get(what).cloned().unwrap_or_default();
    let mut promises: Vec<&String> = before.promised.keys().chain(now.promised.keys()).collect();
    promises.sort();
    promises.dedup();
    for what in promises {
        let (from, to) = (kept(before, what), kept(now, what));
        // What was kept or no longer counts is not a change to tell.
        if from != to && !to.is_empty() {
            all.push(Difference { what: what.clone(), from, to });
        }
    }
    all
}

/// With the reason, where it is closed.
pub fn status(seen: &Seen) -> String {
    match seen.closed_as.is_empty() {
        true => seen.status.clone(),
        false => format!("{} ({})", seen.status, seen.closed_as),
    }
}

/// The happenings that change what stakeholders are told.
pub const EVENTS: &[Happening] = &[
    Happening::Status,
    Happening::Severity,
    Happening::Level,
    Happening::Assignee,
    Happening::Product,
    Happening::Replied,
    Happening::Update,
    Happening::Live,
    Happening::Silence,
    Happening::Spam,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(status: &str, severity: &str, assignee: &str) -> Seen {
        let [status, severity, assignee] = [status, severity, assignee].map(str::to_owned);
        Seen { status, severity, assignee, ..Seen::default() }
    }

    fn lines(before: &Seen, now: &Seen, stations: &[&str]) -> Vec<String> {
        let stations: Vec<String> = stations.iter().map(|station| (*station).to_owned()).collect();
        let line = |it: Difference| format!("{}: {} → {}", it.what, it.from, it.to);
        differences(before, now, &stations).into_iter().map(line).collect()
    }

    #[test]
    fn several_steps_are_one_line_with_the_stations() {
        let (before, now) = (seen("new", "", ""), seen("resolved", "1", "Bob"));
        assert_eq!(
            lines(&before, &now, &["accepted", "resolved"]),
            ["Status: new → accepted → resolved", "Severity:  → 1", "Assignee:  → Bob"]
        );
    }

    #[test]
    fn a_way_that_ends_where_it_began_is_no_difference() {
        let now = seen("accepted", "2", "Bob");
        assert_eq!(lines(&now, &now, &["resolved", "accepted"]), [""; 0]);
    }

    #[test]
    fn a_way_with_a_turn_shows_it() {
        let (before, now) = (seen("accepted", "2", ""), seen("closed", "2", ""));
        let now = Seen { closed_as: "done".into(), ..now };
        assert_eq!(
            lines(&before, &now, &["resolved", "accepted", "resolved", "verified", "closed"]),
            ["Status: accepted → resolved → accepted → resolved → verified → closed (done)"]
        );
    }

    #[test]
    fn what_is_taken_away_is_said_in_a_word() {
        let (before, now) = (seen("accepted", "2", "Bob"), seen("accepted", "3", ""));
        assert_eq!(lines(&before, &now, &[]), ["Severity: 2 → 3", "Assignee: Bob → nobody"]);
    }

    #[test]
    fn a_new_promise_is_told_and_one_that_was_kept_is_not() {
        let promise = |what: &str, until: &str| BTreeMap::from([(what.to_owned(), until.to_owned())]);
        let before = Seen { promised: promise("Next update", "10:00"), ..Seen::default() };
        let now = Seen { promised: promise("Next update", "11:00"), ..Seen::default() };
        assert_eq!(lines(&before, &now, &[]), ["Next update: 10:00 → 11:00"]);
        assert_eq!(lines(&now, &Seen::default(), &[]), [""; 0]);
    }

    #[test]
    fn a_promise_that_moves_is_no_news_by_itself() {
        let promised = BTreeMap::from([("Next update".to_owned(), "11".to_owned())]);
        let before = seen("accepted", "2", "Bob");
        let now = Seen { promised, ..before.clone() };
        assert!(now.stands_as(&before) && !now.stands_as(&seen("resolved", "2", "Bob")));
        assert_eq!(now.with_promises(|until| format!("{until}:00")).promised["Next update"], "11:00");
    }

    #[test]
    fn what_was_stored_by_an_older_version_is_read() {
        assert_eq!(
            serde_json::from_str::<Seen>("{\"status\":\"new\",\"x\":1}").unwrap(),
            seen("new", "", "")
        );
    }
}
