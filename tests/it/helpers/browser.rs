//! A browser without a window: cookies, forms, and what came back.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};

use super::{Desk, PATIENCE};

/// The password of everybody who signs in by [`Desk::sign_in`].
pub const PASSWORD: &str = "correct horse battery staple";

/// Keeps cookies and the value that forms carry, follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    port: u16,
    /// By name.
    pub cookies: BTreeMap<String, String>,
    /// What the forms of the last page carry.
    pub csrf: String,
    /// From where it seems to come, by way of a proxy on this machine.
    pub address: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Status line and header fields.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Where one is sent on to.
    pub fn location(&self) -> &str {
        self.field("location").unwrap_or_default()
    }

    /// The value of a header field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let named = |line: &&str| line.split_once(':').is_some_and(|(it, _)| it.eq_ignore_ascii_case(name));
        self.head.lines().find(named).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}

/// The header line of a form without files.
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Browser {
    /// One that nobody has used, for the port of a desk.
    pub fn new(port: u16) -> Browser {
        Browser { port, cookies: BTreeMap::new(), csrf: String::new(), address: None }
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Sends a form of the page that was asked for last.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let form = encoded(&[&[("csrf", csrf.as_str())], fields].concat());
        self.ask("POST", path, &format!("{FORM}Sec-Fetch-Site: same-origin\r\n"), &form)
    }

    /// Sends a form as another site would: without what ours carry.
    pub fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask("POST", path, FORM, &encoded(fields))
    }

    /// Any request; `fields` are header lines, each with its line end.
    pub fn ask(&mut self, method: &str, path: &str, fields: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let from = self.address.iter().map(|it| format!("X-Forwarded-For: {it}\r\n")).collect::<String>();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nCookie: {}\r\n{from}{fields}Content-Length: {}\r\n\r\n{body}",
            self.port,
            cookies.join("; "),
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        self.remember(&answer);
        answer
    }

    fn remember(&mut self, answer: &Answer) {
        for line in answer.head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if !name.eq_ignore_ascii_case("set-cookie") {
                continue;
            }
            let pair = value.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or_default();
            match value.is_empty() {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        if let Some((_, rest)) = answer.body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap_or_default().to_owned();
        }
    }

    /// Fills in the sign-in form.
    pub fn sign_in(&mut self, address: &str, password: &str) -> Answer {
        self.get("/sign-in");
        self.post("/sign-in", &[("address", address), ("password", password)])
    }

    /// All its cookies, as the header field has them.
    pub fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

impl Desk {
    /// A browser that nobody is signed in with.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.web)
    }

    /// Gives a member of staff [`PASSWORD`] by the command line; their sessions end.
    pub fn give_password(&self, address: &str) {
        let ran = self.cli_with_input(&["staff", "password", address], PASSWORD.as_bytes());
        assert_eq!(ran.code, Some(0), "staff password {address}: {}", ran.stderr);
    }

    /// A browser in which a member of staff has signed in by the form, with a new password.
    pub fn browser(&self, address: &str) -> Browser {
        self.give_password(address);
        let mut browser = self.visitor();
        let answer = browser.sign_in(address, PASSWORD);
        assert_eq!((answer.status, answer.location()), (303, "/inbox"), "{answer:?}");
        browser
    }

    /// The cookie of a member of staff who has signed in by the form.
    pub fn sign_in(&self, address: &str) -> String {
        self.browser(address).cookie()
    }
}
