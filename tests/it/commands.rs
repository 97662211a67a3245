//! The shapes that other programs rely on.

use serde_json::Value;

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter},
};

fn has(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "{key} is missing in {value:#}");
    }
}

#[test]
fn a_ticket_as_json_has_every_promised_field() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter = Letter::new(&format!("Anna <{}>", anna.address), "Printer", LACKS_EXPECTED)
        .with_files(&[("filename=\"a.txt\"", b"a")]);
    desk.receives(&letter);
    desk.settled(1);

    let ticket = desk.ticket(1);
    has(
        &ticket,
        &[
            "id",
            "reference",
            "subject",
            "status",
            "severity",
            "level",
            "source",
            "requester",
            "assignee",
            "waiting_on",
            "gate",
            "participants",
            "messages",
            "journal",
        ],
    );
    for message in ticket["messages"].as_array().unwrap() {
        has(message, &["id", "direction", "kind", "from", "text", "own_text", "attachments"]);
    }
    for entry in ticket["journal"].as_array().unwrap() {
        has(entry, &["at", "actor", "event"]);
        entry["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    }
    has(&ticket["messages"][0]["attachments"][0], &["name", "mime", "size", "sha256", "inline"]);
    assert_eq!(ticket["messages"][0]["from"], format!("Anna <{}>", anna.address));
    assert_eq!(ticket["messages"][0]["kind"], "human");
    assert_eq!(ticket["messages"][1]["kind"], "acknowledged");
    let evidence = &ticket["gate"]["actual"]["evidence"][0];
    let own = ticket["messages"][0]["own_text"].as_str().unwrap();
    let at = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
    assert_eq!(&own[at("start")..at("end")], evidence["text"].as_str().unwrap());
}

#[test]
fn lists_filter_and_end_where_they_are_told_to() {
    let desk = Desk::start();
    for (name, body) in [("anna", COMPLETE), ("ben", LACKS_EXPECTED), ("carl", COMPLETE)] {
        desk.receives(&Letter::new(&desk.customer(name).address, name, body));
    }
    desk.settled(3);
    let number = |subject: &str| desk.sql(&format!("select id from tickets where subject = '{subject}'"));
    let anna: u32 = number("anna").parse().unwrap();
    desk.set(anna, &["--status", "accepted", "--severity", "1", "--assignee", &desk.agent.address]);

    let subjects = |words: &[&str]| -> Vec<String> {
        let list = desk.json(&[&["ticket", "list", "--json"], words].concat());
        list.as_array().unwrap().iter().map(|t| t["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(subjects(&[]).len(), 3);
    assert_eq!(subjects(&["--status", "accepted"]), ["anna"]);
    assert_eq!(subjects(&["--severity", "1"]), ["anna"]);
    assert_eq!(subjects(&["--assignee", &desk.agent.address]), ["anna"]);
    assert_eq!(subjects(&["--waiting"]), ["ben"]);
    assert_eq!(subjects(&["--limit", "2"]).len(), 2);
    let first = desk.json(&["ticket", "list", "--json", "--limit", "1"])[0].clone();
    has(
        &first,
        &["id", "reference", "subject", "status", "severity", "level", "source", "requester", "waiting_on"],
    );

    let told = desk.cli(&["ticket", "list"]).stdout;
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(told.contains("accepted") && told.contains("(waiting for the customer)"), "{told}");
    let shown = desk.cli(&["ticket", "show", &anna.to_string()]).stdout;
    assert!(shown.contains("blank pages") && shown.contains("severity 1"), "{shown}");
}

#[test]
fn an_empty_desk_says_so() {
    let desk = Desk::prepare();
    assert_eq!(desk.cli(&["ticket", "list"]).stdout, "No tickets.\n");
    assert_eq!(desk.cli(&["inbox", "list"]).stdout, "No mails.\n");
    assert_eq!(desk.cli(&["outbox", "list"]).stdout, "No mails.\n");
    for list in ["ticket", "inbox", "outbox"] {
        assert_eq!(desk.json(&[list, "list", "--json"]), serde_json::json!([]));
    }
}

#[test]
fn the_ledger_gives_back_every_mail_exactly_as_it_came() {
    let desk = Desk::start();
    let raw = b"From: raw@customer.test\r\nSubject: raw\r\n\r\nbytes \xff\xfe and a dot\r\n.\r\nend\r\n";
    desk.support.append(raw);
    desk.settled(1);
    let list = desk.json(&["inbox", "list", "--json"]);
    has(
        &list[0],
        &[
            "id",
            "mailbox",
            "uid",
            "stored_at",
            "size",
            "state",
            "attempts",
            "outcome",
            "why",
            "error",
            "ticket",
        ],
    );
    assert_eq!(
        (&list[0]["state"], &list[0]["outcome"], &list[0]["ticket"]),
        (&"done".into(), &"opened".into(), &1.into())
    );
    assert_eq!(list[0]["size"], raw.len());
    assert_eq!(desk.cli_bytes(&["inbox", "show", "1"]), raw);
    let explained = desk.json(&["inbox", "explain", "1", "--json"]);
    assert!(explained["why"].as_array().unwrap().len() >= 2, "{explained}");
    assert_eq!(desk.json(&["inbox", "list", "--state", "quarantined", "--json"]), serde_json::json!([]));
    for words in [&["inbox", "show", "9"][..], &["inbox", "explain", "9"], &["inbox", "retry", "1"]] {
        assert_eq!(desk.cli(words).code, Some(1), "{words:?}");
    }
}
