//! Cases with verdicts made by hand.

use serde_json::json;

use super::*;
use crate::report::{Evidence, Finding};

const TEXT: &str = "I press Print. Nothing\ncomes out. Paper\nshould come out.";

/// A report that has steps and actual result, and lacks nothing or the expected one.
fn case(expected: bool) -> Case {
    let sentences = json!([
        { "text": "A title", "labels": ["S2R"], "title": true },
        { "text": "I press Print.", "labels": ["S2R"] },
        { "text": "Nothing comes out.", "labels": ["OB"] },
        { "text": "Paper should come out.", "labels": if expected { json!(["EB"]) } else { json!(null) } },
    ]);
    let case = json!({ "id": 7, "title": "Print", "lang": "en", "text": TEXT, "s2r": true, "ob": true,
        "eb": expected, "sentences": sentences });
    Case::read(&case.to_string()).unwrap()
}

fn found(verdict: Presence, words: &str) -> Finding {
    let start = TEXT.find(words).unwrap();
    let evidence = vec![Evidence { start, end: start + words.len(), text: words.to_owned() }];
    Finding { verdict, present: verdict == Presence::Present, evidence }
}

/// A verdict that finds steps and actual result, and of the expected one this.
fn verdict(expected: Finding) -> Verdict {
    Verdict {
        problem_report: true,
        steps: found(Presence::Present, "press"),
        actual: found(Presence::Present, "comes out"),
        expected,
    }
}

fn add(score: &mut Score, case: &Case, verdict: &Verdict) -> Judged {
    score.add(case, verdict, |span| vec![span.clone()])
}

fn near(got: Option<f64>, want: f64) -> bool {
    got.is_some_and(|got| (got - want).abs() < 1e-9)
}

#[test]
fn missing_is_what_is_counted() {
    let mut score = Score::default();
    let right = add(&mut score, &case(false), &verdict(Finding::default()));
    assert_eq!(right.asks, [Some(true); 3]);
    let needless = add(&mut score, &case(true), &verdict(Finding::default()));
    assert_eq!(needless.asks, [Some(true), Some(true), Some(false)]);
    let unasked = add(&mut score, &case(false), &verdict(found(Presence::Unsure, "Paper")));
    assert_eq!(unasked.asks, [Some(true), Some(true), Some(false)], "unsure is not asked");
    add(&mut score, &case(true), &verdict(found(Presence::Unsure, "Paper")));

    let figures = score.figures();
    let expected = figures.of(Slot::Expected).unwrap();
    assert_eq!((figures.reports, expected.there, expected.lacking), (4, 2, 2));
    assert!(near(figures.all_right, 0.5), "{figures:?}");
    assert!(near(expected.recall, 0.5) && near(expected.precision, 0.5), "{expected:?}");
    assert!(near(expected.f1, 0.5) && near(expected.false_ask, 0.5), "{expected:?}");
    let steps = figures.of(Slot::Steps).unwrap();
    assert!(steps.f1.is_none() && near(steps.false_ask, 0.0), "{steps:?}");
}

#[test]
fn what_nobody_labelled_is_not_counted() {
    let mut score = Score::default();
    let unknown = Case::read(r#"{"id":"a","text":"","ob":null,"s2r":false}"#).unwrap();
    let judged = add(&mut score, &unknown, &Verdict { problem_report: true, ..Verdict::default() });
    assert_eq!(judged.asks, [Some(true), None, None]);
    assert_eq!(score.figures().all_right, None);
    assert!(near(score.figures().of(Slot::Steps).unwrap().f1, 1.0));
}

#[test]
fn other_mails_are_right_when_they_are_asked_nothing() {
    let mut score = Score::default();
    let order = Case::read(r#"{"id":"a","text":"","problem_report":false,"ob":false}"#).unwrap();
    assert!(add(&mut score, &order, &Verdict::default()).report);
    assert!(!add(&mut score, &order, &Verdict { problem_report: true, ..Verdict::default() }).report);
    assert!(!add(&mut score, &case(true), &Verdict::default()).report);
    let figures = score.figures();
    assert_eq!((figures.others, figures.reports), (2, 1));
    assert!(near(figures.quiet, 0.5) && near(figures.overlooked, 1.0), "{figures:?}");
}

#[test]
fn the_first_evidence_is_held_against_the_sentences() {
    let mut score = Score::default();
    let both = verdict(found(Presence::Present, "Paper\nshould"));
    assert_eq!(add(&mut score, &case(true), &both).evidence, [Some(true); 3]);
    let wrong = Verdict { steps: found(Presence::Present, "should"), ..both.clone() };
    assert_eq!(add(&mut score, &case(true), &wrong).evidence[0], Some(false));
    // Nobody says whether the last sentence is a step, or whether the text has an expectation.
    assert_eq!(add(&mut score, &case(false), &wrong).evidence, [None, Some(true), None]);
    let unsure = Verdict { steps: found(Presence::Unsure, "press"), ..both };
    assert_eq!(add(&mut score, &case(true), &unsure).evidence[0], None);
    let figures = score.figures();
    assert!(near(figures.of(Slot::Steps).unwrap().evidence_right, 0.5), "{figures:?}");
}

#[test]
fn evidence_counts_where_it_stands_in_the_text() {
    let mut score = Score::default();
    let elsewhere = |_: &Range<usize>| vec![14..15, 30..31];
    let judged = score.add(&case(true), &verdict(Finding::default()), elsewhere);
    assert_eq!(judged.evidence, [Some(false), Some(true), None]);
}

#[test]
fn scores_add_up() {
    let (mut one, mut both) = (Score::default(), Score::default());
    add(&mut one, &case(false), &verdict(Finding::default()));
    add(&mut both, &case(true), &verdict(Finding::default()));
    let mut sum = one.clone();
    sum.merge(&both);
    add(&mut one, &case(true), &verdict(Finding::default()));
    assert_eq!(sum.figures(), one.figures());
}
