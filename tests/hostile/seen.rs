//! What was seen of a case from outside.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    time::Duration,
};

use serde_json::Value;

use crate::{exam::Bindings, page::Page, sink::Sent};

/// Everything that the judge may look at.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// What the desk sent, in order.
    pub sent: Vec<Sent>,
    /// What was delivered to it, in order.
    pub arrivals: Vec<Arrival>,
    /// `ticket show --json` of every ticket, at the end.
    pub tickets: BTreeMap<u64, Value>,
    /// The number of ticket `A`, and its status before the mails that matter.
    pub bound: BTreeMap<String, (u64, String)>,
    /// The pages of tickets, where the case is about them.
    pub pages: BTreeMap<u64, Page>,
    /// What our mails told about the tickets.
    pub bindings: Bindings,
    /// It is the process that was started, and alive.
    pub same_process: bool,
    /// The most memory that the process held, in MiB.
    pub peak_mb: Option<u64>,
    /// How long an ordinary mail took afterwards; `None` when it was no ticket in time or none was sent.
    pub canary_took: Option<Duration>,
    /// What was asked of the web server that nobody may ask.
    pub asked: Vec<String>,
    /// Bytes that the IMAP server said, and those of the mails in the mailbox.
    pub fetched: (u64, u64),
    /// Far ends of TCP connections beside mail servers and database.
    pub strangers: BTreeSet<String>,
    /// Which of the files that must not be there are there.
    pub files: BTreeSet<String>,
}

/// One delivered mail.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// `M`, `M1`, `A`…
    pub alias: String,
    /// Its line of `inbox list --json`.
    pub ledger: Value,
    /// The number of its ticket, and its entry there.
    pub entry: Option<(u64, Value)>,
    /// The mails that left between it and the next delivery.
    pub answers: Range<usize>,
}

impl Seen {
    /// All mails delivered under a name.
    pub fn arrivals(&self, alias: &str) -> Vec<&Arrival> {
        self.arrivals.iter().filter(|arrival| arrival.alias == alias).collect()
    }

    /// The pages of the tickets that a mail became a part of.
    pub fn pages(&self, alias: &str) -> Vec<&Page> {
        let numbers = self.arrivals(alias).into_iter().filter_map(|arrival| arrival.entry.as_ref());
        numbers.filter_map(|(number, _)| self.pages.get(number)).collect()
    }

    /// In a few words, for the table.
    pub fn told(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for arrival in &self.arrivals {
            let ledger = &arrival.ledger;
            let what = ledger["outcome"].as_str().or(ledger["cause"].as_str()).unwrap_or("nothing");
            let ticket = arrival.entry.as_ref().map(|(ticket, _)| format!(" {ticket}")).unwrap_or_default();
            words.push(format!("{} {what}{ticket}", arrival.alias));
        }
        words.dedup();
        if words.len() > 4 {
            words = vec![words[0].clone(), "…".into(), words[words.len() - 1].clone()];
        }
        for (name, (number, before)) in &self.bound {
            let after = self.tickets.get(number).map(|ticket| ticket["status"].as_str().unwrap_or_default());
            words.push(format!("{name} {before}→{}", after.unwrap_or("gone")));
        }
        let mut readers: BTreeMap<&str, usize> = BTreeMap::new();
        for to in self.sent.iter().flat_map(|sent| &sent.to) {
            *readers.entry(to).or_default() += 1;
        }
        words.extend(readers.iter().map(|(to, count)| format!("{count}× {to}")));
        if let Some(took) = self.canary_took {
            words.push(format!("canary {:.1} s", took.as_secs_f64()));
            words.extend(self.peak_mb.map(|peak| format!("{peak} MiB")));
        }
        words.join(", ")
    }
}
