//! Whether two mails are the same mail.

use sha2::{Digest, Sha256};

use crate::domain::{InboundMail, Proof};

/// The fingerprints by which an earlier copy of a mail is found: one for each proof that
/// is at least as good as its own, which comes first and is the one to remember it by.
///
/// A copy that somebody else hands in first, unproven or forged, so has another than
/// the proven mail, which it must not make vanish. The other way round it is a duplicate.
/// A mail that answers nothing opens a ticket either way: by a route that proves nothing
/// and by one that does, it is one mail.
pub fn fingerprints(mail: &InboundMail) -> Vec<[u8; 32]> {
    let plain = fingerprint(mail);
    let worse = |proof: &[u8]| Sha256::new().chain_update(proof).chain_update(plain).finalize().into();
    let all = [worse(b"forged: "), worse(b"unproven: "), plain];
    let answers = !(mail.in_reply_to.is_empty() && mail.references.is_empty());
    let own = match mail.proof {
        Proof::Fail { .. } => 0,
        Proof::None if answers => 1,
        Proof::None => 2,
        Proof::Pass { .. } => 2,
    };
    all.into_iter().skip(own).collect()
}

/// A SHA-256 over what the sender wrote: Message-ID, From, Date, subject, text and
/// the bytes of the attachments.
///
/// One mail that arrives twice, by two routes or in two mailboxes has one
/// fingerprint, because the fields which servers add (Received, Delivered-To,
/// Return-Path) are left out. A different mail that borrows a Message-ID has
/// another, so that nobody can make a later mail vanish by sending its id first.
/// Mails without any header fields differ by their text. Every piece is hashed
/// with its length, so that no two mails can be cut differently into one hash.
fn fingerprint(mail: &InboundMail) -> [u8; 32] {
    let mut hash = Sha256::new();
    add(&mut hash, mail.message_id.as_ref().map_or("", |id| id.as_str()).as_bytes());
    let from: Vec<_> = mail.from.iter().map(|named| named.address.as_str()).collect();
    add(&mut hash, from.join(",").as_bytes());
    add(&mut hash, mail.date.map(|date| date.to_string()).unwrap_or_default().as_bytes());
    add(&mut hash, mail.subject.as_bytes());
    add(&mut hash, without_line_ends(&mail.text).as_bytes());
    for attachment in &mail.attachments {
        add(&mut hash, &attachment.bytes);
    }
    hash.finalize().into()
}

fn add(hash: &mut Sha256, piece: &[u8]) {
    hash.update((piece.len() as u64).to_be_bytes());
    hash.update(piece);
}

/// White space at line ends and blank lines at the end change on the way.
fn without_line_ends(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::{Ours, read};
    use super::*;

    fn of(raw: &str) -> [u8; 32] {
        fingerprint(&read(raw.as_bytes(), &Ours::nobody()))
    }

    #[test]
    fn a_worse_proven_copy_is_found_by_its_better_twin_and_never_the_other_way_round() {
        let answer = MAIL.replace("Subject", "In-Reply-To: <0@desk.test>\nSubject");
        let mail = |proof| InboundMail { proof, ..read(answer.as_bytes(), &Ours::nobody()) };
        let pass = Proof::Pass { domain: "example.org".into(), method: "dmarc".into() };
        let by_proof = [Proof::Fail { reason: "dmarc=fail".into() }, Proof::None, pass].map(mail);
        for (at, earlier) in by_proof.iter().enumerate() {
            for (later_at, later) in by_proof.iter().enumerate() {
                let found = fingerprints(later).contains(&fingerprints(earlier)[0]);
                assert_eq!(found, at >= later_at, "{:?} after {:?}", later.proof, earlier.proof);
            }
        }
    }

    #[test]
    fn a_first_mail_is_one_by_a_route_that_proves_it_and_by_one_that_does_not() {
        let mail = |proof| InboundMail { proof, ..read(MAIL.as_bytes(), &Ours::nobody()) };
        let proven = mail(Proof::Pass { domain: "example.org".into(), method: "dmarc".into() });
        assert_eq!(fingerprints(&mail(Proof::None)), fingerprints(&proven));
        assert!(!fingerprints(&proven).contains(&fingerprints(&mail(Proof::Fail { reason: "x".into() }))[0]));
    }

    const MAIL: &str =
        "Message-ID: <1@example.org>\nFrom: a@example.org\nSubject: Printer\n\nIt is on fire.\n";

    #[test]
    fn another_route_is_the_same_mail() {
        let routed = format!(
            "Return-Path: <a@example.org>\nDelivered-To: b@desk.test\nReceived: by mx.desk.test\n{MAIL}"
        );
        assert_eq!(of(&routed), of(MAIL));
        assert_eq!(of(&MAIL.replace('\n', "\r\n")), of(MAIL));
    }

    #[test]
    fn a_borrowed_message_id_is_another_mail() {
        assert_ne!(of(&MAIL.replace("It is on fire.", "Buy now.")), of(MAIL));
        assert_ne!(of(&MAIL.replace("From: a@", "From: m@")), of(MAIL));
    }

    #[test]
    fn mails_without_headers_differ_by_their_text() {
        assert_ne!(of("\nfirst\n"), of("\nsecond\n"));
        assert_ne!(of("first\n"), of("second\n"));
    }

    #[test]
    fn attachments_count() {
        let with = |file: &str| {
            format!(
                "From: a@example.org\nContent-Type: application/x-y\nContent-Transfer-Encoding: base64\n\n{file}\n"
            )
        };
        assert_ne!(of(&with("AAAA")), of(&with("BBBB")));
    }
}
