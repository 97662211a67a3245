//! The bytes under a session: plain or TLS, counted against a budget.
//!
//! The parser above grows its buffer up to 512 MiB for whatever literal a server
//! announces. Each command therefore says how many bytes its answer may have.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
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
    heard: Instant,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    pub(super) fn plain(stream: TcpStream) -> Wire {
        Wire { stream: Stream::Plain(stream), left: 0, heard: Instant::now() }
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Wire {
        Wire { stream: Stream::Tls(Box::new(stream)), left: 0, heard: Instant::now() }
    }

    /// Starts the account of one command: from now on at most `bytes` may come.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.left = bytes;
        self.heard = Instant::now();
    }

    /// When the last byte came, or the account was started.
    pub(super) fn heard(&self) -> Instant {
        self.heard
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
