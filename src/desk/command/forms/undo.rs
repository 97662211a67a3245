//! Taking back what a form did, by one click: an ordinary change the other way.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{super::Hand, Done, SO_ALREADY, done};
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, TicketId},
    store::{self, Conn, forms::FormKey, tickets::Ticket},
    ticket::command::{self, Command},
};

/// What was done is taken back by one click for so long.
pub(super) const TAKEN_BACK_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// And the click is offered for so long.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(2);

impl Desk {
    /// What somebody did to a ticket a moment ago and can take back by one click: the key of the form, and what it did.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn to_take_back(
        &self,
        conn: &Conn,
        ticket: TicketId,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, DeskError> {
        let since = now - OFFERED_FOR;
        let Some((key, outcome)) = store::forms::last(conn, address.as_str(), ticket, since).await? else {
            return Ok(None);
        };
        let stands = self.ticket(conn, ticket).await?;
        let same = self.stands_so(conn, &stands, &outcome).await?;
        let done = Done::of(&outcome);
        Ok(done.undo.filter(|_| same).map(|_| (key, done.said.join(", "))))
    }

    /// Whether nothing happened to a ticket since a form was carried out: no fact of it changed, and nobody wrote.
    async fn stands_so(&self, conn: &Conn, ticket: &Ticket, outcome: &Value) -> Result<bool, DeskError> {
        let newest = store::messages::newest(conn, ticket.id).await?;
        Ok(outcome["changed_at"] == json!(ticket.changed_at.to_jiff())
            && outcome["newest"] == json!(newest.0))
    }

    /// Takes back what a form did a short while ago, unless the ticket changed since.
    pub(super) async fn take_back(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        now_is: &Ticket,
        of: &FormKey,
    ) -> Result<String, DeskError> {
        let hindered = |why: &str| DeskError::Hindered(why.to_owned());
        let form = store::forms::find(conn, of, hand.actor.address.as_str(), Some(hand.ticket)).await?;
        let form = form.filter(|form| hand.now.duration_since(form.at.to_jiff()) < TAKEN_BACK_WITHIN);
        let form = form.ok_or_else(|| hindered("it is too long ago to be taken back by a click"))?;
        if !self.stands_so(conn, now_is, &form.outcome).await? {
            return Err(hindered(
                "the ticket was changed since; look at it, and change what is to be otherwise",
            ));
        }
        let lines = form.outcome["undo"].as_str().unwrap_or_default();
        let mut said = Vec::new();
        for line in command::read(lines, &self.settings.workflow).lines {
            let command = line.means.map_err(|_| hindered("it cannot be taken back"))?;
            said.push(done(self.do_command(conn, hand, command).await?)?);
        }
        said.retain(|line| line != SO_ALREADY);
        match said.is_empty() {
            true => Err(hindered("it cannot be taken back")),
            false => Ok(said.join(", ")),
        }
    }
}

/// The commands that take another back, a line each, where that is honest: nobody outside was told, and they lead to
/// where the ticket was before.
pub(super) async fn opposite(
    conn: &mut Conn,
    (before, after): (&Ticket, &Ticket),
    command: &Command,
    told: bool,
) -> Result<Option<String>, DeskError> {
    Ok(match command {
        Command::Take | Command::Assign(_) => Some(assigned_as(conn, before).await?),
        Command::Severity(..) if !told => {
            before.severity().map(|severity| format!("#sev {severity} taken back"))
        }
        Command::Level(_) => match before.level() {
            Some(level) => moved_back(conn, (before, after), Some(format!("#level {level}"))).await?,
            None => None,
        },
        Command::Product(_) => {
            let product = before.product.as_deref().unwrap_or("none");
            moved_back(conn, (before, after), Some(format!("#product {product}"))).await?
        }
        Command::Queue(_) => moved_back(conn, (before, after), None).await?,
        Command::Snooze(_) if before.snoozed_at.is_none() => Some("#snooze off".to_owned()),
        Command::Spam => Some("#spam off".to_owned()),
        Command::Wait(wait) => Some(if *wait { "#wait off" } else { "#wait" }.to_owned()),
        _ => None,
    })
}

/// The same where a ticket may have gone to another queue by it, and so to somebody else. Whose it was comes first: who
/// works in the queue that comes next keeps it; and last, since one who does not work there had it all the same.
async fn moved_back(
    conn: &mut Conn,
    (before, after): (&Ticket, &Ticket),
    first: Option<String>,
) -> Result<Option<String>, DeskError> {
    let queue = before.queue.as_deref().unwrap_or("none");
    let queue = (before.queue != after.queue).then(|| format!("#queue {queue}"));
    let whose = match before.assignee() == after.assignee() && queue.is_none() {
        true => None,
        false => Some(assigned_as(conn, before).await?),
    };
    let lines: Vec<String> = whose.clone().into_iter().chain(first).chain(queue).chain(whose).collect();
    Ok((!lines.is_empty()).then(|| lines.join("\n")))
}

async fn assigned_as(conn: &mut Conn, ticket: &Ticket) -> Result<String, DeskError> {
    let person = match ticket.assignee() {
        Some(id) => store::people::find(conn, id).await?,
        None => None,
    };
    Ok(format!("#assign {}", person.map_or_else(|| "nobody".to_owned(), |person| person.address)))
}
