//! Whoever is owed a mail gets one: readers are found, letters written, and the
//! finished bytes queued in the transaction at hand.

mod compose;
mod readers;

use jiff::Timestamp;

use super::{Desk, DeskError, assign::Given};
use crate::{
    domain::{EmailAddress, Language, MessageId, NamedAddress, PersonId},
    render::{Change, Context},
    settings,
    store::{self, Conn, participants::Part, people::Person, tickets::Ticket},
    ticket::{Audience, Notice},
};

pub(super) use compose::{Composed, nonce};
pub(super) use readers::remembered;

/// A ticket about which people are told something.
#[derive(Clone)]
pub(super) struct Occasion<'a> {
    pub ticket: &'a Ticket,
    pub mailbox: &'a settings::Mailbox,
    /// Who reported it.
    pub requester: Option<Person>,
    /// Who caused it: they are not told what they just did.
    pub actor: Option<&'a EmailAddress>,
    /// The mail that a customer's notice answers.
    pub answers: Option<&'a MessageId>,
    /// What the notices say beyond the ticket itself.
    pub context: Context,
}

impl Occasion<'_> {
    /// Says whose a new ticket is. Whoever passed it on hears of it when it is theirs.
    pub(super) fn given(&mut self, given: &Given<'_>) {
        self.context.because = given.because.clone();
        if let Some(staff) = given.to {
            self.context.ticket.assignee = Some(staff.name.clone());
            self.actor = self.actor.filter(|actor| **actor != staff.email);
        }
    }

    /// The requester, who is written to in the language of the ticket.
    pub(super) fn the_requester(&self) -> Option<Reader> {
        self.reader(self.requester.as_ref()?, Part::Requester)
    }

    fn reader(&self, person: &Person, part: Part) -> Option<Reader> {
        let (named, language) = (person.named()?, self.ticket.language.0);
        Some(Reader { person: person.id, named, language, part: Some(part) })
    }
}

/// Somebody to be written to.
#[derive(Clone)]
pub(super) struct Reader {
    pub person: PersonId,
    pub named: NamedAddress,
    pub language: Language,
    /// As what they take part in the ticket, when they do.
    pub part: Option<Part>,
}

impl Desk {
    /// The occasion for notices about a ticket as it stands.
    pub(super) async fn occasion<'a>(
        &'a self,
        conn: &mut Conn,
        ticket: &'a Ticket,
    ) -> Result<Occasion<'a>, DeskError> {
        let mailbox = self.mailbox(conn, ticket.mailbox_id).await?;
        let requester = match ticket.requester() {
            Some(id) => store::people::find(conn, id).await?,
            None => None,
        };
        let assignee = match ticket.assignee() {
            Some(id) => store::people::find(conn, id).await?.and_then(|person| person.named()),
            None => None,
        };
        let mut occasion = self.first_occasion(ticket, mailbox, requester);
        occasion.context.ticket.assignee = assignee.map(|named| named.called().to_owned());
        Ok(occasion)
    }

    /// The occasion for notices about a ticket that is just being opened.
    pub(super) fn first_occasion<'a>(
        &self,
        ticket: &'a Ticket,
        mailbox: &'a settings::Mailbox,
        requester: Option<Person>,
    ) -> Occasion<'a> {
        let named = requester.as_ref().and_then(Person::named);
        let by_mail = mailbox.has_proof();
        let context = Context { by_mail, ..self.context(ticket, named.as_ref()) };
        Occasion { ticket, mailbox, requester, actor: None, answers: None, context }
    }

    /// Writes one notice to everybody it is for. Returns how many. Whoever calls this
    /// announces that there is something to send.
    pub(super) async fn owe(
        &self,
        conn: &mut Conn,
        notice: Notice,
        occasion: &Occasion<'_>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        if occasion.ticket.spam && !notice.is_for_staff() {
            return Ok(0);
        }
        let readers = self.readers(conn, notice, occasion, now).await?;
        self.owe_to(conn, notice, occasion, readers, now).await
    }

    /// The same to these readers.
    pub(super) async fn owe_to(
        &self,
        conn: &mut Conn,
        notice: Notice,
        occasion: &Occasion<'_>,
        readers: Vec<Reader>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let readers = self.within_caps(conn, notice, occasion, readers, now).await?;
        if readers.is_empty() {
            return Ok(0);
        }
        let thread = store::messages::header_ids(conn, occasion.ticket.id).await?;
        let mut told = occasion.clone();
        if notice.is_for_staff() {
            told.context.due = self.due_views(conn, occasion.ticket, now).await?;
            told.context.on_copy = self.on_copy(conn, occasion.ticket.id).await?;
        }
        let occasion = &told;
        let mut letters = Vec::new();
        for reader in &readers {
            let thread = thread_of(conn, notice, occasion, reader, &thread).await?;
            letters.push(self.compose(notice, occasion, reader, thread, now)?);
        }
        // The thread shows what customers were sent, once however many read it.
        let for_customers = notice.audience() == Audience::Requester;
        if let Some(first) = letters.first_mut().filter(|_| for_customers) {
            (first.enters, first.author) = (true, self.agent(conn, occasion.actor).await?);
        }
        self.send_out(conn, letters, now).await?;
        Ok(readers.len())
    }

    /// The row of who caused it, when they are one of us.
    async fn agent(
        &self,
        conn: &mut Conn,
        actor: Option<&EmailAddress>,
    ) -> Result<Option<PersonId>, DeskError> {
        match actor.filter(|actor| self.is_staff(actor)) {
            Some(actor) => Ok(store::people::by_address(conn, actor).await?.map(|person| person.id)),
            None => Ok(None),
        }
    }

    /// Writes one notice to these members of staff, past the caps. Returns how many.
    pub(super) async fn owe_past_caps(
        &self,
        conn: &mut Conn,
        notice: Notice,
        occasion: &Occasion<'_>,
        people: Vec<NamedAddress>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let readers = remembered(conn, people, None, now).await?;
        let mut letters = Vec::new();
        for reader in &readers {
            let thread = thread_of(conn, notice, occasion, reader, &[]).await?;
            letters.push(self.compose(notice, occasion, reader, thread, now)?);
        }
        self.send_out(conn, letters, now).await?;
        Ok(readers.len())
    }
}

/// `Name <address>`, or the address alone.
pub(super) fn line_of(named: &NamedAddress) -> String {
    match named.name.is_empty() {
        true => named.address.to_string(),
        false => format!("{} <{}>", named.name, named.address),
    }
}

/// A change for stakeholders.
pub(super) fn change(what: &str, from: impl ToString, to: impl ToString) -> Change {
    Change { what: what.to_owned(), from: from.to_string(), to: to.to_string() }
}

/// In-Reply-To and References. Customers see one thread with their own mails;
/// everybody else one thread of what we sent them about the ticket.
async fn thread_of(
    conn: &mut Conn,
    notice: Notice,
    occasion: &Occasion<'_>,
    reader: &Reader,
    thread: &[MessageId],
) -> Result<(Option<MessageId>, Vec<MessageId>), DeskError> {
    if notice.audience() == Audience::Requester {
        let answers = occasion.answers.or_else(|| thread.last()).cloned();
        return Ok((answers, thread.to_vec()));
    }
    let last = store::outbox::last_to(conn, occasion.ticket.id, &reader.named.address).await?;
    let last = last.and_then(|line| MessageId::parse(&line.header_id));
    Ok((last.clone(), last.into_iter().collect()))
}
