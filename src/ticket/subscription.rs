//! What somebody wants to hear of without working on it, and how often.

use std::fmt;

use super::Severity;
use crate::domain::{EmailAddress, TicketId, words::word};

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// Each change, as soon as it is one.
    Immediate,
    /// A digest an hour, when there is something to say.
    Hourly,
    /// A digest a day, when there is something to say.
    Daily,
    /// A digest a week, whatever there is.
    Weekly,
}

word!(Cadence, "cadence", {
    Immediate => "immediate",
    Hourly => "hourly",
    Daily => "daily",
    Weekly => "weekly",
});

/// Which tickets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Every ticket.
    All,
    /// Those of a severity.
    Severity(Severity),
    /// Those about a product, by its name.
    Product(String),
    /// One of them.
    Ticket(TicketId),
    /// Those of a customer: an address, or a domain with what is below it. Lower case.
    Customer(String),
}

/// What decides whether a ticket is somebody's topic.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Which.
    pub ticket: TicketId,
    /// How bad it is now.
    pub severity: Option<Severity>,
    /// How bad it was when its reader last heard of it: who watched it hears that it changed.
    pub severity_before: Option<Severity>,
    /// What it is about.
    pub product: Option<&'a str>,
    /// Who reported it.
    pub customer: Option<&'a EmailAddress>,
}

impl Topic {
    /// Reads `all`, `sev1`, `product:shop`, `customer:acme.example`, `ticket:17`. `None` when it is none of them.
    pub fn read(text: &str) -> Option<Topic> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("all") {
            return Some(Topic::All);
        }
        if let Some(number) =
            text.get(..3).filter(|head| head.eq_ignore_ascii_case("sev")).map(|_| &text[3..])
        {
            return Topic::stored("severity", number.trim_start_matches("erity").trim_start_matches(':'));
        }
        let (what, value) = text.split_once(':')?;
        Topic::stored(&what.to_lowercase(), value.trim())
    }

    /// The same from the two words that are stored.
    pub fn stored(what: &str, value: &str) -> Option<Topic> {
        match (what, value) {
            ("all", "") => Some(Topic::All),
            ("severity", number) => number.parse().ok().map(Topic::Severity),
            ("ticket", number) => number.parse().ok().filter(|id: &TicketId| id.0 > 0).map(Topic::Ticket),
            ("product", name) if name.split_whitespace().count() == 1 => {
                Some(Topic::Product(name.to_owned()))
            }
            ("customer", whose) if is_whose(whose) => Some(Topic::Customer(whose.to_lowercase())),
            _ => None,
        }
    }

    /// The first of the two stored words.
    pub fn what(&self) -> &'static str {
        match self {
            Topic::All => "all",
            Topic::Severity(_) => "severity",
            Topic::Product(_) => "product",
            Topic::Ticket(_) => "ticket",
            Topic::Customer(_) => "customer",
        }
    }

    /// The second.
    pub fn value(&self) -> String {
        match self {
            Topic::All => String::new(),
            Topic::Severity(severity) => severity.to_string(),
            Topic::Product(name) => name.clone(),
            Topic::Ticket(id) => id.to_string(),
            Topic::Customer(whose) => whose.clone(),
        }
    }

    /// Whether a ticket is one of these.
    pub fn covers(&self, about: &About<'_>) -> bool {
        match self {
            Topic::All => true,
            Topic::Severity(severity) => [about.severity, about.severity_before].contains(&Some(*severity)),
            Topic::Product(name) => about.product.is_some_and(|product| product.eq_ignore_ascii_case(name)),
            Topic::Ticket(id) => about.ticket == *id,
            Topic::Customer(whose) => about.customer.is_some_and(|customer| is_of(customer, whose)),
        }
    }
}

/// As people say it, without a number's prefix: "severity 1", "product shop".
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::All => f.write_str("all tickets"),
            other => write!(f, "{} {}", other.what(), other.value()),
        }
    }
}

/// What a reader says about what they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `#subscribe [daily]`
    Subscribe(Cadence),
    /// `#unsubscribe`: no more of what the mail is about.
    Unsubscribe,
    /// What a mail program sends to unsubscribe (RFC 2369 §3.2): no more mails of this sort.
    OffTheList,
}

/// The subject of a mail that a mail program writes to unsubscribe.
pub const OFF_THE_LIST: &str = "unsubscribe";

impl Ask {
    /// What a mail asks for, each with the words that say it; nothing where it says other things.
    pub fn read(subject: &str, own: &str) -> Vec<(String, Ask)> {
        let mut asked: Vec<(String, Ask)> =
            own.lines().filter_map(|line| Some((line.trim().to_owned(), ask(line)?))).collect();
        if asked.is_empty() && is_off_the_list(subject) {
            asked.push((OFF_THE_LIST.to_owned(), Ask::OffTheList));
        }
        asked.truncate(super::command::MOST_LINES);
        asked
    }
}

/// `unsubscribe`, or `unsubscribe daily digest`.
fn is_off_the_list(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    let rest = subject.strip_prefix(OFF_THE_LIST);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') && rest.ends_with(" digest"))
}

fn ask(line: &str) -> Option<Ask> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?.to_lowercase(), words.next());
    match first.trim_end_matches(['.', '!', ':']) {
        "#unsubscribe" => Some(Ask::Unsubscribe),
        "#subscribe" => {
            Some(Ask::Subscribe(second.and_then(|word| word.parse().ok()).unwrap_or(Cadence::Immediate)))
        }
        _ => None,
    }
}

/// An address, or a domain with a dot in it.
fn is_whose(text: &str) -> bool {
    match text.contains('@') {
        true => text.parse::<EmailAddress>().is_ok(),
        false => format!("somebody@{text}").parse::<EmailAddress>().is_ok() && text.contains('.'),
    }
}

fn is_of(customer: &EmailAddress, whose: &str) -> bool {
    match whose.contains('@') {
        true => customer.as_str() == whose,
        false => {
            let above = customer.domain().strip_suffix(whose);
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> EmailAddress {
        "anna@mail.acme.example".parse().unwrap()
    }

    #[test]
    fn a_topic_is_read_as_people_write_it_and_back_from_what_is_stored() {
        for (text, topic, said) in [
            ("all", Topic::All, "all tickets"),
            ("sev1", Topic::Severity(Severity::One), "severity 1"),
            ("severity:2", Topic::Severity(Severity::Two), "severity 2"),
            ("product:shop", Topic::Product("shop".into()), "product shop"),
            ("ticket:17", Topic::Ticket(TicketId(17)), "ticket 17"),
            ("customer:Acme.example", Topic::Customer("acme.example".into()), "customer acme.example"),
            (
                "Customer: anna@acme.example",
                Topic::Customer("anna@acme.example".into()),
                "customer anna@acme.example",
            ),
        ] {
            assert_eq!(Topic::read(text).as_ref(), Some(&topic), "{text}");
            assert_eq!(Topic::stored(topic.what(), &topic.value()).as_ref(), Some(&topic));
            assert_eq!(topic.to_string(), said);
        }
        for text in [
            "",
            "sev9",
            "sev",
            "product:",
            "product:two words",
            "ticket:0",
            "customer:acme",
            "customer:@",
            "x:y",
        ] {
            assert_eq!(Topic::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_reader_asks_is_read_from_their_own_lines() {
        let said = |ask: Ask, line: &str| vec![(line.to_owned(), ask)];
        for (subject, own, asked) in [
            ("Re: [DG-17] x", "#unsubscribe\nThanks", said(Ask::Unsubscribe, "#unsubscribe")),
            ("Re: [DG-17] x", "Please stop.\n#Unsubscribe!", said(Ask::Unsubscribe, "#Unsubscribe!")),
            ("", "#subscribe", said(Ask::Subscribe(Cadence::Immediate), "#subscribe")),
            ("", " #subscribe Daily ", said(Ask::Subscribe(Cadence::Daily), "#subscribe Daily")),
            ("Unsubscribe", "", said(Ask::OffTheList, "unsubscribe")),
            ("unsubscribe daily digest", "", said(Ask::OffTheList, "unsubscribe")),
            ("Re: unsubscribe", "", vec![]),
            ("unsubscribe me from the paper", "", vec![]),
            ("", "How do I unsubscribe?", vec![]),
            ("", "#subscribers are many", vec![]),
        ] {
            assert_eq!(Ask::read(subject, own), asked, "{subject} {own}");
        }
    }

    #[test]
    fn a_topic_covers_its_tickets_and_no_others() {
        let anna = anna();
        let about = About {
            ticket: TicketId(17),
            severity: Some(Severity::Two),
            severity_before: Some(Severity::One),
            product: Some("shop"),
            customer: Some(&anna),
        };
        for (text, covers) in [
            ("all", true),
            ("sev1", true),
            ("sev2", true),
            ("sev3", false),
            ("product:Shop", true),
            ("product:billing", false),
            ("ticket:17", true),
            ("ticket:1", false),
            ("customer:acme.example", true),
            ("customer:mail.acme.example", true),
            ("customer:anna@mail.acme.example", true),
            ("customer:bob@mail.acme.example", false),
            ("customer:cme.example", false),
            ("customer:example", false),
        ] {
            assert_eq!(Topic::read(text).is_some_and(|topic| topic.covers(&about)), covers, "{text}");
        }
    }
}
