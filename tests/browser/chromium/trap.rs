//! A web server and proxy that nobody may ask for anything: it keeps what it was asked.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// Hosts of Chromium's makers, which it asks by itself whatever page is shown.
const OF_THE_BROWSER: [&str; 3] = ["google.com", "googleapis.com", "gvt1.com"];

/// The server. Lives until the process ends.
pub struct Trap {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Trap {
    /// A trap of one's own.
    pub fn start() -> Trap {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                // A browser opens connections ahead, and may say nothing on them.
                let kept = Arc::clone(&kept);
                thread::spawn(move || {
                    let _ = client.set_read_timeout(Some(Duration::from_secs(60)));
                    let mut line = String::new();
                    let read = BufReader::new((&client).take(4096)).read_line(&mut line);
                    let line = line.trim_end();
                    if read.is_ok() && !line.is_empty() && !is_of_the_browser(line) {
                        kept.lock().unwrap().push(line.to_owned());
                    }
                    let _ = client.write_all(
                        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    );
                });
            }
        });
        Trap { port, asked }
    }

    /// Its address, to be put where nobody may follow it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The first lines of what it was asked since this was called last.
    pub fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// `CONNECT clients2.google.com:443 HTTP/1.1`
fn is_of_the_browser(line: &str) -> bool {
    let target = line.split(' ').nth(1).unwrap_or_default();
    let target = target.split_once("://").map_or(target, |(_, rest)| rest);
    let host = target.split(['/', ':']).next().unwrap_or_default();
    OF_THE_BROWSER.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}
