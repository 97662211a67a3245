//! A turn of a rota begins: whoever is on duty now hears what is open, and who had it.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress},
    render::{Context, ListItem},
    settings::Roster,
    store::{
        self, Conn,
        assignees::Charge,
        pool::{News, announce},
        tickets::Ticket,
        timers::{NewTimer, Row},
    },
    ticket::{Notice, Timer},
};

/// So many tickets stand in the mail.
const MOST_LISTED: usize = 50;

/// What was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Who was told: whose turn it is; leads where they are all away.
    pub told: Vec<EmailAddress>,
    /// Whose turn it was before.
    pub before: Vec<EmailAddress>,
    /// How many open tickets there are to look after.
    pub tickets: usize,
}

/// A turn that lasts.
struct Turn<'a> {
    rota: &'a Roster,
    /// Whose it is.
    whose: Vec<EmailAddress>,
    /// Whose the one before was.
    before: Vec<EmailAddress>,
}

impl Desk {
    /// Sets the timer of the next handover of a rota. Its subject has the time, so that one of a rota which the
    /// configuration has changed since then stands beside the new one and finds nothing to do.
    pub(super) async fn await_handover(
        &self,
        conn: &mut Conn,
        rota: &Roster,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(next) = rota.turns.handovers(now, 1).pop() else { return Ok(()) };
        let subject = format!("{} {}", rota.name, next.at);
        let timer = NewTimer { subject: &subject, ..NewTimer::of_desk(Timer::Handover, next.at) };
        Ok(store::timers::ensure(conn, &timer).await?)
    }

    /// The timer of a handover fires. After an outage of ours that lasted longer than a turn, only the last one counts.
    pub(super) async fn begin_turn(
        &self,
        conn: &mut Conn,
        due: &Row,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some((name, at)) = due.subject.rsplit_once(' ') else { return Ok(()) };
        let (Some(rota), Ok(at)) = (self.settings.rota(name), at.parse::<Timestamp>()) else { return Ok(()) };
        self.await_handover(conn, rota, now).await?;
        if rota.turns.last_handover(now).is_none_or(|(last, _)| last.at < at) {
            return Ok(());
        }
        let mut turn = self.turn(rota, now);
        // Who stays on duty knows what there is.
        turn.whose.retain(|who| !turn.before.contains(who));
        self.tell_of_turn(conn, &turn, now).await.map(drop)
    }

    /// Tells whose turn it is in a rota what is open, and who had it.
    ///
    /// # Errors
    /// Trouble with the database or a template.
    pub async fn hand_over_duty(
        &self,
        conn: &mut Conn,
        rota: &Roster,
        now: Timestamp,
    ) -> Result<HandedOver, DeskError> {
        let turn = self.turn(rota, now);
        conn.transaction(async |conn| {
            let handed = self.tell_of_turn(conn, &turn, now).await?;
            announce(conn, News::Outbox).await?;
            Ok(handed)
        })
        .await
    }

    fn turn<'a>(&self, rota: &'a Roster, now: Timestamp) -> Turn<'a> {
        let members = |places: &[usize]| -> Vec<EmailAddress> {
            places.iter().filter_map(|place| rota.members.get(*place)).cloned().collect()
        };
        let last = rota.turns.last_handover(now);
        let (whose, before) =
            last.map(|(last, before)| (members(&last.to), members(&before))).unwrap_or_default();
        Turn { rota, whose, before }
    }

    async fn tell_of_turn(
        &self,
        conn: &mut Conn,
        turn: &Turn<'_>,
        now: Timestamp,
    ) -> Result<HandedOver, DeskError> {
        let Turn { rota, whose, before } = turn;
        let away = self.away(conn, now).await?;
        let there: Vec<NamedAddress> = whose
            .iter()
            .filter(|who| !away.contains(*who))
            .filter_map(|who| self.staff_member(who))
            .collect();
        let everybody_away = there.is_empty() && !whose.is_empty();
        let told = if everybody_away { self.who_leads() } else { there };
        let tickets = self.tickets_of_turn(conn, turn).await?;
        let items: Vec<ListItem> = tickets
            .iter()
            .take(MOST_LISTED)
            .map(|(ticket, of)| self.item_of(ticket, of.as_deref()))
            .collect();
        let title = match everybody_away {
            true => format!("Nobody is there for the turn in {}", rota.name),
            false => format!("You are on duty: {}", rota.name),
        };
        for reader in &told {
            let mut words = match everybody_away {
                true => format!(
                    "It is the turn of {} in {}, and nobody of them is there.",
                    self.names(whose),
                    rota.name
                ),
                false => self.turn_in_words(rota, reader, now),
            };
            if !before.is_empty() {
                words.push_str(&format!(" Until now it was the turn of {}.", self.names(before)));
            }
            let context = Context {
                trouble: Some(words),
                items: items.clone(),
                items_more: tickets.len() - items.len(),
                ..Context::default()
            };
            self.write_to(conn, Notice::StaffHandover, reader, &title, context, now).await?;
        }
        let told = told.into_iter().map(|reader| reader.address).collect();
        Ok(HandedOver { told, before: before.clone(), tickets: tickets.len() })
    }

    /// What the rota is for, and what was given to those who had the turn before.
    async fn tickets_of_turn(
        &self,
        conn: &mut Conn,
        turn: &Turn<'_>,
    ) -> Result<Vec<(Ticket, Option<String>)>, DeskError> {
        let settings = &self.settings;
        let is_it = |name: &str| name.trim().eq_ignore_ascii_case(&turn.rota.name);
        let queues = settings.queues.iter().filter(|queue| queue.rota.as_deref().is_some_and(is_it));
        let queues: Vec<&str> = queues.map(|queue| queue.name.as_str()).collect();
        let gone = turn.before.iter().filter(|who| !turn.whose.contains(who));
        let charge = Charge {
            queues: &queues,
            of_no_queue: settings.assignment.rota.as_deref().is_some_and(is_it),
            calls: settings.oncall.chain.iter().any(|step| is_it(step)),
            of: &gone.collect::<Vec<_>>(),
        };
        Ok(store::assignees::in_charge_of(conn, charge).await?)
    }

    /// A ticket in the list, with whose it is.
    fn item_of(&self, ticket: &Ticket, address: Option<&str>) -> ListItem {
        let item = self.item(ticket);
        let staff =
            address.and_then(|it| self.settings.staff.iter().find(|staff| staff.email.as_str() == it));
        let had = match (staff, address) {
            (Some(staff), _) => format!("{} has it", staff.name),
            (None, Some(address)) => format!("{address} has it"),
            (None, None) => "nobody has it".to_owned(),
        };
        ListItem { facts: format!("{} · {had}", item.facts), ..item }
    }

    /// `It is your turn in support until Mon 30 Nov 09:00 CET.`
    fn turn_in_words(&self, rota: &Roster, reader: &NamedAddress, now: Timestamp) -> String {
        let until = rota.turns.handovers(now, 1).pop().map(|next| {
            let at = next.at.to_zoned(self.zone_of(&reader.address));
            format!(" until {}", at.strftime("%a %-d %b %H:%M %Z"))
        });
        format!("It is your turn in {}{}.", rota.name, until.unwrap_or_default())
    }

    fn names(&self, people: &[EmailAddress]) -> String {
        people.iter().map(|who| self.name_of_member(who)).collect::<Vec<_>>().join(" and ")
    }
}
