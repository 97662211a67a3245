//! How a mail finds its ticket: signed reply addresses, signed Message-IDs, and
//! the short reference people read aloud.
//!
//! Every signature is an HMAC-SHA256 (RFC 2104) under the site's secret, with
//! the purpose mixed in, so that one kind of token never passes for another.
//! Message-IDs carry it whole. A reply address carries its first 160 bits: a
//! local part holds 64 octets (RFC 5321 §4.5.3.1.1), the whole HMAC alone takes
//! 52 of them, and RFC 2104 §5 asks for no less than half.
//!
//! **A reference finds a ticket; it never grants a right.** Who may do what is
//! decided in `triage`, by proof.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{EmailAddress, MessageId, PersonId, TicketId};

/// Bytes of the HMAC that a reply address carries.
const TAG_BYTES: usize = 20;
/// What our Message-IDs start with.
const ID_PREFIX: &str = "dg";

/// The site's secret, from which every signature is made. Never printed.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Fewest bytes a secret may have.
    pub const MIN_BYTES: usize = 32;

    /// A key of at least [`Self::MIN_BYTES`] bytes; `None` when it is shorter.
    pub fn new(secret: Vec<u8>) -> Option<Self> {
        (secret.len() >= Self::MIN_BYTES).then_some(SigningKey(secret))
    }

    /// The longest tag a reply address may get, in octets; a mailbox's local
    /// part, a plus sign and this must fit into 64.
    pub const MAX_TAG_OCTETS: usize = 32 + 2 + 12;

    /// The tag of a reply address that belongs to one person on one ticket.
    pub fn reply_tag(&self, ticket: TicketId, person: PersonId) -> String {
        let payload = format!("{}-{}", number(ticket.0), number(person.0));
        let seal = &self.hmac("reply", &payload)[..TAG_BYTES];
        format!("{payload}-{}", base32(seal))
    }

    /// The ticket and person a reply tag was made for; `None` when it is not ours.
    pub fn open_reply_tag(&self, tag: &str) -> Option<(TicketId, PersonId)> {
        let tag = tag.to_ascii_lowercase();
        let (payload, seal) = tag.rsplit_once('-')?;
        let seal = unbase32(seal)?;
        if seal.len() != TAG_BYTES || !self.verifies("reply", payload, &seal) {
            return None;
        }
        let (ticket, person) = payload.split_once('-')?;
        // Ticket 0 is none: the mail was about no ticket.
        let ticket = if ticket == "0" { 0 } else { parse_number(ticket)? };
        Some((TicketId(ticket), PersonId(parse_number(person)?)))
    }

    /// A Message-ID of ours for a mail about `ticket`. `nonce` makes it unique.
    pub fn message_id(&self, ticket: TicketId, nonce: u64, domain: &str) -> MessageId {
        let payload = format!("{ID_PREFIX}.{}.{}", number(ticket.0), base32(&nonce.to_be_bytes()));
        let seal = base32(&self.hmac("message-id", &payload));
        MessageId::parse(&format!("{payload}.{seal}@{domain}"))
            .expect("base32, dots and a domain make a usable id")
    }

    /// The ticket a Message-ID of ours was made for; `None` when it is not ours.
    /// The domain may have been rewritten on the way.
    pub fn open_message_id(&self, id: &MessageId) -> Option<TicketId> {
        let left = id.left().to_ascii_lowercase();
        let (payload, seal) = left.rsplit_once('.')?;
        let mut parts = payload.split('.');
        let (prefix, ticket) = (parts.next()?, parts.next()?);
        if prefix != ID_PREFIX || !self.verifies("message-id", payload, &unbase32(seal)?) {
            return None;
        }
        Some(TicketId(parse_number(ticket)?))
    }

    pub(super) fn hmac(&self, purpose: &str, payload: &str) -> [u8; 32] {
        self.mac(purpose, payload).finalize().into_bytes().into()
    }

    /// Compares in constant time; `seal` may be a prefix of the whole HMAC.
    pub(super) fn verifies(&self, purpose: &str, payload: &str, seal: &[u8]) -> bool {
        seal.len() >= TAG_BYTES && self.mac(purpose, payload).verify_truncated_left(seal).is_ok()
    }

    fn mac(&self, purpose: &str, payload: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(payload.as_bytes());
        mac
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// The reference people see, `DG-17`, with the site's prefix.
pub fn reference(prefix: &str, ticket: TicketId) -> String {
    format!("{prefix}-{ticket}")
}

/// Every ticket that a subject names as `[DG-17]`, in order. The brackets are
/// required: a bare number in a subject is nobody's reference.
pub fn references_in_subject(prefix: &str, subject: &str) -> Vec<TicketId> {
    let mut found = Vec::new();
    for piece in subject.split('[').skip(1) {
        let Some((inside, _)) = piece.split_once(']') else { continue };
        let Some((name, digits)) = inside.trim().rsplit_once('-') else { continue };
        if !name.eq_ignore_ascii_case(prefix) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        if let Ok(id) = digits.parse::<TicketId>()
            && id.0 > 0
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

/// Every ticket that a text names as `DG-17`, as the footer of our mails does, in
/// order, the first few.
pub fn references_in_text(prefix: &str, text: &str) -> Vec<TicketId> {
    let mut found = Vec::new();
    if prefix.is_empty() {
        return found;
    }
    for (at, _) in text.match_indices(prefix) {
        let starts_a_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        let Some(rest) = text[at + prefix.len()..].strip_prefix('-') else { continue };
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let ends_a_word = !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        if let (true, true, Ok(id)) = (starts_a_word, ends_a_word, rest[..digits].parse::<TicketId>())
            && id.0 > 0
            && !found.contains(&id)
        {
            found.push(id);
            if found.len() == MAX_NAMED {
                break;
            }
        }
    }
    found
}

/// A text that names more tickets than this is a list of tickets, not a mail about one.
const MAX_NAMED: usize = 5;

/// The mailbox address whose replies come back to one person's view of one ticket.
pub fn reply_address(
    key: &SigningKey,
    mailbox: &EmailAddress,
    ticket: TicketId,
    person: PersonId,
) -> Option<EmailAddress> {
    mailbox.tagged(&key.reply_tag(ticket, person)).ok()
}

pub(super) fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

pub(super) fn unbase32(text: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()
}

/// A row number in base 36: short, and letter case may be lost on the way.
pub(super) fn number(value: i64) -> String {
    let mut rest = value.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((rest % 36) as u32, 36).expect("a remainder below 36 is a digit"));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

pub(super) fn parse_number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| i64::from_str_radix(text, 36).ok())?.filter(|&id| id > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SigningKey {
        SigningKey::new(vec![7; 32]).unwrap()
    }

    #[test]
    fn a_tag_may_be_about_no_ticket_but_never_about_nobody() {
        let of = |ticket, person| key().open_reply_tag(&key().reply_tag(TicketId(ticket), PersonId(person)));
        assert_eq!(of(0, 4), Some((TicketId(0), PersonId(4))));
        assert_eq!(of(17, 0), None);
    }

    #[test]
    fn a_short_secret_is_no_key() {
        assert!(SigningKey::new(vec![7; 31]).is_none());
    }

    #[test]
    fn a_reply_address_of_a_large_desk_fits_its_local_part() {
        let tag = key().reply_tag(TicketId(9_999_999), PersonId(9_999_999));
        assert!(tag.len() <= SigningKey::MAX_TAG_OCTETS, "{tag}");
        let support: EmailAddress = "support@desk.test".parse().unwrap();
        let address = reply_address(&key(), &support, TicketId(9_999_999), PersonId(9_999_999)).unwrap();
        assert_eq!(
            key().open_reply_tag(address.tag_of(&support).unwrap()),
            Some((TicketId(9_999_999), PersonId(9_999_999)))
        );
    }

    #[test]
    fn the_two_kinds_of_token_do_not_stand_for_each_other() {
        let id = key().message_id(TicketId(3), 9, "desk.test");
        assert_eq!(key().open_message_id(&id), Some(TicketId(3)));
        assert_eq!(key().open_reply_tag(&id.left().replace('.', "-")), None);
    }

    #[test]
    fn another_sites_key_opens_nothing() {
        let other = SigningKey::new(vec![8; 32]).unwrap();
        assert_eq!(other.open_reply_tag(&key().reply_tag(TicketId(1), PersonId(1))), None);
        assert_eq!(other.open_message_id(&key().message_id(TicketId(1), 1, "x")), None);
    }

    #[test]
    fn a_rewritten_domain_or_case_keeps_the_id() {
        let id = key().message_id(TicketId(3), 9, "desk.test");
        let rewritten =
            MessageId::parse(&format!("{}@eu-west.provider.example", id.left().to_uppercase())).unwrap();
        assert_eq!(key().open_message_id(&rewritten), Some(TicketId(3)));
    }

    #[test]
    fn subjects_name_tickets_only_in_brackets_with_the_prefix() {
        let of = |subject| references_in_subject("DG", subject);
        assert_eq!(of("Re: [DG-17] Printer"), [TicketId(17)]);
        assert_eq!(of("AW: [dg-17] and [DG-4] [DG-17]"), [TicketId(17), TicketId(4)]);
        for subject in [
            "Problem with #1 and order [12345]",
            "DG-17",
            "[DG-]",
            "[DG-0]",
            "[XX-1]",
            "[DG-99999999999999999999]",
            "[[",
            "",
        ] {
            assert_eq!(of(subject), [], "{subject:?}");
        }
    }

    #[test]
    fn a_text_names_tickets_by_whole_words_with_the_prefix() {
        let of = |text| references_in_text("DG", text);
        assert_eq!(of("Example Desk · DG-17\n> Your reference is DG-17."), [TicketId(17)]);
        assert_eq!(of("[DG-3], DG-4!"), [TicketId(3), TicketId(4)]);
        for text in [
            "DG17",
            "dg-17",
            "XDG-17",
            "DG-17b",
            "DG-17-3",
            "A-DG-17",
            "DG-0",
            "DG-",
            "DG-99999999999999999999",
        ] {
            assert_eq!(of(text), [], "{text:?}");
        }
        let many: String = (1..100).map(|n| format!("DG-{n} ")).collect();
        assert_eq!(of(&many).len(), MAX_NAMED);
    }

    proptest! {
        #[test]
        fn every_tag_opens_to_what_it_was_made_for(ticket in 1i64.., person in 1i64.., nonce: u64) {
            let (ticket, person) = (TicketId(ticket), PersonId(person));
            prop_assert_eq!(key().open_reply_tag(&key().reply_tag(ticket, person)), Some((ticket, person)));
            prop_assert_eq!(key().open_message_id(&key().message_id(ticket, nonce, "desk.test")), Some(ticket));
        }

        #[test]
        fn one_changed_character_opens_nothing(at in 0usize..36, with in "[a-z0-9]") {
            let mut tag = key().reply_tag(TicketId(17), PersonId(4));
            let at = at % tag.len();
            prop_assume!(tag[at..=at] != with);
            tag.replace_range(at..=at, &with);
            prop_assert_eq!(key().open_reply_tag(&tag), None);
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = key().open_reply_tag(&text);
            let _ = references_in_subject("DG", &text);
            if let Some(id) = MessageId::parse(&text) {
                let _ = key().open_message_id(&id);
            }
        }
    }
}
