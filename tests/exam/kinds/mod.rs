//! What sort of mail each is, and what the bounces among them say.

mod bounces;

use std::{collections::BTreeMap, fs};

use deskgate::{
    domain::{Detail, InboundMail, Kind},
    mail::{self, Ours},
};
use serde_json::Value;

use crate::{lines, share, shared};

/// A mail of a corpus, what its own project says of it, and what we read in it.
struct Case {
    index: Value,
    mail: InboundMail,
}

impl Case {
    fn all() -> Option<Vec<Case>> {
        let corpora = shared("corpora")?;
        let index = lines(&corpora.join("index.jsonl")).into_iter().filter(|case| case["format"] == "eml");
        let read = |index: Value| {
            let raw = fs::read(corpora.join(index["file"].as_str().expect("a file"))).expect("a mail");
            Case { mail: mail::read(&raw, &Ours::nobody()), index }
        };
        Some(index.map(read).collect())
    }

    fn word(&self, key: &str) -> &str {
        self.index[key].as_str().unwrap_or_default()
    }

    fn is_labelled(&self, kind: &str) -> bool {
        self.word("kind") == kind
    }
}

/// The labels under which a kind of ours goes. `malformed` is said there of mails
/// that try a reader; here only of what is no mail at all. `spam` is no kind of ours.
fn expected(label: &str) -> Option<Kind> {
    Some(match label {
        "human" => Kind::Human,
        "bounce" | "delay-dsn" => Kind::Bounce,
        "auto-reply" | "read-receipt" | "challenge-response" => Kind::AutoReply,
        "list" | "newsletter" => Kind::List,
        "feedback-report" | "system-notification" | "monitoring" | "security-advisory" => Kind::Alert,
        _ => return None,
    })
}

#[test]
fn every_real_mail_is_read_and_people_are_told_from_machines() {
    let Some(cases) = Case::all() else { return };
    let mut kinds: BTreeMap<(&str, Kind, Option<Detail>), usize> = BTreeMap::new();
    let mut corpora: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for case in &cases {
        let label = case.word("kind");
        *kinds.entry((label, case.mail.kind, case.mail.detail)).or_default() += 1;
        if let Some(kind) = expected(label) {
            let (whole, right) = corpora.entry((case.word("corpus"), label)).or_default();
            *whole += 1;
            *right += usize::from(case.mail.kind == kind);
            if case.mail.kind != kind {
                tell!(
                    "kind: {} is labelled {label} and read as {}: {}",
                    case.word("file"),
                    case.mail.kind,
                    case.mail.kind_why
                );
            }
        }
    }
    for ((label, kind, detail), count) in &kinds {
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        tell!("kind: labelled {label:<20} read as {:<24} {count}", format!("{kind}{detail}"));
    }
    for ((corpus, label), (whole, right)) in &corpora {
        tell!("kind: {corpus:<24} {label:<20} {right} of {whole}");
    }
    let of = |label: &str, these: &[Kind]| {
        cases.iter().filter(|case| case.is_labelled(label) && these.contains(&case.mail.kind)).count()
    };
    let all = |label: &str| cases.iter().filter(|case| case.is_labelled(label)).count();
    assert!(share(of("bounce", &[Kind::Bounce]), all("bounce")) >= 0.995);
    assert_eq!(of("delay-dsn", &[Kind::Bounce]), all("delay-dsn"));
    assert_eq!(of("human", &[Kind::AutoReply, Kind::Bounce]), 0);
    assert_eq!(of("spam", &[Kind::AutoReply, Kind::Bounce]), 0);
    assert!(share(of("human", &[Kind::Human]), all("human")) >= 0.93, "the rest are newsletters and lists");
    assert_eq!(of("list", &[Kind::List]), all("list"));
    assert_eq!(of("feedback-report", &[Kind::Alert]), all("feedback-report"));
    assert_eq!(of("system-notification", &[Kind::Alert]), all("system-notification"));
    assert_eq!(of("read-receipt", &[Kind::AutoReply]), all("read-receipt"));
    assert_eq!(of("auto-reply", &[Kind::AutoReply]), all("auto-reply"));
}
