//! A name server with a few TXT records, for the check of senders.

use std::{
    collections::{HashMap, HashSet},
    net::{SocketAddr, UdpSocket},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Answers TXT questions on a port of its own until it is dropped.
pub struct Names {
    /// Where it listens.
    pub address: SocketAddr,
    records: Arc<Mutex<HashMap<String, Option<String>>>>,
    quiet: Arc<Mutex<HashSet<String>>>,
}

impl Names {
    /// A server that knows nothing.
    pub fn serve() -> Names {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let records = Arc::new(Mutex::new(HashMap::new()));
        let quiet = Arc::new(Mutex::new(HashSet::new()));
        let (address, known) = (socket.local_addr().unwrap(), Arc::downgrade(&records));
        let until = quiet.clone();
        thread::spawn(move || {
            let mut question = [0; 512];
            // The weak reference ends with the server.
            while let Some(records) = known.upgrade() {
                if let Ok((length, asker)) = socket.recv_from(&mut question) {
                    let mut quiet = until.lock().unwrap_or_else(PoisonError::into_inner);
                    quiet.remove(&name(&question[..length]).0);
                    if quiet.is_empty() {
                        let records = records.lock().unwrap_or_else(PoisonError::into_inner);
                        let _ = socket.send_to(&answer(&question[..length], &records), asker);
                    }
                }
            }
        });
        Names { address, records, quiet }
    }

    /// Answers nobody from now on until it was asked about each of these.
    pub fn quiet_until_asked(&self, names: &[String]) {
        self.quiet.lock().unwrap().extend(names.iter().cloned());
    }

    /// Fails when asked about a name, from now on (SERVFAIL).
    pub fn fail(&self, name: &str) {
        self.records.lock().unwrap().insert(name.to_owned(), None);
    }

    /// Says this about a name from now on.
    pub fn say(&self, name: &str, text: &str) {
        self.records.lock().unwrap().insert(name.to_owned(), Some(text.to_owned()));
    }
}

/// The name that is asked about, and where it ends.
fn name(question: &[u8]) -> (String, usize) {
    let (mut name, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let length = usize::from(question[at]);
        name.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    (name.join("."), at)
}

/// One TXT record, an error, or that there is no such name (RFC 1035 §4).
fn answer(question: &[u8], records: &HashMap<String, Option<String>>) -> Vec<u8> {
    let (name, at) = name(question);
    let asked = &question[12..at + 5];
    let is_text = asked[asked.len() - 4..] == [0, 16, 0, 1];
    let known = records.get(&name).filter(|_| is_text);
    let text = known.and_then(Option::as_ref);
    let mut out = question[..2].to_vec();
    out.extend(match known {
        Some(Some(_)) => [0x81, 0x80],
        Some(None) => [0x81, 0x82],
        None => [0x81, 0x83],
    });
    out.extend([0, 1, 0, u8::from(text.is_some()), 0, 0, 0, 0]);
    out.extend(asked);
    if let Some(text) = text {
        let pieces: Vec<u8> = text
            .as_bytes()
            .chunks(255)
            .flat_map(|piece| [&[u8::try_from(piece.len()).unwrap()], piece].concat())
            .collect();
        out.extend([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(pieces.len()).unwrap().to_be_bytes());
        out.extend(pieces);
    }
    out
}
