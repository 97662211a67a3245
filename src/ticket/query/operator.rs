//! The operators, the words for them that people try, and what may stand behind each.

use super::{
    filter::{Flag, Thing, Waiting},
    when,
};
use crate::{
    domain::{Word, text, words::word},
    ticket::{Level, Severity},
};

/// What may stand before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `status:open`
    Status,
    /// `sev:1`
    Severity,
    /// `level:3`
    Level,
    /// `assignee:me`
    Assignee,
    /// `from:anna@example.org`
    From,
    /// `customer:example.org`
    Customer,
    /// `product:shop`
    Product,
    /// `queue:dev`
    Queue,
    /// `mailbox:support`
    Mailbox,
    /// `waiting:customer`
    Waiting,
    /// `is:breached`
    Is,
    /// `has:attachment`
    Has,
    /// `before:2026-10`
    Before,
    /// `after:7d`
    After,
    /// `subject:invoice`
    Subject,
}

word!(Operator, "operator", {
    Status => "status",
    Severity => "sev",
    Level => "level",
    Assignee => "assignee",
    From => "from",
    Customer => "customer",
    Product => "product",
    Queue => "queue",
    Mailbox => "mailbox",
    Waiting => "waiting",
    Is => "is",
    Has => "has",
    Before => "before",
    After => "after",
    Subject => "subject",
});

/// Other words for operators that people try.
const OTHERWISE: [(&str, Operator); 12] = [
    ("state", Operator::Status),
    ("severity", Operator::Severity),
    ("assigned", Operator::Assignee),
    ("owner", Operator::Assignee),
    ("requester", Operator::From),
    ("company", Operator::Customer),
    ("domain", Operator::Customer),
    ("since", Operator::After),
    ("until", Operator::Before),
    ("title", Operator::Subject),
    ("inbox", Operator::Mailbox),
    ("wait", Operator::Waiting),
];

/// What stands before a colon in links: no operator, and no slip either.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "ftp", "file"];

impl Operator {
    /// The operator that somebody typed, letter case aside.
    pub fn typed(key: &str) -> Option<Operator> {
        let other = OTHERWISE.iter().find(|(word, _)| key.eq_ignore_ascii_case(word));
        Operator::from_word(key).ok().or(other.map(|(_, operator)| *operator))
    }

    /// Whether several of it mean any of them: a ticket has but one of these.
    pub fn is_single(self) -> bool {
        !matches!(self, Operator::Is | Operator::Has | Operator::Before | Operator::After | Operator::Subject)
    }

    /// What may stand behind it, as people read it.
    pub fn values(self) -> String {
        fn words<W: Word>() -> String {
            W::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ")
        }
        match self {
            Operator::Status => "open, or the name of a status".to_owned(),
            Operator::Severity => format!("{} or none", words::<Severity>()),
            Operator::Level => format!("{} or none", words::<Level>()),
            Operator::Assignee => "me, none, or a name or address".to_owned(),
            Operator::From => "an address, or a part of one or of a name".to_owned(),
            Operator::Customer => "a domain such as example.org".to_owned(),
            Operator::Product => "the name of a product, or none".to_owned(),
            Operator::Queue => "the name of a queue, or none".to_owned(),
            Operator::Mailbox => "the name of a mailbox".to_owned(),
            Operator::Waiting => words::<Waiting>(),
            Operator::Is => words::<Flag>(),
            Operator::Has => words::<Thing>(),
            Operator::Before | Operator::After => when::forms(),
            Operator::Subject => "a word, or several in quotation marks".to_owned(),
        }
    }

    /// What to say of a value that it does not have.
    pub(super) fn wants(self, value: &str) -> String {
        let given = text::line(value);
        format!("`{self}:{given}` was left out: behind `{self}:` stands {}.", self.values())
    }
}

/// What to say of what is no operator, where it may have been meant as one.
pub(super) fn unknown(key: &str) -> Option<String> {
    let key = key.to_ascii_lowercase();
    if SCHEMES.contains(&key.as_str()) {
        return None;
    }
    let near = |word: &&str| strsim::damerau_levenshtein(word, &key) <= 2;
    let mut known = Operator::ALL.iter().map(|operator| operator.as_str());
    let all = Operator::ALL.iter().map(|operator| operator.as_str()).collect::<Vec<_>>().join(", ");
    let meant = known.find(near).filter(|_| key.len() > 2);
    let meant = meant.map_or(String::new(), |word| format!(" Did you mean `{word}:`?"));
    Some(format!("`{key}:` is no operator, so it was looked for as a word.{meant} There are {all}."))
}
