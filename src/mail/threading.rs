//! What in a mail points at a ticket, ranked.
//!
//! A clue finds a ticket and grants nothing: clues leak with every forward, so
//! who may do what is decided by [`Proof`](crate::domain::Proof) in `triage`.

use super::Ours;
use crate::domain::{
    InboundMail, MessageId, PersonId, TicketId,
    reference::{references_in_subject, references_in_text},
};

/// The most clues of one kind that are worth a look in the database.
const MAX_CLUES: usize = 50;

/// Everything that may say which ticket a mail belongs to, the surest kind first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clues {
    /// Signed reply addresses the mail was sent to: ticket and addressee.
    pub reply_tags: Vec<(TicketId, PersonId)>,
    /// Tickets of the Message-IDs that we signed, the directly answered mail first.
    pub our_ids: Vec<TicketId>,
    /// All Message-IDs answered or referred to: In-Reply-To, then References from
    /// the newest back, then the mails that a bounce returns or a forward holds. Of too many the newest and
    /// the oldest: the first mail of a thread is the one that everybody names.
    pub ids: Vec<MessageId>,
    /// References in the subject, `[DG-17]`. Anybody can write them.
    pub subject: Vec<TicketId>,
    /// References in what is quoted, `DG-17`, as the footer of our mails has it.
    pub footer: Vec<TicketId>,
}

impl Clues {
    /// Whether the mail points at nothing at all.
    pub fn is_empty(&self) -> bool {
        let Clues { reply_tags, our_ids, ids, subject, footer } = self;
        reply_tags.is_empty()
            && our_ids.is_empty()
            && ids.is_empty()
            && subject.is_empty()
            && footer.is_empty()
    }
}

/// Collects the clues of `mail`.
pub fn clues(mail: &InboundMail, ours: &Ours) -> Clues {
    let ids = ids(mail);
    let our_ids = ids.iter().filter_map(|id| ours.key.as_ref()?.open_message_id(id));
    let prefix = &ours.reference_prefix;
    Clues {
        reply_tags: distinct(reply_tags(mail, ours)),
        our_ids: distinct(our_ids),
        subject: distinct(references_in_subject(prefix, &mail.subject).into_iter()),
        footer: references_in_text(prefix, &mail.body.quoted),
        ids,
    }
}

fn ids(mail: &InboundMail) -> Vec<MessageId> {
    let mut references: Vec<&MessageId> = mail.references.iter().rev().collect();
    if references.len() > MAX_CLUES / 2 {
        let oldest = references.len() - MAX_CLUES / 4;
        references.drain(MAX_CLUES / 4..oldest);
    }
    let returned = mail.bounce.iter().flat_map(|bounce| &bounce.original_ids);
    let passed_on = mail.forwarded().and_then(|forwarded| forwarded.mail.message_id.as_ref());
    distinct(mail.in_reply_to.iter().chain(references).chain(returned).chain(passed_on).cloned())
}

/// The tags our key opens, in any address the mail was sent to.
fn reply_tags(mail: &InboundMail, ours: &Ours) -> impl Iterator<Item = (TicketId, PersonId)> {
    let written = mail.to.iter().chain(&mail.cc).map(|named| &named.address);
    written.chain(&mail.delivered_to).filter_map(|address| {
        let tag = ours.addresses.iter().find_map(|base| address.tag_of(base))?;
        ours.key.as_ref()?.open_reply_tag(tag)
    })
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for item in items {
        if found.len() == MAX_CLUES {
            break;
        }
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::domain::reference::{SigningKey, reply_address};

    fn ours() -> Ours {
        Ours {
            addresses: vec!["support@desk.test".parse().unwrap()],
            key: SigningKey::new(vec![7; 32]),
            ..Ours::nobody()
        }
    }

    fn clues_of(fields: &str) -> Clues {
        clues(&read(format!("From: a@example.org\n{fields}\n\nHello\n").as_bytes(), &ours()), &ours())
    }

    #[test]
    fn a_reply_tag_counts_wherever_the_mail_was_sent_to() {
        let ours = ours();
        let key = ours.key.as_ref().unwrap();
        let address = reply_address(key, &ours.addresses[0], TicketId(17), PersonId(4)).unwrap();
        for field in ["To", "Cc", "Delivered-To", "X-Original-To"] {
            let found = clues_of(&format!("{field}: {address}"));
            assert_eq!(found.reply_tags, [(TicketId(17), PersonId(4))], "{field}");
        }
        let elsewhere = address.as_str().replace("desk.test", "attacker.test");
        assert_eq!(clues_of(&format!("To: {elsewhere}")).reply_tags, []);
        assert_eq!(clues_of("To: support+1@desk.test").reply_tags, []);
    }

    #[test]
    fn the_answered_mail_comes_first_then_the_newest_reference() {
        let found = clues_of("In-Reply-To: <c@x>\nReferences: <a@x> <b@x>\n <c@x>");
        let ids: Vec<_> = found.ids.iter().map(MessageId::as_str).collect();
        assert_eq!(ids, ["c@x", "b@x", "a@x"]);
    }

    #[test]
    fn our_own_ids_name_their_ticket_and_guessed_ones_none() {
        let ours = ours();
        let id = ours.key.as_ref().unwrap().message_id(TicketId(3), 9, "desk.test");
        let found = clues_of(&format!("References: <ticket-1@desk.test> <1@x> {id}"));
        assert_eq!(found.our_ids, [TicketId(3)]);
    }

    #[test]
    fn a_subject_names_tickets_only_by_the_whole_reference() {
        assert_eq!(clues_of("Subject: Re: [DG-17] Printer").subject, [TicketId(17)]);
        assert_eq!(clues_of("Subject: Problem with #1 and order [12345]").subject, []);
    }

    #[test]
    fn clues_are_bounded() {
        let many: String = (0..500).map(|n| format!(" <{n}@x>")).collect();
        let ids = clues_of(&format!("In-Reply-To: <499@x>\nReferences:{many}")).ids;
        assert!(ids.len() <= MAX_CLUES);
        let all: Vec<_> = ids.iter().map(MessageId::as_str).collect();
        assert_eq!((all[0], all[1], all[all.len() - 1]), ("499@x", "498@x", "0@x"));
    }

    #[test]
    fn an_id_that_a_provider_rewrote_still_names_its_ticket() {
        let ours = ours();
        let id = ours.key.as_ref().unwrap().message_id(TicketId(3), 9, "desk.test");
        for written in [
            format!("References: <0102018f@email.amazonses.com>\n\t{}", id.to_string().to_uppercase()),
            format!(
                "In-Reply-To: {} (message from Support on Monday)",
                id.to_string().replace("desk.test", "eu.mail.example")
            ),
            format!("In-Reply-To: {}", id.as_str()),
            format!("In-Reply-To: {}", id.to_string().replace('@', "\n @")),
            format!("In-Reply-To: {}; from support@desk.test on Mon, 1 Jan", id),
        ] {
            assert_eq!(clues_of(&written).our_ids, [TicketId(3)], "{written}");
        }
    }

    #[test]
    fn a_mail_that_is_passed_on_whole_is_a_clue() {
        let raw = "From: agent@desk.test\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee this.\n\
                   --b\nContent-Type: message/rfc822\n\nFrom: a@example.org\nMessage-ID: <1@example.org>\n\nHello\n--b--\n";
        let ids = clues(&read(raw.as_bytes(), &ours()), &ours()).ids;
        assert_eq!(ids, [MessageId::parse("1@example.org").unwrap()]);
    }

    #[test]
    fn the_footer_of_a_quoted_mail_names_its_ticket_and_own_words_do_not() {
        let of = |body: &str| {
            let raw = format!("From: a@example.org\nSubject: Printer\n\n{body}");
            clues(&read(raw.as_bytes(), &ours()), &ours()).footer
        };
        let quoted = "It works.\n\nOn Monday Support wrote:\n> Hello\n> --\n> Desk · DG-17\n> Your reference is DG-17.\n";
        assert_eq!(of(quoted), [TicketId(17)]);
        assert_eq!(of("It is like DG-17.\n"), []);
    }
}
