//! Stakeholders are told what changed about a ticket since they last heard of it: one thread for each of them and
//! ticket, one mail for all that changed meanwhile, no mail where nothing did.
//!
//! Whatever writes into the journal what they are to hear of sets a timer (`store::journal`), and that writes the mails.
//! Before somebody on the staff has rated a ticket or taken it on it is told to nobody: anybody can write to a desk. No
//! secret that a customer wrote leaves the staff ([`secrets::mask`]).

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use super::{
    Desk, DeskError,
    letters::NO_TICKET,
    post::{Occasion, Reader, change},
};
use crate::{
    domain::{
        EmailAddress, Language, MessageId, NamedAddress, PersonId, Purpose, TicketId, secrets,
        text::{self, prefix},
    },
    render::{SaidView, UpdateView, in_zone},
    store::{
        self, Conn,
        messages::Direction,
        people::Person,
        tickets::Ticket,
        told::{Line, Said, Told},
    },
    ticket::{
        Cadence, Notice, Status, Topic,
        clock::{Clock, Goal},
        digest::Hours,
        subscription::About,
        told::{self, Difference, Seen},
    },
};

/// The newest words that one mail tells.
const MOST_WORDS: usize = 5;

/// More of somebody's words than this are not looked at for secrets, in bytes; much less of them is shown.
const LOOKED_AT: usize = 16 * 1024;

/// A ticket at the moment of telling.
struct Moment<'a> {
    ticket: &'a Ticket,
    now_seen: Seen,
    lines: Vec<Line>,
    /// The newest entry of the thread.
    entry: i64,
    customer: Option<EmailAddress>,
    now: Timestamp,
}

/// Somebody who follows a ticket, why, and what they know of it.
struct Follower<'a> {
    person: PersonId,
    named: NamedAddress,
    because: Vec<Topic>,
    told: Option<&'a Told>,
}

/// What one of them is told.
struct News {
    differences: Vec<Difference>,
    said: Vec<SaidView>,
    more: bool,
}

impl Desk {
    /// Tells everybody who follows a ticket what changed for them.
    pub(super) async fn tell_stakeholders(
        &self,
        conn: &mut Conn,
        id: TicketId,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(ticket) = store::tickets::find(conn, id).await? else { return Ok(()) };
        let subscribed = store::subscriptions::active(conn, Cadence::Immediate).await?;
        // Without its mailbox there is no sender.
        let occasion = match self.occasion(conn, &ticket).await {
            Err(DeskError::MailboxGone(_)) => return Ok(()),
            occasion => occasion?,
        };
        if subscribed.is_empty() {
            return Ok(());
        }
        let moment = self.moment(conn, &occasion, now).await?;
        let known = store::told::of(conn, id).await?;
        let muted: HashSet<i64> = store::subscriptions::muted(conn, id).await?.into_iter().collect();
        for follower in followers(&moment, subscribed, &known) {
            if !muted.contains(&follower.person.0) {
                self.tell(conn, &occasion, &moment, &follower).await?;
            }
        }
        Ok(())
    }

    async fn moment<'a>(
        &self,
        conn: &mut Conn,
        occasion: &Occasion<'a>,
        now: Timestamp,
    ) -> Result<Moment<'a>, DeskError> {
        let ticket = occasion.ticket;
        let mut promised = promised(&self.due_of(conn, ticket.id, now).await?);
        // Where news are promised, the mail names that time, and the clock's is not another one.
        if self.promises_news(conn, ticket).await? {
            promised.remove(Goal::NextUpdate.called());
        }
        Ok(Moment {
            ticket,
            now_seen: Seen {
                promised,
                status: self.state_of(ticket).shown().to_owned(),
                ..seen(ticket, occasion.context.ticket.assignee.as_deref())
            },
            lines: store::told::lines(conn, ticket.id, told::EVENTS).await?,
            entry: store::told::newest_entry(conn, ticket.id).await?,
            customer: occasion.requester.as_ref().and_then(Person::named).map(|named| named.address),
            now,
        })
    }

    async fn tell(
        &self,
        conn: &mut Conn,
        occasion: &Occasion<'_>,
        moment: &Moment<'_>,
        follower: &Follower<'_>,
    ) -> Result<(), DeskError> {
        let Some(news) = self.news(conn, moment, follower).await? else { return Ok(()) };
        let subject = match follower.told {
            Some(told) => told.subject.clone(),
            None => secrets::mask(&moment.ticket.subject),
        };
        let reader = Reader {
            person: follower.person,
            named: follower.named.clone(),
            language: Language::En,
            part: None,
        };
        // Who did it all knows it all.
        let since = follower.told.map_or(0, |told| told.journal_id);
        let mut since = moment.lines.iter().filter(|line| line.id > since);
        let own = since.all(|line| line.actor == follower.named.address.as_str());
        if !own {
            let readers = vec![reader.clone()];
            if self
                .within_caps(conn, Notice::StakeholderUpdate, occasion, readers, moment.now)
                .await?
                .is_empty()
            {
                return Ok(());
            }
            let mut occasion = occasion.clone();
            occasion.context.next_update = self.next_update(conn, moment.ticket, moment.now).await?;
            self.fill(&mut occasion, follower, news, &subject);
            let thread = thread(conn, moment.ticket.id, &reader.named.address).await?;
            let letter = self.compose(Notice::StakeholderUpdate, &occasion, &reader, thread, moment.now)?;
            self.send_out(conn, vec![letter], moment.now).await?;
        }
        let up_to = (moment.lines.last().map_or(0, |line| line.id), moment.entry);
        let seen = serde_json::to_value(&moment.now_seen).expect("words and a map of words are JSON");
        let whose = (follower.person, moment.ticket.id);
        Ok(store::told::remember(conn, whose, up_to, seen, &subject, moment.now).await?)
    }

    fn fill(&self, occasion: &mut Occasion<'_>, follower: &Follower<'_>, news: News, subject: &str) {
        let line = |it: Difference| change(&it.what, it.from, it.to);
        let context = &mut occasion.context;
        context.changes = news.differences.into_iter().map(line).collect();
        context.ticket.subject = subject.to_owned();
        context.update = Some(UpdateView {
            because: self.topics(&follower.because),
            first: follower.told.is_none(),
            said: news.said,
            more: news.more,
            leave: self.link(Purpose::Updates, NO_TICKET, follower.person),
        });
    }

    /// What changed for one of them; nothing where nothing did.
    async fn news(
        &self,
        conn: &mut Conn,
        moment: &Moment<'_>,
        follower: &Follower<'_>,
    ) -> Result<Option<News>, DeskError> {
        let (since, entry) = follower.told.map_or((0, 0), |told| (told.journal_id, told.message_id));
        let lines: Vec<&Line> = moment.lines.iter().filter(|line| line.id > since).collect();
        let word =
            |line: &Line, key: &str| line.detail.get(key).and_then(|it| it.as_str()).map(str::to_owned);
        let steps: Vec<&&Line> = lines.iter().filter(|line| line.event == "status").collect();
        // The journal has what a status means, and the site's own name where it is not the first of its meaning.
        let shown = |line: &Line, key: &str, name: Option<String>| {
            let means = word(line, key)?.parse().ok()?;
            Some(self.settings.workflow.state(means, name.as_deref()).shown().to_owned())
        };
        let stations = steps.iter().filter_map(|line| shown(line, "to", word(line, "name")));
        let stations: Vec<String> = stations.collect();
        let before: Seen = match follower.told {
            Some(told) => serde_json::from_value(told.seen.clone()).unwrap_or_default(),
            None => {
                let first = steps.first().and_then(|line| shown(line, "from", word(line, "from_name")));
                Seen { status: first.unwrap_or_else(|| moment.now_seen.status.clone()), ..Seen::default() }
            }
        };
        let answered = lines.iter().any(|line| matches!(line.event.as_str(), "replied" | "update" | "live"));
        if before.stands_as(&moment.now_seen) && !answered {
            return Ok(None);
        }
        let hours = self.hours_of(&follower.named.address);
        let local = |until: &str| match until.parse() {
            Ok(until) => in_zone(until, &hours.zone),
            Err(_) => until.to_owned(),
        };
        let now_seen = moment.now_seen.clone().with_promises(local);
        let mut differences = told::differences(&before.with_promises(local), &now_seen, &stations);
        differences.extend(lines.iter().filter_map(|line| match line.event.as_str() {
            "live" => Some(Difference::new("In production", &word(line, "release")?)),
            "silence" => Some(Difference::new(
                "Answer",
                &format!("none until {}: taken as a yes", word(line, "until")?),
            )),
            _ => None,
        }));
        let written = store::told::said(conn, moment.ticket.id, entry, MOST_WORDS as i64 + 1).await?;
        let written =
            written.into_iter().map(|said| (said.created_at.to_jiff(), said_by(&said), said.own_text));
        let reasons = lines
            .iter()
            .filter(|line| self.is_of_staffs(&line.actor))
            .filter_map(|line| Some((line.at.to_jiff(), self.called(&line.actor), word(line, "reason")?)));
        let mut said: Vec<(Timestamp, String, String)> = written.chain(reasons).collect();
        said.retain(|(_, _, words)| !words.trim().is_empty());
        said.sort_by_key(|(at, ..)| *at);
        let left_out = said.len().saturating_sub(MOST_WORDS);
        let said = said.into_iter().skip(left_out).map(|(at, who, words)| SaidView {
            who: secrets::mask(&who),
            when: at.to_zoned(hours.zone.clone()).strftime("%-d %b %H:%M %Z").to_string(),
            words: secrets::mask(prefix(&words, LOOKED_AT)),
        });
        Ok(Some(News { differences, said: said.collect(), more: left_out > 0 }))
    }

    fn is_of_staffs(&self, actor: &str) -> bool {
        self.settings.staff.iter().any(|staff| staff.email.as_str() == actor)
    }

    fn called(&self, actor: &str) -> String {
        let staff = self.settings.staff.iter().find(|staff| staff.email.as_str() == actor);
        staff.map_or_else(|| actor.to_owned(), |staff| staff.name.clone())
    }

    /// When somebody reads digests, and in which zone they live.
    pub(super) fn hours_of(&self, address: &EmailAddress) -> Hours {
        let configured = self.settings.stakeholders.iter().find(|each| each.email == *address);
        let of_the_site = || Hours { zone: self.settings.site.zone.clone(), ..Hours::default() };
        configured.map_or_else(of_the_site, |each| each.hours.clone())
    }

    /// Topics, for people: "severity 1, DG-17".
    pub(super) fn topics(&self, topics: &[Topic]) -> String {
        let said = topics.iter().map(|topic| match topic {
            Topic::Ticket(id) => self.reference(*id),
            other => text::line(&other.to_string()),
        });
        said.collect::<Vec<_>>().join(", ")
    }
}

/// A ticket as it stands, in words.
fn seen(ticket: &Ticket, assignee: Option<&str>) -> Seen {
    let word = |word: Option<String>| word.unwrap_or_default();
    Seen {
        closed_as: word(ticket.closed_as.map(|it| it.0.to_string())),
        severity: word(ticket.severity().map(|it| it.to_string())),
        level: word(ticket.level().map(|it| it.to_string())),
        assignee: assignee.unwrap_or_default().to_owned(),
        product: ticket.product.clone().unwrap_or_default(),
        ..Seen::default()
    }
}

/// What is promised and not yet kept: the next word and the fix.
fn promised(clocks: &[Clock]) -> BTreeMap<String, String> {
    let open = clocks.iter().filter(|clock| clock.met.is_none() && clock.goal != Goal::FirstAnswer);
    open.filter_map(|clock| Some((clock.goal.called().to_owned(), clock.due?.to_string()))).collect()
}

/// Who follows a ticket, each once with all reasons, in the order of their addresses.
fn followers<'a>(
    moment: &Moment<'_>,
    subscribed: Vec<(store::subscriptions::Subscription, Person)>,
    known: &'a [Told],
) -> Vec<Follower<'a>> {
    let known: HashMap<PersonId, &Told> = known.iter().map(|told| (told.person(), told)).collect();
    let news_to_all = moment.ticket.status.0 != Status::New || moment.ticket.severity().is_some();
    let mut followers: Vec<Follower<'_>> = Vec::new();
    for (subscription, person) in subscribed {
        let told = known.get(&person.id).copied();
        let before = told.and_then(|told| told.seen.get("severity")?.as_str()?.parse().ok());
        let about = About {
            ticket: moment.ticket.id,
            severity: moment.ticket.severity(),
            severity_before: before,
            product: moment.ticket.product.as_deref(),
            customer: moment.customer.as_ref(),
        };
        let (Some(topic), Some(named)) = (subscription.topic(), person.named()) else { continue };
        if !topic.covers(&about) || !news_to_all && !matches!(topic, Topic::Ticket(_)) {
            continue;
        }
        match followers.last_mut().filter(|last| last.person == person.id) {
            Some(last) => last.because.push(topic),
            None => followers.push(Follower { person: person.id, named, because: vec![topic], told }),
        }
    }
    followers
}

/// Who wrote it: the customer by what they are called, and staff by what customers know them as.
fn said_by(said: &Said) -> String {
    let (name, address) = said.author.split_once(" <").unwrap_or((&said.author, ""));
    match (said.direction.0, name.is_empty()) {
        (Direction::In, _) | (_, false) => name.to_owned(),
        _ => address.trim_end_matches('>').to_owned(),
    }
}

/// In-Reply-To and References: what somebody was sent about a ticket is one thread.
async fn thread(
    conn: &mut Conn,
    ticket: TicketId,
    to: &EmailAddress,
) -> Result<(Option<MessageId>, Vec<MessageId>), DeskError> {
    let ids = store::outbox::ids_to(conn, ticket, to, &[Notice::StakeholderUpdate]).await?;
    let ids: Vec<MessageId> = ids.iter().filter_map(|id| MessageId::parse(id)).collect();
    Ok((ids.last().cloned(), ids))
}
