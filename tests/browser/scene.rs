//! Desks with something on them.

use crate::{
    chromium::{Chromium, keys},
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

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
    let (hers, his) = (page_for(&anna), page_for(&carl));
    Trial { desk, carl, hers, his }
}

/// The path of somebody's page, once a mail links to it.
fn page_for(postbox: &Postbox) -> String {
    let links = |mail: &&Received| mail.text().contains("/page/");
    let mails = postbox.wait_for("a mail with a link", |mails| mails.iter().any(|mail| links(&mail)));
    page_of(mails.iter().rfind(links).expect("it was there"))
}

/// The path of the page that a mail links to.
pub fn page_of(mail: &Received) -> String {
    let text = mail.text();
    let link = text.split_once("https://desk.example.org");
    let (_, rest) =
        link.unwrap_or_else(|| panic!("no link to the page in:\n{}", String::from_utf8_lossy(&mail.raw)));
    let path = rest.split_whitespace().next().unwrap();
    path[path.find("/page/").unwrap()..].to_owned()
}

/// The path that leads out of a ticket, as the mail names it (RFC 8058).
pub fn way_out(mail: &Received) -> String {
    let field = mail.header("List-Unsubscribe").expect("a way out");
    let start = field.find("/leave/").expect("a link that leaves");
    field[start..].split('>').next().unwrap().to_owned()
}

/// The password of everybody who signs in.
pub const PASSWORD: &str = "correct horse battery staple";

/// What customers write, who, and about what: enough to fill a screen.
const MAILS: [(&str, &str, &str); 10] = [
    ("Anna Example <anna", "The printer gives blank pages", REPORT),
    ("Bert Busy <bert", "Cannot log in since this morning", "It says: Error 401. I need it today!"),
    (
        "Céline Dupont <celine",
        "Facture introuvable",
        "Bonjour,\n\nje ne trouve plus la facture 2026-118.\n\nMerci\nCéline\n",
    ),
    (
        "Dora Data <dora",
        "Export of 40,000 rows stops at 65 %",
        "Steps to reproduce:\n1. Choose all rows.\n2. Press Export.\n\nActual result: It stops at 65 %.\n",
    ),
    ("Emil Eager <emil", "Thank you", "The last release is great, thank you!"),
    ("Farid F. <farid", "Dark theme: the save button can hardly be seen", "Grey on grey."),
    (
        "Greta <greta",
        "Wrong total on order 4711 when a voucher and a customer discount are used together",
        REPORT,
    ),
    ("Hana <hana", "How do I invite a colleague?", "I cannot find it anywhere."),
    (
        "Igor <igor",
        "Everything is down",
        "The shop shows an error for all of our customers, for ten minutes now.",
    ),
    ("Jo <jo", "Re: your newsletter", "Please stop."),
];

/// A desk with ten tickets and two people of staff who may sign in and see everything: the agent and Bob.
pub struct Office {
    pub desk: Desk,
    pub bob: String,
}

pub fn office() -> Office {
    let desk = Desk::prepare();
    let bob = desk.plain_mailbox("bob@desk.test").address;
    let mut desk = desk
        .configured("role = \"agent\"", "role = \"admin\"")
        .with(&format!("[[staff]]\nname = \"Bob Builder\"\nemail = \"{bob}\"\nrole = \"admin\""));
    desk.run();
    for (number, (from, subject, words)) in (1..).zip(MAILS) {
        let from = format!("{from}-{number}@customer.test>");
        desk.receives(&Letter::new(&from, subject, words));
        desk.settled(number);
    }
    for who in [&desk.agent.address, &bob] {
        let ran = desk.cli_with_input(&["staff", "password", who], PASSWORD.as_bytes());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    Office { desk, bob }
}

/// A mail in quarantine and one that could not be delivered.
pub fn trouble(desk: &Desk) {
    desk.sql(
        "insert into inbound (mailbox_id, stored_at, size_bytes, sha256, raw, state, attempts, failures, due_at, error, cause) \
         select (select min(id) from mailboxes), now(), length(raw), sha256(raw), raw, 'quarantined', 3, 3, now(), \
         'reading it took longer than 30s', 'took-too-long' \
         from (select convert_to(E'From: Anna <anna@customer.test>\\r\\nSubject: Broken\\r\\n\\r\\nIt is on fire.\\r\\n', 'UTF8') as raw) as one",
    );
    desk.sql("update outbox set state = 'failed', sent_at = null, last_reply = '550 5.1.1 no such user' where id = (select min(id) from outbox)");
}

/// Somebody of staff in front of a browser of their own, signed in by the form.
pub fn at_work(desk: &Desk, who: &str) -> Chromium {
    sign_in(Chromium::at(desk), who)
}

/// Signs somebody in by the form.
pub fn sign_in(page: Chromium, who: &str) -> Chromium {
    page.open("/sign-in");
    page.fill("[name=address]", who);
    page.fill("[name=password]", PASSWORD);
    page.press(keys::ENTER);
    page.wait("the inbox", |page| page.path() == "/inbox");
    page
}
