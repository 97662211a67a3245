//! What is counted over the mails, and which are shown.

mod lines;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    domain::{Language, Slot, Word, link::without_seals, words::word},
    report::{self, Verdict},
    store::openings::Then,
};

/// A mail that opened a ticket.
pub struct Mail {
    pub reference: String,
    pub subject: String,
    pub then: Then,
    /// What is read in it now; `None` where the gate does not look, and why it cannot be read.
    pub now: Result<Option<Now>, &'static str>,
}

pub struct Now {
    pub language: Option<Language>,
    pub verdict: Verdict,
}

/// What differs from what was said then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Change {
    /// Nobody missed it then.
    NowMissing,
    /// It was missing then.
    NoLongerMissing,
}

word!(Change, "change", {
    NowMissing => "now-missing",
    NoLongerMissing => "no-longer-missing",
});

/// The sorts of mails that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Asked,
    NowReport,
    NoReport,
    Differs(Slot, Change),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Counts {
    mails: usize,
    reports: usize,
    /// Of those: would be asked for something.
    asked: usize,
    steps: usize,
    actual: usize,
    expected: usize,
    /// Were asked for something at once, then.
    asked_then: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Sample {
    ticket: String,
    subject: String,
    missing: Vec<Slot>,
    /// Slots with the words found for them: now, or then where they are missing now.
    words: Vec<(Slot, String)>,
}

/// All that was counted.
pub struct Tally {
    most_samples: usize,
    languages: BTreeMap<&'static str, Counts>,
    not_gated: usize,
    unread: Vec<(String, &'static str)>,
    now_reports: usize,
    no_reports: usize,
    unknown: usize,
    changes: BTreeMap<(Slot, Change), usize>,
    samples: BTreeMap<Sort, VecDeque<Sample>>,
}

impl Tally {
    /// Nothing yet; at most so many samples of a sort will be kept.
    pub fn new(most_samples: usize) -> Self {
        Tally {
            most_samples,
            languages: BTreeMap::new(),
            not_gated: 0,
            unread: Vec::new(),
            now_reports: 0,
            no_reports: 0,
            unknown: 0,
            changes: BTreeMap::new(),
            samples: BTreeMap::new(),
        }
    }

    /// Counts one mail.
    pub fn add(&mut self, mail: Mail) {
        match &mail.now {
            Err(why) => self.unread.push((mail.reference, why)),
            Ok(None) => self.not_gated += 1,
            Ok(Some(now)) => {
                self.count(now, &mail.then);
                self.compare(&mail, now);
            }
        }
    }

    fn count(&mut self, now: &Now, then: &Then) {
        let missing = now.verdict.missing();
        let counts = self.languages.entry(now.language.map_or("–", Language::as_str)).or_default();
        counts.mails += 1;
        counts.reports += usize::from(now.verdict.problem_report);
        counts.asked += usize::from(!missing.is_empty());
        counts.asked_then += usize::from(then.asked);
        for slot in missing {
            *counts.of(slot) += 1;
        }
    }

    fn compare(&mut self, mail: &Mail, now: &Now) {
        let missing = now.verdict.missing();
        let mut sorts: Vec<Sort> = Vec::new();
        if !missing.is_empty() {
            sorts.push(Sort::Asked);
        }
        match (mail.then.problem_report, now.verdict.problem_report) {
            (false, true) => {
                self.now_reports += 1;
                sorts.push(Sort::NowReport);
            }
            (true, false) => {
                self.no_reports += 1;
                sorts.push(Sort::NoReport);
            }
            _ => {}
        }
        for (&slot, then) in Slot::ALL.iter().zip(mail.then.missing) {
            let change = match (then, missing.contains(&slot)) {
                (Some(false), true) => Change::NowMissing,
                (Some(true), false) => Change::NoLongerMissing,
                (Some(_), _) => continue,
                (None, _) => {
                    self.unknown += 1;
                    continue;
                }
            };
            *self.changes.entry((slot, change)).or_default() += 1;
            sorts.push(Sort::Differs(slot, change));
        }
        for sort in sorts {
            self.keep(sort, sample(mail, now, &missing));
        }
    }

    /// The newest come last, and stay.
    fn keep(&mut self, sort: Sort, sample: Sample) {
        let kept = self.samples.entry(sort).or_default();
        kept.push_back(sample);
        if kept.len() > self.most_samples {
            kept.pop_front();
        }
    }

    /// For machines.
    pub fn object(&self, since: Timestamp) -> Value {
        let changes = |slot: Slot| {
            let count = |change| self.changes.get(&(slot, change)).copied().unwrap_or_default();
            json!({ "now_missing": count(Change::NowMissing), "no_longer_missing": count(Change::NoLongerMissing) })
        };
        let samples: BTreeMap<String, Vec<Value>> = self
            .samples
            .iter()
            .map(|(sort, samples)| (sort.key(), samples.iter().map(Sample::object).collect()))
            .collect();
        json!({
            "since": since,
            "languages": self.languages, "all": self.all(),
            "not_gated": self.not_gated,
            "unread": self.unread.iter().map(|(ticket, why)| json!({ "ticket": ticket, "why": why })).collect::<Vec<_>>(),
            "changes": {
                "now_reports": self.now_reports, "no_longer_reports": self.no_reports,
                "steps": changes(Slot::Steps), "actual": changes(Slot::Actual), "expected": changes(Slot::Expected),
                "unknown": self.unknown,
            },
            "samples": samples,
        })
    }

    fn all(&self) -> Counts {
        let mut all = Counts::default();
        for counts in self.languages.values() {
            let Counts { mails, reports, asked, steps, actual, expected, asked_then } = counts;
            all.mails += mails;
            all.reports += reports;
            all.asked += asked;
            all.steps += steps;
            all.actual += actual;
            all.expected += expected;
            all.asked_then += asked_then;
        }
        all
    }
}

impl Counts {
    fn of(&mut self, slot: Slot) -> &mut usize {
        match slot {
            Slot::Steps => &mut self.steps,
            Slot::Actual => &mut self.actual,
            Slot::Expected => &mut self.expected,
        }
    }
}

impl Sort {
    fn key(self) -> String {
        match self {
            Sort::Asked => "asked".to_owned(),
            Sort::NowReport => "now-report".to_owned(),
            Sort::NoReport => "no-longer-report".to_owned(),
            Sort::Differs(slot, change) => format!("{slot}-{change}"),
        }
    }
}

fn sample(mail: &Mail, now: &Now, missing: &[Slot]) -> Sample {
    let words = Slot::ALL.iter().zip(&mail.then.words).filter_map(|(&slot, then)| {
        let quote = match missing.contains(&slot) {
            true => report::quote(then),
            false => now.verdict.of(slot).quote(),
        };
        (!quote.is_empty()).then_some((slot, quote))
    });
    Sample {
        ticket: mail.reference.clone(),
        subject: mail.subject.clone(),
        missing: missing.to_vec(),
        words: words.map(|(slot, words)| (slot, without_seals(&words, "…"))).collect(),
    }
}

impl Sample {
    fn object(&self) -> Value {
        let words: BTreeMap<Slot, &str> =
            self.words.iter().map(|(slot, words)| (*slot, words.as_str())).collect();
        json!({ "ticket": self.ticket, "subject": self.subject, "missing": self.missing, "words": words })
    }
}

#[cfg(test)]
mod tests;
