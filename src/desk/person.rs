//! Everything about one person from outside: their tickets, what they are told, whether their mail is set aside.

use super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, PersonId, TicketId},
    store::{
        self, Conn,
        blocks::Block,
        directory,
        participants::Part,
        people::Person,
        subscriptions::{self, Subscription},
        tickets::Ticket,
    },
};

/// So many tickets stand on one page.
const MOST_TICKETS: u32 = 50;

/// A person, and what belongs to them.
pub struct PersonCard {
    /// Who.
    pub person: Person,
    /// Their tickets, the newest first, and as what they take part.
    pub tickets: Vec<(Ticket, Part)>,
    /// Behind which ticket there are more.
    pub more_before: Option<TicketId>,
    /// What they are told, and were told.
    pub subscriptions: Vec<Subscription>,
    /// What sets their mail aside: a block of their address, of their domain, or both.
    pub blocks: Vec<Block>,
    /// They are on the staff list.
    pub staff: bool,
}

impl Desk {
    /// A person's card; `None` for nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn person_card(
        &self,
        conn: &mut Conn,
        id: PersonId,
        before: Option<TicketId>,
    ) -> Result<Option<PersonCard>, DeskError> {
        let Some(person) = store::people::find(conn, id).await? else { return Ok(None) };
        let mut tickets = directory::tickets_of(conn, id, before, i64::from(MOST_TICKETS) + 1).await?;
        let more = tickets.len() > MOST_TICKETS as usize;
        tickets.truncate(MOST_TICKETS as usize);
        let more_before = tickets.last().filter(|_| more).map(|(ticket, _)| ticket.id);
        let address: Option<EmailAddress> = person.address.parse().ok();
        let blocks = match &address {
            Some(address) => store::blocks::among(conn, &[address]).await?,
            None => Vec::new(),
        };
        let subscriptions = subscriptions::of_person(conn, id).await?;
        let staff = address.is_some_and(|address| self.is_staff(&address));
        Ok(Some(PersonCard { person, tickets, more_before, subscriptions, blocks, staff }))
    }

    /// What a subscription is about, for people: "severity 1", "DG-17".
    pub fn topic_in_words(&self, subscription: &Subscription) -> String {
        subscription.topic().map(|topic| self.topics(&[topic])).unwrap_or_default()
    }
}
