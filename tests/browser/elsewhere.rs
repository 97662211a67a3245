//! Another web site, as an attacker has one: it shows what it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

/// The site. Lives until the process ends. Its host is not the desk's, so that a browser takes it for a stranger.
pub struct Elsewhere {
    port: u16,
}

impl Elsewhere {
    /// A site whose every page is this one.
    pub fn showing(html: String) -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let html = html.clone();
                thread::spawn(move || {
                    let mut lines = BufReader::new(client.try_clone().unwrap()).lines();
                    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
                    let _ = write!(client, "{head}\r\nContent-Length: {}\r\n\r\n{html}", html.len());
                });
            }
        });
        Elsewhere { port }
    }

    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}
