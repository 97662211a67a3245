//! Tickets found by what is true of them and by the words of their threads.
//!
//! What a person typed comes here with its names resolved, as [`Condition`]s. Whatever they are, a page of a list is one walk along an index:
//! [`list`] has the places, [`rows`] what a list shows of each, [`words`] the search.

pub mod list;
pub mod rows;
pub mod words;

use diesel::{
    BoolExpressionMethods, BoxableExpression,
    dsl::sql,
    expression::SqlLiteral,
    pg::Pg,
    sql_types::{Array, BigInt, Bool, SmallInt, Text, Timestamptz},
};
use jiff::Timestamp;

use super::{Stored, moment};
use crate::{
    domain::PersonId,
    ticket::{Status, workflow::Kept},
};

/// One thing that must hold, or must not.
#[derive(Clone, Debug)]
pub struct Condition {
    /// None of the tests may hold.
    pub negated: bool,
    /// One of these must hold.
    pub any: Vec<Test>,
}

impl Condition {
    /// This must hold.
    pub fn holds(test: Test) -> Condition {
        Condition { negated: false, any: vec![test] }
    }

    /// This must not hold.
    pub fn fails(test: Test) -> Condition {
        Condition { negated: true, any: vec![test] }
    }

    /// It takes no time beside the words of a search, in one statement with them. Of what the thread says, the database
    /// reads all that there is of it on the desk, unless it is asked of tickets that are known by their numbers.
    pub fn is_quick(&self) -> bool {
        !self.any.iter().any(|test| matches!(test, Test::Files | Test::Words(_)))
    }
}

/// What may be true of a ticket.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is not closed.
    Open,
    /// It stands in a status of this meaning, by this name.
    Status(Status, Kept),
    /// It is this bad; `None` is not rated.
    Severity(Option<i16>),
    /// This level is able to help; `None` is not known.
    Level(Option<i16>),
    /// It is this person's.
    Assignee(PersonId),
    /// It is nobody's.
    Unassigned,
    /// It was reported from this address.
    Address(String),
    /// The address or the name of who reported it has this in it.
    Requester(String),
    /// It was reported from an address of this domain.
    Domain(String),
    /// It is about this product; `None` is not known.
    Product(Option<String>),
    /// It is in this queue; `None` is in none.
    Queue(Option<String>),
    /// It came in by the mailbox of this name.
    Mailbox(String),
    /// The next word is the customer's.
    Waiting,
    /// A person takes over what could not be asked for.
    Incomplete,
    /// Something promised was over at this moment.
    Breached(Timestamp),
    /// The same, or staff were warned that it soon will be.
    Breaching(Timestamp),
    /// It is out of the way, and not closed.
    Snoozed,
    /// It is spam.
    Spam,
    /// Another ticket has its thread.
    Merged,
    /// A message of it has a file that is no picture within the text.
    Files,
    /// It was opened before this moment.
    Before(Timestamp),
    /// It was opened at this moment or later.
    After(Timestamp),
    /// Its subject has this in it.
    Subject(String),
    /// A message of it is found by this `tsquery`.
    Words(String),
    /// Its subject is found by this `tsquery`, or one of these reported it, or its subject has this in it.
    Titled(String, Vec<i64>, Option<String>),
    /// All of these hold.
    All(Vec<Test>),
    /// Never.
    Never,
}

/// A boolean about the `tickets` of a statement.
type Expression<QS> = Box<dyn BoxableExpression<QS, Pg, SqlType = Bool>>;

diesel::postfix_operator!(IsNotTrue, " IS NOT TRUE", Bool, backend: Pg);

/// The condition in SQL; every value in it is bound.
fn expression<QS: 'static>(condition: &Condition) -> Expression<QS> {
    let mut tests = condition.any.iter().map(|test| test_of::<QS>(test, condition.negated));
    let first = tests.next().unwrap_or_else(|| test_of(&Test::Never, false));
    let any = tests.fold(first, |any, test| Box::new(any.or(test)));
    match condition.negated {
        true => Box::new(IsNotTrue::new(any)),
        false => any,
    }
}

fn raw(text: &str) -> SqlLiteral<Bool> {
    sql::<Bool>(text)
}

fn test_of<QS: 'static>(test: &Test, negated: bool) -> Expression<QS> {
    match test {
        Test::Open => Box::new(raw("(tickets.status <> 'closed')")),
        Test::Status(status, name) => status_of(*status, name),
        Test::Severity(severity) => {
            let number = severity.unwrap_or(UNRATED);
            Box::new(raw("(coalesce(tickets.severity, 9::smallint) = ").bind::<SmallInt, _>(number).sql(")"))
        }
        Test::Level(None) => Box::new(raw("(tickets.level IS NULL)")),
        Test::Level(Some(level)) => Box::new(raw("(tickets.level = ").bind::<SmallInt, _>(*level).sql(")")),
        Test::Assignee(person) => {
            Box::new(raw("(tickets.assignee_id = ").bind::<BigInt, _>(person.0).sql(")"))
        }
        Test::Unassigned => Box::new(raw("(tickets.assignee_id IS NULL)")),
        Test::Address(address) => {
            let found = raw("(tickets.requester_id = (SELECT id FROM people WHERE address = ");
            Box::new(found.bind::<Text, _>(address.clone()).sql("))"))
        }
        Test::Requester(part) => {
            let part = containing(part);
            let found = raw("(tickets.requester_id IN (SELECT id FROM people WHERE address ILIKE ");
            let found = found.bind::<Text, _>(part.clone()).sql(" OR name ILIKE ");
            Box::new(found.bind::<Text, _>(part).sql("))"))
        }
        Test::Domain(domain) => {
            let found =
                raw("(tickets.requester_id IN (SELECT id FROM people WHERE split_part(address, '@', 2) = ");
            Box::new(found.bind::<Text, _>(domain.clone()).sql("))"))
        }
        Test::Product(None) => Box::new(raw("(tickets.product IS NULL)")),
        Test::Product(Some(name)) => {
            Box::new(raw("(tickets.product = ").bind::<Text, _>(name.clone()).sql(")"))
        }
        Test::Queue(None) => Box::new(raw("(tickets.queue IS NULL)")),
        Test::Queue(Some(name)) => Box::new(raw("(tickets.queue = ").bind::<Text, _>(name.clone()).sql(")")),
        Test::Mailbox(name) => {
            let found = raw("(tickets.mailbox_id IN (SELECT id FROM mailboxes WHERE lower(name) = lower(");
            Box::new(found.bind::<Text, _>(name.clone()).sql(")))"))
        }
        Test::Waiting => Box::new(raw("(tickets.waiting_for_customer)")),
        Test::Incomplete => Box::new(raw("(tickets.incomplete)")),
        Test::Breached(now) => over(*now, "))"),
        Test::Breaching(now) => over(*now, " OR tickets.due_warned))"),
        Test::Snoozed => Box::new(raw("(tickets.snoozed_at IS NOT NULL AND tickets.status <> 'closed')")),
        Test::Spam => Box::new(raw("(tickets.spam)")),
        Test::Merged => Box::new(raw("(tickets.merged_into IS NOT NULL)")),
        Test::Files => {
            Box::new(raw("(EXISTS (SELECT FROM messages JOIN attachments ON message_id = messages.id \
             WHERE messages.ticket_id = tickets.id AND NOT inline))"))
        }
        Test::Before(at) => {
            Box::new(raw("(tickets.created_at < ").bind::<Timestamptz, _>(moment(*at)).sql(")"))
        }
        Test::After(at) => {
            Box::new(raw("(tickets.created_at >= ").bind::<Timestamptz, _>(moment(*at)).sql(")"))
        }
        Test::Subject(part) => {
            Box::new(raw("(tickets.subject ILIKE ").bind::<Text, _>(containing(part)).sql(")"))
        }
        // One that must not be there is looked for ticket by ticket, one that must in the index.
        Test::Words(query) if negated => {
            let found = raw(
                "(EXISTS (SELECT FROM message_words AS entry WHERE entry.ticket_id = tickets.id AND entry.words @@ ",
            );
            Box::new(found.bind::<Text, _>(query.clone()).sql("::tsquery))"))
        }
        Test::Words(query) => {
            let found = raw(
                "(tickets.id IN (SELECT entry.ticket_id FROM message_words AS entry WHERE entry.words @@ ",
            );
            Box::new(found.bind::<Text, _>(query.clone()).sql("::tsquery))"))
        }
        Test::Titled(query, people, part) => titled(query, people, part.as_deref()),
        Test::All(tests) => {
            let all: Expression<QS> = Box::new(raw("(true)"));
            tests
                .iter()
                .map(|test| test_of::<QS>(test, negated))
                .fold(all, |all, test| Box::new(all.and(test)))
        }
        Test::Never => Box::new(raw("(false)")),
    }
}

/// Of tickets that nobody has rated, where they are ordered.
pub(super) const UNRATED: i16 = 9;

fn status_of<QS: 'static>(status: Status, name: &Kept) -> Expression<QS> {
    let means = raw("(tickets.status = ").bind::<Text, _>(Stored(status));
    match name {
        Kept::Any => Box::new(means.sql(")")),
        Kept::As(name) => {
            Box::new(means.sql(" AND tickets.status_name = ").bind::<Text, _>(name.clone()).sql(")"))
        }
        Kept::ButNot(others) => {
            let other = means.sql(" AND (tickets.status_name = ANY(");
            Box::new(other.bind::<Array<Text>, _>(others.clone()).sql(")) IS NOT TRUE)"))
        }
    }
}

fn over<QS: 'static>(now: Timestamp, end: &'static str) -> Expression<QS> {
    let open = raw("(tickets.status <> 'closed' AND (tickets.due_at <= ");
    Box::new(open.bind::<Timestamptz, _>(moment(now)).sql(end))
}

fn titled<QS: 'static>(query: &str, people: &[i64], part: Option<&str>) -> Expression<QS> {
    let found = raw("(tickets.subject_words @@ ");
    let found = found.bind::<Text, _>(query.to_owned()).sql("::tsquery OR tickets.requester_id = ANY(");
    let found = found.bind::<Array<BigInt>, _>(people.to_vec()).sql(")");
    match part {
        Some(part) => {
            Box::new(found.sql(" OR tickets.subject ILIKE ").bind::<Text, _>(containing(part)).sql(")"))
        }
        None => Box::new(found.sql(")")),
    }
}

/// A pattern of LIKE for what has this in it.
fn containing(part: &str) -> String {
    format!("%{}%", part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"))
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn what_is_looked_for_is_no_pattern() {
        assert_eq!(containing(r"a_b%c\d"), r"%a\_b\%c\\d%");
    }
}
