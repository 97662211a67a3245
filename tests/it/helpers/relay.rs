//! A mail server that takes, defers, refuses, stalls or hangs up as a test wants.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What it does with RCPT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It takes the mail.
    Take,
    /// It says this line.
    Say(&'static str),
    /// It says nothing any more.
    Stall,
}

/// The server. Lives until the process ends.
pub struct Relay {
    /// Where it listens.
    pub port: u16,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    tried: Mutex<Vec<String>>,
    taken: Mutex<Vec<(String, String)>>,
    manners: Mutex<Vec<(String, Manner)>>,
}

impl Relay {
    /// A server that takes everything until it is told otherwise.
    pub fn start() -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, seen) = (listener.local_addr().unwrap().port(), Arc::new(Seen::default()));
        let shared = seen.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = shared.clone();
                thread::spawn(move || converse(client, &seen));
            }
        });
        Relay { port, seen }
    }

    /// From now on recipients that end so are treated so.
    pub fn treats(&self, ending: &str, manner: Manner) {
        let mut manners = self.seen.manners.lock().unwrap();
        manners.retain(|(known, _)| known != ending);
        manners.push((ending.to_owned(), manner));
    }

    /// How many tries there were for recipients that end so.
    pub fn tried(&self, ending: &str) -> usize {
        self.seen.tried.lock().unwrap().iter().filter(|to| to.ends_with(ending)).count()
    }

    /// Recipient and Message-ID of every mail that it took, in order.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.seen.taken.lock().unwrap().clone()
    }

    /// How many mails it took for recipients that end so.
    pub fn took(&self, ending: &str) -> usize {
        self.taken().iter().filter(|(to, _)| to.ends_with(ending)).count()
    }
}

impl Seen {
    fn manner(&self, to: &str) -> Manner {
        let manners = self.manners.lock().unwrap();
        manners.iter().find(|(ending, _)| to.ends_with(ending.as_str())).map_or(Manner::Take, |(_, it)| *it)
    }
}

fn converse(mut client: TcpStream, seen: &Seen) -> Option<()> {
    let mut lines = BufReader::new(client.try_clone().ok()?);
    let mut say = move |text: &str| client.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 relay.test")?;
    let mut to = None;
    loop {
        let line = read_line(&mut lines)?;
        match line.get(..4).unwrap_or_default() {
            "EHLO" => say("250-relay.test\r\n250-8BITMIME\r\n250 PIPELINING")?,
            "RCPT" => {
                let named = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                seen.tried.lock().unwrap().push(named.clone());
                match seen.manner(&named) {
                    Manner::Take => {
                        to = Some(named);
                        say("250 fine")?;
                    }
                    Manner::Say(words) => say(words)?,
                    Manner::Stall => {
                        let _ = lines.read_to_end(&mut Vec::new());
                        return None;
                    }
                }
            }
            "DATA" if to.is_none() => say("503 no recipient")?,
            "DATA" => {
                say("354 go")?;
                let id = mail(&mut lines)?;
                seen.taken.lock().unwrap().push((to.take()?, id));
                say("250 taken")?;
            }
            "QUIT" => {
                let _ = say("221 bye");
                return None;
            }
            _ => {
                to = None;
                say("250 fine")?;
            }
        }
    }
}

/// Reads a mail up to its dot; its Message-ID.
fn mail(lines: &mut impl BufRead) -> Option<String> {
    let mut id = String::new();
    loop {
        let line = read_line(lines)?;
        if line == "." {
            return Some(id);
        }
        if let Some(value) = line.strip_prefix("Message-ID: ") {
            id = value.to_owned();
        }
    }
}

fn read_line(lines: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line).ok().filter(|&count| count > 0)?;
    line.ends_with(b"\n").then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
}
