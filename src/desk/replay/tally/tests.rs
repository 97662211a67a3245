//! Mails with verdicts made by hand.

use super::*;
use crate::report::{Evidence, Finding, Presence};

fn found(words: &str) -> Finding {
    let evidence = vec![Evidence { start: 0, end: words.len(), text: words.to_owned() }];
    Finding { verdict: Presence::Present, present: true, evidence }
}

/// A report that lacks the expected result, and of which this was said then.
fn mail(number: u32, missing: [Option<bool>; 3]) -> Mail {
    let verdict = Verdict {
        problem_report: true,
        steps: found("I print."),
        actual: found("It hums."),
        expected: Finding::default(),
    };
    let words = [Vec::new(), Vec::new(), found("as always").evidence];
    let then =
        Then { problem_report: true, missing, words, asked: missing[2] == Some(true), passed_on: false };
    let now = Ok(Some(Now { language: Some(Language::De), verdict }));
    Mail { reference: format!("DG-{number}"), subject: format!("Printer {number}"), then, now }
}

fn object(mails: Vec<Mail>, samples: usize) -> Value {
    let mut tally = Tally::new(samples);
    mails.into_iter().for_each(|mail| tally.add(mail));
    tally.object(Timestamp::UNIX_EPOCH)
}

#[test]
fn what_differs_is_counted_in_its_direction() {
    let same = mail(1, [Some(false), Some(false), Some(true)]);
    let differs = mail(2, [Some(true), None, Some(false)]);
    let object = object(vec![same, differs], 5);
    let changes = &object["changes"];
    assert_eq!(changes["steps"], json!({ "now_missing": 0, "no_longer_missing": 1 }));
    assert_eq!(changes["expected"], json!({ "now_missing": 1, "no_longer_missing": 0 }));
    assert_eq!(changes["unknown"], 1);
    let german = &object["languages"]["de"];
    assert_eq!((&german["mails"], &german["asked"], &german["expected"]), (&json!(2), &json!(2), &json!(2)));
    assert_eq!((&german["steps"], &german["asked_then"]), (&json!(0), &json!(1)));
    assert_eq!(object["all"], *german);
    let sample = &object["samples"]["expected-now-missing"][0];
    assert_eq!((&sample["ticket"], &sample["words"]["expected"]), (&json!("DG-2"), &json!("as always")));
    assert_eq!(object["samples"]["steps-no-longer-missing"][0]["words"]["steps"], "I print.");
}

#[test]
fn the_newest_samples_stay() {
    let mails = (1..=4).map(|number| mail(number, [Some(false), Some(false), Some(true)])).collect();
    let object = object(mails, 2);
    let tickets: Vec<_> =
        object["samples"]["asked"].as_array().unwrap().iter().map(|each| &each["ticket"]).collect();
    assert_eq!(tickets, ["DG-3", "DG-4"]);
}

#[test]
fn what_the_gate_does_not_see_is_counted_apart() {
    let (mut machine, mut broken) = (mail(1, [None; 3]), mail(2, [None; 3]));
    (machine.now, broken.now) = (Ok(None), Err("reading it took too long"));
    let object = object(vec![machine, broken], 5);
    assert_eq!((&object["not_gated"], &object["all"]["mails"]), (&json!(1), &json!(0)));
    assert_eq!(object["unread"][0]["ticket"], "DG-2");
}

#[test]
fn a_report_that_is_none_now_is_asked_nothing() {
    let mut order = mail(1, [Some(false), Some(false), Some(true)]);
    order.now = Ok(Some(Now { language: None, verdict: Verdict::default() }));
    let mut tally = Tally::new(1);
    tally.add(order);
    let lines = tally.lines(Timestamp::UNIX_EPOCH).join("\n");
    assert!(lines.contains("problem reports: 0 more, 1 fewer"), "{lines}");
    assert!(lines.contains("expected: missing in 0 more, in 1 fewer"), "{lines}");
    assert!(!lines.contains("Would be asked"), "{lines}");
    assert!(lines.contains("DG-1  Printer 1  (missing: nothing)"), "{lines}");
}
