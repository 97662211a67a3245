//! Staff pass on what a customer wrote to them.

use crate::helpers::{Desk, Letter, Postbox};

const BLOCK: &str = "---------- Forwarded message ---------\nFrom: Anna Example <ANNA>\nDate: Fri, 20 Nov 2026\n\
    Subject: Printer\nTo: Agent <agent@desk.test>\n\nIt prints blank pages since Monday.\n";

fn forward(by: &Postbox, of: &Postbox) -> Letter {
    let body = format!("She is our largest customer.\n\n{}", BLOCK.replace("ANNA", &of.address));
    Letter::new(&by.address, "Fwd: Printer", &body)
}

#[test]
fn a_forward_by_staff_is_the_ticket_of_its_author_and_their_words_a_note() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&forward(&desk.agent, &anna));
    let answer = anna.wait_for_one();
    desk.settled(1);

    let ticket = desk.ticket(1);
    assert_eq!(ticket["requester"]["address"], anna.address);
    assert_eq!(ticket["subject"], "Printer");
    let first = &ticket["messages"][0];
    assert!(first["from"].as_str().unwrap().contains(&anna.address), "{first:#}");
    assert_eq!(first["text"].as_str().unwrap().trim(), "It prints blank pages since Monday.");
    let note = ticket["messages"].as_array().unwrap().iter().find(|m| m["direction"] == "note").unwrap();
    assert_eq!(
        (&note["staff_only"], &note["own_text"]),
        (&true.into(), &"She is our largest customer.".into())
    );
    assert_eq!(ticket["journal"][0]["detail"]["passed_on_by"], desk.agent.address);
    // Nobody proved that she wrote it.
    let whole = format!("{}{}{}", String::from_utf8_lossy(&answer.raw), answer.text(), answer.html());
    for words in ["blank pages", "largest customer", "Anna Example", "Printer"] {
        assert!(!whole.contains(words), "the answer repeats {words:?}");
    }

    desk.receives(&Letter::reply(&anna, &answer, "It is the one on the second floor.\n"));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
}

#[test]
fn a_forward_in_the_name_of_staff_that_nobody_vouches_for_is_nobodys() {
    let desk = Desk::start();
    let victim = desk.customer("victim");
    for verdict in [None, Some("dmarc=fail header.from=desk.test")] {
        desk.receives_judged(
            &forward(&desk.agent, &victim).with("X-Try", verdict.unwrap_or("none")),
            verdict,
        );
    }
    desk.settled(2);
    let requesters = desk.sql("select address from people join tickets on people.id = requester_id");
    assert!(!requesters.contains(&victim.address), "{requesters}");
    assert_eq!(desk.notices_to(&victim.address), [""; 0]);
}

#[test]
fn what_customers_pass_on_stays_theirs() {
    let desk = Desk::start();
    let (anna, ben) = (desk.customer("anna"), desk.customer("ben"));
    desk.receives(&forward(&ben, &anna));
    ben.wait_for_one();
    desk.settled(1);
    assert_eq!(desk.ticket(1)["requester"]["address"], ben.address);
    assert_eq!(desk.notices_to(&anna.address), [""; 0]);
}

#[test]
fn where_the_author_cannot_be_told_staff_are_asked_and_say_whose_it_is() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let body = BLOCK.replace("Anna Example <ANNA>", "Anna Example");
    desk.receives(&Letter::new(&desk.agent.address, "Fwd: Printer", &body));
    desk.settled(1);
    let about = desk.agent.wait_for("the notice", |mails| {
        mails.iter().any(|mail| mail.text().contains("looks like a forward"))
    });
    assert!(about.iter().any(|mail| mail.text().contains("--requester")), "who passed it on is asked");
    let ticket = desk.ticket(1);
    assert_eq!(ticket["requester"]["address"], desk.agent.address);
    assert_eq!(
        ticket["messages"][0]["staff_only"], true,
        "what staff say is for staff, whoever gets the ticket"
    );

    desk.set(1, &["--requester", &anna.address]);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["requester"]["address"], anna.address);
    assert_eq!(ticket["participants"].as_array().unwrap().len(), 1, "{}", ticket["participants"]);
    desk.set(1, &["--status", "accepted", "--reason", "We saw it ourselves."]);
    anna.wait_for_one();
}

#[test]
fn a_mail_of_a_machine_that_staff_pass_on_stays_with_them() {
    let desk = Desk::start();
    let robot = desk.mailbox("no-reply", "shop.test");
    desk.receives(&forward(&desk.agent, &robot));
    desk.settled(1);
    assert_eq!(desk.ticket(1)["requester"]["address"], desk.agent.address);
    assert_eq!(desk.notices_to(&robot.address), [""; 0]);
}
