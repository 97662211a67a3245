//! How bad a new ticket is from its first mail on: where its product owner says so, or where the site decided it for a
//! mailbox or for senders. Nobody else's words rate a ticket, since a rating may get people out of bed.

use super::decide::marks;
use crate::{
    domain::{InboundMail, Kind, NamedAddress, Proof, Sender, text::has_words},
    ticket::{
        Severity, Source,
        rights::{self, Actor, Wish},
    },
};

/// Which new tickets have a severity at once: those that fit everything it names.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The severity they get.
    pub severity: Severity,
    /// They came into one of these mailboxes; into any where it names none.
    pub mailboxes: Vec<String>,
    /// One of these is their proven author; anybody, unless it is forged, where it names none.
    pub from: Vec<Sender>,
    /// Their subject has some of these words; whatever it says where it names none.
    pub words: Vec<String>,
}

/// What a new ticket is rated by its mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// How bad it is.
    pub severity: Severity,
    /// Who says so, as a sentence.
    pub why: String,
}

/// How bad the ticket is that a mail opens, where that is settled. `said` is the severity that the mail itself has in a
/// command. Of the site's rules the first that fits counts.
pub fn rated(
    mail: &InboundMail,
    source: Source,
    mailbox: &str,
    said: Option<Severity>,
    rules: &[Rule],
) -> Option<Rated> {
    by_product_owner(mail, source, said).or_else(|| {
        let place = rules.iter().position(|rule| rule.fits(mail, mailbox))?;
        let severity = rules.get(place)?.severity;
        let why = format!("Its severity is {severity} by the {} of [[severity.when]].", nth(place + 1));
        Some(Rated { severity, why })
    })
}

fn by_product_owner(mail: &InboundMail, source: Source, said: Option<Severity>) -> Option<Rated> {
    let severity = said.filter(|_| source == Source::ProductOwner)?;
    rights::may(Actor::ProductOwner, marks(mail).evidence(), Wish::Severity).ok()?;
    Some(Rated { severity, why: format!("Its severity is {severity}, as the product owner says.") })
}

impl Rule {
    fn fits(&self, mail: &InboundMail, mailbox: &str) -> bool {
        let answers_by_itself = matches!(mail.kind, Kind::AutoReply | Kind::Bounce | Kind::Own);
        let forged = matches!(mail.proof, Proof::Fail { .. });
        let by = |senders: &[Sender]| mail.proven_author().is_some_and(|author| is_one_of(author, senders));
        !answers_by_itself
            && !forged
            && (self.mailboxes.is_empty() || self.mailboxes.iter().any(|name| name == mailbox))
            && (self.from.is_empty() || by(&self.from))
            && (self.words.is_empty() || self.words.iter().any(|words| has_words(&mail.subject, words)))
    }
}

fn is_one_of(author: &NamedAddress, senders: &[Sender]) -> bool {
    senders.iter().any(|sender| match sender {
        Sender::Address(address) => *address == author.address,
        Sender::Domain(domain) => *domain == author.address.domain(),
    })
}

/// The place in a list, for people.
fn nth(place: usize) -> String {
    match place {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        more => format!("{more}th"),
    }
}
