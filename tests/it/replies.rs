//! Words between staff and customers.

use serde_json::Value;

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter},
};

#[test]
fn an_agents_reply_reaches_the_customer_and_the_answer_comes_back_to_the_ticket() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let ran = desk.cli_with_input(
        &["ticket", "reply", "1"],
        "Which tray do you use?\n\nLook at the label.\n".as_bytes(),
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let letter = anna.wait_for_mails(2).remove(1);
    assert!(letter.text().contains("Which tray do you use?"), "{}", letter.text());
    let from = letter.message().from().unwrap().first().unwrap().clone();
    assert_eq!(from.name(), Some("Support Agent (Example Desk)"));
    assert_eq!(from.address(), Some(desk.support.address.as_str()));
    assert_eq!(desk.ticket(1)["waiting_on"], "customer");
    desk.receives(&Letter::reply(&anna, &letter, "The upper one.\n"));
    desk.settled(2);
    let ticket = desk.ticket(1);
    let kinds: Vec<&str> =
        ticket["messages"].as_array().unwrap().iter().map(|m| m["direction"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["in", "out", "out", "in"]);
    assert_eq!(
        ticket["messages"][2]["own_text"].as_str().unwrap().trim(),
        "Which tray do you use?\n\nLook at the label."
    );
    assert_eq!(ticket["messages"][3]["own_text"].as_str().unwrap().trim(), "The upper one.");
    assert_eq!(ticket["waiting_on"], Value::Null);
}

#[test]
fn a_note_stays_among_staff() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let before = desk.count("outbox");
    let ran = desk.cli(&["ticket", "note", "1", "She is a big customer.", "--json"]);
    assert_eq!((ran.code, ran.stdout.trim()), (Some(0), r#"{"id":1,"mails":0}"#), "{}", ran.stderr);

    assert_eq!(desk.count("outbox"), before);
    let note = desk.ticket(1)["messages"][2].clone();
    assert_eq!((&note["direction"], &note["staff_only"]), (&"note".into(), &Value::Bool(true)));
    assert_eq!(note["own_text"], "She is a big customer.");
}

#[test]
fn an_empty_reply_is_not_sent() {
    let desk = Desk::start();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    let before = desk.count("outbox");
    let ran = desk.cli_with_input(&["ticket", "reply", "1"], b" \n");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("no words"), "{}", ran.stderr);
    assert_eq!(desk.count("outbox"), before);
}

#[test]
fn what_staff_keep_inside_is_a_note_that_no_customer_sees() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let notice = desk.agent.wait_for_one();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#note\n\nBetween us: the cable is loose.\n"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "noted"]);
    let ticket = desk.ticket(1);
    let note = ticket["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(note["staff_only"], true);
    assert!(note["own_text"].as_str().unwrap().contains("the cable is loose"));
    assert_eq!(ticket["status"], "new");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn a_reply_whose_program_drops_the_thread_fields_joins_by_the_subject() {
    let mut desk = Desk::prepare().configured("reply_tag = true", "reply_tag = false");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let answer = anna.wait_for_one();
    assert_eq!(answer.header("Reply-To"), None);
    desk.receives(&Letter::new(&anna.address, "Re: [DG-1] Printer", "It is the upper tray.\n"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    assert_eq!(desk.count("tickets"), 1);
}

#[test]
fn a_number_in_a_subject_is_nobodys_reference() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.receives(&Letter::new(&anna.address, "Problem with #1 and order [12345], DG-1", "Another thing.\n"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}
