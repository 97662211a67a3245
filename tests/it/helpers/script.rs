//! A server that says what a test wants it to say.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// Everything the clients sent, line by line.
pub type Heard = Arc<Mutex<Vec<String>>>;

/// Greets each client, then answers every line with what `answer` makes of it (`None`
/// says nothing at all, and an empty text hangs up). Lives until the process ends.
pub fn serve(
    greeting: &'static str,
    answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> (u16, Heard) {
    serve_at(Duration::ZERO, greeting, answer)
}

/// The same, with a pause after each byte.
pub fn serve_at(
    pause: Duration,
    greeting: &'static str,
    answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, answer) = (Heard::default(), Arc::new(answer));
    let record = heard.clone();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (record, answer) = (record.clone(), answer.clone());
            thread::spawn(move || converse(client, pause, greeting, &*answer, &record));
        }
    });
    (port, heard)
}

fn converse(
    mut client: TcpStream,
    pause: Duration,
    greeting: &str,
    answer: &dyn Fn(&str) -> Option<String>,
    heard: &Heard,
) {
    let lines = BufReader::new(client.try_clone().unwrap());
    let _ = client.write_all(greeting.as_bytes());
    for line in lines.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        heard.lock().unwrap().push(line.clone());
        match answer(&line) {
            Some(text) if text.is_empty() => return,
            Some(text) if pause.is_zero() => drop(client.write_all(text.as_bytes())),
            Some(text) => {
                for byte in text.bytes() {
                    if client.write_all(&[byte]).is_err() {
                        return;
                    }
                    thread::sleep(pause);
                }
            }
            None => {}
        }
    }
}

/// An IMAP server in a few words: `special` may answer a command (without its tag;
/// `{tag}` in the answer is filled in), everything else is answered well.
pub fn imap(special: impl Fn(&str) -> Option<&'static str> + Send + Sync + 'static) -> (u16, Heard) {
    serve("* OK ready\r\n", move |line| {
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(text) = special(command) {
            return (text != "silence").then(|| text.replace("{tag}", tag));
        }
        let before = match command.split(' ').next().unwrap_or("") {
            "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\n",
            "SELECT" => "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] stays\r\n",
            _ => "",
        };
        Some(format!("{before}{tag} OK done\r\n"))
    })
}

/// An IMAP server with a folder of small mails under these UIDs: "mail 1" and so on. `special` may answer
/// as in [`imap`], of its own text.
pub fn mailbox(
    uids: &'static [u32],
    special: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> (u16, Heard) {
    serve("* OK ready\r\n", move |line| {
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(text) = special(command) {
            return Some(text.replace("{tag}", tag));
        }
        let listed: String = uids.iter().map(|uid| format!(" {uid}")).collect();
        let asked = uids.iter().filter(|uid| command.starts_with("UID FETCH") && names(command, **uid));
        let untagged: String = match command.split(' ').next().unwrap_or_default() {
            "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\n".into(),
            "SELECT" => format!("* {} EXISTS\r\n* OK [UIDVALIDITY 7] stays\r\n", uids.len()),
            _ if command.starts_with("UID SEARCH") => format!("* SEARCH{listed}\r\n"),
            _ if command.contains("RFC822.SIZE") => asked
                .map(|uid| format!("* 1 FETCH (UID {uid} RFC822.SIZE {})\r\n", text(*uid).len()))
                .collect(),
            _ => asked
                .map(|uid| {
                    format!("* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n{})\r\n", text(*uid).len(), text(*uid))
                })
                .collect(),
        };
        Some(format!("{untagged}{tag} OK done\r\n"))
    })
}

/// Whether a UID FETCH is about this mail.
pub fn names(command: &str, uid: u32) -> bool {
    let set = command.split(' ').nth(2).unwrap_or_default();
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        first.parse().is_ok_and(|first: u32| first <= uid) && last.parse().is_ok_and(|last: u32| uid <= last)
    })
}

fn text(uid: u32) -> String {
    format!("From: c{uid}@customer.test\r\nSubject: mail {uid}\r\n\r\nHello {uid}\r\n")
}
