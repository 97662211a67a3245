//! `deskgate gate`: verdicts by the line and figures over labelled mails, without
//! configuration or database; stored mail read anew; what missing facts cost.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{
        Desk, Letter,
        program::{Ran, program, run_program_in},
    },
};

/// Runs it in an empty folder, so that no configuration is found.
fn gate(words: &[&str], input: &[u8]) -> Ran {
    let empty = tempfile::tempdir().unwrap();
    run_program_in(empty.path(), &[&["gate"], words].concat(), input)
}

#[test]
fn a_mail_a_line_is_answered_with_its_verdict() {
    let quoted = format!("{LACKS_EXPECTED}\n> Expected result: an older one\n\n-- \nAnna\nPhone 123\n");
    let input = [
        json!({ "id": "one", "title": "Printer", "text": LACKS_EXPECTED }).to_string(),
        json!({ "id": 2, "subject": "Re: Printer", "text": quoted }).to_string(),
        "{\"id\": \"three\"}".to_owned(),
        "no JSON".to_owned(),
    ];
    let ran = gate(&["--jsonl"], input.join("\n").as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let answers: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4, "{}", ran.stdout);
    for (answer, text) in answers.iter().zip([LACKS_EXPECTED, &quoted]) {
        assert_eq!(answer["problem_report"], true);
        assert_eq!(answer["expected"], json!({ "verdict": "missing", "evidence": [] }));
        for slot in ["steps", "actual"] {
            let evidence = &answer[slot]["evidence"][0];
            let place = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
            assert_eq!(answer[slot]["verdict"], "present");
            assert_eq!(evidence["text"], text[place("start")..place("end")]);
        }
    }
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!("one"), &json!(2)));
    assert_eq!((&answers[2]["id"], &answers[3]["id"]), (&json!("three"), &Value::Null));
    assert!(answers[2]["error"].is_string() && answers[3]["error"].is_string(), "{}", ran.stdout);
}

/// A program that writes a mail and waits for its verdict is not kept waiting.
#[test]
fn each_verdict_leaves_before_the_next_mail_comes() {
    let mut child = Command::new(program())
        .args(["gate", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for id in 1..=3 {
        writeln!(input, "{}", json!({ "id": id, "text": "It does not print." })).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["id"], id);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

/// A report that lacks what was expected, with its labels, and an order.
fn labelled() -> String {
    let report = json!({ "id": "r", "lang": "en", "subject": "Printer", "text": LACKS_EXPECTED, "s2r": true,
        "ob": true, "eb": false, "sentences": [{ "text": "1. Open the report.", "labels": ["S2R"] }] });
    let unlike = json!({ "id": "u", "lang": "de", "subject": "Drucker", "text": LACKS_EXPECTED, "s2r": true,
        "ob": true, "eb": true, "sentences": [{ "text": "paper", "labels": ["EB"] }] });
    let order = json!({ "id": "o", "lang": "en", "subject": "Order", "problem_report": false, "s2r": false,
        "ob": false, "eb": false, "text": "Do you ship to Norway?" });
    format!("{report}\n{unlike}\n{order}\n")
}

#[test]
fn labelled_mails_give_figures_by_group() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mails.jsonl");
    fs::write(&file, labelled()).unwrap();
    let file = file.to_str().unwrap();

    let ran = gate(&["eval", "--json", file], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let figures: Value = serde_json::from_str(&ran.stdout).unwrap();
    let groups = &figures["groups"];
    assert_eq!(groups["mails en"]["all_right"], 1.0, "{groups}");
    assert_eq!(groups["mails en"]["quiet"], 1.0);
    assert_eq!(groups["mails de"]["slots"]["expected"]["false_ask"], 1.0);
    assert_eq!(groups["not English"], groups["mails de"]);
    assert_eq!(groups["all"]["reports"], 2);
    assert_eq!(groups["all"]["slots"]["expected"]["f1"], 2.0 / 3.0);
    assert!(figures["speed"]["gate"]["median_us"].as_f64().is_some_and(|time| time > 0.0));

    let ran = gate(&["eval", "--wrong", "expected", file], b"");
    assert!(ran.stdout.contains("── mails de u  Drucker"), "{}", ran.stdout);
    assert!(ran.stdout.contains("expected is there, and asked for") && ran.stdout.contains("labelled paper"));
    assert!(!ran.stdout.contains("mails en r"), "{}", ran.stdout);
    assert!(ran.stdout.contains("a mail on one thread"), "{}", ran.stdout);
}

#[test]
fn a_line_that_is_no_labelled_mail_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mails.jsonl");
    fs::write(&file, format!("{}\n{{\"id\": \"x\"}}\n", labelled().trim_end())).unwrap();
    let ran = gate(&["eval", file.to_str().unwrap()], b"");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("mails.jsonl: line 4: missing field `text`"), "{}", ran.stderr);
}

/// Order and question, then three reports; the desk runs and answers them.
fn desk_with_mail() -> Desk {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    for (subject, text) in [
        ("Printer", LACKS_EXPECTED),
        ("Printer again", COMPLETE),
        ("Norway", "Do you ship to Norway?\n"),
        (
            "Drucker",
            "Erwartetes Ergebnis: Papier.\n\nTatsächliches Ergebnis: Der Drucker druckt nur leere Seiten.\n",
        ),
    ] {
        desk.receives(&Letter::new(&anna.address, subject, text));
    }
    desk.settled(4);
    desk
}

#[test]
fn stored_mail_is_read_anew_and_nothing_changes() {
    let desk = desk_with_mail();
    let before = (desk.count("outbox"), desk.count("journal"), desk.count("messages"));
    let replayed = desk.json(&["gate", "replay", "--json"]);
    assert_eq!(replayed["all"]["mails"], 4, "{replayed}");
    assert_eq!((&replayed["all"]["reports"], &replayed["all"]["asked"]), (&json!(3), &json!(2)));
    assert_eq!(replayed["all"]["asked_then"], 2);
    assert_eq!((&replayed["all"]["expected"], &replayed["all"]["steps"]), (&json!(1), &json!(1)));
    assert_eq!(replayed["languages"]["de"]["steps"], 1);
    let same = json!({ "now_missing": 0, "no_longer_missing": 0 });
    for slot in ["steps", "actual", "expected"] {
        assert_eq!(replayed["changes"][slot], same, "{replayed}");
    }
    assert_eq!(replayed["changes"]["now_reports"], 0);
    assert_eq!((desk.count("outbox"), desk.count("journal"), desk.count("messages")), before);

    // As if another gate had read them then.
    let of = |subject: &str| format!("ticket_id = (select id from tickets where subject = '{subject}')");
    let says = |subject: &str, missing: &str| {
        let set = format!("detail = detail || '{{\"missing\": {missing}}}'");
        desk.sql(&format!("update journal set {set} where event = 'opened' and {}", of(subject)));
    };
    says("Printer again", "[\"expected\"]");
    says("Drucker", "[]");
    says("Norway", "[\"steps\"]");
    let replayed = desk.json(&["gate", "replay", "--since", "2d", "--json"]);
    let changes = &replayed["changes"];
    assert_eq!(changes["expected"], json!({ "now_missing": 0, "no_longer_missing": 1 }), "{changes}");
    assert_eq!(changes["steps"], json!({ "now_missing": 1, "no_longer_missing": 1 }), "{changes}");
    assert_eq!(changes["no_longer_reports"], 1);
    let sample = &replayed["samples"]["expected-no-longer-missing"][0];
    assert_eq!(sample["words"]["expected"], "The report on paper.");

    let told = desk.cli(&["gate", "replay", "--samples", "1"]).stdout;
    assert!(told.contains("expected: missing in 0 more, in 1 fewer"), "{told}");
    assert!(told.contains("expected, found now: The report on paper."), "{told}");
    assert!(!desk.log().contains("report on paper"), "no body is logged");
}

#[test]
fn only_mail_since_then_is_replayed() {
    let desk = desk_with_mail();
    desk.sql("update inbound set stored_at = stored_at - interval '100 days' where id = (select min(id) from inbound)");
    assert_eq!(desk.json(&["gate", "replay", "--json"])["all"]["mails"], 3);
    assert_eq!(desk.json(&["gate", "replay", "--since", "4mo", "--json"])["all"]["mails"], 4);
    let refused = desk.cli(&["gate", "replay", "--since", "soon"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("write it as 90d"), "{}", refused.stderr);
}

/// Tickets with what the journal says of them, an hour from event to event.
fn tickets(desk: &Desk, tickets: &[(&str, &[(&str, &str)])]) {
    desk.sql(
        "insert into mailboxes (name, source, address) values ('support', '', 'support@desk.test');
         insert into people (address, name, created_at) values ('anna@one.test', '', now()), ('bob@two.test', '', now())",
    );
    for (address, events) in tickets {
        desk.sql(&format!(
            "insert into tickets (mailbox_id, subject, source, language, requester_id, problem_report, created_at, changed_at)
             select mailboxes.id, '', 'customer', 'en', people.id, true, '2026-11-01T10:00:00Z', now()
             from mailboxes, people where people.address = '{address}'"
        ));
        for (hour, (event, detail)) in (10..).zip(*events) {
            desk.sql(&format!(
                "insert into journal (ticket_id, at, actor, event, detail)
                 select max(id), '2026-11-01T{hour}:00:00Z', 'system', '{event}', '{detail}' from tickets"
            ));
        }
    }
}

#[test]
fn the_report_tells_what_missing_facts_cost() {
    let desk = Desk::prepare();
    let lacks = ("opened", r#"{"missing": ["steps"]}"#);
    let asked = ("asked", r#"{"missing": ["steps"]}"#);
    let (joined, report) = (("joined", "{}"), ("report", r#"{"filled": ["steps"]}"#));
    tickets(
        &desk,
        &[
            ("anna@one.test", &[("opened", r#"{"missing": []}"#)]),
            ("anna@one.test", &[lacks, asked, joined, asked, joined, report, ("completed", "{}")]),
            ("anna@one.test", &[lacks, asked, joined, ("overruled", r#"{"said": [{"staff": "present"}]}"#)]),
            ("bob@two.test", &[lacks, asked, ("incomplete", "{}"), ("status", "{}")]),
            ("bob@two.test", &[lacks, asked]),
            ("bob@two.test", &[lacks, ("overruled", r#"{"said": [{"staff": "missing"}]}"#), asked]),
            // Spam is no report.
            ("bob@two.test", &[lacks, asked]),
        ],
    );
    desk.sql("insert into report_slots (ticket_id, slot, verdict, decided_at) select id, 'steps', 'missing', now() from tickets where id in (5, 6)");
    desk.sql(
        "update tickets set product = 'shop' where id <= 4; update tickets set spam = true where id = 7",
    );

    let report = desk.json(&["gate", "report", "--by", "customer", "--since", "100y", "--json"]);
    let [one, two] = [&report["rows"][0], &report["rows"][1]];
    assert_eq!((&one["name"], &two["name"]), (&json!("one.test"), &json!("two.test")));
    assert_eq!((&one["reports"], &one["complete_at_first"]), (&json!(3), &json!(1)), "{report}");
    assert_eq!((&one["asked"], &one["answered"], &one["completed"]), (&json!(2), &json!(2), &json!(1)));
    assert_eq!((&one["rounds_mean"], &one["taken_over"]), (&json!(2.0), &json!(1)));
    // From the first question at 11 to the last fact at 15, and from 11 to the overrule at 13.
    assert_eq!((&one["hours_lost"], &one["open"]), (&json!(6.0), &json!(0)), "{report}");
    assert_eq!((&two["reports"], &two["complete_at_first"]), (&json!(3), &json!(0)), "{report}");
    assert_eq!((&two["asked"], &two["answered"], &two["taken_over"]), (&json!(3), &json!(0), &json!(1)));
    assert_eq!((&two["hours_lost"], &two["open"]), (&json!(1.0), &json!(2)), "{report}");
    assert!(two["open_hours"].as_f64().unwrap() > 24.0, "{report}");
    assert_eq!(report["all"]["reports"], 6);
    assert_eq!(report["all"]["complete_at_first_share"], 1.0 / 6.0);

    for (by, name) in [("month", "2026-11"), ("source", "customer"), ("mailbox", "support")] {
        let report = desk.json(&["gate", "report", "--by", by, "--since", "100y", "--json"]);
        assert_eq!(report["rows"][0]["name"], name);
        assert_eq!(report["rows"][0]["reports"], 6);
    }
    let told = desk.cli(&["gate", "report", "--by", "product", "--since", "100y"]).stdout;
    assert!(told.contains("(none)") && told.contains("shop") && told.contains("17%"), "{told}");
    // The reports of the console say the same.
    let days = ["--from", "2026-11-01", "--to", "2026-11-01"];
    let console = desk.json(&[&["report", "gate-by-customer", "--json"], &days[..]].concat());
    let rows = console["tables"]["gate-by-customer"].as_array().unwrap();
    for (row, cli) in rows.iter().zip([one, two]) {
        for (here, there) in
            [("reports", "reports"), ("asked_reports", "asked"), ("taken_over_reports", "taken_over")]
        {
            assert_eq!(row[here], cli[there], "{console}");
        }
        assert_eq!(row["complete_at_first_reports"], cli["complete_at_first"], "{console}");
        assert_eq!(row["lost_hours"], cli["hours_lost"], "{console}");
    }
    assert!(desk.cli(&["gate", "report", "--since", "1h"]).stdout.starts_with("No problem reports since"));
}
