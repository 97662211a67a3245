//! The bytes under a session: plain or TLS, counted against a budget.
//!
//! Each command says how many bytes its answer may have; a server that sends more,
//! or announces more, is cut off.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};
use tokio_rustls::client::TlsStream;

/// A connection, in clear or not yet, or under TLS.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    left: u64,
    came: u64,
    started: Instant,
    heard: Instant,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    pub(super) fn plain(stream: TcpStream) -> Wire {
        Wire::over(Stream::Plain(stream))
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Wire {
        Wire::over(Stream::Tls(Box::new(stream)))
    }

    fn over(stream: Stream) -> Wire {
        let now = Instant::now();
        Wire { stream, left: 0, came: 0, started: now, heard: now }
    }

    /// From now on at most `bytes` may come.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// How many bytes may still come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Starts the clocks: somebody begins to wait.
    pub(super) fn start(&mut self) {
        let now = Instant::now();
        (self.came, self.started, self.heard) = (0, now, now);
    }

    /// Until when one may wait: a connection must not be silent for `timeout`, and
    /// what came must not be later than it would be at `slowest` bytes a second.
    pub(super) fn patience(&self, timeout: Duration, slowest: u64) -> Instant {
        let credit = Duration::from_secs(self.came / slowest);
        (self.heard + timeout).min(self.started + timeout + credit)
    }

    /// The TCP connection, where no TLS is on it yet.
    pub(super) fn into_plain(self) -> Option<TcpStream> {
        match self.stream {
            Stream::Plain(stream) => Some(stream),
            Stream::Tls(_) => None,
        }
    }

    fn count(&mut self, bytes: usize) -> io::Result<()> {
        let bytes = bytes as u64;
        if bytes > 0 {
            self.heard = Instant::now();
            self.came += bytes;
        }
        self.left = self.left.checked_sub(bytes).ok_or(io::ErrorKind::QuotaExceeded)?;
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(match &mut this.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        })?;
        Poll::Ready(this.count(buf.filled().len() - before))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
