//! `imap = { … }` and `smtp = { … }` of a mailbox: the two servers it lives on.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::kinds::{Misread, Setting, filled};
use super::reader::Reader;
use super::secret::Secret;
use super::value::Value;
use crate::domain::words::word;

/// Where a mailbox is read.
#[derive(Clone, Debug)]
pub struct Imap {
    /// Name or IP address of the server.
    pub host: String,
    /// Its port; by default 993 with TLS from the first byte, else 143.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// Certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who logs in.
    pub user: String,
    /// The password of `user`.
    pub password: Secret,
    /// The folder that is read.
    pub folder: String,
    /// What is done on the server with a mail that is safely stored.
    pub after: After,
    /// How often the whole folder is looked at, whatever the server announces.
    pub poll: Duration,
    /// Wait for the server's announcements (RFC 2177) between these looks.
    pub idle: bool,
    /// How long one command may take.
    pub timeout: Duration,
}

impl Imap {
    pub(super) fn read(t: &mut Reader<'_>) -> Imap {
        let server = Server::read(t, |tls| if tls == Tls::Implicit { 993 } else { 143 });
        let imap = Imap {
            host: server.host,
            port: server.port,
            tls: server.tls,
            ca_file: server.ca_file,
            user: t.required("user"),
            password: t.password().unwrap_or_else(|| no_password(t)),
            folder: t.or("folder", "INBOX".to_owned()),
            after: t.or("after", After::Seen),
            poll: t.duration("poll", Duration::from_secs(60), Duration::from_secs(1)),
            idle: t.or("idle", true),
            timeout: t.duration("timeout", Duration::from_secs(60), Duration::from_secs(1)),
        };
        if imap.after == After::Move(imap.folder.clone()) {
            let (name, folder) = (t.name("after"), &imap.folder);
            t.refuse(
                "after",
                format!("`{name}` moves mail to `{folder}`, the folder it is read from; name another"),
            );
        }
        imap
    }
}

/// A resolver that takes longer has given up by then; the mails beside wait as long.
const MAX_VERIFY_TIME: Duration = Duration::from_secs(30);

/// Our own check of senders.
#[derive(Clone, Debug)]
pub struct Verify {
    /// The name server to ask, with its port; without it those of the system.
    pub dns: Option<SocketAddr>,
    /// The name that our receiving server writes behind `by` in Received. Without it
    /// only signatures are checked, since nobody knows which client brought the mail.
    pub received_by: Option<String>,
    /// How long one mail may take.
    pub time_limit: Duration,
}

impl Verify {
    pub(super) fn read(t: &mut Reader<'_>) -> Verify {
        let verify = Verify {
            dns: t.optional("dns"),
            received_by: t.optional("received_by"),
            time_limit: t.duration("time_limit", Duration::from_secs(10), Duration::from_secs(1)),
        };
        if verify.time_limit > MAX_VERIFY_TIME {
            let name = t.name("time_limit");
            t.refuse(
                "time_limit",
                format!(
                    "`{name}` is {}; expected at most {}: the mails behind one whose name server is silent wait so long",
                    verify.time_limit.show(),
                    MAX_VERIFY_TIME.show()
                ),
            );
        }
        verify
    }
}

/// The longest that RFC 5321 §4.5.3.2 asks for before the mail itself.
const MAX_SMTP_TIMEOUT: Duration = Duration::from_secs(300);

/// Where a mailbox's mail is handed in.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Name or IP address of the server.
    pub host: String,
    /// Its port; by default 465 with TLS from the first byte, 587 with STARTTLS,
    /// 25 without.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// Certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who logs in; without it nobody does.
    pub user: Option<String>,
    /// The password of `user`; there is one exactly when there is a user.
    pub password: Option<Secret>,
    /// Most connections at a time.
    pub connections: u32,
    /// How long one command may take.
    pub timeout: Duration,
}

impl Smtp {
    pub(super) fn read(t: &mut Reader<'_>) -> Smtp {
        let server = Server::read(t, |tls| match tls {
            Tls::Implicit => 465,
            Tls::Starttls => 587,
            Tls::None => 25,
        });
        let smtp = Smtp {
            host: server.host,
            port: server.port,
            tls: server.tls,
            ca_file: server.ca_file,
            user: t.optional("user"),
            password: t.password(),
            connections: t.number("connections", 4, 1..=100),
            timeout: t.duration("timeout", Duration::from_secs(60), Duration::from_secs(1)),
        };
        if smtp.timeout > MAX_SMTP_TIMEOUT {
            let name = t.name("timeout");
            t.refuse(
                "timeout",
                format!(
                    "`{name}` is {}; expected at most {}: no other process takes over a mail while it may still be \
                     handed in, so a longer limit would hold mail up after a crash",
                    smtp.timeout.show(),
                    MAX_SMTP_TIMEOUT.show()
                ),
            );
        }
        match (&smtp.user, &smtp.password) {
            (Some(_), None) => drop(no_password(t)),
            (None, Some(_)) => t.missing("user", "there is a password, so it takes the name to log in with"),
            _ => {}
        }
        smtp
    }
}

/// How a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all; to this machine only.
    None,
    /// Plain at first, then TLS before anything is said (RFC 3207, RFC 9051 §6.2.1).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
}

word!(Tls, "way to secure a connection", {
    None => "none",
    Starttls => "starttls",
    Implicit => "tls",
});

/// What is done on the server with a mail that is safely stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It is marked as read.
    Seen,
    /// It is moved to this folder.
    Move(String),
    /// It is left as it is.
    Nothing,
}

impl Setting for After {
    fn expected() -> String {
        "\"seen\", \"nothing\", or \"move:\" and a folder, such as \"move:Processed\"".to_owned()
    }

    fn read(value: &Value, _: &std::path::Path) -> Result<Self, Misread> {
        match filled(value)?.trim() {
            "seen" => Ok(After::Seen),
            "nothing" => Ok(After::Nothing),
            text => match text.strip_prefix("move:").map(str::trim) {
                Some(folder) if !folder.is_empty() => Ok(After::Move(folder.to_owned())),
                _ => Err(Misread::Unexpected),
            },
        }
    }

    fn stand_in() -> Self {
        After::Nothing
    }

    fn show(&self) -> String {
        match self {
            After::Seen => "seen".to_owned(),
            After::Nothing => "nothing".to_owned(),
            After::Move(folder) => format!("move:{folder}"),
        }
    }
}

/// What both kinds of server have in common.
struct Server {
    host: String,
    port: u16,
    tls: Tls,
    ca_file: Option<PathBuf>,
}

impl Server {
    fn read(t: &mut Reader<'_>, default_port: fn(Tls) -> u16) -> Server {
        let host = host(t);
        let tls = t.or("tls", Tls::Implicit);
        if tls == Tls::None && !is_loopback(&host) && !t.refused("host") {
            let name = t.name("tls");
            t.refuse(
                "tls",
                format!(
                    "`{name}` is \"none\", which would send passwords and mail readable through the network to \
                     {host}; use \"tls\" or \"starttls\" (with `ca_file` for a certificate of your own). Only \
                     servers on this machine (127.0.0.1, ::1, localhost) may go without"
                ),
            );
        }
        Server {
            port: t.number("port", default_port(tls), 1..=65535),
            host,
            tls,
            ca_file: t.optional("ca_file"),
        }
    }
}

fn host(t: &mut Reader<'_>) -> String {
    let host: String = t.required("host");
    let name_or_address = host.parse::<IpAddr>().is_ok() || !host.contains([':', '/', ' ', '[', '@']);
    if !name_or_address {
        let name = t.name("host");
        t.refuse(
            "host",
            format!(
                "`{name}` is the text \"{host}\"; expected a host name or an IP address alone, such as \
                 \"mail.example.org\"; the port goes into `port`"
            ),
        );
    }
    host
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn no_password(t: &Reader<'_>) -> Secret {
    t.missing(
        "password",
        "give `password`, `password_file` (a file that holds it) or `password_env` (an environment variable that \
         holds it)",
    );
    Secret::stand_in()
}
