//! Signed links: what stands behind `/page/` and `/leave/` in the address of a page.
//!
//! A link names its ticket and its person, and carries the whole HMAC-SHA256 under the
//! site's secret, 256 bits. The purpose is part of what is signed: a link to a page never
//! leaves anything, and one that leaves never shows anything.
//!
//! Whoever holds a link may be somebody else by now, or a scanner that opens every link of
//! a mail: what is found behind one is decided by the state of the ticket, and nothing
//! happens by opening it.

use super::{
    PersonId, TicketId,
    reference::{SigningKey, base32, number, parse_number, unbase32},
    words::word,
};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To see a ticket as one of those who take part in it.
    Page,
    /// To leave a ticket in which somebody takes part on Cc.
    Ticket,
    /// To get no more mails about single changes of tickets.
    Updates,
    /// To get no more hourly digests.
    Hourly,
    /// To get no more daily digests.
    Daily,
    /// To get no more weekly digests.
    Weekly,
}

word!(Purpose, "purpose of a link", {
    Page => "page",
    Ticket => "ticket",
    Updates => "updates",
    Hourly => "hourly",
    Daily => "daily",
    Weekly => "weekly",
});

impl SigningKey {
    /// The token of a link for one person about one ticket; ticket 0 is none.
    pub fn link(&self, purpose: Purpose, ticket: TicketId, person: PersonId) -> String {
        let payload = format!("{}-{}", number(ticket.0), number(person.0));
        format!("{payload}-{}", base32(&self.hmac(&of(purpose), &payload)))
    }

    /// The ticket and person that a token was made for, for this purpose; `None` when it
    /// is not ours. Compares in constant time.
    pub fn open_link(&self, purpose: Purpose, token: &str) -> Option<(TicketId, PersonId)> {
        if token.len() > MOST_OCTETS {
            return None;
        }
        let (payload, seal) = token.rsplit_once('-')?;
        let seal = unbase32(seal).filter(|seal| seal.len() == WHOLE)?;
        // Letter case counts: there is one spelling of each link.
        if base32(&seal) != token[payload.len() + 1..] || !self.verifies(&of(purpose), payload, &seal) {
            return None;
        }
        let (ticket, person) = payload.split_once('-')?;
        let ticket = if ticket == "0" { 0 } else { parse_number(ticket)? };
        Some((TicketId(ticket), PersonId(parse_number(person)?)))
    }
}

/// Octets of an HMAC-SHA256.
const WHOLE: usize = 32;
/// Two numbers of 13 digits in base 36, the signature in base 32, and two hyphens.
const MOST_OCTETS: usize = 2 * 13 + 52 + 2;

fn of(purpose: Purpose) -> String {
    format!("link {purpose}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Word;

    fn key() -> SigningKey {
        SigningKey::new(vec![7; 32]).unwrap()
    }

    #[test]
    fn no_purpose_stands_for_another() {
        for &made in Purpose::ALL {
            let token = key().link(made, TicketId(17), PersonId(4));
            for &tried in Purpose::ALL {
                let want = (made == tried).then_some((TicketId(17), PersonId(4)));
                assert_eq!(key().open_link(tried, &token), want, "{made} as {tried}");
            }
            assert_eq!(key().open_reply_tag(&token), None);
        }
        let reply = key().reply_tag(TicketId(17), PersonId(4));
        assert_eq!(key().open_link(Purpose::Page, &reply), None);
    }

    #[test]
    fn a_link_carries_the_whole_signature_and_a_shorter_one_opens_nothing() {
        let token = key().link(Purpose::Page, TicketId(17), PersonId(4));
        assert_eq!(token.rsplit('-').next().unwrap().len(), 52, "256 bits in base 32");
        for cut in 1..token.len() {
            assert_eq!(key().open_link(Purpose::Page, &token[..cut]), None, "{cut}");
        }
        assert_eq!(key().open_link(Purpose::Page, &token.to_uppercase()), None);
        assert_eq!(key().open_link(Purpose::Page, &format!("{token}=")), None);
    }

    #[test]
    fn a_link_about_no_ticket_is_of_ticket_0() {
        let token = key().link(Purpose::Ticket, TicketId(0), PersonId(4));
        assert_eq!(key().open_link(Purpose::Ticket, &token), Some((TicketId(0), PersonId(4))));
    }

    #[test]
    fn another_sites_link_opens_nothing() {
        let other = SigningKey::new(vec![8; 32]).unwrap();
        assert_eq!(
            key().open_link(Purpose::Page, &other.link(Purpose::Page, TicketId(1), PersonId(1))),
            None
        );
    }

    proptest! {
        #[test]
        fn every_link_opens_to_what_it_was_made_for(ticket in 0i64.., person in 1i64..) {
            let (ticket, person) = (TicketId(ticket), PersonId(person));
            let token = key().link(Purpose::Page, ticket, person);
            prop_assert_eq!(key().open_link(Purpose::Page, &token), Some((ticket, person)));
        }

        #[test]
        fn one_changed_character_opens_nothing(at in 0usize..60, with in "[a-z0-9]") {
            let mut token = key().link(Purpose::Page, TicketId(17), PersonId(4));
            let at = at % token.len();
            prop_assume!(token[at..=at] != with);
            token.replace_range(at..=at, &with);
            prop_assert_eq!(key().open_link(Purpose::Page, &token), None);
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = key().open_link(Purpose::Page, &text);
        }
    }
}
