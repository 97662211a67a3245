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

/// A text with a mark in the place of what could be the seal of a link or a reply address, whatever stands around it:
/// mail programs that check links wrap them into one of their own (`https://safelinks.example/?url=https%3A%2F%2Fdesk…`).
pub fn without_seals(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for run in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = run.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let sealed = out.chars().next_back().is_some_and(|before| seal_behind(before, word).is_some());
        out.push_str(if sealed { mark } else { word });
        out.push_str(&run[word.len()..]);
    }
    out
}

/// Where what could be the seal of a link, a reply address or a Message-ID begins within letters and digits that stand
/// behind this character. Whoever wraps links or encodes mails may spell the hyphen or dot before it by its number:
/// `-2D`, `%2D`, `=2D`. Whoever changes the case of one changes all of it: `CannotGetJdbcConnectionException` is a name.
pub fn seal_behind(before: char, word: &str) -> Option<usize> {
    [SEAL, TAG_SEAL].into_iter().filter_map(|length| word.len().checked_sub(length)).find(|&at| {
        let Some((spelled, seal)) = word.split_at_checked(at) else { return false };
        let parted = match spelled {
            "" => matches!(before, '-' | '.'),
            "2D" | "2d" | "2E" | "2e" => matches!(before, '-' | '%' | '='),
            _ => false,
        };
        let is = |one: fn(&u8) -> bool| seal.as_bytes().iter().any(one);
        let mixed = is(u8::is_ascii_lowercase) && is(u8::is_ascii_uppercase);
        parted && !mixed && unbase32(seal).is_some()
    })
}

/// Octets of an HMAC-SHA256.
const WHOLE: usize = 32;
/// The same in base 32.
const SEAL: usize = 52;
/// What a reply address has of it, in base 32.
const TAG_SEAL: usize = 32;
/// Two numbers of 13 digits in base 36, the signature in base 32, and two hyphens.
const MOST_OCTETS: usize = 2 * 13 + SEAL + 2;

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
    fn a_long_name_is_no_seal() {
        for name in [
            "org.springframework.jdbc.CannotGetJdbcConnectionException",
            "x-CannotGetJdbcConnectionException",
        ] {
            assert_eq!(without_seals(name, "…"), name);
        }
        let tag = key().reply_tag(TicketId(17), PersonId(4));
        for spelled in [tag.clone(), tag.to_uppercase()] {
            let without = without_seals(&format!("<support+{spelled}@desk.test>"), "…");
            assert_eq!(without.to_lowercase(), "<support+h-4-…@desk.test>");
        }
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

    #[test]
    fn no_seal_of_a_reply_address_is_left_in_a_text() {
        let tag = key().reply_tag(TicketId(17), PersonId(4));
        let seal = tag.rsplit('-').next().unwrap();
        let text = format!("Reply-To: support+{tag}@desk.test");
        assert_eq!(without_seals(&text, "…"), text.replace(seal, "…"));
    }

    #[test]
    fn no_seal_is_left_in_a_text_however_its_link_was_wrapped() {
        let token = key().link(Purpose::Page, TicketId(17), PersonId(4));
        let seal = token.rsplit('-').next().unwrap();
        for wrapped in [
            format!("see https://desk.example.org/page/{token} there"),
            format!("https://safelinks.example/?url=https%3A%2F%2Fdesk.example.org%2Fpage%2F{token}&data=05"),
            format!(
                "https://urldefense.example/v2/url?u=https-3A__desk_page_{}&d=x",
                token.replace('-', "-2D")
            ),
            format!("<{token}>"),
            format!("https://safelinks.example/?url=desk%2Fpage%2F{}", token.replace('-', "%2D")),
            format!("page/{}", token.replace('-', "=2d")),
        ] {
            let shown = without_seals(&wrapped, "…");
            assert!(
                !shown.contains(seal) && ["-…", "%…", "=…"].iter().any(|it| shown.contains(it)),
                "{shown}"
            );
        }
        let id = key().message_id(TicketId(17), 9, "desk.test");
        let (_, seal) = id.left().rsplit_once('.').unwrap();
        assert_eq!(without_seals(id.as_str(), "…"), id.as_str().replace(seal, "…"));
        for text in
            ["", "a-b", "no link at all, not even 1-2-3", &format!("é-{}", "a".repeat(53)), &"a".repeat(52)]
        {
            assert_eq!(without_seals(text, "…"), text);
        }
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
