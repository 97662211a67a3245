//! The same mail is one entry, however often it comes; a different one never vanishes.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox},
};

/// A desk with a second mailbox.
fn desk_with_two_mailboxes() -> (Desk, Postbox) {
    let desk = Desk::prepare();
    let sales = desk.mailbox("sales", "desk.test");
    let config = std::fs::read_to_string(desk.config_file()).unwrap();
    let first = config.split("[[mailbox]]").nth(1).unwrap().split("[[staff]]").next().unwrap();
    let second = first
        .replace("name = \"support\"", "name = \"sales\"")
        .replace(&desk.support.address, &sales.address);
    let mut desk = desk.with(&format!("[[mailbox]]{second}"));
    desk.run();
    (desk, sales)
}

#[test]
fn the_same_bytes_twice_are_one_ticket_and_one_answer() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter = Letter::new(&anna.address, "Printer", COMPLETE);
    desk.receives(&letter);
    desk.receives(&letter);

    desk.settled(2);
    let mut outcomes = desk.outcomes();
    outcomes.sort();
    assert_eq!(outcomes, ["duplicate", "opened"]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.count("messages where direction = 'in'"), 1);
}

#[test]
fn a_mail_to_two_of_our_mailboxes_is_one_ticket() {
    let (desk, sales) = desk_with_two_mailboxes();
    let anna = desk.customer("anna");
    let letter = Letter::new(&anna.address, "Printer", COMPLETE);
    desk.receives(&letter);
    desk.receives(&letter.to(&sales.address));

    desk.settled(2);
    assert_eq!(desk.count("tickets"), 1);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn each_mailbox_answers_in_its_own_name() {
    let (desk, sales) = desk_with_two_mailboxes();
    let (anna, ben) = (desk.customer("anna"), desk.customer("ben"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.receives(
        &Letter::new(&ben.address, "Offer", "Hello, what does a printer cost?\n").to(&sales.address),
    );

    assert!(anna.wait_for_one().header("From").unwrap().contains(&desk.support.address));
    let answer = ben.wait_for_one();
    assert!(answer.header("From").unwrap().contains(&sales.address));
    desk.receives(&Letter::reply(&ben, &answer, "And who brings it?\n"));
    desk.settled(3);
    let mut outcomes = desk.outcomes();
    outcomes.sort();
    assert_eq!(outcomes, ["joined", "opened", "opened"]);
}

#[test]
fn a_mail_with_a_message_id_that_somebody_used_first_is_not_lost() {
    let desk = Desk::start();
    let (mallory, anna) = (desk.mailbox("mallory", "stranger.test"), desk.customer("anna"));
    let id = "<wanted@customer.test>";
    desk.receives(&Letter::new(&mallory.address, "First", "Hello, I was first.\n").with("Message-ID", id));
    desk.settled(1);
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Message-ID", id));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
    let ticket = desk.ticket(2);
    assert_eq!(ticket["requester"]["address"], anna.address);
    assert!(anna.wait_for_one().text().contains("blank pages"));
    assert_eq!(desk.notices_to(&mallory.address), ["acknowledged"]);
}

#[test]
fn the_same_words_twice_from_one_person_are_two_mails() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}

#[test]
fn a_copy_that_somebody_else_hands_in_first_takes_nothing_from_the_proven_mail() {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let answer = anna.wait_for_one();
    desk.settled(1);
    let words = "The serial number is 4711, please go ahead.\n";
    let reply = Letter::reply(&anna, &answer, words).with("Cc", &carl.address);
    let forged = reply.clone().to(&desk.support.address);
    desk.receives_judged(&forged, Some("dmarc=fail header.from=customer.test"));
    desk.settled(2);
    desk.receives(&reply);
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "opened", "joined"]);
    assert!(desk.ticket(1)["messages"].to_string().contains("4711"));
    desk.receives_judged(&forged, Some("dmarc=fail header.from=customer.test"));
    desk.settled(4);
    assert_eq!(desk.outcomes()[3], "duplicate");
}
