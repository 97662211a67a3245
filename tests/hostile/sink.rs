//! A mail server that takes everything and keeps each transaction as it came.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

/// The server. Lives until the process ends.
pub struct Sink {
    pub port: u16,
    taken: Arc<Mutex<Vec<Sent>>>,
}

/// One transaction.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Everybody named by RCPT.
    pub to: Vec<String>,
    /// The bytes between DATA and the dot, the doubled dots taken back.
    pub raw: Vec<u8>,
}

impl Sink {
    pub fn start() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, taken) = (listener.local_addr().unwrap().port(), Arc::default());
        let shared: Arc<Mutex<Vec<Sent>>> = Arc::clone(&taken);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let taken = shared.clone();
                thread::spawn(move || converse(client, &taken));
            }
        });
        Sink { port, taken }
    }

    /// What it took so far, in order.
    pub fn taken(&self) -> Vec<Sent> {
        self.taken.lock().unwrap().clone()
    }
}

fn converse(mut client: TcpStream, taken: &Mutex<Vec<Sent>>) -> Option<()> {
    let mut lines = BufReader::new(client.try_clone().ok()?);
    let mut say = move |text: &str| client.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 sink.test")?;
    let mut sent = Sent::default();
    loop {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).ok().filter(|&count| count > 0)?;
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-sink.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING")?,
            "MAIL" => {
                sent = Sent::default();
                say("250 fine")?;
            }
            "RCPT" => {
                let named = line.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>'));
                sent.to.push(named.map_or(line.as_str(), |(address, _)| address).to_owned());
                say("250 fine")?;
            }
            "DATA" => {
                say("354 go")?;
                sent.raw = until_the_dot(&mut lines)?;
                taken.lock().unwrap().push(std::mem::take(&mut sent));
                say("250 taken")?;
            }
            "QUIT" => {
                let _ = say("221 bye");
                return None;
            }
            _ => say("250 fine")?,
        }
    }
}

/// A line is what ends with CR LF; whatever else ends one for others is part of it.
fn until_the_dot(lines: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            lines.read_until(b'\n', &mut line).ok().filter(|&count| count > 0)?;
        }
        if line == b".\r\n" {
            return Some(raw);
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

impl Sent {
    fn message(&self) -> Message<'_> {
        MessageParser::default().parse(&self.raw).expect("we send mails")
    }

    /// The first field of this name, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.message();
        let value = message.header_raw(name)?;
        Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The subject, decoded.
    pub fn subject(&self) -> String {
        self.message().subject().unwrap_or_default().to_owned()
    }

    /// Every field with a name, those of the parts too.
    pub fn field_names(&self) -> Vec<String> {
        let message = self.message();
        let names =
            message.parts.iter().flat_map(|part| part.headers.iter().map(|h| h.name.as_str().to_owned()));
        names.collect()
    }

    /// Everything that a reader could see of it, decoded: header fields and bodies.
    pub fn readable(&self) -> String {
        let message = self.message();
        let header = String::from_utf8_lossy(&self.raw);
        let header = header.split("\r\n\r\n").next().unwrap_or_default();
        let addresses = [message.from(), message.to()].into_iter().flatten();
        let names: Vec<&str> = addresses.filter_map(|list| list.first()?.name()).collect();
        let parts = message.parts.iter().filter_map(MessagePart::text_contents);
        let texts: Vec<String> = parts.map(str::to_owned).collect();
        let files: Vec<&str> = message.parts.iter().filter_map(|part| part.attachment_name()).collect();
        format!(
            "{header}\n{}\n{}\n{}\n{}",
            self.subject(),
            names.join("\n"),
            texts.join("\n"),
            files.join("\n")
        )
    }

    /// The longest line in octets, without its CR LF.
    pub fn longest_line(&self) -> usize {
        let lines = self.raw.split(|&byte| byte == b'\n');
        lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).len()).max().unwrap_or_default()
    }

    /// A CR or an LF that stands alone (RFC 5321 §2.3.8).
    pub fn has_bare_line_end(&self) -> bool {
        let alone = |(at, &byte): (usize, &u8)| match byte {
            b'\n' => at == 0 || self.raw[at - 1] != b'\r',
            b'\r' => self.raw.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.raw.iter().enumerate().any(alone)
    }
}
