//! What comes in the next sprint: product owners are asked each week, and order it by their answer.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::{NamedAddress, OutboxId, TicketId, text},
    render::{Context, ListItem, TranscriptLine},
    store::{
        self, Conn,
        pool::{News, announce},
        sprint::Waiting,
        timers::NewTimer,
    },
    ticket::{
        Notice, Timer,
        rights::Wish,
        sprint::{Sprint, order},
    },
};

/// So many candidates stand in the mail; `deskgate sprint` has more.
const MOST_LISTED: i64 = 30;
/// So many are kept in order.
const MOST_ORDERED: i64 = 500;

impl Desk {
    /// The tickets of severity 3 that may come in a sprint, in the order that was agreed.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn candidates_of(&self, conn: &mut Conn, sprint: &Sprint) -> Result<Vec<Waiting>, DeskError> {
        Ok(store::sprint::waiting(conn, sprint.number, MOST_ORDERED).await?)
    }

    /// The sprint after the one at an instant, which is the one to be planned.
    pub fn next_sprint(&self, at: Timestamp) -> Option<Sprint> {
        let sprints = self.settings.sprint.sprints.as_ref()?;
        let at_hand = sprints.at(at)?;
        match at < at_hand.begins {
            true => Some(at_hand),
            false => sprints.number(at_hand.number + 1),
        }
    }

    /// Asks the product owners for the order of the next sprint. Returns how many were asked.
    ///
    /// # Errors
    /// Trouble with the database or a template.
    pub async fn ask_for_order(&self, conn: &mut Conn, now: Timestamp) -> Result<usize, DeskError> {
        let Some(sprint) = self.next_sprint(now) else { return Ok(0) };
        let candidates = self.candidates_of(conn, &sprint).await?;
        let owners = self.product_owners();
        if candidates.is_empty() || owners.is_empty() {
            return Ok(0);
        }
        conn.transaction(async |conn| {
            // The order that they read stands until one of them changes it.
            self.keep_order(conn, &sprint, &candidates, now).await?;
            for owner in &owners {
                self.send_order(conn, owner, &sprint, &candidates, None, now).await?;
            }
            announce(conn, News::Outbox).await?;
            Ok(owners.len())
        })
        .await
    }

    /// The timer of the weekly question.
    pub(super) fn weekly_question(&self, now: Timestamp) -> Option<NewTimer<'static>> {
        let sprint = &self.settings.sprint;
        let due = sprint.sprints.as_ref()?.next(now, sprint.asked_on, sprint.asked_at)?;
        Some(NewTimer::of_desk(Timer::SprintOrder, due))
    }

    /// Asks, and sets the next time.
    pub(super) async fn ask_weekly(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        if let Some(next) = self.weekly_question(now) {
            store::timers::set(conn, &[next]).await?;
            self.ask_for_order(conn, now).await?;
        }
        Ok(())
    }

    /// Puts the candidates into the order that a product owner answers, and sends the list back as it is now.
    pub(super) async fn hear_order(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        author: &NamedAddress,
        mail: OutboxId,
    ) -> Result<Vec<TranscriptLine>, DeskError> {
        let now = case.now;
        if let Err(denied) = self.may_by_answer(case, &author.address, Wish::Order) {
            let said = "your order".to_owned();
            return Ok(vec![TranscriptLine { said, answer: denied.to_string(), done: false }]);
        }
        let Some(sprint) = self.next_sprint(now) else { return Ok(Vec::new()) };
        let before = self.candidates_of(conn, &sprint).await?;
        let open: Vec<i64> = before.iter().map(|each| each.id).collect();
        let dropped = store::sprint::dropped(conn, sprint.number).await?;
        // A place is one of the list that they read, whatever became of its tickets and of the order since then.
        let mut listed = store::sprint::of_mail(conn, mail).await?;
        let added: Vec<i64> =
            open.iter().chain(&dropped).copied().filter(|id| !listed.contains(id)).collect();
        listed.extend(added);
        let own = text::clean(&case.mail.body.own);
        let order = order::read(&own, &listed, &self.settings.site.reference);
        // What was dropped comes back when it is to be first, and not by an order that only happens to name it.
        let back = |id: &i64| dropped.contains(id) && order.top.contains(id);
        let (after, rest): (Vec<i64>, Vec<i64>) =
            order.applied(&open).into_iter().partition(|id| open.contains(id) || back(id));
        let (left_out, gone): (Vec<i64>, Vec<i64>) = rest.into_iter().partition(|id| dropped.contains(id));
        let told_by = author.address.as_str();
        store::sprint::put(conn, sprint.number, &after, &order.dropped, told_by, now).await?;
        let mut says = vec![match order.is_empty() {
            true => "Nothing changed: no line of your answer began with a ticket of the list.".to_owned(),
            false => "Thank you. This is the order now.".to_owned(),
        }];
        let named =
            |ids: &[i64]| ids.iter().map(|id| self.reference(TicketId(*id))).collect::<Vec<_>>().join(", ");
        let left_out = [order.dropped.as_slice(), &left_out].concat();
        if let Some(first) = left_out.first() {
            let first = self.reference(TicketId(*first));
            says.push(format!("Not in this sprint: {}. #top {first} takes that back.", named(&left_out)));
        }
        if !gone.is_empty() {
            says.push(format!("No longer waiting to be planned: {}.", named(&gone)));
        }
        says.extend(order.unread.iter().take(5).map(|line| format!("Not understood: {}", text::line(line))));
        let candidates = self.candidates_of(conn, &sprint).await?;
        self.send_order(conn, author, &sprint, &candidates, Some(says.join("\n")), now).await?;
        Ok(Vec::new())
    }

    async fn keep_order(
        &self,
        conn: &mut Conn,
        sprint: &Sprint,
        candidates: &[Waiting],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let order: Vec<i64> = candidates.iter().map(|each| each.id).collect();
        Ok(store::sprint::put(conn, sprint.number, &order, &[], store::journal::SYSTEM, now).await?)
    }

    async fn send_order(
        &self,
        conn: &mut Conn,
        to: &NamedAddress,
        sprint: &Sprint,
        candidates: &[Waiting],
        says: Option<String>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let shown = candidates.iter().take(usize::try_from(MOST_LISTED).unwrap_or(usize::MAX));
        let items: Vec<ListItem> = shown.map(|each| self.candidate(each, now)).collect();
        let title = format!("What comes in sprint {} ({} to {})?", sprint.number, sprint.from, sprint.to);
        let context = Context {
            items_more: candidates.len() - items.len(),
            items,
            trouble: says,
            ..Context::default()
        };
        self.write_to(conn, Notice::SprintCandidates, to, &title, context, now).await?;
        let sent =
            store::outbox::last_about_no_ticket(conn, &[Notice::SprintCandidates], &to.address).await?;
        if let Some(sent) = sent {
            let order: Vec<i64> = candidates.iter().map(|each| each.id).collect();
            store::sprint::note_mail(conn, sent.id, &order).await?;
        }
        Ok(())
    }

    fn candidate(&self, waiting: &Waiting, now: Timestamp) -> ListItem {
        let days = now.duration_since(waiting.created_at()).as_hours() / 24;
        let age = match days {
            ..=0 => "since today".to_owned(),
            1 => "1 day old".to_owned(),
            days => format!("{days} days old"),
        };
        let customers = match waiting.customers {
            1 => "1 customer".to_owned(),
            count => format!("{count} customers"),
        };
        let links = match waiting.links {
            ..=0 => None,
            1 => Some("1 linked ticket".to_owned()),
            count => Some(format!("{count} linked tickets")),
        };
        let facts = [waiting.product.clone(), Some(age), Some(customers), links];
        ListItem {
            reference: self.reference(TicketId(waiting.id)),
            title: waiting.subject.clone(),
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            ..ListItem::default()
        }
    }

    fn product_owners(&self) -> Vec<NamedAddress> {
        let owners = self.settings.stakeholders.iter().filter(|each| each.product_owner);
        owners
            .map(|each| NamedAddress::new(each.name.as_deref().unwrap_or_default(), each.email.clone()))
            .collect()
    }
}
