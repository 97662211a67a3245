//! The mails that opened tickets, and what the gate said of each when it came.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Conn, Moment, Stored, moment,
    schema::{inbound, journal, report_slots, tickets},
};
use crate::{
    domain::{InboundId, MailboxId, Slot, TicketId, Word},
    report::{Evidence, Presence},
    ticket::Source,
};

/// A mail of the ledger that opened a ticket.
#[derive(Clone, Debug, Queryable)]
pub struct Opening {
    /// Its row of the ledger.
    #[diesel(deserialize_as = i64)]
    pub inbound: InboundId,
    /// The mailbox it came into.
    #[diesel(deserialize_as = i64)]
    pub mailbox: MailboxId,
    /// How many bytes.
    pub size_bytes: i64,
    message: Option<i64>,
    /// The ticket.
    #[diesel(deserialize_as = i64)]
    pub ticket: TicketId,
    /// Its subject.
    pub subject: String,
    /// Where it comes from.
    pub source: Stored<Source>,
    problem_report: bool,
}

/// The next openings after a row of the ledger, of mails stored since a moment, oldest first.
pub async fn openings(
    conn: &mut Conn,
    since: Timestamp,
    after: InboundId,
    limit: i64,
) -> QueryResult<Vec<Opening>> {
    inbound::table
        .inner_join(tickets::table.on(inbound::ticket_id.eq(tickets::id.nullable())))
        .filter(inbound::outcome.eq("opened"))
        .filter(inbound::stored_at.ge(moment(since)))
        .filter(inbound::id.gt(after.0))
        .order(inbound::id)
        .limit(limit)
        .select((
            inbound::id,
            inbound::mailbox_id,
            inbound::size_bytes,
            inbound::message_id,
            tickets::id,
            tickets::subject,
            tickets::source,
            tickets::problem_report,
        ))
        .load(conn)
        .await
}

/// What was said of a mail when it opened its ticket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Then {
    /// It was taken for a problem report.
    pub problem_report: bool,
    /// For each slot, whether it was missing, where that is still known.
    pub missing: [Option<bool>; 3],
    /// The words that were found for each slot, where they are still known.
    pub words: [Vec<Evidence>; 3],
    /// The requester was asked at once.
    pub asked: bool,
    /// Staff passed it on: it is about the mail within.
    pub passed_on: bool,
}

/// What was said of these then.
pub async fn said_then(conn: &mut Conn, openings: &[Opening]) -> QueryResult<HashMap<TicketId, Then>> {
    let ids: Vec<i64> = openings.iter().map(|opening| opening.ticket.0).collect();
    let entries: Vec<(i64, Moment, String, Value)> = journal::table
        .filter(journal::ticket_id.eq_any(&ids))
        .filter(journal::event.eq_any(["opened", "asked"]))
        .order(journal::id)
        .select((journal::ticket_id.assume_not_null(), journal::at, journal::event, journal::detail))
        .load(conn)
        .await?;
    let slots: Vec<SlotThen> = report_slots::table
        .filter(report_slots::ticket_id.eq_any(&ids))
        .filter(report_slots::decided_by.eq("gate"))
        .select((
            report_slots::ticket_id,
            report_slots::slot,
            report_slots::verdict,
            report_slots::message_id,
            report_slots::evidence,
        ))
        .load(conn)
        .await?;
    let then = |opening: &Opening| {
        let of_this = entries.iter().filter(|(ticket, ..)| *ticket == opening.ticket.0);
        let entries: Vec<_> = of_this.map(|(_, at, event, detail)| (*at, event.as_str(), detail)).collect();
        let slots: Vec<_> = slots.iter().filter(|slot| slot.ticket == opening.ticket.0).collect();
        (opening.ticket, Then::of(opening, &entries, &slots))
    };
    Ok(openings.iter().map(then).collect())
}

#[derive(Clone, Debug, Queryable)]
struct SlotThen {
    ticket: i64,
    slot: Stored<Slot>,
    verdict: Stored<Presence>,
    message: Option<i64>,
    evidence: Value,
}

/// What the journal keeps of an opening, or of a question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    missing: Option<Vec<String>>,
    passed_on_by: Option<String>,
}

impl Then {
    /// The journal knows best; what it does not tell is told by a slot that no later mail has filled.
    fn of(opening: &Opening, entries: &[(Moment, &str, &Value)], slots: &[&SlotThen]) -> Self {
        let opened = entries.iter().find(|(_, event, _)| *event == "opened");
        let asked = entries
            .iter()
            .find(|(at, event, _)| *event == "asked" && opened.is_none_or(|(opened_at, ..)| opened_at == at));
        let detail = |entry: Option<&(Moment, &str, &Value)>| -> Detail {
            entry.and_then(|(_, _, detail)| Detail::deserialize(*detail).ok()).unwrap_or_default()
        };
        let opened = detail(opened);
        let told = opened.missing.or(detail(asked).missing);
        let mut then = Then {
            problem_report: told.is_some() || opening.problem_report,
            asked: asked.is_some(),
            passed_on: opened.passed_on_by.is_some(),
            ..Then::default()
        };
        for ((&slot, missing), words) in Slot::ALL.iter().zip(&mut then.missing).zip(&mut then.words) {
            let row = slots.iter().find(|row| row.slot.0 == slot && row.message == opening.message);
            *missing = match &told {
                Some(told) => Some(told.iter().any(|each| each == slot.as_str())),
                None if !then.problem_report => Some(false),
                None => row.map(|row| row.verdict.0 == Presence::Missing),
            };
            let evidence = row.and_then(|row| Vec::deserialize(&row.evidence).ok());
            *words = evidence.unwrap_or_default();
        }
        then
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn opening(problem_report: bool) -> Opening {
        Opening {
            inbound: InboundId(1),
            mailbox: MailboxId(1),
            size_bytes: 1,
            message: Some(7),
            ticket: TicketId(1),
            subject: String::new(),
            source: Stored(Source::Customer),
            problem_report,
        }
    }

    fn slot(slot: Slot, verdict: Presence, message: i64) -> SlotThen {
        let (slot, verdict, message) = (Stored(slot), Stored(verdict), Some(message));
        SlotThen {
            ticket: 1,
            slot,
            verdict,
            message,
            evidence: json!([{ "start": 0, "end": 1, "text": "a" }]),
        }
    }

    fn at(second: i64) -> Moment {
        moment(Timestamp::from_second(second).unwrap())
    }

    #[test]
    fn the_journal_tells_what_was_missing() {
        let opened = json!({ "missing": ["expected"], "passed_on_by": null });
        let filled = slot(Slot::Expected, Presence::Present, 9);
        let then = Then::of(&opening(false), &[(at(5), "opened", &opened)], &[&filled]);
        assert_eq!(then.missing, [Some(false), Some(false), Some(true)]);
        assert_eq!((then.problem_report, then.asked, then.passed_on), (true, false, false));
        assert_eq!(then.words[2], [], "those are the words of a later mail");
    }

    #[test]
    fn a_question_tells_it_where_the_opening_does_not() {
        let (opened, asked) = (json!({ "passed_on_by": "bob@desk.test" }), json!({ "missing": ["steps"] }));
        let entries = [(at(5), "opened", &opened), (at(5), "asked", &asked)];
        let then = Then::of(&opening(true), &entries, &[]);
        assert_eq!(then.missing, [Some(true), Some(false), Some(false)]);
        assert!(then.asked && then.passed_on);
        let later = [(at(5), "opened", &opened), (at(6), "asked", &asked)];
        let then = Then::of(&opening(true), &later, &[]);
        assert_eq!((then.missing, then.asked), ([None; 3], false), "that was asked of another mail");
    }

    #[test]
    fn a_slot_tells_it_until_a_reply_fills_it() {
        let opened = json!({});
        let entries = [(at(5), "opened", &opened)];
        let [steps, actual] =
            [slot(Slot::Steps, Presence::Missing, 7), slot(Slot::Actual, Presence::Present, 9)];
        let then = Then::of(&opening(true), &entries, &[&steps, &actual]);
        assert_eq!(then.missing, [Some(true), None, None]);
        assert_eq!((then.words[0].len(), then.words[1].len()), (1, 0));
        let other = Then::of(&opening(false), &entries, &[]);
        assert_eq!((other.missing, other.problem_report), ([Some(false); 3], false));
    }
}
