//! One case on a desk of its own: its steps are done, and what can be seen of it is collected.

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use mail_parser::MessageParser;
use serde_json::Value;

use crate::{
    canary::Canary,
    exam::{Case, Exam},
    helpers::{Desk, PATIENCE, PostOffice, Postgres, wait_for},
    meter::Meter,
    page::Page,
    process,
    seen::{Arrival, Seen},
    sink::{Sent, Sink},
};

/// A desk that was set up as the exam asks, and what was done to it so far.
pub struct Stage<'e> {
    exam: &'e Exam,
    case: &'e Case,
    desk: Desk,
    sink: Sink,
    meter: Meter,
    process: u32,
    seen: Seen,
    /// The UIDs of the mails and the names of their files, as [`Seen::arrivals`].
    delivered: Vec<(u32, Vec<u8>)>,
    known_ports: BTreeSet<u16>,
}

/// Does a case and tells what was seen.
pub fn perform(exam: &Exam, case: &Case, canary: &Canary) -> Seen {
    let mut stage = Stage::open(exam, case);
    for step in &case.steps {
        stage.act(step);
    }
    if case.expect.contains_key("canary_after") {
        stage.send_canary();
    }
    stage.collect(canary)
}

impl<'e> Stage<'e> {
    fn open(exam: &'e Exam, case: &'e Case) -> Stage<'e> {
        let (sink, office) = (Sink::start(), PostOffice::start());
        let meter = Meter::to(office.imap);
        let desk = Desk::prepare();
        let (support, agent) =
            (format!("address = \"{}\"", desk.support.address), desk.agent.address.clone());
        let mut desk = desk
            .configured(&support, &format!("address = \"{}\"", exam.roles["support"]))
            .configured(&agent, &exam.roles["agent"])
            .configured(&format!("port = {}, tls", office.imap), &format!("port = {}, tls", meter.port))
            .configured(&format!("port = {}, tls", office.smtp), &format!("port = {}, tls", sink.port))
            .with("[[stakeholder]]\nemail = \"boss@desk.test\"\nwants = [\"all\"]");
        desk.run();
        let process = desk.process_ids()[0];
        let database = Postgres::start().port().parse().expect("digits");
        let known_ports = BTreeSet::from([meter.port, sink.port, database]);
        let (seen, delivered) = (Seen::default(), Vec::new());
        Stage { exam, case, desk, sink, meter, process, seen, delivered, known_ports }
    }

    fn act(&mut self, step: &Value) {
        let word = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
        match step["do"].as_str().unwrap_or_default() {
            "deliver" => {
                let mail = self.exam.mail(&word("file"), &self.seen.bindings);
                self.deliver(&word("as"), vec![mail]);
            }
            "deliver_template" => {
                let template = self.exam.mail(&word("file"), &self.seen.bindings);
                let count = step["count"].as_u64().unwrap();
                self.deliver(&word("as"), (1..=count).map(|n| numbered(&template, n)).collect());
            }
            "bind" => self.bind(&word("ticket")),
            "set_status" => {
                let (number, _) = self.seen.bound[&word("ticket")];
                let number = u32::try_from(number).unwrap();
                self.desk.set(number, &["--status", &word("to").to_lowercase()]);
            }
            other => panic!("{}: there is no step {other:?}", self.case.id),
        }
    }

    /// Puts mails into the mailbox and waits until all of what they bring about is done.
    fn deliver(&mut self, alias: &str, mails: Vec<Vec<u8>>) {
        let before = self.sink.taken().len();
        for mail in mails {
            let uid = self.desk.support.append(&mail);
            self.seen.fetched.1 += mail.len() as u64;
            self.delivered.push((uid, mail));
            let answers = before..before;
            self.seen.arrivals.push(Arrival { alias: alias.to_owned(), answers, ..Arrival::default() });
        }
        self.settle();
        let after = self.sink.taken().len();
        self.seen
            .arrivals
            .iter_mut()
            .filter(|arrival| arrival.alias == alias)
            .for_each(|a| a.answers.end = after);
    }

    fn settle(&mut self) {
        // The far ends are looked at on the way, while connections may be open.
        let end = Instant::now() + 4 * PATIENCE;
        let wanted = format!("{}|0|0", self.delivered.len());
        loop {
            self.look_at_connections();
            let stands = self.desk.sql(
                "select count(*), count(*) filter (where state = 'waiting'), (select count(*) from outbox where state = 'waiting') from inbound",
            );
            if stands == wanted {
                return;
            }
            assert!(Instant::now() < end, "{}: {stands} and not {wanted}\n{}", self.case.id, self.desk.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn look_at_connections(&mut self) {
        let ends = process::far_ends(self.process, self.desk.web);
        let strange =
            |end: &String| process::port_of(end).is_none_or(|port| !self.known_ports.contains(&port));
        self.seen.strangers.extend(ends.into_iter().filter(strange));
    }

    /// Reads the tokens of a ticket from the mails about it.
    fn bind(&mut self, name: &str) {
        let arrival =
            self.seen.arrivals.iter().rposition(|arrival| arrival.alias == name).expect("it was delivered");
        let answers = self.seen.arrivals[arrival].answers.clone();
        let taken = self.sink.taken();
        let about: Vec<&Sent> = taken[answers].iter().collect();
        let tag = about.iter().find_map(|sent| tag_of(&sent.subject()));
        let Some(tag) = tag else { panic!("{}: no mail about ticket {name} came", self.case.id) };
        let number: u64 = tag.trim_matches(['[', ']']).rsplit('-').next().unwrap().parse().unwrap();
        for (role, address) in &self.exam.roles {
            if let Some(sent) = about.iter().rev().find(|sent| sent.to.contains(address)) {
                self.seen.bindings.extend(tokens(&format!("{name}.{role}"), sent));
            }
        }
        let status = self.show(number)["status"].as_str().unwrap_or_default().to_owned();
        self.seen.bound.insert(name.to_owned(), (number, status));
    }

    fn show(&self, number: u64) -> Value {
        self.desk.ticket(u32::try_from(number).unwrap())
    }

    /// An ordinary mail right after; how long until it is a ticket.
    fn send_canary(&mut self) {
        let letter = self.exam.mail("canary.eml", &self.seen.bindings);
        let start = Instant::now();
        self.desk.support.append(&letter);
        self.delivered.push((0, letter));
        let opened = wait_for("the canary's ticket", || {
            let list = self.desk.json(&["ticket", "list", "--json"]);
            let found = list.as_array().unwrap().iter().any(|ticket| {
                ticket["subject"].as_str().is_some_and(|subject| subject.starts_with("Canary "))
            });
            found.then(|| start.elapsed())
        });
        self.seen.canary_took = Some(opened);
        self.settle();
    }

    fn collect(mut self, canary: &Canary) -> Seen {
        let ledger = self.desk.json(&["inbox", "list", "--limit", "1000", "--json"]);
        let list = self.desk.json(&["ticket", "list", "--limit", "1000", "--json"]);
        let numbers: Vec<u64> =
            list.as_array().unwrap().iter().filter_map(|ticket| ticket["id"].as_u64()).collect();
        for number in numbers {
            let ticket = self.show(number);
            self.seen.tickets.insert(number, ticket);
            if self.case.is_about_pages() {
                self.seen.pages.insert(number, Page::of(&self.desk, number));
            }
        }
        for (arrival, (uid, mail)) in self.seen.arrivals.iter_mut().zip(&self.delivered) {
            let line =
                ledger.as_array().unwrap().iter().find(|line| line["uid"].as_u64() == Some(u64::from(*uid)));
            arrival.ledger = line.cloned().unwrap_or_default();
            let number = arrival.ledger["ticket"].as_u64();
            let ticket = number.and_then(|number| self.seen.tickets.get(&number));
            arrival.entry = number.zip(ticket.and_then(|ticket| entry(ticket, mail)));
        }
        self.seen.sent = self.sink.taken();
        self.seen.asked = canary.asked();
        self.seen.fetched.0 = self.meter.said();
        self.seen.peak_mb = process::peak_mb(self.process);
        self.seen.same_process =
            self.desk.process_ids() == [self.process] && self.desk.get("/healthz").0 == 200;
        for file in self.case.expect.get("fs_absent").and_then(Value::as_array).into_iter().flatten() {
            self.seen.files.extend(file.as_str().filter(|file| Path::new(file).exists()).map(str::to_owned));
        }
        self.desk.stop();
        self.seen
    }
}

/// The entry of a mail in its ticket: that with its Message-ID, else the last that came.
fn entry(ticket: &Value, mail: &[u8]) -> Option<Value> {
    let id =
        MessageParser::default().parse_headers(mail).and_then(|mail| mail.message_id().map(str::to_owned));
    let came: Vec<&Value> =
        ticket["messages"].as_array()?.iter().filter(|entry| entry["direction"] == "in").collect();
    let same = came.iter().find(|entry| id.is_some() && entry["message_id"].as_str() == id.as_deref());
    same.or(came.last()).map(|entry| (*entry).clone())
}

fn numbered(template: &[u8], number: u64) -> Vec<u8> {
    String::from_utf8(template.to_vec()).unwrap().replace("@N@", &number.to_string()).into_bytes()
}

/// `[DG-17]` in a subject.
fn tag_of(subject: &str) -> Option<String> {
    let (_, rest) = subject.split_once("[DG-")?;
    Some(format!("[DG-{}]", rest.split_once(']')?.0))
}

/// What one of our mails tells, under the names of the exam.
fn tokens(prefix: &str, sent: &Sent) -> Vec<(String, String)> {
    let id = sent.header("Message-ID").unwrap_or_default();
    let from = sent.header("Reply-To").or(sent.header("From")).unwrap_or_default();
    let bare = from.rsplit_once('<').map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>')).to_owned();
    let refs = format!("{} {id}", sent.header("References").unwrap_or_default()).trim().to_owned();
    let header = String::from_utf8_lossy(&sent.raw);
    let header =
        header.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    let private: Vec<&str> =
        header.lines().filter(|line| line.to_ascii_lowercase().starts_with("x-")).collect();
    let text = sent.readable();
    let link = text.split_whitespace().find(|word| word.starts_with("http") && word.contains("/t/"));
    let fields = [
        ("msgid", id),
        ("refs", refs),
        ("tag", tag_of(&sent.subject()).unwrap_or_default()),
        ("subject", sent.subject()),
        ("replyto", bare),
        ("private_headers", private.join("\r\n")),
        ("link", link.unwrap_or_default().to_owned()),
    ];
    fields.into_iter().map(|(field, value)| (format!("{prefix}.{field}"), value)).collect()
}
