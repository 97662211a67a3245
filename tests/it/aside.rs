//! Tickets that are out of the way: spam, merged ones, and those that are snoozed.

use crate::helpers::{Desk, Letter, wait_for};

const HANGS: &str = "I open the invoice list, choose October and click on Export. The progress bar stops at 80 % and nothing comes. I expected a CSV file.";

/// A desk that does not run, with a ticket for each of these senders and subjects.
fn with(mails: &[(&str, &str)]) -> Desk {
    let desk = Desk::prepare();
    ingest(&desk, mails);
    desk
}

fn ingest(desk: &Desk, mails: &[(&str, &str)]) {
    for (from, subject) in mails {
        let mail = Letter::new(from, subject, HANGS).bytes();
        assert_eq!(desk.cli_with_input(&["ingest", "--mailbox", "support", "-"], &mail).code, Some(0));
    }
}

fn done(desk: &Desk, words: &[&str]) -> String {
    let ran = desk.cli(words);
    assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn spam_and_merged_tickets_look_like_nothing() {
    let (anna, bert, carl) = ("anna@customer.test", "bert@customer.test", "carl@customer.test");
    let desk = with(&[
        (anna, "Invoice export hangs at 80 %"),
        (anna, "Invoice export still hangs at 80 %"),
        (bert, "Invoice export hangs: click here"),
    ]);
    done(&desk, &["ticket", "merge", "2", "1"]);
    done(&desk, &["ticket", "spam", "3"]);
    ingest(&desk, &[(carl, "Export of invoices hangs")]);
    let similar = desk.json(&["ticket", "similar", "4", "--json"]);
    let ids: Vec<i64> = similar.as_array().unwrap().iter().map(|kin| kin["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1]);
    let notice = desk.sql("select count(*) from outbox where notice = 'staff-new' and ticket_id = 4 and convert_from(bytes, 'UTF8') like '%Looks like:%DG-1 %' and convert_from(bytes, 'UTF8') not like '%DG-3 %'");
    assert_eq!(notice, "1");
    // It is found again once it turns out to be none.
    done(&desk, &["ticket", "set", "3", "--status", "accepted", "--reason", "no spam after all"]);
    assert_eq!(desk.json(&["ticket", "similar", "4", "--json"]).as_array().unwrap().len(), 2);
}

#[test]
fn spam_and_merged_tickets_do_not_count_to_a_cluster() {
    let desk = Desk::prepare().with("[clusters]\ncount = 3");
    let (anna, bert, carl) = ("anna@customer.test", "bert@customer.test", "carl@customer.test");
    ingest(
        &desk,
        &[(anna, "Invoice export hangs"), (anna, "Export of invoices hangs"), (bert, "Export hangs")],
    );
    for number in [1, 2] {
        desk.set(number, &["--level", "1"]);
    }
    done(&desk, &["ticket", "merge", "2", "1"]);
    desk.set(3, &["--level", "1"]);
    assert_eq!(desk.count("clusters"), 0, "two of them are one");
    ingest(&desk, &[(carl, "The invoice export hangs")]);
    desk.set(4, &["--level", "1"]);
    assert_eq!(desk.count("clusters"), 1);
    let members = |desk: &Desk| desk.json(&["cluster", "list", "--json"])[0]["tickets"].clone();
    assert_eq!(members(&desk), serde_json::json!(["DG-1", "DG-3", "DG-4"]));
    done(&desk, &["ticket", "spam", "4"]);
    assert_eq!(members(&desk), serde_json::json!(["DG-1", "DG-3"]));
}

#[test]
fn a_list_leaves_out_what_is_snoozed_and_says_so() {
    let desk = with(&[("anna@customer.test", "Printer"), ("bert@customer.test", "Scanner")]);
    done(&desk, &["ticket", "snooze", "1", "2h"]);
    let list = done(&desk, &["ticket", "list"]);
    assert!(list.contains("Scanner") && !list.contains("Printer"), "{list}");
    assert!(list.ends_with("1 more snoozed; --snoozed lists them, --all lists all.\n"), "{list}");
    let snoozed = done(&desk, &["ticket", "list", "--snoozed"]);
    assert!(snoozed.contains("Printer (snoozed until 20") && !snoozed.contains("Scanner"), "{snoozed}");
    let all = done(&desk, &["ticket", "list", "--all"]);
    assert!(all.contains("Scanner") && all.contains("Printer") && !all.contains("more snoozed"), "{all}");
    assert_eq!(desk.json(&["ticket", "list", "--json"]).as_array().unwrap().len(), 1);
    // What does not match anyway is not counted, and what is closed is no secret.
    let sev = done(&desk, &["ticket", "list", "--severity", "1"]);
    assert_eq!(sev, "No tickets.\n");
    desk.set(1, &["--status", "closed", "--closed-as", "answered"]);
    assert!(done(&desk, &["ticket", "list"]).contains("Printer"));
}

#[test]
fn what_was_queued_for_a_customer_does_not_leave_any_more_once_it_is_spam() {
    let mut desk = Desk::prepare();
    let anna = desk.customer("anna");
    let mail = Letter::new(&anna.address, "Buy this", HANGS).bytes();
    assert_eq!(desk.cli_with_input(&["ingest", "--mailbox", "support", "-"], &mail).code, Some(0));
    let states = || desk_states(&desk);
    assert_eq!(states(), "acknowledged|waiting\nstaff-new|waiting");
    let told = done(&desk, &["ticket", "spam", "1"]);
    assert!(told.contains("one mail that had not left yet stays here"), "{told}");
    assert_eq!(states(), "acknowledged|withdrawn\nstaff-new|waiting");
    let ticket = desk.ticket(1);
    let spam = ticket["journal"].as_array().unwrap().iter().find(|entry| entry["event"] == "spam").unwrap();
    assert_eq!(spam["detail"]["withdrawn"], serde_json::json!(["acknowledged"]));

    let id = desk.sql("select id from outbox where state = 'withdrawn'");
    assert_eq!(desk.cli(&["outbox", "retry", &id]).code, Some(1));
    desk.run();
    desk.agent.wait_for_one();
    wait_for("an empty outbox", || {
        (desk.sql("select count(*) from outbox where state = 'waiting'") == "0").then_some(())
    });
    assert!(anna.mails().is_empty());
    assert_eq!(desk_states(&desk), "acknowledged|withdrawn\nstaff-new|sent");
}

fn desk_states(desk: &Desk) -> String {
    desk.sql("select notice, state from outbox order by notice")
}
