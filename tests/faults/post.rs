//! The mail that keeps coming, and what is expected of each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use crate::{
    dice::Dice,
    helpers::{Letter, PostOffice, postbox::Received},
    nodes::MAIL_BYTES,
};

const COMPLETE: &str = "Steps to reproduce:\n1. Open the monthly report.\n2. Press Print.\n\n\
                        Actual result: The printer gives blank pages.\n\n\
                        Expected result: The report on paper.\n";
const LACKS_EXPECTED: &str = "Steps to reproduce:\n1. Open the monthly report.\n2. Press Print.\n\n\
                              Actual result: The printer gives blank pages.\n";

/// What sort of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A report that says everything.
    Report,
    /// A report that is asked back.
    Lacking,
    /// An answer to what we wrote.
    Reply,
    /// The same mail by Postfix and past it.
    TwoRoutes,
    /// The same mail to both mailboxes.
    TwoBoxes,
    /// One of very many from one address.
    Loud,
    /// A machine that answers for somebody.
    Vacation,
    /// A mail of ours that came back.
    Bounce,
    /// More bytes than are read.
    Oversized,
    /// Neither author nor id nor sense.
    Malformed,
}

impl Sort {
    /// The sender gets one acknowledgement, whatever happens.
    pub fn is_owed_an_answer(self) -> bool {
        matches!(self, Sort::Report | Sort::Lacking | Sort::TwoRoutes | Sort::TwoBoxes | Sort::Oversized)
    }

    /// The next one.
    pub fn draw(dice: &mut Dice) -> Sort {
        dice.weighed(&[
            (22, Sort::Report),
            (14, Sort::Lacking),
            (20, Sort::Reply),
            (8, Sort::TwoRoutes),
            (6, Sort::TwoBoxes),
            (12, Sort::Loud),
            (5, Sort::Vacation),
            (5, Sort::Bounce),
            (4, Sort::Oversized),
            (4, Sort::Malformed),
        ])
    }
}

/// A mail that the test wrote.
pub struct Sent {
    pub sort: Sort,
    /// A word that no other mail has.
    pub marker: String,
    /// Its Message-ID without the brackets, where it has one.
    pub id: Option<String>,
    /// Who wrote it.
    pub from: String,
    /// Our mail that it answers, by the same sort of id.
    pub answers: Option<String>,
}

enum Route {
    Postfix,
    Dovecot,
}

struct Job {
    route: Route,
    from: String,
    to: String,
    mail: Vec<u8>,
}

/// Writes mails, and sends each until it is taken, whatever is away meanwhile.
pub struct Post {
    office: &'static PostOffice,
    run: usize,
    boxes: [String; 2],
    /// All of them, in order.
    pub sent: Vec<Sent>,
    senders: Vec<mpsc::Sender<Job>>,
    under_way: Arc<AtomicUsize>,
}

impl Post {
    /// For one run, with mailboxes that no other run has.
    pub fn new(office: &'static PostOffice, run: usize, boxes: [String; 2]) -> Post {
        let under_way = Arc::new(AtomicUsize::new(0));
        let senders = (0..2).map(|_| sender(office, under_way.clone())).collect();
        Post { office, run, boxes, sent: Vec::new(), senders, under_way }
    }

    /// How many mails no server has taken yet.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Writes a mail and sends it. A reply needs something to reply to; without it, it is a report.
    pub fn write(&mut self, sort: Sort, dice: &mut Dice) {
        let which = dice.between(0..2) as usize;
        let answered = self.answered(dice);
        match (sort, answered) {
            (Sort::Reply | Sort::Vacation | Sort::Bounce, None) => self.report(Sort::Report, which),
            (Sort::Reply | Sort::Vacation, Some((from, ours))) => self.reply(sort, &from, &ours),
            (Sort::Bounce, Some((from, ours))) => self.bounce(&from, &ours),
            (Sort::Malformed, _) => self.malformed(which),
            _ => self.report(sort, which),
        }
    }

    fn report(&mut self, sort: Sort, which: usize) {
        let (marker, to) = (self.marker(), self.boxes[which].clone());
        let from = match sort {
            Sort::Loud => format!("loud-{}@customer.test", self.run),
            _ => format!("{marker}@customer.test"),
        };
        let body = match sort {
            Sort::Lacking => LACKS_EXPECTED.to_owned(),
            Sort::Oversized => format!("{COMPLETE}\n{}", "All that it printed.\n".repeat(MAIL_BYTES / 20)),
            _ => COMPLETE.to_owned(),
        };
        let letter = Letter::new(&from, &format!("Printer {marker}"), &body);
        self.hand_in(Route::Postfix, &from, &to, letter.bytes());
        match sort {
            Sort::TwoRoutes => self.hand_in(Route::Dovecot, &from, &to, letter.bytes()),
            Sort::TwoBoxes => {
                self.hand_in(Route::Postfix, &from, &self.boxes[1 - which].clone(), letter.bytes())
            }
            _ => {}
        }
        self.note(sort, marker, Some(&letter), from, None);
    }

    fn reply(&mut self, sort: Sort, from: &str, ours: &Received) {
        let marker = self.marker();
        let words = format!("Expected result: The report on paper. {marker}\n");
        let mut letter = Letter::reply(&self.office.mailbox(from), ours, &words);
        if sort == Sort::Vacation {
            letter = letter.with("Auto-Submitted", "auto-replied");
        }
        let to = letter.to.clone().expect("replies go somewhere");
        self.hand_in(Route::Postfix, from, &to, letter.bytes());
        self.note(sort, marker, Some(&letter), from.to_owned(), Some(bare(&ours.message_id())));
    }

    /// A delivery status notification (RFC 3464) of a mail that we sent.
    fn bounce(&mut self, to: &str, ours: &Received) {
        let marker = self.marker();
        let body = format!(
            "--=_b\nContent-Type: text/plain\n\nThe mail could not be delivered. {marker}\n\n\
             --=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.test\n\n\
             Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n\
             --=_b\nContent-Type: message/rfc822-headers\n\nMessage-ID: {}\n\n--=_b--\n",
            ours.message_id(),
        );
        let letter = Letter::new("MAILER-DAEMON@customer.test", "Undelivered Mail Returned to Sender", &body)
            .with("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"=_b\"");
        let to = ours.header("Return-Path").unwrap_or_default().replace(['<', '>'], "");
        self.hand_in(Route::Postfix, "", &to, letter.bytes());
        self.note(Sort::Bounce, marker, Some(&letter), String::new(), Some(bare(&ours.message_id())));
    }

    fn malformed(&mut self, which: usize) {
        let (marker, to) = (self.marker(), self.boxes[which].clone());
        let header =
            format!("Subject: Printer {marker}\r\nContent-Type: multipart/mixed; boundary=\"never\r\n");
        let body = b"Content-Transfer-Encoding: base65\r\n\r\n\xff\xfe\x80 \xc3\x28\r\n--nev\r\n";
        let mail = [header.as_bytes(), body].concat();
        self.hand_in(Route::Dovecot, "", &to, mail);
        self.note(Sort::Malformed, marker, None, String::new(), None);
    }

    fn note(
        &mut self,
        sort: Sort,
        marker: String,
        letter: Option<&Letter>,
        from: String,
        answers: Option<String>,
    ) {
        let id = letter.map(|letter| bare(&letter.id));
        self.sent.push(Sent { sort, marker, id, from, answers });
    }

    /// Somebody who was answered, and the answer.
    fn answered(&self, dice: &mut Dice) -> Option<(String, Received)> {
        for _ in 0..4 {
            let one = self.sent.get(dice.between(0..self.sent.len().max(1) as u64) as usize);
            let Some(one) = one.filter(|one| one.sort.is_owed_an_answer()) else { continue };
            let ours = self.office.mailbox(&one.from).mails().into_iter().next();
            if let Some(ours) = ours {
                return Some((one.from.clone(), ours));
            }
        }
        None
    }

    fn marker(&self) -> String {
        format!("m{}-{}", self.run, self.sent.len())
    }

    fn hand_in(&self, route: Route, from: &str, to: &str, mail: Vec<u8>) {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let job = Job { route, from: from.to_owned(), to: to.to_owned(), mail };
        self.senders[self.sent.len() % 2].send(job).expect("senders live as long as this");
    }
}

fn sender(office: &'static PostOffice, under_way: Arc<AtomicUsize>) -> mpsc::Sender<Job> {
    let (sender, jobs) = mpsc::channel::<Job>();
    thread::spawn(move || {
        for Job { route, from, to, mail } in jobs {
            let hand_over = || match route {
                Route::Postfix => office.try_send(&from, &to, &mail),
                Route::Dovecot => office.try_deliver(&from, &to, &mail),
            };
            // A mail that was taken without our hearing of it goes out twice, as it does in the world.
            while hand_over().is_err() {
                thread::sleep(Duration::from_millis(50));
            }
            under_way.fetch_sub(1, Ordering::SeqCst);
        }
    });
    sender
}

/// An id without its angle brackets.
pub fn bare(id: &str) -> String {
    id.trim_matches(['<', '>']).to_owned()
}
