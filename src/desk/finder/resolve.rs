//! What a query means on this desk: which status, whose tickets, from when.

use jiff::Timestamp;

use super::super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, text},
    settings::Staff,
    store::{
        self, Conn,
        finder::{
            Condition, Test,
            words::{self, Manner},
        },
    },
    ticket::query::{Filter, Flag, Operator, Query, Standing, Term, Thing, Waiting, What, Whose},
};

/// A query as the database understands it.
pub(super) struct Wanted {
    /// Everything that must hold, the words among it.
    pub conditions: Vec<Condition>,
    /// What was not understood, a sentence each.
    pub notes: Vec<String>,
}

impl Desk {
    /// All that a query asks for.
    pub(super) async fn resolved(
        &self,
        conn: &mut Conn,
        who: &Staff,
        query: &Query,
        now: Timestamp,
    ) -> Result<Wanted, DeskError> {
        let mut wanted = self.filters(conn, who, query, now).await?;
        let said = said(query, false);
        for term in words::terms(conn, &said).await?.into_iter().filter(|term| !term.query.is_empty()) {
            wanted.conditions.push(Condition::holds(Test::Words(term.query)));
        }
        Ok(wanted)
    }

    /// What a query asks for beside the words that a text must have.
    pub(super) async fn filters(
        &self,
        conn: &Conn,
        who: &Staff,
        query: &Query,
        now: Timestamp,
    ) -> Result<Wanted, DeskError> {
        let mut wanted = Wanted { conditions: Vec::new(), notes: query.notes.clone() };
        let mut single: Vec<(Operator, Condition)> = Vec::new();
        for (negated, filter) in query.filters() {
            let condition = match self.tests(conn, who, filter, now).await? {
                Ok(condition) => condition,
                Err(note) => {
                    wanted.notes.push(note);
                    continue;
                }
            };
            let (operator, negated) = (filter.operator(), negated != condition.negated);
            let condition = Condition { negated, ..condition };
            let same = single.iter_mut().find(|(of, known)| *of == operator && !known.negated);
            match same.filter(|_| operator.is_single() && !negated) {
                Some((_, known)) => known.any.extend(condition.any),
                None => single.push((operator, condition)),
            }
        }
        wanted.conditions.extend(single.into_iter().map(|(_, condition)| condition));
        for (flag, test) in [(Flag::Spam, Test::Spam), (Flag::Merged, Test::Merged)] {
            if !query.speaks_of(flag) {
                wanted.conditions.push(Condition::fails(test));
            }
        }
        let without = said(query, true);
        for term in words::terms(conn, &without).await?.into_iter().filter(|term| !term.query.is_empty()) {
            wanted.conditions.push(Condition::fails(Test::Words(term.query)));
        }
        Ok(wanted)
    }

    /// What a filter asks for; a sentence where this desk knows no such thing.
    async fn tests(
        &self,
        conn: &Conn,
        who: &Staff,
        filter: &Filter,
        now: Timestamp,
    ) -> Result<Result<Condition, String>, DeskError> {
        let begins = |when: &crate::ticket::query::When| when.begins(now, &who.zone);
        Ok(Ok(Condition::holds(match filter {
            Filter::Status(Standing::Open) => Test::Open,
            Filter::Status(Standing::Named(name)) => match self.settings.workflow.goal(name) {
                Ok((goal, means)) => Test::Status(means, self.settings.workflow.kept(&goal)),
                Err(refused) => return Ok(Err(format!("`{filter}` was left out: {refused}."))),
            },
            Filter::Severity(severity) => Test::Severity(severity.map(|severity| severity.number())),
            Filter::Level(level) => Test::Level(level.map(|level| level.number())),
            Filter::Assignee(whose) => return self.assigned(conn, who, whose).await,
            Filter::From(from) => match from.parse::<EmailAddress>() {
                Ok(address) => Test::Address(address.to_string()),
                Err(_) => Test::Requester(from.clone()),
            },
            Filter::Customer(domain) => Test::Domain(domain.clone()),
            Filter::Product(name) => Test::Product(name.clone().map(|name| self.product_called(name))),
            Filter::Queue(name) => Test::Queue(name.clone().map(|name| self.queue_called(name))),
            Filter::Mailbox(name) => Test::Mailbox(name.clone()),
            Filter::Waiting(Waiting::Customer) => Test::Waiting,
            Filter::Waiting(Waiting::Us) => return Ok(Ok(Condition::fails(Test::Waiting))),
            Filter::Is(Flag::Incomplete) => Test::Incomplete,
            Filter::Is(Flag::Breaching) => Test::Breaching(now),
            Filter::Is(Flag::Breached) => Test::Breached(now),
            Filter::Is(Flag::Snoozed) => Test::Snoozed,
            Filter::Is(Flag::Spam) => Test::Spam,
            Filter::Is(Flag::Unassigned) => Test::Unassigned,
            Filter::Is(Flag::Merged) => Test::Merged,
            Filter::Has(Thing::Attachment) => Test::Files,
            Filter::Before(when) => begins(when).map_or(Test::Never, Test::Before),
            Filter::After(when) => begins(when).map_or(Test::Never, Test::After),
            Filter::Subject(part) => Test::Subject(part.clone()),
        })))
    }

    async fn assigned(
        &self,
        conn: &Conn,
        who: &Staff,
        whose: &Whose,
    ) -> Result<Result<Condition, String>, DeskError> {
        let addresses: Vec<EmailAddress> = match whose {
            Whose::Nobody => return Ok(Ok(Condition::holds(Test::Unassigned))),
            Whose::Me => vec![who.email.clone()],
            Whose::Named(name) => self.staff_called(name),
        };
        if let (Whose::Named(name), []) = (whose, addresses.as_slice()) {
            let name = text::line(name);
            return Ok(Err(format!(
                "`assignee:{name}` was left out: nobody on the staff list is called so."
            )));
        }
        let mut any = Vec::new();
        for address in &addresses {
            any.extend(
                store::people::by_address(conn, address).await?.map(|person| Test::Assignee(person.id)),
            );
        }
        if any.is_empty() {
            any.push(Test::Never);
        }
        Ok(Ok(Condition { negated: false, any }))
    }

    /// The members of staff of this name; or the address, since who left may have had tickets.
    fn staff_called(&self, name: &str) -> Vec<EmailAddress> {
        if let Ok(address) = name.parse() {
            return vec![address];
        }
        let is = |staff: &&Staff| staff.email.local() == name || staff.name.to_lowercase().contains(name);
        self.settings.staff.iter().filter(is).map(|staff| staff.email.clone()).collect()
    }

    fn product_called(&self, name: String) -> String {
        let known = self.settings.products.iter().find(|product| product.name.eq_ignore_ascii_case(&name));
        known.map_or(name, |product| product.name.clone())
    }

    fn queue_called(&self, name: String) -> String {
        let known = self.settings.queues.iter().find(|queue| queue.name.eq_ignore_ascii_case(&name));
        known.map_or(name, |queue| queue.name.clone())
    }
}

/// The words that must be there, or those that must not. The last word of a query is perhaps only begun.
pub(super) fn said(query: &Query, negated: bool) -> Vec<(String, Manner)> {
    let last = query.terms.last();
    let one = |term: &Term| match &term.what {
        What::Filter(_) => None,
        What::Phrase(phrase) => Some((phrase.clone(), Manner::Phrase)),
        What::Word(word) if !negated && last == Some(term) => Some((word.clone(), Manner::Begun)),
        What::Word(word) => Some((word.clone(), Manner::Word)),
    };
    query.terms.iter().filter(|term| term.negated == negated).filter_map(one).collect()
}

/// What must be true of the subject, or of who reported it, for a word to stand there.
pub(super) fn titled_by(word: &str, term: &words::Term) -> Test {
    let part = (term.parts && word.chars().count() > 2).then(|| word.to_owned());
    let people = if term.people.len() > words::MOST_PEOPLE { Vec::new() } else { term.people.clone() };
    Test::Titled(term.query.clone(), people, part)
}
