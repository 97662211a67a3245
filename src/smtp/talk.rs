//! The conversation about one mail: MAIL, RCPT, DATA and the mail itself.
//!
//! Where the server offers PIPELINING (RFC 2920) the three commands leave in one
//! packet. The mail and its final dot always do: lettre writes them one after the
//! other, and a short packet behind a long one waits 40 ms for the server's
//! acknowledgement (RFC 896) before it leaves.

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        Error,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt, Rset},
        extension::{MailBodyParameter, MailParameter},
        response::Response,
    },
};

use super::outcome::Stage;

/// Why a mail was not taken.
pub(super) enum Declined {
    /// The server said no, or nothing that can be read.
    Error(Error),
    /// It answered DATA with something else than the word to go ahead (354): its answers
    /// are to other commands than we think.
    OutOfStep(Response),
}

impl From<Error> for Declined {
    fn from(error: Error) -> Declined {
        Declined::Error(error)
    }
}

/// A mail with its envelope, ready for the wire.
pub(super) struct Parcel {
    mail: Mail,
    rcpt: Rcpt,
    content: Result<String, Vec<u8>>,
}

impl Parcel {
    /// One recipient, and bytes with any line ends.
    pub(super) fn new(envelope: &Envelope, bytes: &[u8]) -> Option<Parcel> {
        let mut options = Vec::new();
        let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !envelope.from().into_iter().chain(envelope.to()).all(plain) {
            options.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Some(Parcel {
            mail: Mail::new(envelope.from().cloned(), options),
            rcpt: Rcpt::new(envelope.to().first()?.clone(), Vec::new()),
            content: String::from_utf8(on_the_wire(bytes)).map_err(|_| with_whole_lines(bytes)),
        })
    }

    /// Hands it over. `stage` says how far it came, also when this is given up half
    /// way. After a reply that declines, the connection is good for another mail
    /// when `in_step` says so.
    pub(super) async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        pipelining: bool,
        stage: &mut Stage,
        in_step: &mut bool,
    ) -> Result<Response, Declined> {
        let ready = match pipelining {
            true => self.envelope_at_once(connection, stage).await,
            false => self.envelope_step_by_step(connection, stage).await,
        };
        let taken = match ready {
            Ok(()) => {
                *stage = Stage::Content;
                self.content(connection).await.map_err(Declined::from)
            }
            Err(declined) => Err(declined),
        };
        *in_step = match &taken {
            Ok(reply) => reply.has_code(250),
            Err(Declined::OutOfStep(_)) => false,
            Err(Declined::Error(error)) if hung_up(error) => false,
            // Forgets the envelope of a mail that was declined (RFC 5321 §4.1.1.5).
            Err(Declined::Error(_)) => connection.command(Rset).await.is_ok(),
        };
        taken
    }

    async fn envelope_step_by_step(
        &self,
        connection: &mut AsyncSmtpConnection,
        stage: &mut Stage,
    ) -> Result<(), Declined> {
        connection.command(&self.mail).await?;
        *stage = Stage::Recipient;
        connection.command(&self.rcpt).await?;
        go_ahead(connection.command(Data).await?)
    }

    /// All replies are read, whatever the first says: each command has one.
    async fn envelope_at_once(
        &self,
        connection: &mut AsyncSmtpConnection,
        stage: &mut Stage,
    ) -> Result<(), Declined> {
        let sender = connection.command(format!("{}{}{Data}", self.mail, self.rcpt)).await;
        if sender.is_ok() {
            *stage = Stage::Recipient;
        }
        if sender.as_ref().is_err_and(hung_up) {
            return Ok(sender.map(drop)?);
        }
        let recipient = connection.read_response().await;
        if recipient.as_ref().is_err_and(hung_up) {
            return Ok(sender.and(recipient).map(drop)?);
        }
        let data = connection.read_response().await.map_err(Declined::from).and_then(go_ahead);
        let declined = match sender.and(recipient) {
            Err(declined) if !matches!(data, Err(Declined::OutOfStep(_))) => declined,
            _ => return data,
        };
        if data.is_ok() {
            // It waits for the mail of nobody, and gets an empty one (RFC 2920 §3.1).
            let _ = connection.command(".\r\n").await;
        }
        Err(declined.into())
    }

    async fn content(&self, connection: &mut AsyncSmtpConnection) -> Result<Response, Error> {
        match &self.content {
            Ok(text) => connection.command(text).await,
            Err(bytes) => connection.message(bytes).await,
        }
    }
}

/// Only 354 asks for the mail (RFC 5321 §4.3.2).
fn go_ahead(data: Response) -> Result<(), Declined> {
    match data.has_code(354) {
        true => Ok(()),
        false => Err(Declined::OutOfStep(data)),
    }
}

/// Nothing more comes on this connection: it broke, or the server takes its leave.
pub(super) fn hung_up(error: &Error) -> bool {
    error.status().is_none_or(|code| u16::from(code) == 421)
}

/// A mail as DATA carries it (RFC 5321 §4.5.2): whole line ends, a second dot where
/// a line begins with one, and the dot that ends it.
fn on_the_wire(bytes: &[u8]) -> Vec<u8> {
    let whole = with_whole_lines(bytes);
    let mut out = Vec::with_capacity(whole.len() + 64);
    for line in whole.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

/// Every line end as CR LF. A lone LF or CR in front of a dot is read as the end of
/// the mail by some servers, and what follows as a mail of its own ("SMTP smuggling").
fn with_whole_lines(bytes: &[u8]) -> Vec<u8> {
    let lone = |at: usize| match bytes[at] {
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        b'\n' => at == 0 || bytes[at - 1] != b'\r',
        _ => false,
    };
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for (at, &byte) in bytes.iter().enumerate() {
        if lone(at) { out.extend_from_slice(b"\r\n") } else { out.push(byte) }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lone_line_ends_become_whole_ones() {
        assert_eq!(with_whole_lines(b"a\n.\nb\r.\r\nc\r\r\n"), b"a\r\n.\r\nb\r\n.\r\nc\r\n\r\n");
    }

    #[test]
    fn a_dot_in_front_is_doubled_and_the_last_line_ends() {
        assert_eq!(on_the_wire(b".a\nb.\n.\n..c"), b"..a\r\nb.\r\n..\r\n...c\r\n.\r\n");
        assert_eq!(on_the_wire(b""), b".\r\n");
    }

    proptest! {
        #[test]
        fn only_the_last_dot_ends_the_mail(bytes in "[a.\r\n]{0,20}") {
            let out = on_the_wire(bytes.as_bytes());
            let framed = [b"\r\n", out.as_slice()].concat();
            let ends = framed.windows(5).filter(|window| window == b"\r\n.\r\n").count();
            prop_assert_eq!(ends, 1);
            prop_assert!(framed.ends_with(b"\r\n.\r\n"));
        }

        #[test]
        fn no_lone_line_end_leaves(bytes in "[a.\r\n]{0,20}") {
            let out = with_whole_lines(bytes.as_bytes());
            prop_assert_eq!(with_whole_lines(&out), out);
        }
    }
}
