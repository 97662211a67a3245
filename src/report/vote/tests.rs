//! The vote learns, its file survives, and what is committed is whole.

use super::{
    train::{Lesson, Lessons, Sentence, Use, train},
    *,
};
use crate::{
    domain::{InboundMail, Severed, Slot},
    report::{read, score::Case},
};

const SENTENCES: &str = "\
S\tI pressed the green button twice
S\tWe opened the door and turned the key
O\tThe lamp is dark
O\tIt prints a black page
E\tIt should have been a blue page
E\tThe lamp should be green
N\tMany thanks from all of us
Q\tPlease send two boxes of paper";

fn lessons() -> Lessons {
    let sentence = |line: &str| Sentence::read(line, 1.0).expect("a good line").expect("one sentence");
    Lessons { mails: mails(), sentences: SENTENCES.lines().map(sentence).collect() }
}

/// Ten mails, half of them without an expectation.
fn mails() -> Vec<Lesson> {
    let texts = ["The lamp is dark.", "The lamp is dark. The lamp should be green."];
    (0..10).map(|n| lesson(texts[n % 2], n % 2 == 1)).collect()
}

fn lesson(text: &str, expected: bool) -> Lesson {
    let line = format!(
        r#"{{"id": 1, "subject": "Lamp", "text": "{text}", "problem_report": true, "ob": true, "s2r": false, "eb": {expected},
            "sentences": [{{"text": "The lamp is dark.", "labels": ["OB"]}}, {{"text": "The lamp should be green.", "labels": ["EB"]}}]}}"#
    );
    let case = Case::read(&line).expect("a good case");
    let body = Severed { own: text.to_owned(), ..Severed::default() };
    let mail = InboundMail { subject: "Lamp".to_owned(), body, ..InboundMail::default() };
    Lesson::of(
        &case,
        &mail,
        |span| vec![span.clone()],
        Use { sentences: 1.0, mails: 1.0, letter: true, facts: true },
    )
}

fn votes(weights: &Weights, own: &str) -> Vote {
    vote_with(weights, own, &read(own), &[])
}

#[test]
fn a_sentence_reads_like_those_that_taught_it() {
    let weights = train(&lessons());
    for (own, slot) in [
        ("I pressed the red button", Slot::Steps),
        ("The page is dark", Slot::Actual),
        ("It should be a blue lamp", Slot::Expected),
    ] {
        let logits = votes(&weights, own).body[0];
        let best = (0..3).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        assert_eq!(best, Some(slot as usize), "{own}: {logits:?}");
    }
    let report = |own| votes(&weights, own).body[0][REPORT];
    assert!(report("Please send two boxes of pens") < report("The lamp is dark"));
}

#[test]
fn a_mail_with_the_sentence_is_likelier_to_hold_the_fact() {
    let weights = train(&lessons());
    let likely = |own| votes(&weights, own).mail[Slot::Expected as usize];
    assert!(likely("The lamp is dark. It should be green.") > 0.5);
    assert!(likely("The lamp is dark. Many thanks.") < 0.5);
}

#[test]
fn one_fact_is_no_reason_for_or_against_another() {
    let weights = train(&lessons());
    for (aspect, judge) in weights.judges.iter().enumerate().take(3) {
        let strange =
            judge.weights.iter().enumerate().filter(|(place, _)| !summary::concerns(*place, aspect));
        assert!(strange.clone().count() > 0 && strange.clone().all(|(_, weight)| *weight == 0.0), "{aspect}");
    }
}

#[test]
fn the_same_lessons_give_the_same_bytes() {
    assert_eq!(train(&lessons()).to_bytes(), train(&lessons()).to_bytes());
}

#[test]
fn weights_survive_their_file_and_a_cut_file_is_refused() {
    let weights = train(&lessons());
    let bytes = weights.to_bytes();
    assert_eq!(Weights::parse(&bytes).as_ref(), Ok(&weights));
    for cut in [0, 7, 8, 40, bytes.len() - 1] {
        assert!(Weights::parse(&bytes[..cut]).is_err(), "{cut}");
    }
    assert!(Weights::parse(&[bytes.as_slice(), b"x"].concat()).is_err());
}

#[test]
fn the_committed_weights_are_whole_and_small() {
    let bytes = include_bytes!("weights.bin");
    assert!(Weights::parse(bytes).is_ok());
    assert!(bytes.len() <= 3 * 512 * 1024, "{}", bytes.len());
}

#[test]
fn a_line_of_a_collection_says_what_is_wrong_with_it() {
    assert!(Sentence::read("no tab", 1.0).is_err_and(|why| why.contains("tab")));
    assert!(Sentence::read("XY\ttext", 1.0).is_err_and(|why| why.contains("XY")));
    assert!(Sentence::read("S\tTwo of them. On one line.", 1.0).is_ok_and(|read| read.is_none()));
}
