//! Subscriptions begin and end: by the configuration, by staff, and by their readers' own word.
//!
//! What somebody else ended, the configuration does not begin again; only its reader and staff do.

use std::collections::HashSet;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Departure, Desk, DeskError, case::Case, letters::NO_TICKET};
use crate::{
    domain::{EmailAddress, Language, NamedAddress, OutboxId, PersonId, Purpose, TicketId, Word},
    mail::Clues,
    render::TranscriptLine,
    settings::{Stakeholder, Want},
    store::{
        self, Conn,
        people::Person,
        subscriptions::{self, CONFIGURATION, Subscription},
        timers::NewTimer,
    },
    ticket::{Cadence, Happening, Notice, Timer, Topic, subscription::Ask},
    triage::Answered,
};

/// Said to who follows nothing any more.
const NOT_THEIRS: &str = "you follow nothing here any more; ask staff to subscribe you";

/// What readers are sent who do not work on tickets.
const LISTS: &[Notice] = &[Notice::StakeholderUpdate, Notice::StakeholderDigest];

impl Desk {
    /// Brings subscriptions in line with the configuration.
    ///
    /// # Errors
    /// The database's.
    pub async fn feed_subscriptions(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            let all = subscriptions::all(conn).await?;
            let drift = drift(&self.settings.stakeholders, &all);
            for (each, want) in drift.missing {
                let named = NamedAddress::new(each.name.as_deref().unwrap_or_default(), each.email.clone());
                let person = store::people::learn(conn, &named, None, now).await?.id;
                let whose = (person, &each.email);
                self.begin(conn, whose, &want.topic, want.cadence, CONFIGURATION, now).await?;
            }
            if !drift.dropped.is_empty() {
                subscriptions::end_rows(conn, &drift.dropped, CONFIGURATION, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Begins one; a digest gets its timer. `false` when it goes on already.
    async fn begin(
        &self,
        conn: &mut Conn,
        (person, address): (PersonId, &EmailAddress),
        topic: &Topic,
        cadence: Cadence,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let begun = subscriptions::begin(conn, person, topic, cadence, by, now).await?;
        if begun && cadence != Cadence::Immediate {
            let due = self.hours_of(address).next(cadence, now);
            store::timers::ensure(conn, &digest_timer(&digest_subject(person, cadence), due)).await?;
        }
        Ok(begun)
    }

    /// Subscribes somebody to a topic, in the place of any other cadence of it. Says what is so now.
    ///
    /// # Errors
    /// [`DeskError::NotSubscribed`] for one of our own addresses; the database's.
    pub async fn subscribe(
        &self,
        conn: &mut Conn,
        who: &NamedAddress,
        topic: &Topic,
        cadence: Cadence,
        by: &EmailAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        if self.ours(None).is_ours(&who.address) {
            return Err(DeskError::NotSubscribed(who.address.clone()));
        }
        if let Topic::Ticket(id) = topic {
            self.ticket(conn, *id).await?;
        }
        conn.transaction(async |conn| {
            let person = store::people::ensure(conn, who, now).await?.id;
            for other in Cadence::ALL.iter().filter(|other| **other != cadence) {
                subscriptions::end(conn, person, topic, Some(*other), by.as_str(), now).await?;
            }
            let begun = self.begin(conn, (person, &who.address), topic, cadence, by.as_str(), now).await?;
            if let (Topic::Ticket(id), true) = (topic, begun) {
                let detail = json!({ "who": who.address, "cadence": cadence });
                store::journal::write(conn, *id, by.as_str(), Happening::Subscribed, detail, now).await?;
            }
            let often = match cadence {
                Cadence::Immediate => "each change".to_owned(),
                digest => format!("a {digest} digest"),
            };
            let already = if begun { "" } else { "already " };
            Ok(format!(
                "{} {already}gets {often} of {}",
                who.address,
                self.topics(std::slice::from_ref(topic))
            ))
        })
        .await
    }

    /// Ends what somebody wants to hear of a topic. A ticket is not told to them for any other reason either.
    ///
    /// # Errors
    /// The database's.
    pub async fn unsubscribe(
        &self,
        conn: &mut Conn,
        who: &NamedAddress,
        topic: &Topic,
        cadence: Option<Cadence>,
        by: &EmailAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        if let Topic::Ticket(id) = topic {
            self.ticket(conn, *id).await?;
        }
        conn.transaction(async |conn| {
            let person = store::people::ensure(conn, who, now).await?.id;
            let ended = subscriptions::end(conn, person, topic, cadence, by.as_str(), now).await?;
            let topics = self.topics(std::slice::from_ref(topic));
            if let (Topic::Ticket(id), None) = (topic, cadence) {
                subscriptions::mute(conn, person, *id, by.as_str(), now).await?;
                let detail = json!({ "who": who.address });
                store::journal::write(conn, *id, by.as_str(), Happening::Unsubscribed, detail, now).await?;
            } else if ended == 0 {
                return Ok(format!("{} was not told of {topics}", who.address));
            }
            Ok(format!("{} hears no more of {topics}", who.address))
        })
        .await
    }

    /// What a link off a list leads out of.
    pub(super) async fn list_departure(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        person: PersonId,
    ) -> Result<Option<Departure>, DeskError> {
        let Some(cadence) = cadence_of(purpose) else { return Ok(None) };
        let gone = subscriptions::of(conn, person, cadence).await?.is_empty();
        Ok(Some(Departure {
            reference: list_name(cadence),
            subject: String::new(),
            language: Language::En,
            gone,
            list: true,
        }))
    }

    /// Leaves a list by its link, once however often it is asked.
    pub(super) async fn leave_list(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<Departure>, DeskError> {
        let (Some(cadence), Some(known)) = (cadence_of(purpose), store::people::find(conn, person).await?)
        else {
            return Ok(None);
        };
        subscriptions::end_all(conn, person, cadence, &known.address, now).await?;
        self.list_departure(conn, purpose, person).await
    }

    /// The update or digest that a mail answers which says something about subscriptions; it was sent to its author.
    pub(super) async fn answered_list(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        clues: &Clues,
    ) -> Result<Option<Answered>, DeskError> {
        let (Some(author), Some(asked)) = (case.mail.author(), asked(case)) else { return Ok(None) };
        let to = &author.address;
        let mut line = match clues.ids.is_empty() {
            true => None,
            false => store::outbox::of_notices(conn, LISTS, &clues.ids, to).await?,
        };
        let person = case.known.author.as_ref().map(|person| person.id);
        let tag = clues.reply_tags.iter().find(|(_, whose)| Some(*whose) == person);
        if let (None, Some((ticket, _))) = (&line, tag) {
            line = match *ticket == NO_TICKET {
                true => store::outbox::last_about_no_ticket(conn, LISTS, to).await?,
                false => store::outbox::last_to(conn, *ticket, to).await?,
            };
        }
        let line = line.filter(|line| LISTS.contains(&line.notice.0));
        let off = |(_, ask): &(String, Ask)| matches!(ask, Ask::Unsubscribe | Ask::OffTheList);
        let only_off = asked.iter().all(off);
        Ok(line.map(|line| {
            let made_for_it =
                tag.is_some_and(|(ticket, _)| *ticket == line.ticket_id.map_or(NO_TICKET, TicketId));
            Answered { item: line.id, notice: line.notice.0, leaves: only_off && made_for_it }
        }))
    }

    /// What the reader of an update or a digest answers to it; nothing where it says nothing about subscriptions.
    pub(super) async fn hear_reader(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        item: OutboxId,
        author: &NamedAddress,
    ) -> Result<Vec<TranscriptLine>, DeskError> {
        let (Some(asked), Some(line)) = (asked(case), store::outbox::line(conn, item).await?) else {
            return Ok(Vec::new());
        };
        let person = store::people::ensure(conn, author, case.now).await?.id;
        let ticket = line.ticket_id.map(TicketId).filter(|_| line.notice.0 == Notice::StakeholderUpdate);
        let by = &author.address;
        let mut answers = Vec::new();
        for (said, ask) in asked {
            let answer = match (ask, ticket) {
                (Ask::Unsubscribe, Some(id)) => {
                    self.unsubscribe(conn, author, &Topic::Ticket(id), None, by, case.now).await?
                }
                (Ask::Subscribe(cadence), Some(id)) => {
                    let topic = Topic::Ticket(id);
                    let may = subscriptions::is_reader(conn, person, by.as_str(), &topic).await?;
                    let topics = if may { vec![topic] } else { Vec::new() };
                    self.follow_anew(conn, author, &topics, cadence, case.now).await?
                }
                (Ask::OffTheList, Some(_)) => {
                    self.off_list(conn, person, Cadence::Immediate, by, case.now).await?
                }
                (Ask::Unsubscribe | Ask::OffTheList, None) => {
                    let mut last = String::new();
                    for cadence in digests_named_in(&case.mail.subject) {
                        last = self.off_list(conn, person, cadence, by, case.now).await?;
                    }
                    if last.is_empty() { "you get no digests".to_owned() } else { last }
                }
                (Ask::Subscribe(cadence), None) => {
                    let mut topics = Vec::new();
                    for named in digests_named_in(&case.mail.subject) {
                        topics.extend(subscriptions::theirs(conn, person, named, by.as_str()).await?);
                    }
                    self.follow_anew(conn, author, &topics, cadence, case.now).await?
                }
            };
            let done = answer != NOT_THEIRS;
            answers.push(TranscriptLine { said, answer, done });
        }
        Ok(answers)
    }

    /// A reader says how often they are told of what they follow. That widens nothing: what they follow is for staff to say.
    async fn follow_anew(
        &self,
        conn: &mut Conn,
        reader: &NamedAddress,
        topics: &[Topic],
        cadence: Cadence,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        let mut said = Vec::new();
        for topic in topics {
            said.push(self.subscribe(conn, reader, topic, cadence, &reader.address, now).await?);
        }
        Ok(if said.is_empty() { NOT_THEIRS.to_owned() } else { said.join(", ") })
    }

    async fn off_list(
        &self,
        conn: &mut Conn,
        person: PersonId,
        cadence: Cadence,
        by: &EmailAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        subscriptions::end_all(conn, person, cadence, by.as_str(), now).await?;
        Ok(format!("you get {} no more", list_name(cadence)))
    }
}

/// Where subscriptions differ from the configuration.
struct Drift<'a> {
    /// To begin.
    missing: Vec<(&'a Stakeholder, &'a Want)>,
    /// Rows to end.
    dropped: Vec<i64>,
}

fn drift<'a>(stakeholders: &'a [Stakeholder], all: &[(Subscription, Person)]) -> Drift<'a> {
    let mut drift = Drift { missing: Vec::new(), dropped: Vec::new() };
    let mut wanted: HashSet<(&str, &Topic, Cadence)> = HashSet::new();
    for each in stakeholders {
        for want in &each.wants {
            wanted.insert((each.email.as_str(), &want.topic, want.cadence));
            let row = all.iter().find(|(row, person)| {
                let same = row.cadence.0 == want.cadence && row.topic().as_ref() == Some(&want.topic);
                same && person.address == each.email.as_str()
            });
            // It goes on, or somebody ended it: then it stays as it is.
            if row.is_none_or(|(row, _)| row.ended_by.as_deref() == Some(CONFIGURATION)) {
                drift.missing.push((each, want));
            }
        }
    }
    for (row, person) in all.iter().filter(|(row, _)| row.begun_by == CONFIGURATION && row.ended_at.is_none())
    {
        if let Some(topic) = row.topic()
            && !wanted.contains(&(person.address.as_str(), &topic, row.cadence.0))
        {
            drift.dropped.push(row.id);
        }
    }
    drift
}

/// What a mail says about subscriptions, line by line; `None` where it says nothing.
pub(super) fn asked(case: &Case<'_>) -> Option<Vec<(String, Ask)>> {
    if case.mail.body.handed_on {
        return None;
    }
    let asked = Ask::read(&case.mail.subject, &case.mail.body.own);
    (!asked.is_empty()).then_some(asked)
}

/// Which digest a subject names; all of them where it names none.
fn digests_named_in(subject: &str) -> Vec<Cadence> {
    let subject = subject.to_lowercase();
    let digests = || Cadence::ALL.iter().copied().filter(|cadence| *cadence != Cadence::Immediate);
    match digests().find(|cadence| subject.contains(&format!("{cadence} digest"))) {
        Some(named) => vec![named],
        None => digests().collect(),
    }
}

/// The timer of a digest.
pub(super) fn digest_timer(subject: &str, due: Timestamp) -> NewTimer<'_> {
    NewTimer { subject, ..NewTimer::of_desk(Timer::Digest, due) }
}

/// To whom, and which.
fn digest_subject(person: PersonId, cadence: Cadence) -> String {
    format!("{person} {cadence}")
}

/// The other way round.
pub(super) fn read_digest_subject(subject: &str) -> Option<(PersonId, Cadence)> {
    let (person, cadence) = subject.split_once(' ')?;
    Some((person.parse().ok()?, cadence.parse().ok()?))
}

/// The link that leads off a list.
pub(super) fn purpose_of(cadence: Cadence) -> Purpose {
    match cadence {
        Cadence::Immediate => Purpose::Updates,
        Cadence::Hourly => Purpose::Hourly,
        Cadence::Daily => Purpose::Daily,
        Cadence::Weekly => Purpose::Weekly,
    }
}

fn cadence_of(purpose: Purpose) -> Option<Cadence> {
    Cadence::ALL.iter().copied().find(|cadence| purpose_of(*cadence) == purpose)
}

fn list_name(cadence: Cadence) -> String {
    match cadence {
        Cadence::Immediate => "mails about single changes".to_owned(),
        digest => format!("the {digest} digest"),
    }
}
