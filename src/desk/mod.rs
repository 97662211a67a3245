//! The use cases, each in one transaction: a mail is taken in, a ticket is
//! changed, an answer is written, a ticket is shown.
//!
//! Whatever a change owes to people is queued as finished mails in the same
//! commit. This room cannot send or fetch: no transaction ever waits for the
//! network.

mod absence;
mod actors;
mod alarm;
mod answers;
mod answers_known;
mod assign;
mod audit;
mod behalf;
mod block;
mod boxes;
mod caps;
mod case;
mod clocks;
mod cluster;
mod command;
mod company;
mod digest;
mod duty;
mod error;
mod examples;
mod facts;
mod finder;
mod handle;
mod handover;
mod health;
mod intake;
mod kept_answers;
mod leave;
mod letters;
mod links;
mod menu;
mod noted;
mod notes;
mod oncall;
mod opening;
mod overrule;
mod page;
mod page_files;
mod page_words;
mod person;
mod post;
mod preview;
mod question;
mod queues;
mod rated;
mod relate;
mod release;
mod repeated;
mod replay;
mod reports;
mod roster;
mod sight;
mod sign_in;
mod silence;
mod similar;
mod snooze;
mod spam;
mod split;
mod sprint;
mod stakeholders;
mod status_act;
mod status_page;
mod stuck;
mod subscribe;
mod timers;
mod trial;
mod trouble;
mod unread;
mod view;
mod waits;
mod work;

pub use audit::{Deed, OPERATOR};
pub use boxes::BoxCard;
pub use clocks::{ClockLine, Explained, HistoryLine, Promise};
pub use cluster::{ClusterView, Verdict as ClusterVerdict};
pub use command::{Done, HeldWords, Replied, Reply, Wanted};
pub use duty::Standing;
pub use error::DeskError;
pub use examples::Labelled;
pub use finder::{Due, Found, Hit, Listing, Person, Row, Said, SavedView, Tally as ViewTally};
pub use handle::{Change, Changed};
pub use handover::HandedOver;
pub use health::{Health, MailboxHealth, NodeHealth, health, mailbox_trouble, nodes};
pub use intake::{Incoming, Taken};
pub use leave::Departure;
pub use menu::{Choice, MailChoice, May, Menu, SlotChoice};
pub use noted::{Noted, Way};
pub use notes::{Note, ON_CALL, notes, proof_of};
pub use oncall::{OnCallNow, TicketOnCall};
pub use page::{TicketPage, content, page};
pub use page_files::Enclosure;
pub use person::PersonCard;
pub use relate::Telling;
pub use release::Shipped;
pub use replay::{Progress, Tally};
pub use reports::{Asked, ReportName};
pub use roster::{DayOf, RotaDays, dates};
pub use sight::{
    Delivery, EntrySight, Extent, FileSight, MailGroup, OtherSight, PersonSight, Sight, SlotSight, StoryLine,
    is_picture,
};
pub use sign_in::{
    AccountLine, Caller, Invitation, NewCodes, OwnAccount, Session, SignIn, SignedInBy, Token, Welcome,
    ZoneFrom,
};
pub use similar::Kin;
pub use status_act::{Act, Acted, Contribution};
pub use view::{TicketView, show};
pub use waits::Waits;
pub use work::{Budget, Share};

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    domain::{EmailAddress, MailboxId, TicketId, reference::SigningKey},
    mail::Ours,
    render::Renderer,
    settings::{self, Settings},
    store::{self, Conn},
    triage::Policy,
};

/// Everything a use case needs beside a connection and the time.
pub struct Desk {
    /// The configuration in force.
    pub settings: Settings,
    key: SigningKey,
    renderer: Renderer,
    /// The names of mailboxes by their rows, which never change.
    names: Mutex<HashMap<MailboxId, String>>,
    told: alarm::Told,
    passwords: sign_in::Passwords,
    /// A digest of all that clocks are computed by.
    rules: String,
}

impl Desk {
    /// Puts a desk together.
    pub fn new(settings: Settings, key: SigningKey, renderer: Renderer) -> Desk {
        let rules = clocks::rules(&settings.severity);
        Desk {
            settings,
            key,
            renderer,
            names: Mutex::default(),
            told: alarm::Told::default(),
            passwords: sign_in::Passwords::default(),
            rules,
        }
    }

    /// What reading a mail of this mailbox, or of any, has to know about ourselves.
    pub fn ours(&self, mailbox: Option<&settings::Mailbox>) -> Ours {
        Ours {
            addresses: self.settings.our_addresses(),
            key: Some(self.key.clone()),
            authserv_id: mailbox.and_then(|mailbox| mailbox.authserv_id.clone()),
            reference_prefix: self.settings.site.reference.clone(),
        }
    }

    /// The rules that bear on mails of this mailbox.
    pub fn policy(&self, mailbox: &settings::Mailbox) -> Policy {
        policy(&self.settings, mailbox)
    }

    /// The configuration of a stored mailbox.
    ///
    /// # Errors
    /// [`DeskError::MailboxGone`] when it is no longer configured.
    pub async fn mailbox(&self, conn: &Conn, id: MailboxId) -> Result<&settings::Mailbox, DeskError> {
        let name = match self.name_of(id) {
            Some(name) => name,
            None => {
                let name = store::mailboxes::find(conn, id).await?.name;
                self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(id, name.clone());
                name
            }
        };
        self.settings.mailbox(&name).ok_or(DeskError::MailboxGone(name))
    }

    /// The name of a mailbox that [`Desk::mailbox`] was asked for before.
    pub fn name_of(&self, id: MailboxId) -> Option<String> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// The row of a configured mailbox, for the place it is read from now.
    pub async fn mailbox_row(
        &self,
        conn: &mut Conn,
        mailbox: &settings::Mailbox,
    ) -> Result<store::mailboxes::Mailbox, DeskError> {
        let source = source(mailbox);
        Ok(store::mailboxes::ensure(conn, &mailbox.name, &source, &mailbox.address).await?)
    }

    fn is_staff(&self, address: &EmailAddress) -> bool {
        self.settings.staff.iter().any(|staff| staff.email == *address)
    }

    fn reference(&self, ticket: TicketId) -> String {
        crate::domain::reference::reference(&self.settings.site.reference, ticket)
    }
}

/// Account, server and folder that a mailbox is read from; empty for one that is
/// not fetched.
fn source(mailbox: &settings::Mailbox) -> String {
    match &mailbox.imap {
        Some(imap) => format!("{}@{}:{}/{}", imap.user, imap.host, imap.port, imap.folder),
        None => String::new(),
    }
}

/// The rules that bear on mails of this mailbox.
pub fn policy(settings: &Settings, mailbox: &settings::Mailbox) -> Policy {
    let limits = &settings.limits;
    Policy {
        trusts_a_server: mailbox.has_proof(),
        asks: limits.asks,
        ask_cooldown: limits.ask_cooldown,
        automatic_per_hour: limits.automatic_per_recipient_hour,
        reopen_for: settings.site.reopen_for,
    }
}
