//! The mail at hand, and how it is written down: its entry, its author, the people
//! on Cc.

use std::{collections::HashMap, slice};

use jiff::{SignedDuration, Timestamp};

use super::{Desk, DeskError, Incoming, post::line_of};
use crate::{
    domain::{
        Forward, InboundMail, Kind, MessageId, MessageRowId, NamedAddress, PersonId, Proof, TicketId, Word,
    },
    mail,
    report::Verdict,
    settings,
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        people::Person,
    },
};

/// Everything about the mail at hand.
pub(super) struct Case<'a> {
    pub incoming: &'a Incoming,
    pub mailbox: &'a settings::Mailbox,
    pub mail: &'a InboundMail,
    pub verdict: &'a Verdict,
    /// What finds its twins; the first is its own ([`mail::fingerprints`]).
    pub fingerprints: Vec<[u8; 32]>,
    pub now: Timestamp,
    /// What the database knows of it.
    pub known: Known,
    /// The mail of somebody else that a member of staff passes on with it.
    pub passed_on: Option<Box<Case<'a>>>,
    /// Of such a mail: who passes it on, in which words.
    pub by: Option<(&'a NamedAddress, &'a str)>,
}

/// What was looked up for all mails at hand together.
#[derive(Default)]
pub(super) struct Known {
    /// The entry that the same mail made before.
    pub duplicate: Option<(TicketId, MessageRowId)>,
    /// Tickets with a mail that answers this one.
    pub answered_by: Vec<TicketId>,
    /// The author's row.
    pub author: Option<Person>,
    /// Automatic mails that the author got within the last hour, as a customer.
    pub automatic: i64,
    /// Who blocked the author, and when.
    pub blocked: Option<String>,
}

/// An entry to be written for the mail at hand.
pub(super) struct Entry<'a> {
    pub case: &'a Case<'a>,
    pub ticket: TicketId,
    pub author: Option<PersonId>,
    pub staff_only: bool,
}

impl<'a> Case<'a> {
    pub(super) fn new(mailbox: &'a settings::Mailbox, incoming: &'a Incoming, now: Timestamp) -> Case<'a> {
        let Incoming { mail, verdict, .. } = incoming;
        let fingerprints = mail::fingerprints(mail);
        Case {
            incoming,
            mailbox,
            mail,
            verdict,
            fingerprints,
            now,
            known: Known::default(),
            passed_on: None,
            by: None,
        }
    }

    /// Whether a person surely wrote it, from their own address.
    pub(super) fn is_of_a_proven_person(&self) -> bool {
        self.by.is_none() && self.mail.kind == Kind::Human && self.mail.proven_author().is_some()
    }

    /// Who surely knows of the mail already, since it came from them. A forward of
    /// which it cannot be told whose it is comes back to who passed it on, with the question.
    pub(super) fn told_by(&self) -> Option<&'a NamedAddress> {
        let unclear = matches!(self.mail.forward, Some(Forward::Unclear(_)));
        self.by.map(|(by, _)| by).or_else(|| self.mail.proven_author().filter(|_| !unclear))
    }
}

impl Entry<'_> {
    fn row(&self) -> NewMessage<'_> {
        let mail = self.case.mail;
        NewMessage {
            ticket: self.ticket,
            direction: Direction::In,
            kind: mail.kind.as_str(),
            staff_only: self.staff_only,
            author: self.author,
            author_line: mail.from.iter().map(line_of).collect::<Vec<_>>().join(", "),
            subject: &mail.subject,
            header_id: mail.message_id.as_ref(),
            fingerprint: self.case.fingerprints.first().copied(),
            text: &mail.text,
            own_text: &mail.body.own,
            quoted_text: &mail.body.quoted,
            signature_text: &mail.body.signature,
            html: mail.html.as_deref(),
            language: mail.language,
            written: mail.date,
        }
    }
}

impl Desk {
    /// Looks up what can be asked for all mails at once.
    pub(super) async fn look_up(
        &self,
        conn: &mut Conn,
        cases: &mut [Case<'_>],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        for case in cases.iter_mut() {
            if let Some(inner) = case.passed_on.as_deref_mut() {
                self.look_up_together(conn, slice::from_mut(inner), now).await?;
            }
        }
        self.look_up_together(conn, cases, now).await
    }

    async fn look_up_together(
        &self,
        conn: &mut Conn,
        cases: &mut [Case<'_>],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let fingerprints: Vec<&[u8]> =
            cases.iter().flat_map(|case| &case.fingerprints).map(<[u8; 32]>::as_slice).collect();
        let duplicates = store::messages::by_fingerprints(conn, &fingerprints).await?;
        let authors: Vec<_> = cases.iter().filter_map(|case| Some(&case.mail.author()?.address)).collect();
        let mut people: HashMap<String, Person> = (store::people::by_addresses(conn, &authors).await?)
            .into_iter()
            .map(|person| (person.address.clone(), person))
            .collect();
        let own_ids: Vec<_> = cases.iter().filter_map(|case| case.mail.message_id.as_ref()).collect();
        let answered = store::references::tickets_answering(conn, &own_ids).await?;
        let hour_ago = now - SignedDuration::from_hours(1);
        let automatic = store::outbox::automatic_since(conn, &authors, hour_ago).await?;
        let blocks = match authors.is_empty() {
            true => Vec::new(),
            false => store::blocks::among(conn, &authors).await?,
        };
        for case in cases {
            let blocked = case.mail.author().and_then(|author| Desk::blocked_by(&blocks, &author.address));
            let author = case.mail.author().map(|author| author.address.as_str()).unwrap_or_default();
            let own_id = case.mail.message_id.as_ref().map(MessageId::key).unwrap_or_default();
            case.known = Known {
                answered_by: answered.get(&own_id).cloned().unwrap_or_default(),
                duplicate: case
                    .fingerprints
                    .iter()
                    .find_map(|print| duplicates.get(print.as_slice()).copied()),
                author: people.remove(author),
                automatic: automatic.get(author).copied().unwrap_or_default(),
                blocked,
            };
        }
        Ok(())
    }

    pub(super) async fn record(
        &self,
        conn: &mut Conn,
        entries: &[Entry<'_>],
        now: Timestamp,
    ) -> Result<Vec<MessageRowId>, DeskError> {
        let rows: Vec<_> = entries.iter().map(Entry::row).collect();
        let messages = store::messages::record(conn, &rows, now).await?.ok_or(DeskError::Raced)?;
        let files = entries.iter().zip(&messages).flat_map(|(entry, &message)| {
            (0..).zip(&entry.case.mail.attachments).map(move |(position, file)| (message, position, file))
        });
        store::messages::attach(conn, &files.collect::<Vec<_>>()).await?;
        let answered: Vec<_> = entries.iter().flat_map(|entry| self.answered(entry)).collect();
        store::references::remember(conn, &answered).await?;
        Ok(messages)
    }

    /// The ids that an entry of customers answers, save those that we signed.
    fn answered<'a>(&self, entry: &Entry<'a>) -> Vec<(TicketId, &'a MessageId)> {
        let mail = entry.case.mail;
        let ids = mail.in_reply_to.iter().chain(mail.references.first()).chain(mail.references.iter().rev());
        let foreign = ids.filter(|id| self.key.open_message_id(id).is_none() && !entry.staff_only);
        let mut answered: Vec<(TicketId, &MessageId)> = Vec::new();
        for id in foreign {
            if answered.iter().all(|(_, there)| there.key() != id.key()) {
                answered.push((entry.ticket, id));
            }
            if answered.len() == MOST_ANSWERED {
                break;
            }
        }
        answered
    }

    /// The authors' rows, in order. Only who is proven says what they are called.
    pub(super) async fn remember_authors(
        &self,
        conn: &mut Conn,
        cases: &[&Case<'_>],
    ) -> Result<Vec<Option<Person>>, DeskError> {
        let (mut authors, mut unknown) = (Vec::new(), Vec::new());
        for case in cases {
            let Some(author) = case.mail.author() else {
                authors.push(None);
                continue;
            };
            let proven = case.mail.proven_author();
            let name = proven.map(|named| named.name.as_str()).unwrap_or_default();
            let language = proven.and(case.mail.language);
            match case.known.author.clone() {
                Some(known) => authors.push(Some(store::people::update(conn, known, name, language).await?)),
                None => {
                    unknown
                        .push((authors.len(), (NamedAddress::new(name, author.address.clone()), language)));
                    authors.push(None);
                }
            }
        }
        let (places, new): (Vec<usize>, Vec<_>) = unknown.into_iter().unzip();
        if let (Some(case), false) = (cases.first(), new.is_empty()) {
            let made = store::people::make_all(conn, &new, case.now).await?;
            for (place, person) in places.into_iter().zip(made) {
                authors[place] = Some(person);
            }
        }
        Ok(authors)
    }
}

/// Why staff should not take the author at their word, or the name at its own.
pub(super) fn caution(case: &Case<'_>) -> Option<String> {
    let mail = case.mail;
    if let Some((by, _)) = case.by {
        return Some(format!("{} passed it on; nothing else says who wrote it", by.called()));
    }
    if let Some(Forward::Unclear(why)) = &mail.forward {
        return Some(format!(
            "it looks like a forward, but {why}; its requester is who sent it, until you say with `deskgate ticket set NUMBER --requester EMAIL` whose it is"
        ));
    }
    let poses = mail.author().filter(|author| author.poses_as_another());
    match &mail.proof {
        Proof::Pass { .. } if poses.is_some() => {
            Some("the name beside the address is another address".into())
        }
        Proof::Pass { .. } => None,
        Proof::None => Some("nothing proves that the mail comes from this address".into()),
        Proof::Fail { reason } => Some(format!("the check of its sender says that it is forged ({reason})")),
    }
}

/// So many of the ids that a mail answers are remembered.
const MOST_ANSWERED: usize = 10;
