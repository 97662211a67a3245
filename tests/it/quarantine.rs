//! Mails that could not be made into tickets, and what a person does about them.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, wait_for},
};

/// A mail that the fetcher stored and the reader failed on, as its row shows it.
fn quarantined(desk: &Desk, raw: &str) -> String {
    let raw = raw.replace('\'', "''").replace('\n', "\\r\\n");
    desk.sql(&format!(
        "insert into inbound (mailbox_id, stored_at, size_bytes, sha256, raw, state, attempts, failures, due_at, error, cause) \
         select (select min(id) from mailboxes), now(), length(raw), sha256(raw), raw, 'quarantined', 3, 3, now(), \
         'reading it took longer than 30s', 'took-too-long' from (select convert_to(E'{raw}', 'UTF8') as raw) as one returning id"
    ))
    .lines()
    .next()
    .unwrap()
    .to_owned()
}

const NASTY: &str = "From: Anna <anna@customer.test>\nSubject: Broken printer\nMessage-ID: <n1@customer.test>\n\nIt is on fire.\n";

fn desk_with_quarantine() -> (Desk, String) {
    let mut desk = Desk::prepare();
    assert_eq!(desk.cli(&["inbox", "list"]).code, Some(0), "it migrates");
    desk.sql("insert into mailboxes (name, source, address) values ('support', '', 'support@desk.test')");
    let id = quarantined(&desk, NASTY);
    desk.run_sick();
    desk.wait_for_health(503);
    (desk, id)
}

#[test]
fn staff_are_told_once_an_hour_that_mails_wait_and_the_figures_name_the_cause() {
    let (desk, _) = desk_with_quarantine();
    let told = desk.agent.wait_for_one();
    assert!(told.subject().contains("A mail is in quarantine"), "{}", told.subject());
    let text = told.text();
    assert!(text.contains("1 took-too-long") && text.contains("deskgate inbox list"), "{text}");
    quarantined(&desk, &NASTY.replace("n1", "n2"));
    wait_for("the figures", || {
        desk.get("/metrics").1.contains("deskgate_quarantined_mails{cause=\"took-too-long\"} 2").then_some(())
    });
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-alarm"], "and not again within the hour");
    let list = desk.cli(&["inbox", "list", "--state", "quarantined"]).stdout;
    assert!(list.contains("took-too-long: reading it took longer"), "{list}");
}

#[test]
fn an_hour_later_staff_are_told_only_of_new_mails_and_a_day_later_of_what_still_waits() {
    let (desk, _) = desk_with_quarantine();
    let told = |count: usize| {
        wait_for("staff are told", || (desk.notices_to(&desk.agent.address).len() == count).then_some(()));
    };
    let passes =
        |hours: u32| desk.sql(&format!("update alarms set told_at = told_at - interval '{hours} hours'"));
    told(1);
    quarantined(&desk, &NASTY.replace("n1", "n2"));
    passes(2);
    told(2);
    passes(25);
    told(3);
    passes(2);
    // By the next mail that is new nobody was told once more of the old ones.
    quarantined(&desk, &NASTY.replace("n1", "n3"));
    told(4);
    assert!(desk.agent.wait_for_mails(4).iter().all(|mail| !mail.text().is_empty()));
}

#[test]
fn a_mail_in_quarantine_becomes_a_ticket_as_it_is() {
    let (desk, id) = desk_with_quarantine();
    let ran = desk.cli(&["inbox", "ticket", &id, "--reason", "a customer asked about it"]);
    assert_eq!((ran.code, ran.stdout.contains("ticket 1")), (Some(0), true), "{} {}", ran.stdout, ran.stderr);
    let again = desk.cli(&["inbox", "ticket", &id, "--reason", "once more"]);
    assert_eq!((again.code, desk.count("tickets")), (Some(1), 1), "{}", again.stdout);

    let ticket = desk.ticket(1);
    assert_eq!((&ticket["subject"], &ticket["source"]), (&"Broken printer".into(), &"system".into()));
    let entry = &ticket["messages"][0];
    let text = entry["text"].as_str().unwrap();
    assert!(
        text.contains("From: Anna <anna@customer.test>") && text.contains("took longer than 30s"),
        "{text}"
    );
    assert!(!text.contains("on fire"), "it is not read: {text}");
    let kept = desk.sql("select convert_from(bytes, 'UTF8') from blobs").replace('\r', "");
    assert!(kept.contains("It is on fire."), "{kept}");
    let journal =
        desk.sql("select actor, detail->>'reason', detail->>'cause' from journal where event = 'opened'");
    assert_eq!(journal, format!("{}|a customer asked about it|took-too-long", desk.agent.address));
    assert_eq!(desk.sql(&format!("select state, outcome from inbound where id = {id}")), "done|opened");
    assert_eq!(desk.cli(&["inbox", "retry", &id]).code, Some(1), "what is done stays done");

    // The same mail once more is the same ticket, and nobody outside hears of any of it.
    let twin = quarantined(&desk, NASTY);
    assert_eq!(desk.cli(&["inbox", "ticket", &twin, "--reason", "its twin"]).code, Some(0));
    assert_eq!(desk.sql(&format!("select outcome, ticket_id from inbound where id = {twin}")), "duplicate|1");
    assert_eq!(desk.count("tickets"), 1);
    assert_eq!(desk.notices_to("anna@customer.test"), [""; 0]);
}

#[test]
fn a_discarded_mail_can_still_become_a_ticket_and_a_quarantined_one_can_be_retried() {
    let (desk, id) = desk_with_quarantine();
    assert_eq!(desk.cli(&["inbox", "discard", &id, "--reason", "spam"]).code, Some(0));
    assert_eq!(desk.cli(&["inbox", "ticket", &id, "--reason", "not spam after all"]).code, Some(0));
    let other = quarantined(&desk, &NASTY.replace("n1", "n2").replace("on fire", "on fire again"));
    assert_eq!(
        desk.cli_bytes(&["inbox", "show", &other]).len(),
        NASTY.len() + " again".len() + 5,
        "as it came"
    );
    assert_eq!(desk.cli(&["inbox", "retry", &other]).code, Some(0));
    wait_for("the mail is read after all", || {
        (desk.sql(&format!("select outcome, cause is null from inbound where id = {other}")) == "opened|t")
            .then_some(())
    });
}

#[test]
fn a_mail_over_the_size_budget_is_set_apart_at_once_with_its_cause() {
    let desk = Desk::prepare().with("[limits]\nmail_bytes = 65536");
    let large =
        Letter::new("anna@customer.test", "Large", &format!("{COMPLETE}\n{}", "words \n".repeat(20_000)));
    let ran = desk.cli_with_input(&["ingest"], &large.bytes());
    assert_eq!(ran.code, Some(0), "it is kept: {}", ran.stderr);
    assert_eq!(desk.sql("select state, cause, failures from inbound"), "quarantined|too-large|1");
    let explained = desk.cli(&["inbox", "explain", "1"]).stdout;
    assert!(explained.contains("(too-large)") && explained.contains("`mail_bytes`"), "{explained}");
}
