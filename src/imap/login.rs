//! From the first byte to a log-in. The password leaves only over the connection
//! that `tls` asks for: after a trusted handshake, or in clear when it is `none`.

use std::{collections::HashSet, time::Duration};

use async_imap::imap_proto::{Capability, Response};
use data_encoding::BASE64;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{
    ImapError,
    error::Meaning,
    name::quoted,
    talk::{End, PLAIN_ANSWER_BYTES, Talk},
    tls::{NoTls, shake_hands},
    wire::Wire,
};
use crate::settings::{Imap, Tls};

/// How long a connection may be quiet before the kernel asks whether it still is.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(60);
/// How long the kernel waits for an answer before it asks again.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(10);

/// What the server says it can do (RFC 3501 §7.2.1), in capitals.
#[derive(Debug, Default)]
pub(super) struct Offers(HashSet<String>);

impl Offers {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// Connects and logs in. Also gives the server's greeting.
pub(super) async fn log_in(imap: &Imap) -> Result<(Talk, Offers, String), ImapError> {
    let until = Instant::now() + imap.timeout;
    let stream = connect(imap, until).await?;
    let (mut talk, greeting) = match imap.tls {
        Tls::None => greet(Wire::plain(stream), imap).await?,
        Tls::Implicit => greet(encrypt(stream, imap, until).await?, imap).await?,
        Tls::Starttls => start_tls(stream, imap).await?,
    };
    let offers = offers(&mut talk).await?;
    authenticate(&mut talk, imap, &offers).await?;
    // Many servers offer more to those they know (RFC 3501 §6.2.3).
    let offers = self::offers(&mut talk).await?;
    Ok((talk, offers, greeting))
}

async fn connect(imap: &Imap, until: Instant) -> Result<TcpStream, ImapError> {
    let unreachable = |why: String| ImapError::Unreachable { server: server(imap), why };
    let stream = timeout_at(until, TcpStream::connect((imap.host.as_str(), imap.port)))
        .await
        .map_err(|_| unreachable(format!("no connection within {:?}", imap.timeout)))?
        .map_err(|error| unreachable(error.to_string()))?;
    // Both only help; a kernel that refuses them leaves the time limits.
    let _ = stream.set_nodelay(true);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_AFTER).with_interval(KEEPALIVE_EVERY);
    let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive);
    Ok(stream)
}

async fn greet(wire: Wire, imap: &Imap) -> Result<(Talk, String), ImapError> {
    let mut talk = Talk::new(wire, server(imap), imap.timeout);
    let greeting = talk.greeting().await?;
    Ok((talk, greeting))
}

/// RFC 3501 §6.2.1. What came in clear is forgotten: read-ahead bytes go with the
/// old [`Talk`], and the capabilities are asked for again.
async fn start_tls(stream: TcpStream, imap: &Imap) -> Result<(Talk, String), ImapError> {
    let not_offered = || ImapError::TlsNotOffered { server: server(imap) };
    let (mut talk, greeting) = greet(Wire::plain(stream), imap).await?;
    if !offers(&mut talk).await?.has("STARTTLS") || !talk.ask("starting TLS", "STARTTLS").await?.is_ok() {
        return Err(not_offered());
    }
    let stream = talk.into_wire().into_plain().ok_or_else(not_offered)?;
    let wire = encrypt(stream, imap, Instant::now() + imap.timeout).await?;
    Ok((Talk::new(wire, server(imap), imap.timeout), greeting))
}

async fn encrypt(stream: TcpStream, imap: &Imap, until: Instant) -> Result<Wire, ImapError> {
    let too_late = |_| Err(NoTls { fault: None, why: format!("no handshake within {:?}", imap.timeout) });
    timeout_at(until, shake_hands(stream, &imap.host, imap.ca_file.as_deref()))
        .await
        .unwrap_or_else(too_late)
        .map(Wire::tls)
        .map_err(|NoTls { fault, why }| match fault {
            Some(fault) => ImapError::Certificate { server: server(imap), fault, why },
            None => ImapError::Tls { server: server(imap), why },
        })
}

async fn offers(talk: &mut Talk) -> Result<Offers, ImapError> {
    let mut offers = HashSet::new();
    talk.command("asking for its capabilities", "CAPABILITY", |response| {
        if let Response::Capabilities(list) = response {
            offers.extend(list.iter().map(|each| match each {
                Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
                Capability::Atom(name) => name.to_ascii_uppercase(),
            }));
        }
    })
    .await?;
    Ok(Offers(offers))
}

/// LOGIN where it can carry user and password; AUTHENTICATE PLAIN (RFC 4616) for
/// what goes beyond ASCII or where LOGIN is off.
async fn authenticate(talk: &mut Talk, imap: &Imap, offers: &Offers) -> Result<(), ImapError> {
    let password = imap.password.expose();
    let refused = |why: String| {
        let (server, user) = (server(imap), imap.user.clone());
        match Meaning::of(&why) {
            Meaning::Passing => ImapError::LoginUnavailable { server, user, why },
            Meaning::Limit => ImapError::TooManyConnections { server, user, why },
            Meaning::No => ImapError::LoginRefused { server, user, why },
        }
    };
    let end = match (quoted(&imap.user), quoted(password)) {
        (Some(user), Some(secret)) if !offers.has("LOGINDISABLED") => {
            talk.ask("logging in", &format!("LOGIN {user} {secret}")).await
        }
        _ if offers.has("AUTH=PLAIN") => authenticate_plain(talk, &imap.user, password).await,
        _ if offers.has("LOGINDISABLED") => {
            return Err(refused("it takes no password over this connection; set `tls`".to_owned()));
        }
        _ => return Err(refused("it has no way to log in with characters beyond ASCII".to_owned())),
    };
    match end {
        Ok(end) if end.is_ok() => Ok(()),
        Ok(end) => Err(refused(without(end.text(), password))),
        // A server may answer BAD with the command it did not understand.
        Err(ImapError::Protocol { why, .. }) => Err(refused(without(&why, password))),
        // Others say so with their last word.
        Err(ImapError::Closed { why, .. }) if matches!(Meaning::of(&why), Meaning::Limit) => {
            Err(refused(without(&why, password)))
        }
        Err(error) => Err(error),
    }
}

async fn authenticate_plain(talk: &mut Talk, user: &str, password: &str) -> Result<End, ImapError> {
    let doing = "logging in";
    let tag = talk.send(PLAIN_ANSWER_BYTES, doing, "AUTHENTICATE PLAIN").await?;
    if let Some(end) = talk.may_go_on(&tag, doing).await? {
        return Ok(end);
    }
    let response = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
    talk.write(doing, &response).await?;
    talk.end_of(&tag, doing, |_| {}).await
}

fn without(text: &str, password: &str) -> String {
    if password.is_empty() { text.to_owned() } else { text.replace(password, "…") }
}

/// `host:port`, as the error texts name it.
pub(super) fn server(imap: &Imap) -> String {
    format!("{}:{}", imap.host, imap.port)
}
