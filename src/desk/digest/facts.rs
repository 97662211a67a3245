//! What a digest is made of: the tickets that its reader follows, and what happened to them.

use std::collections::HashSet;

use super::Digest;
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, TicketId},
    store::{
        self, Conn,
        figures::{First, Step},
        people::Person,
        tickets::Ticket,
    },
    ticket::{
        Severity, Status,
        digest::{self, Life, Move, What},
        subscription::About,
    },
};

/// What the database knows, as far as the reader follows it.
pub(super) struct Facts {
    pub(super) tickets: Vec<(Ticket, Option<Severity>)>,
    pub(super) lives: Vec<Life>,
    pub(super) moves: Vec<Move>,
    pub(super) answers: Vec<First>,
    pub(super) resolutions: Vec<First>,
    pub(super) touched: HashSet<TicketId>,
    /// With a broken promise, and with one that soon will be.
    pub(super) overdue: usize,
    pub(super) at_risk: usize,
}

impl Desk {
    pub(super) async fn facts_of(&self, conn: &mut Conn, digest: &Digest) -> Result<Facts, DeskError> {
        let start = digest.before().min(digest.days().0);
        let mut facts = Facts {
            tickets: Vec::new(),
            lives: Vec::new(),
            moves: store::figures::steps(conn, start)
                .await?
                .into_iter()
                .filter_map(|step| self.read_step(step))
                .collect(),
            answers: store::figures::first_answers(conn, digest.before()).await?,
            resolutions: store::figures::first_resolutions(conn, digest.before()).await?,
            touched: HashSet::new(),
            overdue: 0,
            at_risk: 0,
        };
        let ways = digest::ways(&facts.moves, digest.since, digest.until);
        for (ticket, requester) in store::figures::lives(conn, start).await? {
            let customer: Option<EmailAddress> =
                requester.as_ref().and_then(Person::named).map(|named| named.address);
            let about = About {
                ticket: ticket.id,
                severity: ticket.severity(),
                severity_before: ways.get(&ticket.id).and_then(|way| way.severity).flatten(),
                product: ticket.product.as_deref(),
                customer: customer.as_ref(),
            };
            if digest.topics.iter().any(|topic| topic.covers(&about)) {
                facts.lives.push(Life {
                    ticket: ticket.id,
                    severity: ticket.severity(),
                    opened: ticket.created_at.to_jiff(),
                    closed: ticket.closed_at.is_some(),
                    waiting: ticket.waiting_for_customer,
                });
                let severity = ticket.severity();
                facts.tickets.push((ticket, severity));
            }
        }
        let followed: HashSet<TicketId> = facts.lives.iter().map(|life| life.ticket).collect();
        facts.moves.retain(|step| followed.contains(&step.ticket));
        let ours = |first: &First| followed.contains(&TicketId(first.ticket));
        facts.answers.retain(ours);
        facts.resolutions.retain(ours);
        let promises = store::figures::promises(conn, digest.until).await?;
        let broken = |broken: bool| {
            let these = promises.iter().filter(|(id, it)| *it == broken && followed.contains(id));
            these.map(|(id, _)| *id).collect::<HashSet<_>>()
        };
        let overdue = broken(true);
        facts.at_risk = broken(false).difference(&overdue).count();
        facts.overdue = overdue.len();
        let touched = store::figures::touched(conn, digest.since, digest.until).await?;
        facts.touched = touched.into_iter().filter(|id| followed.contains(id)).collect();
        Ok(facts)
    }

    /// A step of the journal; `None` for what only a newer version writes.
    fn read_step(&self, step: Step) -> Option<Move> {
        let word = |key: &str| step.detail.get(key).and_then(|it| it.as_str()).map(str::to_owned);
        // The journal has what a status means, and the site's own name where it is not the first of its meaning.
        let state = |means: &str, name: &str| {
            let means: Status = word(means)?.parse().ok()?;
            let shown = self.settings.workflow.state(means, word(name).as_deref()).shown().to_owned();
            Some((shown, means != Status::Closed))
        };
        let what = match step.event.as_str() {
            "status" => {
                let ((from, was_open), (to, is_open)) = (state("from", "from_name")?, state("to", "name")?);
                What::Status { from, to, was_open, is_open }
            }
            _ => {
                let severity = |key: &str| word(key).and_then(|number| number.parse().ok());
                What::Severity { from: severity("from"), to: severity("to") }
            }
        };
        Some(Move { ticket: TicketId(step.ticket?), at: step.at.to_jiff(), what })
    }
}
