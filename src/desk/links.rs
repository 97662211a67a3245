//! The signed links in customers' mails: to the page of a ticket, and out of it.
//!
//! A link goes only into a mail to the person it was made for, and never into one whose
//! reader is unproven. It needs a `site.base_url` that begins with `https://`: what it opens
//! is between the desk and its reader, and mail programs take one click on no other address
//! (RFC 8058 §3.1). Without one, mails carry no links, and people leave by reply.

use super::{
    Desk,
    letters::NO_TICKET,
    post::{Occasion, Reader},
};
use crate::{
    domain::{EmailAddress, PersonId, Purpose, TicketId},
    render::{Context, Unsubscribe},
    store::participants::Part,
    ticket::{Audience, Notice},
};

/// The word in the subject of a mail that leaves.
const UNSUBSCRIBE: &str = "unsubscribe";

impl Desk {
    /// What a mail says, with the links of its reader.
    pub(super) fn with_links(&self, notice: Notice, occasion: &Occasion<'_>, reader: &Reader) -> Context {
        let (ticket, person) = (occasion.ticket, reader.person);
        let on_cc = reader.part == Some(Part::Cc);
        // Whoever put somebody on Cc was proven.
        let shown = on_cc || (reader.part == Some(Part::Requester) && ticket.requester_proven);
        let (mut words, mut gate) = (occasion.context.words.clone(), occasion.context.gate.clone());
        // What somebody wrote may quote a link or an address that is theirs alone. What staff write goes out, and comes back
        // to them, as they wrote it.
        if notice.is_for_staff() && notice.audience() != Audience::Actor {
            words = words.map(|words| self.without_links(&words));
            for fact in gate.iter_mut().flat_map(|gate| &mut gate.understood) {
                fact.quote = self.without_links(&fact.quote);
            }
        }
        Context {
            reader: reader.named.name.clone(),
            site_status: self.state_of(ticket).shown_in(reader.language).map(str::to_owned),
            zone: Some(self.zone_of(&reader.named.address)),
            page: self.link(Purpose::Page, ticket.id, person).filter(|_| shown),
            may_leave: on_cc,
            leave: self.link(Purpose::Ticket, ticket.id, person).filter(|_| on_cc),
            words,
            gate,
            ..occasion.context.clone()
        }
    }

    /// How somebody gets no more mails of a list.
    pub(super) fn off_the_list(
        &self,
        purpose: Purpose,
        person: PersonId,
        mailto: &EmailAddress,
        subject: &str,
    ) -> Unsubscribe {
        Unsubscribe {
            url: self.link(purpose, NO_TICKET, person),
            mailto: mailto.clone(),
            subject: subject.to_owned(),
        }
    }

    /// How the reader of a mail about a ticket leaves it: nobody leaves their own.
    pub(super) fn way_out(
        &self,
        occasion: &Occasion<'_>,
        reader: &Reader,
        reply_to: Option<&EmailAddress>,
    ) -> Option<Unsubscribe> {
        let on_cc = reader.part == Some(Part::Cc);
        let subject = match reply_to {
            Some(_) => UNSUBSCRIBE.to_owned(),
            // Without a signed address the subject has to find the ticket.
            None => format!("{UNSUBSCRIBE} [{}]", self.reference(occasion.ticket.id)),
        };
        on_cc.then(|| Unsubscribe {
            url: self.link(Purpose::Ticket, occasion.ticket.id, reader.person),
            mailto: reply_to.unwrap_or(&occasion.mailbox.address).clone(),
            subject,
        })
    }

    /// A signed link; `None` where pages are not reached over HTTPS.
    pub(super) fn link(&self, purpose: Purpose, ticket: TicketId, person: PersonId) -> Option<String> {
        let base = &self.settings.site.base_url;
        let token = self.key.link(purpose, ticket, person);
        let path = match purpose {
            Purpose::Page => format!("{base}/page/{token}"),
            Purpose::Ticket | Purpose::Updates | Purpose::Hourly | Purpose::Daily | Purpose::Weekly => {
                format!("{base}/leave/{purpose}/{token}")
            }
        };
        base.starts_with("https://").then_some(path)
    }
}
