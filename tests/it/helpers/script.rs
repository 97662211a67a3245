//! A server that says what a test wants it to say.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Everything the clients sent, line by line.
pub type Heard = Arc<Mutex<Vec<String>>>;

/// Greets each client, then answers every line with what `answer` makes of it (`None`
/// says nothing at all, and an empty text hangs up). Lives until the process ends.
pub fn serve(
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
            thread::spawn(move || converse(client, greeting, &*answer, &record));
        }
    });
    (port, heard)
}

fn converse(mut client: TcpStream, greeting: &str, answer: &dyn Fn(&str) -> Option<String>, heard: &Heard) {
    let lines = BufReader::new(client.try_clone().unwrap());
    let _ = client.write_all(greeting.as_bytes());
    for line in lines.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        heard.lock().unwrap().push(line.clone());
        match answer(&line) {
            Some(text) if text.is_empty() => return,
            Some(text) => drop(client.write_all(text.as_bytes())),
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
