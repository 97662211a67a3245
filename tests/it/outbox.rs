//! Mails on their way out: servers that are away, servers that refuse.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, PostOffice, Wire, wait_for},
};

/// A desk whose way out is a wire.
fn desk_behind(wire: &Wire) -> Desk {
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {}", PostOffice::start().smtp);
    let through = format!("smtp = {{ host = \"127.0.0.1\", port = {}", wire.port);
    let mut desk = Desk::prepare().configured(&smtp, &through);
    desk.run();
    desk
}

#[test]
fn mail_waits_for_a_server_that_is_away_and_leaves_once_when_it_is_back() {
    let wire = Wire::to(PostOffice::start().smtp);
    wire.cut();
    let desk = desk_behind(&wire);
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    wait_for("a first try", || {
        (desk.count("outbox where attempts > 0 and leased_until is null") == 2).then_some(())
    });
    assert_eq!(desk.ticket(1)["status"], "new", "the ticket does not wait");
    let waiting = desk.json(&["outbox", "list", "--state", "waiting", "--json"]);
    let waiting = waiting.as_array().unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|line| !line["last_reply"].as_str().unwrap().is_empty()), "{waiting:?}");
    let ids: Vec<String> = waiting.iter().map(|line| line["id"].to_string()).collect();
    let message_id = desk.sql("select header_id from outbox where notice = 'acknowledged'");

    wire.mend();
    let ran = desk.cli(&["outbox", "retry", &ids[0], &ids[1]]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 2);
    desk.settled(1);
    let answer = anna.wait_for_one();
    assert_eq!(answer.message_id(), format!("<{message_id}>"), "fixed before the first try");
    assert_eq!(anna.mails().len(), 1);
}

#[test]
fn a_mail_that_is_refused_for_good_fails_and_staff_hear_of_it() {
    let desk = Desk::start();
    // Postfix relays to domains for tests only.
    let letter = Letter::new("eve@nowhere.invalid", "Printer", COMPLETE);
    desk.receives_judged(&letter, Some("dmarc=pass header.from=nowhere.invalid"));

    desk.settled(1);
    let failed = desk.json(&["outbox", "list", "--state", "failed", "--json"]);
    assert_eq!(failed.as_array().unwrap().len(), 1);
    assert_eq!((&failed[0]["notice"], &failed[0]["attempts"]), (&"acknowledged".into(), &1.into()));
    assert!(failed[0]["last_reply"].as_str().unwrap().starts_with("554 5.7.1"), "{failed}");
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-undeliverable"]);
    let told = desk.agent.wait_for_mails(2).remove(1).text();
    assert!(told.contains("eve@nowhere.invalid") && told.contains("5.7.1"), "{told}");
    assert_eq!(desk.sql("select event from journal where event = 'undeliverable'"), "undeliverable");
    assert_eq!(desk.count("tickets"), 1, "no bounce ticket");
}

#[test]
fn one_refused_recipient_does_not_hold_up_the_others() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", "eve@nowhere.invalid"));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.settled(1);
    anna.wait_for_mails(2);
    assert_eq!(desk.sql("select state from outbox where recipient = 'eve@nowhere.invalid'"), "failed");
}

#[test]
fn a_failed_mail_can_be_sent_again_and_a_sent_one_cannot() {
    let desk = Desk::start();
    let letter = Letter::new("eve@nowhere.invalid", "Printer", COMPLETE);
    desk.receives_judged(&letter, Some("dmarc=pass header.from=nowhere.invalid"));
    desk.settled(1);
    let id = desk.sql("select id from outbox where state = 'failed'");
    assert_eq!(desk.cli(&["outbox", "retry", &id]).code, Some(0));
    wait_for("a second refusal", || (desk.count("journal where event = 'undeliverable'") == 2).then_some(()));
    assert_eq!(desk.sql("select id from outbox where state = 'failed'"), id);
    let sent = desk.sql("select min(id) from outbox where state = 'sent'");
    let ran = desk.cli(&["outbox", "retry", &sent]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("sent already"), "{}", ran.stdout);
    assert_eq!(desk.cli(&["outbox", "retry", "999"]).code, Some(1));
}

#[test]
fn the_list_names_every_mail_its_ticket_and_what_the_server_said() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let list = desk.json(&["outbox", "list", "--json"]);
    let line = list.as_array().unwrap().iter().find(|line| line["recipient"] == anna.address).unwrap();
    for key in [
        "id",
        "ticket",
        "notice",
        "recipient",
        "message_id",
        "state",
        "attempts",
        "due_at",
        "last_reply",
        "bounced_at",
        "created_at",
        "sent_at",
    ] {
        assert!(line.get(key).is_some(), "{key} is missing in {line}");
    }
    assert_eq!((&line["state"], &line["ticket"]), (&"sent".into(), &1.into()));
    assert!(line["last_reply"].as_str().unwrap().starts_with("250 "));
    let told = desk.cli(&["outbox", "list", "--limit", "1"]).stdout;
    assert_eq!(told.lines().count(), 1, "{told}");
}
