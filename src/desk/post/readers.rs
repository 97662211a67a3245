//! Who a notice is for.

use jiff::Timestamp;

use super::{Occasion, Reader};
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, Language, NamedAddress},
    settings::Staff,
    store::{self, Conn, tickets::Ticket},
    ticket::{Audience, Notice},
};

impl Desk {
    pub(super) async fn readers(
        &self,
        conn: &mut Conn,
        notice: Notice,
        occasion: &Occasion<'_>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        let ticket = occasion.ticket;
        match notice.audience() {
            Audience::Requester => {
                if notice.is_for_the_requester_alone() {
                    return Ok(occasion.the_requester().into_iter().collect());
                }
                let people = store::participants::of(conn, ticket.id).await?;
                Ok(people.iter().filter_map(|(person, part)| occasion.reader(person, *part)).collect())
            }
            Audience::Assignee => match self.assigned_staff(conn, ticket).await? {
                Some(reader) if Some(&reader.named.address) == occasion.actor => Ok(Vec::new()),
                Some(reader) => Ok(vec![reader]),
                None => self.staff_of(conn, ticket, occasion.actor, now).await,
            },
            Audience::Staff => self.staff_of(conn, ticket, occasion.actor, now).await,
            Audience::Actor => {
                let staff = occasion.actor.and_then(|actor| self.settings.staff_by_email(actor));
                let named = staff.map(|staff| NamedAddress::new(&staff.name, staff.email.clone()));
                remembered(conn, named.into_iter().collect(), None, now).await
            }
            Audience::OnCall => Ok(Vec::new()),
            // Each of them is told what is new to them, by a timer: `desk::stakeholders`.
            Audience::Stakeholders => Ok(Vec::new()),
        }
    }

    /// The assignee, as long as they are on the staff list.
    pub(in crate::desk) async fn assigned_staff(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<Option<Reader>, DeskError> {
        let Some(id) = ticket.assignee() else { return Ok(None) };
        let named = store::people::find(conn, id).await?.and_then(|person| person.named());
        let named = named.filter(|named| self.is_staff(&named.address));
        Ok(named.map(|named| Reader { person: id, named, language: Language::En, part: None }))
    }

    /// Staff who hear of a ticket that is nobody's.
    async fn staff_of(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        let hears = |staff: &Staff| staff.notify && self.hears_of_queue(staff, ticket.queue.as_deref());
        self.staff_who(conn, hears, actor, now).await
    }

    pub(in crate::desk) async fn all_staff(
        &self,
        conn: &mut Conn,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        self.staff_who(conn, |staff| staff.notify, actor, now).await
    }

    /// Those of the staff list of whom something is so.
    pub(in crate::desk) async fn staff_who(
        &self,
        conn: &mut Conn,
        hears: impl Fn(&Staff) -> bool,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        let staff = self.settings.staff.iter().filter(|staff| hears(staff));
        let staff = staff.map(|staff| NamedAddress::new(&staff.name, staff.email.clone()));
        remembered(conn, staff.collect(), actor, now).await
    }
}

pub(in crate::desk) async fn remembered(
    conn: &mut Conn,
    people: Vec<NamedAddress>,
    actor: Option<&EmailAddress>,
    now: Timestamp,
) -> Result<Vec<Reader>, DeskError> {
    let people: Vec<NamedAddress> =
        people.into_iter().filter(|named| Some(&named.address) != actor).collect();
    let addresses: Vec<&EmailAddress> = people.iter().map(|named| &named.address).collect();
    let mut known = match addresses.is_empty() {
        true => Vec::new(),
        false => store::people::by_addresses(conn, &addresses).await?,
    };
    let mut readers = Vec::new();
    for named in people {
        let position = known.iter().position(|person| person.address == named.address.as_str());
        let person = match position.map(|position| known.swap_remove(position)) {
            Some(person) => store::people::update(conn, person, &named.name, None).await?.id,
            None => store::people::make(conn, &named, None, now).await?.id,
        };
        readers.push(Reader { person, named, language: Language::En, part: None });
    }
    Ok(readers)
}
