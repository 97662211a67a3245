//! A pager is told by signed requests, once each, also when it is away for a while.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{goes_down, mail_about, with_watch};
use crate::helpers::{Letter, servers::free_port, wait_for};

const SECRET: &str = "a secret of the pager";

/// A request as it came: header lines in lower case, and the body.
#[derive(Clone, Debug)]
struct Asked {
    head: String,
    body: String,
}

impl Asked {
    fn field(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    fn is_signed(&self) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        let signed =
            format!("{}.{}.{}", self.field("webhook-id"), self.field("webhook-timestamp"), self.body);
        mac.update(signed.as_bytes());
        self.field("webhook-signature") == format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

/// A server that answers the first requests with these statuses, later ones with 204.
struct Server(Arc<Mutex<Vec<Asked>>>);

impl Server {
    fn start(port: u16, statuses: &'static [&'static str]) -> Server {
        let (asked, listener) = (Arc::default(), TcpListener::bind(("127.0.0.1", port)).unwrap());
        let server = Server(Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                let mut all = asked.lock().unwrap();
                let status = statuses.get(all.len()).unwrap_or(&"204 No Content");
                all.push(request);
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = (&stream).write_all(answer.as_bytes());
            }
        });
        server
    }

    fn asked(&self, times: usize) -> Vec<Asked> {
        wait_for(&format!("{times} requests"), || {
            Some(self.0.lock().unwrap().clone()).filter(|asked| asked.len() >= times)
        })
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let line = |line: &str| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
        None => format!("{line}\n"),
    };
    let head: String = head.lines().map(line).collect();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { head, body: String::from_utf8(body).ok()? })
}

#[test]
fn a_pager_that_was_away_is_told_later_and_once() {
    let port = free_port();
    let hook =
        format!("webhook = {{ url = \"http://127.0.0.1:{port}/hook?team=1\", secret = \"{SECRET}\" }}");
    let (mut desk, [ann, ..]) = with_watch(&hook);
    desk.run();
    goes_down(&desk);
    let attempts =
        || desk.sql("select coalesce(max(attempts), 0) from webhooks where last_answer is not null");
    wait_for("a try in vain", || (attempts() != "0").then_some(()));
    assert!(desk.sql("select last_answer from webhooks").starts_with("connecting to 127.0.0.1"));
    let page = mail_about(&ann, "SEV 1 [DG-1]");

    // It comes back with a trouble of its own, and sends us elsewhere once.
    let server =
        Server::start(port, &["500 Oops", "307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/"]);
    let asked = server.asked(3);
    let told: serde_json::Value = serde_json::from_str(&asked[2].body).unwrap();
    assert_eq!((&told["event"], &told["ticket"]["reference"]), (&"page".into(), &"DG-1".into()));
    assert_eq!(told["facts"]["to"][0], ann.address);
    assert_eq!(told["ticket"]["subject"], "Shop is down");
    assert!(asked.iter().all(Asked::is_signed));
    assert!(asked[0].head.starts_with("POST /hook?team=1 HTTP/1.1\n"), "{}", asked[0].head);
    let keys: Vec<&str> = asked.iter().map(|it| it.field("idempotency-key")).collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "one thing told has one key: {keys:?}");

    desk.receives(&Letter::reply(&ann, &page, "ack\n"));
    let asked = server.asked(4);
    let told: serde_json::Value = serde_json::from_str(&asked[3].body).unwrap();
    assert_eq!((&told["event"], &told["facts"]["by"]), (&"acknowledged".into(), &ann.address.clone().into()));
    wait_for("both are told", || {
        (desk.sql("select count(*) from webhooks where state = 'sent'") == "2").then_some(())
    });
    desk.set(1, &["--severity", "2", "--reason", "there is a way round"]);
    let asked = server.asked(5);
    assert!(asked[4].body.contains("\"ended\""), "{}", asked[4].body);
    assert_eq!(asked.len(), 5);
    assert!(!desk.log().contains(SECRET));
}
