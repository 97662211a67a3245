//! Desks with something on them.

use crate::helpers::{Desk, Letter, Postbox, postbox::Received};

/// A report with everything that a desk asks for.
pub const REPORT: &str = "Hello,\n\nSteps to reproduce:\n1. Open the order 4711.\n2. Click on Print.\n\nActual result:\nThe printer gives blank pages.\n\nExpected result:\nThe order on paper.\n\nRegards\nAnna\n";

/// A desk whose mails carry links to pages.
pub fn desk() -> Desk {
    let mut desk =
        Desk::prepare().configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    desk
}

/// Anna's ticket, number 1, ready to be tried, with Carl on Cc; and the paths of their pages.
pub struct Trial {
    pub desk: Desk,
    pub anna: Postbox,
    pub carl: Postbox,
    pub hers: String,
    pub his: String,
}

pub fn trial() -> Trial {
    let desk = desk();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    let from = format!("Anna Example <{}>", anna.address);
    desk.receives(&Letter::new(&from, "The printer gives blank pages", REPORT).with("Cc", &carl.address));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.cli(&["ticket", "note", "1", "She is a big customer."]);
    desk.set(1, &["--status", "resolved"]);
    desk.settled(1);
    let hers = page_of(&anna.wait_for_mails(3)[2]);
    let his = page_of(&carl.wait_for_mails(2)[1]);
    Trial { desk, anna, carl, hers, his }
}

/// The path of the page that a mail links to.
pub fn page_of(mail: &Received) -> String {
    let text = mail.text();
    let (_, rest) = text.split_once("https://desk.example.org").expect("a link to the page");
    let path = rest.split_whitespace().next().unwrap();
    path[path.find("/page/").unwrap()..].to_owned()
}
