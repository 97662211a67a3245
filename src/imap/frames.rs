//! Responses cut out of the stream of bytes: a line, with the literals in it
//! (RFC 3501 §2.2.2 and §4.3).
//!
//! Each byte is looked at once, however long a line or a literal grows, and a
//! literal that goes beyond what the command may bring is refused when it is
//! announced, not after it filled the memory.

use std::io;

use bytes::BytesMut;
use tokio::io::AsyncReadExt;

use super::wire::Wire;

/// What is asked of the connection at once, in bytes.
const READ_AT_ONCE: usize = 64 << 10;

/// More parentheses than this are in no answer to what we ask. The parser follows
/// them by recursion, and a list without end would end the process.
const MOST_LISTS: usize = 20;

/// A connection as responses, one after the other.
#[derive(Debug)]
pub(super) struct Frames {
    wire: Wire,
    buffer: BytesMut,
    /// Where the present line of the first response begins; beyond the buffer while
    /// a literal is on its way.
    line: usize,
    /// Up to here the buffer was looked through.
    scanned: usize,
    lists: usize,
}

impl Frames {
    pub(super) fn new(wire: Wire) -> Frames {
        Frames { wire, buffer: BytesMut::new(), line: 0, scanned: 0, lists: 0 }
    }

    pub(super) fn wire(&self) -> &Wire {
        &self.wire
    }

    pub(super) fn wire_mut(&mut self) -> &mut Wire {
        &mut self.wire
    }

    /// The connection without what was read ahead.
    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }

    /// The next response, its line end included; `None` at the end of the stream. It
    /// may be dropped half-way: what was read stays here.
    pub(super) async fn next(&mut self) -> io::Result<Option<BytesMut>> {
        loop {
            if let Some(end) = self.end()? {
                (self.line, self.scanned, self.lists) = (0, 0, 0);
                return Ok(Some(self.buffer.split_to(end)));
            }
            self.make_room();
            if self.wire.read_buf(&mut self.buffer).await? == 0 {
                let whole = self.buffer.is_empty();
                return if whole { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }

    /// Where the first response ends, once all of it is here.
    fn end(&mut self) -> io::Result<Option<usize>> {
        let with_literals = may_have_literals(&self.buffer);
        while let Some(rest) = self.buffer.get(self.scanned..) {
            let found = rest.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default();
            if with_literals {
                self.lists += found.iter().filter(|&&byte| byte == b'(').count();
            }
            if self.lists > MOST_LISTS {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.scanned += found.len();
            if !found.ends_with(b"\n") {
                return Ok(None);
            }
            match literal(&self.buffer[self.line..self.scanned]).filter(|_| with_literals) {
                Some(bytes) => self.expect(bytes)?,
                None => return Ok(Some(self.scanned)),
            }
        }
        Ok(None)
    }

    fn expect(&mut self, literal: u64) -> io::Result<()> {
        let here = (self.buffer.len() - self.scanned) as u64;
        if literal.saturating_sub(here) > self.wire.left() {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        self.scanned += usize::try_from(literal).map_err(|_| io::ErrorKind::QuotaExceeded)?;
        self.line = self.scanned;
        Ok(())
    }

    fn make_room(&mut self) {
        let missing = self.scanned.saturating_sub(self.buffer.len());
        if missing > 0 || self.buffer.capacity() - self.buffer.len() < READ_AT_ONCE / 4 {
            self.buffer.reserve(missing.max(READ_AT_ONCE));
        }
    }
}

/// Texts for people may end as a literal begins, and are none.
fn may_have_literals(response: &[u8]) -> bool {
    let word = response.split(|&byte| byte == b' ' || byte == b'\r').nth(1).unwrap_or_default();
    let status = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    !response.starts_with(b"+") && !status.iter().any(|each| word.eq_ignore_ascii_case(each.as_bytes()))
}

/// How many bytes follow a line that ends with `{bytes}`.
fn literal(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"}\r\n")?;
    let start = line.iter().rposition(|&byte| byte == b'{')? + 1;
    let digits = std::str::from_utf8(line.get(start..)?).ok()?;
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_announced_at_the_end_of_a_line() {
        assert_eq!(literal(b"* 1 FETCH (UID 1 BODY[] {17}\r\n"), Some(17));
        assert_eq!(literal(b"{99999999999999999999999}\r\n"), Some(u64::MAX));
        for line in ["{17}", "{17} \r\n", "{}\r\n", "{1x}\r\n", "17}\r\n", "{17}\n"] {
            assert_eq!(literal(line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn the_servers_words_for_people_announce_nothing() {
        for line in ["* OK look {5}\r\n", "D1 no {5}\r\n", "+ go {5}\r\n", "* BYE {5}\r\n", "* OK\r\n"] {
            assert!(!may_have_literals(line.as_bytes()), "{line:?}");
        }
        assert!(may_have_literals(b"* 1 FETCH (BODY[] {5}\r\n"));
    }
}
