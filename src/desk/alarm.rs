//! Words to staff about the desk as a whole: once in a while, not each time.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tracing::warn;

use super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, InboundMail, Kind, NamedAddress, TicketId, text},
    render::Context,
    store::{
        self, Conn,
        journal::SYSTEM,
        pool::{News, announce},
    },
    ticket::{Audience, Happening, Notice},
    triage::{Facts, Policy},
};

/// Staff hear of many things together once in this time.
const HOUR: Duration = Duration::from_secs(3600);
/// Staff hear of one quieted ticket or address once in this time.
const QUIETED_EVERY: Duration = Duration::from_secs(24 * 3600);
/// What the database said is remembered for so long, and for so many topics.
const REMEMBERED: Duration = Duration::from_secs(600);
/// See [`REMEMBERED`].
const MANY: usize = 1000;
/// Words of one sort within an hour that are told one by one; more are told together.
const SINGLY: i64 = 20;

/// Topics of which the database said that staff know: in a flood it is not asked each
/// time. Not those that are being told, which may yet be undone.
#[derive(Default)]
pub(super) struct Told(Mutex<HashMap<String, Timestamp>>);

impl Told {
    fn knows(&self, topic: &str, now: Timestamp) -> bool {
        let fresh = |at: &Timestamp| now.duration_since(*at).unsigned_abs() < REMEMBERED;
        self.topics().get(topic).is_some_and(fresh)
    }

    fn remember(&self, topic: &str, now: Timestamp) {
        let mut topics = self.topics();
        if topics.len() >= MANY {
            topics.clear();
        }
        topics.insert(topic.to_owned(), now);
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Tells all staff about something that is about no one ticket, unless they were told
    /// about this topic within `every`. It goes past their caps: they would never know
    /// that these are reached. Returns whether they are told.
    ///
    /// # Errors
    /// Nothing was queued then. To be called in a transaction.
    pub async fn alarm(
        &self,
        conn: &mut Conn,
        topic: &str,
        every: Duration,
        (title, words): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if !store::alarms::raise(conn, topic, every, now).await? {
            return Ok(false);
        }
        for staff in self.settings.staff.iter().filter(|staff| staff.notify) {
            let to = NamedAddress::new(&staff.name, staff.email.clone());
            let context = Context { trouble: Some(words.to_owned()), ..Context::default() };
            self.write_to(conn, Notice::StaffAlarm, &to, title, context, now).await?;
        }
        announce(conn, News::Outbox).await?;
        Ok(true)
    }

    /// A cap silenced us towards an address about a ticket: the journal keeps each time,
    /// staff hear of it once a day.
    pub(super) async fn quieted(
        &self,
        conn: &mut Conn,
        notice: Notice,
        ticket: TicketId,
        to: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        warn!(ticket.id = %ticket, "Not sent: {notice} for ticket {ticket} to {}, who got as many automatic mails in an hour as they may", text::mask(to.as_str()));
        let detail = json!({ "notice": notice, "recipient": to });
        store::journal::write(conn, ticket, SYSTEM, Happening::Quieted, detail, now).await?;
        let reference = self.reference(ticket);
        let words = format!(
            "{to} got as many automatic mails about {reference} within an hour as anybody may, so we are quiet towards \
             them for now; everything that comes in is kept. If two machines write to each other, end it: \
             `deskgate ticket show {ticket}` has the mails and the journal. The bounds are under [limits] in the \
             configuration. You hear of this once a day."
        );
        let title = format!("{reference} went quiet towards {to}");
        // Who reads about every ticket reaches a bound at one of many.
        let topic = match notice.audience() {
            Audience::Requester => format!("quiet {ticket} {to}"),
            Audience::Assignee
            | Audience::Staff
            | Audience::Actor
            | Audience::OnCall
            | Audience::Stakeholders => {
                format!("quiet {to}")
            }
        };
        self.tell_of_silence(conn, &topic, (&title, &words), now).await
    }

    /// A cap kept us from answering the author of a mail at all.
    pub(super) async fn heed_cap(
        &self,
        conn: &mut Conn,
        mail: &InboundMail,
        facts: &Facts,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let reached = facts.author.automatic_last_hour >= policy.automatic_per_hour;
        let (Some(author), true) = (mail.author(), reached && mail.kind == Kind::Human) else {
            return Ok(());
        };
        if facts.author.staff || facts.duplicate.is_some() {
            return Ok(());
        }
        let to = &author.address;
        let words = format!(
            "{to} got {} automatic mails within an hour, as many as one address may, so we are quiet towards them for \
             now. Every mail of theirs still becomes a ticket or an entry of one. If two machines write to each \
             other, end it; else answer them yourselves. The bound is `automatic_per_recipient_hour` under \
             [limits]. You hear of this once a day.",
            facts.author.automatic_last_hour
        );
        let title = format!("We went quiet towards {to}");
        self.tell_of_silence(conn, &format!("quiet {to}"), (&title, &words), now).await
    }

    /// Once a day for each topic; when there are many, once an hour for all together.
    async fn tell_of_silence(
        &self,
        conn: &mut Conn,
        topic: &str,
        words: (&str, &str),
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if self.told.knows(topic, now) {
            return Ok(());
        }
        let hour_ago = now - SignedDuration::from_hours(1);
        if store::alarms::told_since(conn, "quiet ", hour_ago).await? < SINGLY {
            if !self.alarm(conn, topic, QUIETED_EVERY, words, now).await? {
                self.told.remember(topic, now);
            }
            return Ok(());
        }
        let words = format!(
            "More than {SINGLY} tickets and addresses went quiet within an hour, because they got as many automatic mails as \
             [limits] allows. Everything that comes in is kept; the journal of each ticket has what was not sent. \
             Many senders at once may be a flood on purpose: see `deskgate inbox list`. You hear of this once an hour."
        );
        let title = "We went quiet towards many";
        self.alarm(conn, "many quiet", HOUR, (title, &words), now).await.map(drop)
    }

    /// Whether staff are to be told that a mail about this ticket does not arrive: once a
    /// day for each ticket and `once`, and when many fail, once an hour for all together.
    pub(super) async fn may_tell_of_trouble(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        once: &str,
        trouble: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let hour_ago = now - SignedDuration::from_hours(1);
        if store::alarms::told_since(conn, "undeliverable ", hour_ago).await? >= SINGLY {
            let words = format!(
                "More than {SINGLY} tickets had mail within an hour that could not be delivered; the last was about \
                 {}: {}. See `deskgate outbox list --state failed`, and `deskgate outbox retry` once the cause is \
                 gone. You hear of this once an hour.",
                self.reference(ticket),
                text::line(trouble)
            );
            let title = "Many mails could not be delivered";
            self.alarm(conn, "many undeliverable", HOUR, (title, &words), now).await?;
            return Ok(false);
        }
        Ok(store::alarms::raise(conn, &format!("undeliverable {ticket}{once}"), QUIETED_EVERY, now).await?)
    }

    /// Tells staff that mails wait in quarantine: at most once an hour when there are new
    /// ones, else once a day.
    ///
    /// # Errors
    /// Nothing was queued then. To be called in a transaction.
    pub async fn tell_of_quarantine(&self, conn: &mut Conn, now: Timestamp) -> Result<bool, DeskError> {
        let causes = store::quarantine::by_cause(conn).await?;
        let count: i64 = causes.iter().map(|(_, count)| count).sum();
        if count == 0 {
            return Ok(false);
        }
        let named: Vec<String> = causes.iter().map(|(cause, count)| format!("{count} {cause}")).collect();
        let words = format!(
            "{count} mails could not be made into tickets and wait for a person ({}). See `deskgate inbox list --state \
             quarantined`; each can be shown, retried, turned into a ticket as it is (`deskgate inbox ticket`), or \
             discarded with a reason.",
            named.join(", ")
        );
        let title = match count {
            1 => "A mail is in quarantine".to_owned(),
            _ => format!("{count} mails are in quarantine"),
        };
        let every = if store::quarantine::any_untold(conn).await? { HOUR } else { QUIETED_EVERY };
        let told = self.alarm(conn, "quarantine", every, (&title, &words), now).await?;
        if told {
            store::quarantine::all_told(conn, now).await?;
        }
        Ok(told)
    }
}
