//! Who gets a ticket: of those who can have it, who has least on their hands, then who waited longest.
//!
//! Pure and deterministic: the same people and the same ticket give the same answer, with the reason as a sentence.

use jiff::{SignedDuration, Timestamp};

use super::{Level, Severity};

/// What somebody must be able to do to get a ticket.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// The product it is about, where it is known.
    pub product: Option<&'a str>,
    /// Its triage level, once somebody has said.
    pub level: Option<Level>,
}

/// Somebody who might get a ticket.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// What people call them.
    pub name: &'a str,
    /// What tells them apart: an address.
    pub key: &'a str,
    /// Whether it is their turn.
    pub on_duty: bool,
    /// Whether they are away for a day or longer.
    pub away: bool,
    /// The products they know; none are all.
    pub products: &'a [String],
    /// The levels they work on; none are all.
    pub levels: &'a [Level],
    /// How many open tickets they have.
    pub open: u32,
    /// How many they may have; `None` is as many as come.
    pub capacity: Option<u32>,
    /// The weights of their open tickets together; see [`weight`].
    pub load: u32,
    /// When they last got a ticket.
    pub last: Option<Timestamp>,
    /// How long they worked on maintenance in this sprint, in minutes; 0 for all where it does not count.
    pub maintenance: i64,
}

/// Who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Their place among the candidates.
    pub place: usize,
    /// Why they can have it and come first, as a sentence without its end.
    pub because: String,
}

/// Nobody can have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nobody {
    /// Why, person by person, as a sentence without its end.
    pub because: String,
}

/// How much a ticket weighs on whoever has it.
pub fn weight(severity: Option<Severity>) -> u32 {
    match severity {
        Some(Severity::One) => 4,
        Some(Severity::Two) => 2,
        _ => 1,
    }
}

/// Maintenance is compared in steps of this length, so that a few minutes never outweigh a ticket.
const STEP_MINUTES: i64 = 240;

/// More people than this are not told one by one.
const MOST_NAMED: usize = 8;

/// Chooses who gets a ticket.
///
/// # Errors
/// [`Nobody`], when no candidate can have it.
pub fn choose(candidates: &[Candidate<'_>], wanted: Wanted<'_>, now: Timestamp) -> Result<Choice, Nobody> {
    let fit = candidates.iter().enumerate().filter(|(_, each)| obstacle(each, wanted).is_none());
    // Who never got one comes first: `None` is less than any time.
    let order = |each: &Candidate<'_>| (each.maintenance / STEP_MINUTES, each.load, each.last);
    let first = fit.min_by(|(_, a), (_, b)| order(a).cmp(&order(b)).then_with(|| a.key.cmp(b.key)));
    match first {
        Some((place, chosen)) => Ok(Choice { place, because: reason(chosen, wanted, now) }),
        None => Err(Nobody { because: obstacles(candidates, wanted) }),
    }
}

/// What keeps somebody from getting a ticket; `None` when nothing does.
fn obstacle(candidate: &Candidate<'_>, wanted: Wanted<'_>) -> Option<String> {
    let knows = |product: &str| candidate.products.iter().any(|known| known.eq_ignore_ascii_case(product));
    if candidate.away {
        return Some("is away".to_owned());
    }
    if !candidate.on_duty {
        return Some("is not on duty".to_owned());
    }
    if let Some(product) = wanted.product.filter(|it| !candidate.products.is_empty() && !knows(it)) {
        return Some(format!("does not work on {product}"));
    }
    if let Some(level) =
        wanted.level.filter(|it| !candidate.levels.is_empty() && !candidate.levels.contains(it))
    {
        return Some(format!("does not work on level {level}"));
    }
    match candidate.capacity {
        Some(most) if candidate.open >= most => Some(format!("has {} of {most} tickets", candidate.open)),
        _ => None,
    }
}

fn obstacles(candidates: &[Candidate<'_>], wanted: Wanted<'_>) -> String {
    let one = |each: &Candidate<'_>| obstacle(each, wanted).map(|why| format!("{} {why}", each.name));
    let mut told: Vec<String> = candidates.iter().take(MOST_NAMED).filter_map(one).collect();
    if candidates.len() > MOST_NAMED {
        told.push(format!("and {} more can neither", candidates.len() - MOST_NAMED));
    }
    match told.is_empty() {
        true => "there is nobody to choose from".to_owned(),
        false => told.join("; "),
    }
}

fn reason(chosen: &Candidate<'_>, wanted: Wanted<'_>, now: Timestamp) -> String {
    let has = match chosen.capacity {
        Some(most) => format!("has {} of {most} tickets", chosen.open),
        None => format!("has {} open", chosen.open),
    };
    let knows = wanted.product.filter(|_| !chosen.products.is_empty()).map(|it| format!("works on {it}"));
    let last = match chosen.last {
        None => "has not got one yet".to_owned(),
        Some(last) => format!("last got one {}", ago(now.duration_since(last))),
    };
    [Some(has), knows, Some(last)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A length of time as people say it.
fn ago(time: SignedDuration) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute")];
    let whole = units.iter().find(|(seconds, _)| time.as_secs() >= *seconds);
    match whole.map(|(seconds, unit)| (time.as_secs() / seconds, unit)) {
        None => "just now".to_owned(),
        Some((1, unit)) => format!("1 {unit} ago"),
        Some((count, unit)) => format!("{count} {unit}s ago"),
    }
}

#[cfg(test)]
mod tests;
