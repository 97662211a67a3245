//! The rooms `imap` and `smtp` alone: on real servers, and on servers that misbehave.

mod imap;
mod imap_faults;
mod smtp;

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use deskgate::settings::{After, Imap, Secret, Smtp, Tls};

use crate::helpers::{Certificate, PostOffice, Postbox};

/// A mailbox that nobody has used before.
fn fresh_mailbox() -> Postbox {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    PostOffice::start().mailbox(&format!("wire-{}@desk.test", NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// A post office with a certificate that nobody should trust.
fn untrusted(certificate: Certificate) -> &'static PostOffice {
    static EXPIRED: OnceLock<&PostOffice> = OnceLock::new();
    static OTHER_HOST: OnceLock<&PostOffice> = OnceLock::new();
    let one = if certificate == Certificate::Expired { &EXPIRED } else { &OTHER_HOST };
    one.get_or_init(|| PostOffice::own(certificate))
}

/// Where and how to read a mailbox.
fn imap_of(office: &PostOffice, address: &str, tls: Tls) -> Imap {
    Imap {
        host: "localhost".into(),
        port: if tls == Tls::Implicit { office.imaps } else { office.imap },
        tls,
        ca_file: Some(office.ca_file()),
        user: address.into(),
        password: secret("secret"),
        folder: "INBOX".into(),
        after: After::Seen,
        poll: Duration::from_secs(60),
        idle: true,
        timeout: Duration::from_secs(5),
    }
}

/// Where and how to send mail.
fn smtp_of(office: &PostOffice, tls: Tls) -> Smtp {
    Smtp {
        host: "localhost".into(),
        port: office.smtp,
        tls,
        ca_file: Some(office.ca_file()),
        user: None,
        password: None,
        connections: 2,
        timeout: Duration::from_secs(5),
    }
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}
