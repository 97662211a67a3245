//! One command and its answers (RFC 3501 §2.2), with a bound on time and bytes.
//!
//! Two clocks run while an answer is read: the server must not be silent for
//! `timeout` (a half-open connection ends), and what came must not be later than it
//! would be at [`SLOWEST`] after one `timeout` of thinking (so does one that drips).
//!
//! A command may be sent before the last one is answered. The server may then work on
//! both at a time (RFC 3501 §5.5; Dovecot does when its output is full): untagged
//! answers to the second come among those to the first, and it may end earlier.

use std::{io, time::Duration};

use async_imap::imap_proto::{MailboxDatum, RequestId, Response, ResponseCode, Status};
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, timeout_at},
};

use super::{ImapError, frames::Frames, said::said, wire::Wire};

/// What any answer may have that carries no mail, in bytes: flags of mails that
/// another client changes are told beside any answer.
pub(super) const PLAIN_ANSWER_BYTES: u64 = 16 << 20;

/// The slowest line we wait for, in bytes per second.
const SLOWEST: u64 = 4 << 10;

/// A connection on which commands are asked and answered.
#[derive(Debug)]
pub(super) struct Talk {
    frames: Frames,
    server: String,
    timeout: Duration,
    tags: u32,
    /// Commands that were sent and whose end was not read, with what their answers may
    /// have, in bytes.
    under_way: Vec<(RequestId, u64)>,
    /// Ends of commands that were overtaken by later ones.
    early: Vec<(RequestId, End)>,
    last_words: Option<String>,
    /// How many mails the folder has, as last told.
    pub(super) exists: u32,
    /// EXISTS was heard since this was last put to false: mail may have come.
    pub(super) news: bool,
}

/// The tagged end of an answer.
#[derive(Debug)]
pub(super) struct End {
    kind: EndKind,
    text: String,
    /// The server would do it if the folder were created (RFC 3501 §7.1).
    pub(super) try_create: bool,
}

#[derive(Debug)]
enum EndKind {
    Ok,
    No,
    Bad,
}

impl Talk {
    /// Takes over a connection on which nothing was said yet.
    pub(super) fn new(wire: Wire, server: String, timeout: Duration) -> Talk {
        let frames = Frames::new(wire);
        Talk {
            frames,
            server,
            timeout,
            tags: 0,
            under_way: Vec::new(),
            early: Vec::new(),
            last_words: None,
            exists: 0,
            news: false,
        }
    }

    /// `host:port`.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Reads the server's first line.
    pub(super) async fn greeting(&mut self) -> Result<String, ImapError> {
        let doing = "greeting us";
        self.allow(PLAIN_ANSWER_BYTES);
        self.frames.wire_mut().start();
        let greeting = self.answer(doing, |response| match response {
            Response::Data { status: Status::Ok, outcome } => Some(Ok(said(outcome.information.as_deref()))),
            Response::Data { status: Status::Bye, outcome } => {
                Some(Err(said(outcome.information.as_deref())))
            }
            _ => None,
        });
        match greeting.await? {
            Some(Ok(words)) => Ok(words),
            Some(Err(why)) => Err(self.closed(doing, why)),
            None => Err(self.protocol(doing, "the first line is no greeting".to_owned())),
        }
    }

    /// The connection without what was read ahead from it: bytes that somebody sent
    /// in clear behind the answer to STARTTLS are thrown away here.
    pub(super) fn into_wire(self) -> Wire {
        self.frames.into_wire()
    }

    /// Asks, hands every untagged answer to `each`, and turns a NO into an error.
    pub(super) async fn command(
        &mut self,
        doing: &str,
        line: &str,
        each: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        self.command_within(PLAIN_ANSWER_BYTES, doing, line, each).await
    }

    /// As [`Talk::command`], for an answer of up to `bytes`.
    pub(super) async fn command_within(
        &mut self,
        bytes: u64,
        doing: &str,
        line: &str,
        each: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        let tag = self.send(bytes, doing, line).await?;
        let end = self.end_of(&tag, doing, each).await?;
        self.must_be_ok(end, doing)
    }

    /// As [`Talk::command`], with the tagged end as the answer, NO or OK.
    pub(super) async fn ask(&mut self, doing: &str, line: &str) -> Result<End, ImapError> {
        let tag = self.send(PLAIN_ANSWER_BYTES, doing, line).await?;
        self.end_of(&tag, doing, |_| {}).await
    }

    /// A NO as an error.
    pub(super) fn must_be_ok(&self, end: End, doing: &str) -> Result<(), ImapError> {
        if end.is_ok() {
            return Ok(());
        }
        Err(ImapError::Refused { server: self.server.clone(), doing: doing.to_owned(), why: end.text })
    }

    /// Sends one command; the answer ends with the tag given back. What the answers to
    /// earlier commands left of their bytes is not for the later ones.
    pub(super) async fn send(&mut self, bytes: u64, doing: &str, line: &str) -> Result<RequestId, ImapError> {
        self.tags += 1;
        let tag = RequestId(format!("D{}", self.tags));
        let owed = self.under_way.iter().fold(0u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
        self.allow(self.frames.wire().left().min(owed).saturating_add(bytes));
        self.under_way.push((tag.clone(), bytes));
        self.write(doing, &format!("{} {line}", tag.0)).await?;
        Ok(tag)
    }

    /// Sends a line that belongs to a command already under way.
    pub(super) async fn write(&mut self, doing: &str, line: &str) -> Result<(), ImapError> {
        let until = Instant::now() + self.timeout;
        let bytes = format!("{line}\r\n");
        let wire = self.frames.wire_mut();
        let written = timeout_at(until, async {
            wire.write_all(bytes.as_bytes()).await?;
            wire.flush().await
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.broken(doing, &error)),
            Err(_) => Err(self.silent(doing)),
        }
    }

    /// Reads until the tagged end of a command.
    pub(super) async fn end_of(
        &mut self,
        tag: &RequestId,
        doing: &str,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<End, ImapError> {
        if let Some(early) = self.early.iter().position(|(of, _)| of == tag) {
            let (_, end) = self.early.swap_remove(early);
            return self.understood(tag, end, doing);
        }
        self.frames.wire_mut().start();
        loop {
            let end = self.answer(doing, |response| {
                let end = End::of(response);
                if end.is_none() {
                    each(response);
                }
                end
            });
            match end.await? {
                Some((of, end)) if of == *tag => return self.understood(tag, end, doing),
                Some(other) if self.early.len() < self.under_way.len() => self.early.push(other),
                _ => {}
            }
        }
    }

    /// Waits for the server's `+`; gives the end when it ended the command instead.
    pub(super) async fn may_go_on(&mut self, tag: &RequestId, doing: &str) -> Result<Option<End>, ImapError> {
        self.frames.wire_mut().start();
        loop {
            let step = self.answer(doing, |response| match response {
                Response::Continue(_) => Some(None),
                other => End::of(other).filter(|(of, _)| of == tag).map(|(_, end)| Some(end)),
            });
            match step.await? {
                Some(Some(end)) => return self.understood(tag, end, doing).map(Some),
                Some(None) => return Ok(None),
                None => {}
            }
        }
    }

    /// Hears the next answer, for as long as it takes. It may be dropped half-way:
    /// nothing that was read is lost.
    pub(super) async fn listen(&mut self, doing: &str) -> Result<(), ImapError> {
        self.allow(PLAIN_ANSWER_BYTES);
        match self.frames.next().await {
            Ok(Some(frame)) => {
                if let Some(heard) = self.parsed(&frame, doing)? {
                    self.note(&heard);
                }
                // After BYE a server may keep the connection open for a while.
                if self.last_words.is_some() { Err(self.hung_up(doing)) } else { Ok(()) }
            }
            Ok(None) => Err(self.hung_up(doing)),
            Err(error) => Err(self.broken(doing, &error)),
        }
    }

    /// Starts the account of bytes for the next answer.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.frames.wire_mut().allow(bytes);
    }

    /// The next answer, as `look` sees it.
    async fn answer<T>(
        &mut self,
        doing: &str,
        look: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, ImapError> {
        loop {
            let until = self.patience();
            match timeout_at(until, self.frames.next()).await {
                Ok(Ok(Some(frame))) => {
                    let Some(heard) = self.parsed(&frame, doing)? else { continue };
                    self.note(&heard);
                    return Ok(look(&heard));
                }
                Ok(Ok(None)) => return Err(self.hung_up(doing)),
                Ok(Err(error)) => return Err(self.broken(doing, &error)),
                // Bytes came meanwhile, if not yet a whole answer.
                Err(_) if self.patience() > until => {}
                Err(_) => return Err(self.silent(doing)),
            }
        }
    }

    fn patience(&self) -> Instant {
        self.frames.wire().patience(self.timeout, SLOWEST)
    }

    /// A response as the parser reads it; `None` for one that we never asked for and
    /// do not know (RFC 3501 §2.2.2 lets a server say anything untagged). The
    /// parser's own words are never shown: they quote what it could not read, and
    /// that may be mail.
    fn parsed<'a>(&self, frame: &'a [u8], doing: &str) -> Result<Option<Response<'a>>, ImapError> {
        match Response::parse(frame) {
            Ok((_, response)) => Ok(Some(response)),
            Err(_) if is_unknown(frame) => Ok(None),
            Err(_) => Err(self.protocol(doing, "the answer cannot be read".to_owned())),
        }
    }

    /// What an answer tells beside the question.
    fn note(&mut self, heard: &Response<'_>) {
        match heard {
            Response::Data { status: Status::Bye, outcome } => {
                self.last_words = Some(said(outcome.information.as_deref()))
            }
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.exists = *count;
                self.news = true;
            }
            _ => {}
        }
    }

    fn understood(&mut self, tag: &RequestId, end: End, doing: &str) -> Result<End, ImapError> {
        self.under_way.retain(|(of, _)| of != tag);
        match end.kind {
            EndKind::Ok | EndKind::No => Ok(end),
            EndKind::Bad => Err(self.protocol(doing, format!("it answers `{}`", end.text))),
        }
    }

    fn hung_up(&mut self, doing: &str) -> ImapError {
        let why = self.last_words.take().unwrap_or_else(|| "without a word".to_owned());
        self.closed(doing, why)
    }

    fn broken(&mut self, doing: &str, error: &io::Error) -> ImapError {
        match error.kind() {
            io::ErrorKind::QuotaExceeded => {
                self.protocol(doing, "the answer is far longer than what was asked for".to_owned())
            }
            io::ErrorKind::InvalidData => {
                self.protocol(doing, "the answer is a list in a list without end".to_owned())
            }
            kind => {
                let why = self.last_words.take().unwrap_or_else(|| kind.to_string());
                self.closed(doing, why)
            }
        }
    }

    fn silent(&mut self, doing: &str) -> ImapError {
        match self.last_words.take() {
            Some(why) => self.closed(doing, why),
            None => ImapError::Timeout {
                server: self.server.clone(),
                doing: doing.to_owned(),
                after: self.timeout,
            },
        }
    }

    fn closed(&self, doing: &str, why: String) -> ImapError {
        ImapError::Closed { server: self.server.clone(), doing: doing.to_owned(), why }
    }

    /// An answer that is not what the command may have.
    pub(super) fn protocol(&self, doing: &str, why: String) -> ImapError {
        ImapError::Protocol { server: self.server.clone(), doing: doing.to_owned(), why }
    }
}

impl End {
    fn of(response: &Response<'_>) -> Option<(RequestId, End)> {
        let Response::Done { tag, status, outcome } = response else { return None };
        let kind = match status {
            Status::Ok => EndKind::Ok,
            Status::No => EndKind::No,
            Status::Bad | Status::PreAuth | Status::Bye => EndKind::Bad,
        };
        let try_create = matches!(outcome.code, Some(ResponseCode::TryCreate));
        Some((tag.clone(), End { kind, text: said(outcome.information.as_deref()), try_create }))
    }

    /// Whether the server said OK.
    pub(super) fn is_ok(&self) -> bool {
        matches!(self.kind, EndKind::Ok)
    }

    /// What it said, one line.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Whether an untagged response is of a kind that no answer to us consists of.
fn is_unknown(frame: &[u8]) -> bool {
    const OURS: [&str; 7] = ["CAPABILITY", "SEARCH", "OK", "NO", "BAD", "BYE", "PREAUTH"];
    let mut words = frame.split(|&byte| matches!(byte, b' ' | b'\r' | b'\n'));
    let (tag, word) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let ours = OURS.iter().any(|each| word.eq_ignore_ascii_case(each.as_bytes()));
    tag == b"*" && !ours && !word.first().is_some_and(u8::is_ascii_digit)
}
