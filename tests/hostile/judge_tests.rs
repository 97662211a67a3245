//! The judge is judged: for each word an outcome that is right, and one that is wrong.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    canary::Canary,
    exam::{Case, Exam},
    judge::{Finding, judge},
    page::{self, Page},
    seen::{Arrival, Seen},
    sink::Sent,
};

fn exam() -> Exam {
    Exam::of_roles(&[
        ("support", "support@desk.test"),
        ("alice", "alice@customer.test"),
        ("agent", "agent@desk.test"),
        ("mallory", "mallory@attacker.test"),
    ])
}

fn sent(to: &str, header: &str, body: &str) -> Sent {
    let raw = format!(
        "From: support@desk.test\r\nTo: {to}\r\nAuto-Submitted: auto-replied\r\n{header}\r\n{body}\r\n"
    );
    Sent { to: vec![to.to_owned()], raw: raw.into_bytes() }
}

fn entry(id: u64, text: &str, staff_only: bool) -> Value {
    let file = json!({ "name": "a.png", "sha256": "00ff" });
    json!({ "id": id, "direction": "in", "from": "Alice <alice@customer.test>", "text": text,
            "staff_only": staff_only, "attachments": [file] })
}

fn ticket(entries: &[Value], status: &str) -> Value {
    json!({ "status": status, "subject": "Printer", "messages": entries,
            "requester": { "address": "alice@customer.test" } })
}

fn arrival(alias: &str, row: u64, outcome: &str, number: u64, entry: Value) -> Arrival {
    let ledger = json!({ "id": row, "state": "done", "outcome": outcome, "ticket": number });
    Arrival { alias: alias.to_owned(), ledger, entry: Some((number, entry)), answers: 0..1 }
}

/// Ticket A is known, and alice opened ticket 2 with M and was answered once.
fn good() -> Seen {
    let (first, second) = (entry(1, "the first words", false), entry(2, "the words of M", false));
    Seen {
        sent: vec![sent("alice@customer.test", "Subject: [DG-2] Printer\r\n", "hello")],
        arrivals: vec![arrival("M", 8, "opened", 2, second.clone())],
        tickets: [(1, ticket(&[first], "new")), (2, ticket(&[second], "new"))].into(),
        bound: [("A".to_owned(), (1, "new".to_owned()))].into(),
        same_process: true,
        peak_mb: Some(100),
        canary_took: Some(Duration::from_secs(2)),
        fetched: (2000, 1000),
        ..Seen::default()
    }
}

fn broken(expect: &Value, seen: &Seen) -> Vec<String> {
    let expect: Map<String, Value> = expect.as_object().unwrap().clone();
    let case =
        Case { id: "X".into(), title: String::new(), priority: String::new(), steps: Vec::new(), expect };
    let findings = judge(&exam(), &case, seen).into_iter();
    let bad = findings.filter(|(_, finding)| matches!(finding, Finding::Broken(_)));
    bad.map(|(word, _)| word).collect()
}

/// `expect` holds of the good outcome, and not of the one that `spoil` makes of it.
fn tells(expect: Value, spoil: impl FnOnce(&mut Seen)) {
    let mut seen = good();
    assert_eq!(broken(&expect, &seen), [""; 0], "{expect} of the good outcome");
    spoil(&mut seen);
    assert!(!broken(&expect, &seen).is_empty(), "{expect} of the spoilt outcome");
}

/// M became a part of ticket A.
fn joins(seen: &mut Seen) {
    seen.arrivals[0] = arrival("M", 8, "joined", 1, entry(2, "the words of M", false));
}

fn writes_to(seen: &mut Seen, to: &str) {
    seen.sent.push(sent(to, "Subject: x\r\n", "the words of M"));
}

#[test]
fn what_became_of_a_mail() {
    tells(json!({ "ticket": { "M": "new" } }), joins);
    tells(json!({ "ticket": { "M": "not:A" } }), joins);
    tells(json!({ "ticket": { "M": "not:A" } }), |seen| seen.arrivals[0].entry = None);
    tells(json!({ "ticket": { "M": "kept" } }), |seen| seen.arrivals[0].entry = None);
    tells(json!({ "ticket": { "M": "any" } }), |seen| seen.arrivals.clear());
    tells(json!({ "ticket_count": 2 }), |seen| _ = seen.tickets.remove(&2));
    let mut seen = good();
    assert_eq!(broken(&json!({ "ticket": { "M": "join:A" } }), &seen), ["ticket"]);
    assert_eq!(broken(&json!({ "ticket": { "M": "no_new_ticket" } }), &seen), ["ticket"]);
    joins(&mut seen);
    assert_eq!(broken(&json!({ "ticket": { "M": "join:A" } }), &seen), [""; 0]);
    seen.tickets.remove(&2);
    assert_eq!(broken(&json!({ "ticket": { "M": "no_new_ticket" } }), &seen), [""; 0]);
}

#[test]
fn two_mails_are_two() {
    let mut seen = good();
    seen.arrivals[0].alias = "M1".into();
    seen.arrivals.push(arrival("M2", 9, "opened", 1, entry(3, "", false)));
    let distinct = json!({ "distinct": [["M1", "M2"]] });
    assert_eq!(broken(&distinct, &seen), [""; 0]);
    seen.arrivals[1].entry = seen.arrivals[0].entry.clone();
    assert_eq!(broken(&distinct, &seen), ["distinct"]);
}

#[test]
fn who_is_answered() {
    tells(json!({ "auto_reply": { "M": "exactly1" } }), |seen| seen.arrivals[0].answers = 1..1);
    tells(json!({ "auto_reply": { "M": "exactly1" } }), |seen| {
        writes_to(seen, "alice@customer.test");
        seen.arrivals[0].answers = 0..2;
    });
    tells(json!({ "rcpt_forbidden": ["mallory"] }), |seen| writes_to(seen, "mallory@attacker.test"));
    tells(json!({ "rcpt_max": { "alice": 1 } }), |seen| writes_to(seen, "alice@customer.test"));
    tells(json!({ "rcpt_allowed_only": ["alice", "staff"] }), |seen| writes_to(seen, "eve@customer.test"));
    let mut seen = good();
    assert_eq!(broken(&json!({ "auto_reply": { "M": "none" } }), &seen), ["auto_reply"]);
    seen.sent[0].to = vec!["agent@desk.test".into()];
    assert_eq!(broken(&json!({ "auto_reply": { "M": "none" } }), &seen), [""; 0]);
}

#[test]
fn what_is_told_to_whom() {
    tells(json!({ "status": { "A": "unchanged" } }), |seen| {
        seen.tickets.get_mut(&1).unwrap()["status"] = json!("closed")
    });
    tells(json!({ "public_lacks": { "A": ["words of M"] } }), |seen| {
        seen.tickets.insert(1, ticket(&[entry(1, "the words of M", false)], "new"));
    });
    tells(json!({ "public_lacks": { "A": ["words of M"] } }), |seen| writes_to(seen, "alice@customer.test"));
    tells(json!({ "out_absent": ["words of M"] }), |seen| writes_to(seen, "eve@customer.test"));
    tells(json!({ "out_absent_re": ["w.rds of (?=M)"] }), |seen| writes_to(seen, "agent@desk.test"));
    tells(json!({ "out_to_absent": { "mallory": ["words"] } }), |seen| {
        writes_to(seen, "mallory@attacker.test")
    });
    tells(json!({ "text_has": { "M": ["words of M"] } }), |seen| {
        seen.arrivals[0].entry.as_mut().unwrap().1 = entry(2, "others", false)
    });
    tells(json!({ "subject_has": { "M": ["Printer"] } }), |seen| {
        seen.tickets.get_mut(&2).unwrap()["subject"] = json!("x")
    });
    tells(json!({ "from_is": { "M": "alice" } }), |seen| {
        seen.arrivals[0].entry.as_mut().unwrap().1["from"] = json!("mallory@attacker.test");
        seen.tickets.get_mut(&2).unwrap()["requester"] = Value::Null;
    });
    tells(json!({ "from_not": { "M": ["agent"] } }), |seen| {
        seen.tickets.get_mut(&2).unwrap()["requester"]["address"] = json!("agent@desk.test")
    });
    tells(json!({ "from_not": { "M": ["agent"] } }), |seen| {
        seen.arrivals[0].entry.as_mut().unwrap().1["from"] = json!("Agent <agent@desk.test>")
    });
}

#[test]
fn how_our_mails_are_made() {
    let odd = |header: &str, body: &str| sent("alice@customer.test", header, body);
    tells(json!({ "out_header_absent": ["Bcc"] }), |seen| {
        seen.sent.push(odd("Bcc: eve@customer.test\r\n", ""))
    });
    tells(json!({ "out_header_present": ["Auto-Submitted"] }), |seen| {
        seen.sent[0].raw = b"Subject: x\r\n\r\n".to_vec()
    });
    tells(json!({ "out_line_max": 998 }), |seen| seen.sent.push(odd("", &"x".repeat(999))));
    tells(json!({ "out_bare_newline": "none" }), |seen| seen.sent.push(odd("", "x\rx")));
    tells(json!({ "out_bare_newline": "none" }), |seen| seen.sent.push(odd("", "x\nx")));
}

#[test]
fn files_are_as_they_were_sent() {
    let files = |wanted: Value| json!({ "attachments": [wanted] });
    let first = |seen: &mut Seen, key: &str, value: Value| {
        seen.arrivals[0].entry.as_mut().unwrap().1["attachments"][0][key] = value
    };
    tells(files(json!({ "of": "M", "count": 1 })), |seen| {
        seen.arrivals[0].entry.as_mut().unwrap().1["attachments"] = json!([])
    });
    tells(files(json!({ "of": "M", "count": 1, "name_is": ["a.png"] })), |seen| {
        first(seen, "name", json!("b.png"))
    });
    tells(files(json!({ "of": "M", "count": 1, "name_re": "^[^/]{1,255}$" })), |seen| {
        first(seen, "name", json!("../a"))
    });
    tells(files(json!({ "of": "M", "count": 1, "sha256": "00ff" })), |seen| {
        first(seen, "sha256", json!("00"))
    });
}

#[test]
fn what_a_page_shows() {
    let page = |mail: &str, file: &str| Page {
        html: format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><article>\
             <div class=\"mail\">{mail}</div></article><script>"
        ),
        files: vec![(file.to_owned(), "00ff".to_owned())],
    };
    let with = |mail: &str, file: &str| Seen { pages: [(2, page(mail, file))].into(), ..good() };
    let (safe, no_page) = (with("<p>x &lt;script</p>", "1-a.png"), good());
    for (expect, unsafe_one) in [
        (json!({ "view_absent_re": ["<script", "url\\s*\\("] }), with("<SCRIPT>", "1-a.png")),
        (json!({ "view_absent_re": ["<script", "url\\s*\\("] }), with("<p style='x:url (y)'>", "1-a.png")),
        (json!({ "view_reparse_absent_re": ["<img"] }), with("<image src=x>", "1-a.png")),
        (json!({ "download_headers": {} }), with("", "1-a.svg")),
        (
            json!({ "attachments": [{ "of": "M", "count": 1, "sha256": "00ff" }] }),
            Seen {
                pages: [(2, Page { files: vec![("1-a.png".into(), "11".into())], ..page("", "") })].into(),
                ..good()
            },
        ),
    ] {
        assert_eq!(broken(&expect, &safe), [""; 0], "{expect}");
        assert_eq!(broken(&expect, &unsafe_one).len(), 1, "{expect}");
        assert!(expect.get("attachments").is_some() || !broken(&expect, &no_page).is_empty(), "{expect}");
    }
    let csp = json!({ "http_header_present": ["Content-Security-Policy"] });
    assert_eq!(broken(&csp, &safe), [""; 0]);
    assert_eq!(broken(&csp, &no_page), ["http_header_present"]);
}

/// Without this, a browser that never asks anybody would make every page a good one.
#[test]
fn a_page_that_asks_for_something_is_noticed() {
    let Some(browser) = page::browser() else {
        tell!("skipped: no Chromium here");
        return;
    };
    let (canary, folder) = (Canary::start(), tempfile::tempdir().unwrap());
    let file = folder.path().join("index.html");
    std::fs::write(&file, format!("<p style=\"background:url({0}/a)\">x<img src=\"{0}/b\">", canary.url()))
        .unwrap();
    page::open(&browser, &file, folder.path());
    assert!(canary.asked().len() >= 2, "{:?}", canary.asked());
}

#[test]
fn what_a_mail_costs() {
    tells(json!({ "canary_after": true }), |seen| seen.canary_took = None);
    tells(json!({ "responsive_s": 30 }), |seen| seen.canary_took = Some(Duration::from_secs(31)));
    tells(json!({ "rss_max_mb": 512 }), |seen| seen.peak_mb = Some(513));
    tells(json!({ "fetch_bytes_factor_max": 3 }), |seen| seen.fetched.0 = 3001);
    tells(json!({ "fetch_bytes_factor_max": 3 }), |seen| seen.fetched.0 = 0);
    tells(json!({ "fs_absent": ["/tmp/x"] }), |seen| _ = seen.files.insert("/tmp/x".into()));
    tells(json!({ "canary_hits": 0 }), |seen| seen.asked.push("GET / HTTP/1.1".into()));
    tells(json!({ "egress": "smtp+imap+db only" }), |seen| _ = seen.strangers.insert("0100007F:1F90".into()));
    tells(json!({}), |seen| seen.same_process = false);
    tells(json!({}), |seen| seen.arrivals[0].ledger["state"] = json!("waiting"));
}

#[test]
fn a_word_that_nobody_knows_is_not_kept() {
    assert_eq!(broken(&json!({ "a_new_word": 1 }), &good()), ["a_new_word"]);
}

#[test]
fn a_desk_that_drops_everything_fails_every_case() {
    let Some(generator) = Exam::generator() else {
        tell!("skipped: no exam beside the project");
        return;
    };
    let exam = Exam::generate(&generator, "http://127.0.0.1:1");
    for case in &exam.cases {
        let aliases = case.steps.iter().filter_map(|step| step["as"].as_str());
        let arrivals = aliases.map(|alias| Arrival { alias: alias.to_owned(), ..Arrival::default() });
        let seen = Seen { arrivals: arrivals.collect(), same_process: true, ..Seen::default() };
        let findings = judge(&exam, case, &seen);
        assert!(
            findings.iter().any(|(_, finding)| matches!(finding, Finding::Broken(_))),
            "{} passes",
            case.id
        );
    }
}
