//! The figures and samples as lines for people.

use jiff::Timestamp;

use super::{Change, Counts, Sample, Sort, Tally};
use crate::domain::{Slot, Word, text};

impl Tally {
    /// For people.
    pub fn lines(&self, since: Timestamp) -> Vec<String> {
        let mut lines = vec![
            format!("Customers' mails since {since:.0} that opened a ticket, read by today's gate."),
            "They would be asked where their sender may be: a person, proven, and not asked too often."
                .to_owned(),
            "language    mails  reports  would be asked  steps  actual  expected  were asked".to_owned(),
        ];
        let rows = self.languages.iter().map(|(language, counts)| (*language, counts.clone()));
        lines.extend(rows.chain([("all", self.all())]).map(|(name, counts)| counts.line(name)));
        lines.push(format!("{} mails are not for the gate (machines, lists, staff).", self.not_gated));
        for (ticket, why) in &self.unread {
            lines.push(format!("{ticket} cannot be read: {why}."));
        }
        lines.push(String::new());
        lines.extend(self.differences());
        for (sort, samples) in &self.samples {
            lines.extend([String::new(), format!("── {}", sort.heading())]);
            lines.extend(samples.iter().flat_map(Sample::lines));
        }
        lines
    }

    fn differences(&self) -> Vec<String> {
        let mut lines = vec!["What differs from what was said when they came:".to_owned()];
        lines.push(format!("problem reports: {} more, {} fewer", self.now_reports, self.no_reports));
        for &slot in Slot::ALL {
            let count = |change| self.changes.get(&(slot, change)).copied().unwrap_or_default();
            lines.push(format!(
                "{}: missing in {} more, in {} fewer",
                slot,
                count(Change::NowMissing),
                count(Change::NoLongerMissing)
            ));
        }
        if self.unknown > 0 {
            lines.push(format!(
                "({} times it is not known any more what was said: a reply has filled it since)",
                self.unknown
            ));
        }
        lines
    }
}

impl Counts {
    fn line(&self, name: &str) -> String {
        let Counts { mails, reports, asked, steps, actual, expected, asked_then } = self;
        format!(
            "{name:<10} {mails:>6} {reports:>8} {asked:>15} {steps:>6} {actual:>7} {expected:>9} {asked_then:>11}"
        )
    }
}

impl Sort {
    fn heading(self) -> String {
        match self {
            Sort::Asked => "Would be asked".to_owned(),
            Sort::NowReport => "A problem report now, none then".to_owned(),
            Sort::NoReport => "No problem report now, one then".to_owned(),
            Sort::Differs(slot, Change::NowMissing) => format!("{slot}: missing now, not then"),
            Sort::Differs(slot, Change::NoLongerMissing) => format!("{slot}: missing then, not now"),
        }
    }
}

impl Sample {
    fn lines(&self) -> Vec<String> {
        let missing: Vec<&str> = self.missing.iter().map(|slot| slot.as_str()).collect();
        let asked = if missing.is_empty() { "nothing".to_owned() } else { missing.join(", ") };
        let mut lines = vec![format!("{}  {}  (missing: {asked})", self.ticket, text::line(&self.subject))];
        for (slot, words) in &self.words {
            let found = if self.missing.contains(slot) { "then" } else { "now" };
            lines.push(format!("    {slot}, found {found}: {}", text::line(words)));
        }
        lines
    }
}
