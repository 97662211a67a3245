//! What a sender newly wrote, told from quotations and signatures.

use std::{collections::BTreeMap, fs};

use deskgate::{
    domain::text,
    mail::{self, Ours},
};

use crate::{lines, share, shared};

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// F1 of the words that two texts share, as multisets.
fn token_f1(got: &str, expected: &str) -> f64 {
    let (got, expected) = (words(got), words(expected));
    if got.is_empty() || expected.is_empty() {
        return f64::from(u8::from(got == expected));
    }
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    expected.iter().for_each(|word| *left.entry(word).or_default() += 1);
    let shared = got
        .iter()
        .filter(|word| {
            left.get_mut(**word).is_some_and(|count| {
                *count > 0 && {
                    *count -= 1;
                    true
                }
            })
        })
        .count();
    2.0 * shared as f64 / (got.len() + expected.len()) as f64
}

/// What makes a mail of a bare HTML body.
const HTML_HEADER: &[u8] = b"From: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";

#[test]
fn own_words_are_told_from_quotations_and_signatures() {
    let Some(corpora) = shared("corpora") else { return };
    let (mut exact, mut f1, mut all) = (0, 0.0, 0);
    for case in lines(&corpora.join("index.jsonl")) {
        let Some(expected) = case["reply_text"].as_str() else { continue };
        let raw = fs::read(corpora.join(case["file"].as_str().expect("a file"))).expect("a mail");
        let own = match case["format"].as_str() {
            Some("text-body") => mail::sever(&text::clean(&String::from_utf8_lossy(&raw))).own,
            Some("html-body") => mail::read(&[HTML_HEADER, &raw].concat(), &Ours::nobody()).body.own,
            _ => mail::read(&raw, &Ours::nobody()).body.own,
        };
        all += 1;
        exact += usize::from(words(&own) == words(expected));
        f1 += token_f1(&own, expected);
    }
    println!("own words: {all} cases, exact {:.3}, token F1 {:.3}", share(exact, all), f1 / all as f64);
    assert!(share(exact, all) >= 0.84 && f1 / all as f64 >= 0.90);
}
