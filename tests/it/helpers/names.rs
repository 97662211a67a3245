//! A name server with a few TXT records, for the check of senders.

use std::{
    collections::HashMap,
    net::{SocketAddr, UdpSocket},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Answers TXT questions on a port of its own until it is dropped.
pub struct Names {
    /// Where it listens.
    pub address: SocketAddr,
    records: Arc<Mutex<HashMap<String, String>>>,
}

impl Names {
    /// A server that knows nothing.
    pub fn serve() -> Names {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let records = Arc::new(Mutex::new(HashMap::new()));
        let (address, known) = (socket.local_addr().unwrap(), Arc::downgrade(&records));
        thread::spawn(move || {
            let mut question = [0; 512];
            // The weak reference ends with the server.
            while let Some(records) = known.upgrade() {
                if let Ok((length, asker)) = socket.recv_from(&mut question) {
                    let answer =
                        answer(&question[..length], &records.lock().unwrap_or_else(PoisonError::into_inner));
                    let _ = socket.send_to(&answer, asker);
                }
            }
        });
        Names { address, records }
    }

    /// Says this about a name from now on.
    pub fn say(&self, name: &str, text: &str) {
        self.records.lock().unwrap().insert(name.to_owned(), text.to_owned());
    }
}

/// One TXT record, or that there is no such name (RFC 1035 §4).
fn answer(question: &[u8], records: &HashMap<String, String>) -> Vec<u8> {
    let (mut name, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let length = usize::from(question[at]);
        name.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let asked = &question[12..at + 5];
    let is_text = asked[asked.len() - 4..] == [0, 16, 0, 1];
    let text = records.get(&name.join(".")).filter(|_| is_text);
    let mut out = question[..2].to_vec();
    out.extend(if text.is_some() { [0x81, 0x80] } else { [0x81, 0x83] });
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
