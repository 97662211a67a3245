//! What operators say of a ticket, how it is read, and how it is written.

use std::fmt;

use super::{
    operator::{Operator, unknown},
    when::When,
};
use crate::{
    domain::{Word, words::word},
    ticket::{Level, Severity, Status},
};

/// What an operator says of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Where it stands.
    Status(Standing),
    /// How bad it is; `None` is not rated.
    Severity(Option<Severity>),
    /// Who is able to help; `None` is not known.
    Level(Option<Level>),
    /// Whose it is.
    Assignee(Whose),
    /// Who reported it: an address, or a part of one or of a name.
    From(String),
    /// The domain of who reported it.
    Customer(String),
    /// The product; `None` is not known.
    Product(Option<String>),
    /// The queue; `None` is none.
    Queue(Option<String>),
    /// The mailbox it came in by.
    Mailbox(String),
    /// Whose the next word is.
    Waiting(Waiting),
    /// What is true of it.
    Is(Flag),
    /// What it has.
    Has(Thing),
    /// It was opened before this began.
    Before(When),
    /// It was opened since this began.
    After(When),
    /// What stands in its subject, in this order, parts of words too.
    Subject(String),
}

/// Where a ticket stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Anywhere but closed.
    Open,
    /// In a status of this name, in small letters: one of the five or of the site's own.
    Named(String),
}

/// Whose a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Whoever asks.
    Me,
    /// Nobody's.
    Nobody,
    /// A member of staff: an address, or a name.
    Named(String),
}

/// Whose the next word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The customer's.
    Customer,
    /// Ours.
    Us,
}

word!(Waiting, "side", {
    Customer => "customer",
    Us => "us",
});

/// What may be true of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Asked as often as we may, and something is still missing.
    Incomplete,
    /// Something promised is over, or staff were warned that it soon will be.
    Breaching,
    /// Something promised is over.
    Breached,
    /// It is out of the way for a time.
    Snoozed,
    /// It is spam. Such tickets are only found by asking for them.
    Spam,
    /// It is nobody's.
    Unassigned,
    /// Another ticket has its thread. Such tickets are only found by asking for them.
    Merged,
}

word!(Flag, "fact", {
    Incomplete => "incomplete",
    Breaching => "breaching",
    Breached => "breached",
    Snoozed => "snoozed",
    Spam => "spam",
    Unassigned => "unassigned",
    Merged => "merged",
});

/// What a ticket may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A file that is no picture within the text.
    Attachment,
}

word!(Thing, "thing", { Attachment => "attachment" });

/// Why a piece is no filter.
#[derive(Debug)]
pub(super) enum Misread {
    /// There is no such operator; a sentence, where it may have been meant as one.
    Key(Option<String>),
    /// The operator has no such value; a sentence.
    Value(String),
}

impl Filter {
    /// Reads `key:value`.
    pub(super) fn read(key: &str, value: &str) -> Result<Filter, Misread> {
        let operator = Operator::typed(key).ok_or_else(|| Misread::Key(unknown(key)))?;
        let lower = value.to_lowercase();
        let named = || (!value.is_empty()).then(|| value.to_owned());
        let none = || (lower != "none").then(|| value.to_owned());
        let filter = match operator {
            Operator::Status if lower == "open" => Some(Filter::Status(Standing::Open)),
            Operator::Status => named().map(|_| Filter::Status(Standing::Named(lower.clone()))),
            Operator::Severity if lower == "none" => Some(Filter::Severity(None)),
            Operator::Severity => lower.parse().ok().map(|severity| Filter::Severity(Some(severity))),
            Operator::Level if lower == "none" => Some(Filter::Level(None)),
            Operator::Level => lower.parse().ok().map(|level| Filter::Level(Some(level))),
            Operator::Assignee => named().map(|_| Filter::Assignee(Whose::read(&lower))),
            Operator::From => named().map(|_| Filter::From(lower.clone())),
            Operator::Customer => domain(&lower).map(Filter::Customer),
            Operator::Product => named().map(|_| Filter::Product(none())),
            Operator::Queue => named().map(|_| Filter::Queue(none())),
            Operator::Mailbox => named().map(Filter::Mailbox),
            Operator::Waiting => lower.parse().ok().map(Filter::Waiting),
            Operator::Is => is(&lower),
            Operator::Has => has(&lower),
            Operator::Before => lower.parse().ok().map(Filter::Before),
            Operator::After => lower.parse().ok().map(Filter::After),
            Operator::Subject => named().map(|_| Filter::Subject(lower.clone())),
        };
        filter.ok_or_else(|| Misread::Value(operator.wants(value)))
    }

    /// The operator that says it.
    pub fn operator(&self) -> Operator {
        match self {
            Filter::Status(_) => Operator::Status,
            Filter::Severity(_) => Operator::Severity,
            Filter::Level(_) => Operator::Level,
            Filter::Assignee(_) => Operator::Assignee,
            Filter::From(_) => Operator::From,
            Filter::Customer(_) => Operator::Customer,
            Filter::Product(_) => Operator::Product,
            Filter::Queue(_) => Operator::Queue,
            Filter::Mailbox(_) => Operator::Mailbox,
            Filter::Waiting(_) => Operator::Waiting,
            Filter::Is(_) => Operator::Is,
            Filter::Has(_) => Operator::Has,
            Filter::Before(_) => Operator::Before,
            Filter::After(_) => Operator::After,
            Filter::Subject(_) => Operator::Subject,
        }
    }
}

impl Whose {
    fn read(lower: &str) -> Whose {
        match lower {
            "me" => Whose::Me,
            "none" | "nobody" => Whose::Nobody,
            name => Whose::Named(name.to_owned()),
        }
    }
}

/// What stands behind an operator: `sev:1,2` is two.
pub(super) fn values_of<'a>(key: &str, value: &'a str) -> Vec<&'a str> {
    match Operator::typed(key) {
        Some(Operator::Status | Operator::Severity | Operator::Level) if !value.is_empty() => {
            value.split(',').map(str::trim).filter(|value| !value.is_empty()).collect()
        }
        _ => vec![value],
    }
}

fn is(lower: &str) -> Option<Filter> {
    match lower {
        "open" => Some(Filter::Status(Standing::Open)),
        "closed" => Some(Filter::Status(Standing::Named(Status::Closed.to_string()))),
        "overdue" => Some(Filter::Is(Flag::Breached)),
        "waiting" => Some(Filter::Waiting(Waiting::Customer)),
        other => other.parse().ok().map(Filter::Is),
    }
}

fn has(lower: &str) -> Option<Filter> {
    let plural = matches!(lower, "attachments" | "file" | "files");
    (plural || lower == Thing::Attachment.as_str()).then_some(Filter::Has(Thing::Attachment))
}

/// What stands behind the @, or all of it.
fn domain(lower: &str) -> Option<String> {
    let domain = lower.rsplit_once('@').map_or(lower, |(_, domain)| domain);
    (!domain.is_empty()).then(|| domain.to_owned())
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |name: &Option<String>| name.clone().unwrap_or_else(|| "none".to_owned());
        let value = match self {
            Filter::Status(Standing::Open) => "open".to_owned(),
            Filter::Severity(severity) => or_none(&severity.map(|severity| severity.to_string())),
            Filter::Level(level) => or_none(&level.map(|level| level.to_string())),
            Filter::Assignee(Whose::Me) => "me".to_owned(),
            Filter::Assignee(Whose::Nobody) => "none".to_owned(),
            Filter::Status(Standing::Named(name))
            | Filter::Assignee(Whose::Named(name))
            | Filter::From(name)
            | Filter::Customer(name)
            | Filter::Mailbox(name)
            | Filter::Subject(name) => name.clone(),
            Filter::Product(name) | Filter::Queue(name) => or_none(name),
            Filter::Waiting(side) => side.to_string(),
            Filter::Is(flag) => flag.to_string(),
            Filter::Has(thing) => thing.to_string(),
            Filter::Before(when) | Filter::After(when) => when.to_string(),
        };
        let quote = if value.contains(char::is_whitespace) { "\"" } else { "" };
        write!(f, "{}:{quote}{value}{quote}", self.operator())
    }
}
