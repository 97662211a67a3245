//! How a query that is being typed may go on.

use super::{filter::Filter, operator::Operator};
use crate::{
    domain::Word,
    ticket::{Level, Severity},
};

/// The names of this desk that may stand in a query.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Of statuses.
    pub statuses: Vec<String>,
    /// Of products.
    pub products: Vec<String>,
    /// Of queues.
    pub queues: Vec<String>,
    /// Of mailboxes.
    pub mailboxes: Vec<String>,
    /// Addresses of staff.
    pub staff: Vec<String>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// The whole query then.
    pub query: String,
    /// What was added to it: `status:`, `status:open`.
    pub term: String,
    /// What may stand behind an operator; empty for a value.
    pub about: String,
}

/// More are no help.
const MOST: usize = 12;

/// The operators and values with which the last word of what is typed may go on.
pub fn suggest(typed: &str, known: &Known) -> Vec<Suggestion> {
    let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let start = (start..=typed.len()).find(|at| typed.is_char_boundary(*at)).unwrap_or(typed.len());
    let (before, last) = typed.split_at(start);
    let (minus, bare) = last.strip_prefix('-').map_or(("", last), |bare| ("-", bare));
    let lower = bare.to_lowercase();
    let made = |term: String, about: String| {
        let term = format!("{minus}{term}");
        Suggestion { query: format!("{before}{term}"), term, about }
    };
    let found: Vec<Suggestion> = match lower.split_once(':') {
        None => {
            let begun = Operator::ALL.iter().filter(|operator| operator.as_str().starts_with(&lower));
            begun.map(|operator| made(format!("{operator}:"), operator.values())).collect()
        }
        Some((key, value)) => {
            let Some(operator) = Operator::typed(key) else { return Vec::new() };
            let begun = values(operator, known).into_iter().filter(|name| begins(name, value));
            begun.map(|name| made(written(operator, &name), String::new())).collect()
        }
    };
    found.into_iter().filter(|suggestion| suggestion.query != typed).take(MOST).collect()
}

fn begins(name: &str, typed: &str) -> bool {
    name.to_lowercase().starts_with(typed.trim_start_matches('"'))
}

/// As a query writes it: a name of several words in quotation marks.
fn written(operator: Operator, name: &str) -> String {
    Filter::read(operator.as_str(), name)
        .map_or_else(|_| format!("{operator}:{name}"), |filter| filter.to_string())
}

fn values(operator: Operator, known: &Known) -> Vec<String> {
    fn words<W: Word>() -> Vec<String> {
        W::ALL.iter().map(|word| word.as_str().to_owned()).collect()
    }
    let with = |more: &[&str], names: &[String]| {
        let more = more.iter().map(|word| (*word).to_owned());
        more.chain(names.iter().cloned()).collect::<Vec<_>>()
    };
    match operator {
        Operator::Status => with(&["open"], &known.statuses),
        Operator::Severity => with(&[], &words::<Severity>()).into_iter().chain(["none".into()]).collect(),
        Operator::Level => with(&[], &words::<Level>()).into_iter().chain(["none".into()]).collect(),
        Operator::Assignee => with(&["me", "none"], &known.staff),
        Operator::Product => with(&["none"], &known.products),
        Operator::Queue => with(&["none"], &known.queues),
        Operator::Mailbox => with(&[], &known.mailboxes),
        Operator::Waiting => words::<super::Waiting>(),
        Operator::Is => words::<super::Flag>(),
        Operator::Has => words::<super::Thing>(),
        Operator::Before | Operator::After => with(&["today", "yesterday", "7d", "30d"], &[]),
        Operator::From | Operator::Customer | Operator::Subject => Vec::new(),
    }
}
