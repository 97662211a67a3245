//! Every happening has a sentence, with all facts and with none.

use serde_json::{Value, json};

use super::{Piece, Telling, tell};
use crate::{
    domain::Word,
    ticket::{Happening, Notice, story::called},
};

fn show(piece: &Piece) -> String {
    match piece {
        Piece::Words(words) => words.clone(),
        Piece::Person(address) => address.split('@').next().unwrap_or_default().to_owned(),
        Piece::Ticket(id) => format!("DG-{id}"),
        Piece::Moment(at) => at.strftime("%H:%M").to_string(),
        Piece::Status { means, name } => name.clone().unwrap_or_else(|| means.clone()),
    }
}

fn told(event: &str, actor: &str, detail: Value) -> Telling {
    tell(event, actor, &detail)
}

fn said(event: &str, actor: &str, detail: Value) -> String {
    told(event, actor, detail).text(show)
}

#[test]
fn each_happening_has_a_sentence_even_when_nothing_else_is_known() {
    for &happening in Happening::ALL {
        for detail in [json!({}), json!(null), json!({ "to": 1, "why": 2, "said": "x", "until": [] })] {
            for actor in ["system", "bob@x.test"] {
                let text = said(happening.as_str(), actor, detail.clone());
                assert!(text.len() > 7, "{happening}: {text}");
                assert!(!text.ends_with(['.', ' ', ':']), "{happening}: {text}");
                assert!(
                    text.chars().next().is_some_and(|c| c.is_uppercase() || c == 'b' || c == 's'),
                    "{text}"
                );
                assert!(!text.contains("  ") && !text.contains("no words for"), "{happening}: {text}");
            }
        }
    }
}

#[test]
fn a_word_of_another_version_is_shown_as_it_is() {
    assert_eq!(
        said("frozen", "bob@x.test", json!({})),
        "bob wrote down “frozen”, which this version has no words for"
    );
}

#[test]
fn what_happened_reads_as_a_sentence() {
    let cases = [
        (
            "opened",
            "system",
            json!({ "source": "customer", "related": [3, 4] }),
            "Deskgate opened it from a customer’s mail; it may have to do with DG-3 and DG-4",
        ),
        (
            "opened",
            "system",
            json!({ "source": "customer", "passed_on_by": "eve@x.test" }),
            "Deskgate opened it from a customer’s mail, passed on by eve",
        ),
        (
            "opened",
            "bob@x.test",
            json!({ "split_from": 9, "source": "customer" }),
            "bob split it off from DG-9",
        ),
        (
            "opened",
            "bob@x.test",
            json!({ "tickets": [1, 2, 3] }),
            "bob opened it for the cause of DG-1, DG-2 and DG-3",
        ),
        (
            "opened",
            "bob@x.test",
            json!({ "inbound": 7, "reason": "see what it is" }),
            "bob made it of mail 7, which could not be read",
        ),
        (
            "status",
            "bob@x.test",
            json!({ "from": "new", "to": "accepted" }),
            "bob moved it from new to accepted",
        ),
        (
            "status",
            "system",
            json!({ "from": "verified", "to": "closed", "closed_as": "done" }),
            "Deskgate moved it from verified to closed as done",
        ),
        (
            "status",
            "bob@x.test",
            json!({ "from": "accepted", "from_name": "in-work", "to": "resolved", "name": "in-test" }),
            "bob moved it from in-work to in-test",
        ),
        ("severity", "bob@x.test", json!({ "from": null, "to": "2" }), "bob set its severity to 2"),
        ("severity", "bob@x.test", json!({ "from": "3", "to": "2" }), "bob changed its severity from 3 to 2"),
        ("assignee", "bob@x.test", json!({ "to": "bob@x.test" }), "bob took it"),
        ("assignee", "system", json!({ "to": "bob@x.test" }), "Deskgate assigned it to bob"),
        ("assignee", "bob@x.test", json!({ "to": null }), "bob gave it back: nobody has it"),
        (
            "asked",
            "system",
            json!({ "missing": ["steps", "expected"], "time": 2 }),
            "Deskgate asked the customer a second time for the steps that lead there and what was expected",
        ),
        ("report", "system", json!({ "filled": ["actual"] }), "The report now tells what happens"),
        (
            "report",
            "anna@c.test",
            json!({ "confirmed": ["steps"] }),
            "anna confirmed what was understood: the steps that lead there",
        ),
        (
            "overruled",
            "bob@x.test",
            json!({ "said": [{ "part": "steps", "gate": "missing", "staff": "present" },
            { "part": "expected", "gate": "missing", "staff": "enough" }] }),
            "bob had the last word about the report – the steps that lead there: present, not missing; what was expected: not needed",
        ),
        (
            "tried",
            "anna@c.test",
            json!({ "outcome": "fails", "by": "page" }),
            "anna says that it still fails (on their page)",
        ),
        (
            "silence",
            "system",
            json!({ "until": "2026-11-20" }),
            "Nobody objected until 2026-11-20: as announced, that counts as a yes",
        ),
        ("snoozed", "bob@x.test", json!({ "until": "2026-11-20T09:30:00Z" }), "bob put it away until 09:30"),
        ("snoozed", "bob@x.test", json!({ "until": null }), "bob put it away until the customer writes"),
        ("linked", "bob@x.test", json!({ "to": 5 }), "bob linked it with DG-5"),
        ("linked", "bob@x.test", json!({ "to": 5, "kind": "cause" }), "bob said that its cause is DG-5"),
        (
            "merged-with",
            "bob@x.test",
            json!({ "from": 5, "among_staff": true }),
            "bob merged DG-5 into it; its thread is among staff here",
        ),
        (
            "brought-in",
            "system",
            json!({ "named": ["a@c.test", "b@c.test"], "by": "anna@c.test", "left_out": 2 }),
            "anna named a and b on Cc, who take part from now on; 2 more were too many",
        ),
        (
            "replied",
            "bob@x.test",
            json!({ "mails": 2, "files": 1 }),
            "bob wrote to the customer (2 readers), with a file",
        ),
        (
            "bounced",
            "system",
            json!({ "notice": "acknowledged", "recipient": "anna@c.test", "reason": "mailbox-full", "diagnostic": "552 quota" }),
            "The acknowledgement to anna came back: the mailbox is full",
        ),
        (
            "undeliverable",
            "system",
            json!({ "notice": "correspondence", "recipient": "anna@c.test", "reply": "550 no" }),
            "The reply to anna was refused for good",
        ),
        (
            "command-refused",
            "bob@x.test",
            json!({ "commands": 1, "words": false, "why": "w" }),
            "In a mail of bob, a command was not carried out",
        ),
        (
            "breached",
            "system",
            json!({ "clock": "first-answer", "due": "2026-11-20T09:30:00Z" }),
            "The first answer is late: it was due 09:30",
        ),
        (
            "paged",
            "system",
            json!({ "to": ["bob@x.test"], "notice": "page", "next": "Eve at 10:15" }),
            "Deskgate called bob; next is Eve at 10:15",
        ),
        ("page-acknowledged", "bob@x.test", json!({ "after_calls": 2 }), "bob has it, after 2 calls"),
        ("page-released", "bob@x.test", json!({ "had": "bob@x.test" }), "bob has it no longer"),
        (
            "page-released",
            "bob@x.test",
            json!({ "had": "eve@x.test", "handed_to": "zoe@x.test" }),
            "bob called zoe to it",
        ),
        (
            "shifts-changed",
            "bob@x.test",
            json!({ "changes": [{ "shift": 2, "to": "eve@x.test" }, { "shift": 3, "to": "zoe@x.test" }] }),
            "bob changed the shifts: shift 2 is for eve; shift 3 is for zoe",
        ),
        (
            "work",
            "bob@x.test",
            json!({ "who": "bob@x.test", "minutes": 90, "kind": "maintenance" }),
            "bob wrote down 1 h 30 min of maintenance",
        ),
        (
            "subscribed",
            "bob@x.test",
            json!({ "who": "eve@x.test", "cadence": "daily" }),
            "eve gets a daily digest of it from now on",
        ),
    ];
    for (event, actor, detail, want) in cases {
        assert_eq!(said(event, actor, detail), want);
    }
}

#[test]
fn reasons_are_the_desks_and_words_are_peoples() {
    let by_the_desk = told("severity", "system", json!({ "to": "1", "reason": "The rule says so." }));
    assert_eq!((by_the_desk.why, by_the_desk.quote), (vec!["The rule says so.".to_owned()], None));
    let by_bob = told("status", "bob@x.test", json!({ "to": "closed", "reason": " Works as made. " }));
    assert_eq!((by_bob.why, by_bob.quote), (Vec::new(), Some("Works as made.".to_owned())));
    let chosen = told("assignee", "system", json!({ "to": "bob@x.test", "because": "has least to do" }));
    assert_eq!(chosen.why, ["has least to do"]);
    let opened = told("opened", "system", json!({ "why": ["One.", "Two."] }));
    assert_eq!(opened.why, ["One.", "Two."]);
    let refused = told("undeliverable", "system", json!({ "reply": "550 5.1.1 no such user" }));
    assert_eq!(refused.quote.as_deref(), Some("550 5.1.1 no such user"));
    let back = told("bounced", "system", json!({ "reason": "user-unknown", "diagnostic": "550 gone" }));
    assert_eq!((back.why, back.quote.as_deref()), (Vec::new(), Some("550 gone")));
}

#[test]
fn each_mail_has_a_name() {
    for &notice in Notice::ALL {
        assert!(called(notice).starts_with("the "), "{notice}");
    }
}
