//! Handing in a mail, line by line.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
};

/// The client's side of SMTP (RFC 5321) and LMTP (RFC 2033).
pub(super) struct Dialogue(BufReader<TcpStream>);

impl Dialogue {
    pub fn open(port: u16) -> io::Result<Self> {
        let mut dialogue = Dialogue(BufReader::new(try_connect(port)?));
        dialogue.answer("220")?;
        Ok(dialogue)
    }

    /// Hands a mail in; what the server said when it had taken it over.
    pub fn transfer(&mut self, hello: &str, from: &str, to: &str, mail: &[u8]) -> io::Result<String> {
        self.order(&format!("{hello} localhost"), "250")?;
        self.order(&format!("MAIL FROM:<{from}>"), "250")?;
        self.order(&format!("RCPT TO:<{to}>"), "250")?;
        self.order("DATA", "354")?;
        self.0.get_mut().write_all(&dot_stuffed(mail))?;
        let taken = self.order(".", "250")?;
        self.order("QUIT", "221")?;
        Ok(taken)
    }

    fn order(&mut self, line: &str, code: &str) -> io::Result<String> {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
        self.answer(code)
    }

    fn answer(&mut self, code: &str) -> io::Result<String> {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            if !line.starts_with(code) {
                let why = format!("the server was expected to say {code} and said: {line}");
                return Err(io::Error::other(why));
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line);
            }
        }
    }
}

/// Doubles a dot at the start of a line (RFC 5321 §4.5.2) and sees to a CR LF at the end; every other
/// byte goes as it is.
fn dot_stuffed(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len() + 16);
    for line in mail.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// A connection to a port of this machine that gives up after [`super::PATIENCE`].
pub(super) fn try_connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))?;
    stream.set_read_timeout(Some(super::PATIENCE))?;
    Ok(stream)
}
