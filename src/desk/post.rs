//! Whoever is owed a mail gets one: readers are found, letters written, and the
//! finished bytes queued in the transaction at hand.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::{Desk, DeskError, assign::Given};
use crate::{
    domain::{
        Attachment, EmailAddress, Language, MessageId, NamedAddress, PersonId, Purpose, TicketId, Word,
        reference,
    },
    render::{Change, Context, Letter, SeverityView, SiteView, TicketView},
    settings::{self, Staff},
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        outbox::NewItem,
        participants::Part,
        people::Person,
        tickets::Ticket,
    },
    ticket::{Audience, Notice, command, subscription::OFF_THE_LIST},
};

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

/// A written letter, to be queued.
pub(super) struct Composed {
    ticket: TicketId,
    item: NewItem,
    from: NamedAddress,
    subject: String,
    text: String,
    language: Language,
    /// The words that a person of ours wrote.
    words: Option<String>,
    /// The member of staff whose doing it is.
    author: Option<PersonId>,
    files: Arc<[Attachment]>,
    enters: bool,
}

impl Composed {
    /// The letter becomes an entry of its ticket's thread.
    pub(super) fn entering(self) -> Composed {
        Composed { enters: true, ..self }
    }

    fn entry(&self) -> NewMessage<'_> {
        NewMessage {
            ticket: self.ticket,
            direction: Direction::Out,
            kind: Word::as_str(self.item.notice),
            staff_only: false,
            author: self.author,
            author_line: line_of(&self.from),
            subject: &self.subject,
            header_id: Some(&self.item.header_id),
            fingerprint: None,
            text: &self.text,
            own_text: self.words.as_deref().unwrap_or(&self.text),
            quoted_text: "",
            signature_text: "",
            html: None,
            language: Some(self.language),
            written: None,
        }
    }
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
        let mut occasion = occasion.clone();
        if notice.is_for_staff() && !readers.is_empty() {
            occasion.context.due = self.due_views(conn, occasion.ticket, now).await?;
        }
        let occasion = &occasion;
        let readers = self.within_caps(conn, notice, occasion, readers, now).await?;
        let thread = match readers.is_empty() {
            true => Vec::new(),
            false => store::messages::header_ids(conn, occasion.ticket.id).await?,
        };
        let mut told = occasion.clone();
        if notice.is_for_staff() && !readers.is_empty() {
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

    async fn readers(
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
    pub(super) async fn assigned_staff(
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

    pub(super) async fn all_staff(
        &self,
        conn: &mut Conn,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        self.staff_who(conn, |staff| staff.notify, actor, now).await
    }

    /// Those of the staff list of whom something is so.
    pub(super) async fn staff_who(
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

    /// Writes a letter: a pure function but for the nonce of its Message-ID. `thread` is
    /// In-Reply-To and References.
    pub(super) fn compose(
        &self,
        notice: Notice,
        occasion: &Occasion<'_>,
        reader: &Reader,
        thread: (Option<MessageId>, Vec<MessageId>),
        now: Timestamp,
    ) -> Result<Composed, DeskError> {
        let (ticket, mailbox) = (occasion.ticket, occasion.mailbox);
        let message_id = self.key.message_id(ticket.id, nonce(), mailbox.address.domain());
        let reply_to = match mailbox.reply_tag {
            true => reference::reply_address(&self.key, &mailbox.address, ticket.id, reader.person),
            false => None,
        };
        let envelope_from = reply_to.clone().unwrap_or_else(|| mailbox.address.clone());
        let (in_reply_to, references) = thread;
        let letter = Letter {
            notice,
            language: reader.language,
            from: self.sender(notice, occasion),
            to: NamedAddress {
                name: if occasion.context.neutral { String::new() } else { reader.named.name.clone() },
                address: reader.named.address.clone(),
            },
            reply_to: reply_to.clone(),
            envelope_from: Some(envelope_from.clone()),
            message_id: message_id.clone(),
            in_reply_to,
            references,
            unsubscribe: match notice.audience() {
                Audience::Stakeholders => {
                    let mailto = reply_to.as_ref().unwrap_or(&mailbox.address);
                    Some(self.off_the_list(Purpose::Updates, reader.person, mailto, OFF_THE_LIST))
                }
                _ => self.way_out(occasion, reader, reply_to.as_ref()),
            },
            date: now,
            context: self.with_links(occasion, reader),
        };
        let mail = self.renderer.letter(&letter)?;
        let item = NewItem {
            mailbox: ticket.mailbox_id,
            ticket: Some(ticket.id),
            notice,
            recipient: reader.named.address.clone(),
            envelope_from,
            header_id: message_id,
            bytes: mail.bytes,
        };
        Ok(Composed {
            ticket: ticket.id,
            item,
            from: letter.from,
            subject: mail.subject,
            // The thread is read by others, too, who must not have this reader's links.
            text: self.without_links(&mail.text),
            language: ticket.language.0,
            words: occasion.context.words.clone().filter(|_| notice.is_correspondence()),
            author: None,
            files: occasion.context.files.clone(),
            enters: false,
        })
    }

    /// The zone in which somebody reads times.
    pub(super) fn zone_of(&self, reader: &EmailAddress) -> TimeZone {
        let own = self.settings.staff_by_email(reader).map(|staff| &staff.zone);
        own.unwrap_or(&self.settings.site.zone).clone()
    }

    /// Queues letters, and enters those into their threads that are to be.
    pub(super) async fn send_out(
        &self,
        conn: &mut Conn,
        letters: Vec<Composed>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let entries: Vec<_> = letters
            .iter()
            .filter(|letter| letter.enters)
            .map(|letter| NewMessage { written: Some(now), ..letter.entry() })
            .collect();
        if !entries.is_empty() {
            let ids = store::messages::record(conn, &entries, now).await?.unwrap_or_default();
            let entering = letters.iter().filter(|letter| letter.enters);
            let files = ids.iter().zip(entering).flat_map(|(&id, letter)| {
                (0..).zip(letter.files.iter()).map(move |(position, file)| (id, position, file))
            });
            store::messages::attach(conn, &files.collect::<Vec<_>>()).await?;
        }
        if !letters.is_empty() {
            let items = letters.into_iter().map(|letter| letter.item).collect();
            store::outbox::queue(conn, items, now).await?;
        }
        Ok(())
    }

    /// The desk, or the agent whose words the mail carries.
    fn sender(&self, notice: Notice, occasion: &Occasion<'_>) -> NamedAddress {
        let site = occasion.mailbox.display_name.as_deref().unwrap_or(&self.settings.site.name);
        let name = match (&occasion.context.author, notice.is_correspondence()) {
            (Some(author), true) => format!("{author} ({site})"),
            _ => site.to_owned(),
        };
        NamedAddress::new(&name, occasion.mailbox.address.clone())
    }

    /// The facts of a ticket for a notice about it.
    /// The commands that lead on from where it stands.
    fn offers(&self, ticket: &Ticket) -> Vec<String> {
        let (assigned, rated) = (ticket.assignee().is_some(), ticket.severity().is_some());
        command::offers(&self.settings.workflow, self.state_of(ticket), assigned, rated)
    }

    fn context(&self, ticket: &Ticket, requester: Option<&NamedAddress>) -> Context {
        Context {
            site: SiteView {
                name: self.settings.site.name.clone(),
                base_url: self.settings.site.base_url.clone(),
            },
            ticket: TicketView {
                number: ticket.id.0,
                reference: self.reference(ticket.id),
                subject: ticket.subject.clone(),
                status: ticket.status.0,
                status_label: self.state_of(ticket).shown().to_owned(),
                severity: ticket.severity(),
                level: ticket.level(),
                requester: requester.map(line_of).unwrap_or_default(),
                assignee: None,
                closed_as: ticket.closed_as.map(|stored| stored.0),
            },
            severity: ticket
                .severity()
                .map(|it| SeverityView::of(self.settings.severity.policy(Some(it))))
                .unwrap_or_default(),
            offers: self.offers(ticket),
            duplicate_of: ticket.duplicate_of.map(|id| self.reference(TicketId(id))),
            follow_up_of: ticket.follow_up_of.map(|id| self.reference(TicketId(id))),
            ..Context::default()
        }
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

pub(super) async fn remembered(
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

/// Makes one Message-ID differ from the next.
pub(super) fn nonce() -> u64 {
    getrandom::u64().expect("the operating system gives random numbers")
}
