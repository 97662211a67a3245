//! What sort of mail each is.

use std::{collections::BTreeMap, fs};

use deskgate::{
    domain::Kind,
    mail::{self, Ours},
};

use crate::{lines, share, shared};

#[test]
fn every_real_mail_is_read_and_bounces_are_told_from_people() {
    let Some(corpora) = shared("corpora") else { return };
    let mut kinds: BTreeMap<(String, Kind), usize> = BTreeMap::new();
    for case in lines(&corpora.join("index.jsonl")) {
        if case["format"] != "eml" {
            continue;
        }
        let raw = fs::read(corpora.join(case["file"].as_str().expect("a file"))).expect("a mail");
        let read = mail::read(&raw, &Ours::nobody());
        let labelled = case["kind"].as_str().expect("a kind").to_owned();
        *kinds.entry((labelled, read.kind)).or_default() += 1;
    }
    let of = |labelled: &str, kind: Option<Kind>| -> usize {
        let fits =
            |(key, _): &(&(String, Kind), &usize)| key.0 == labelled && kind.is_none_or(|kind| key.1 == kind);
        kinds.iter().filter(fits).map(|(_, count)| count).sum()
    };
    for ((labelled, kind), count) in &kinds {
        println!("kind: labelled {labelled:<18} read as {kind:<11} {count}");
    }
    assert!(share(of("bounce", Some(Kind::Bounce)), of("bounce", None)) >= 0.97);
    let answered_wrongly = of("human", Some(Kind::AutoReply)) + of("human", Some(Kind::Bounce));
    assert!(share(answered_wrongly, of("human", None)) <= 0.01);
}
