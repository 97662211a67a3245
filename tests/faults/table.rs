//! What all runs together have shown.

use std::{collections::BTreeMap, fmt};

use crate::{invariants::Findings, run::Run};

/// Faults by kind, and what they cost.
#[derive(Default)]
pub struct Table {
    kinds: BTreeMap<String, (usize, usize)>,
    mails: usize,
    answers: usize,
    losses: usize,
    acts: usize,
    quarantined: usize,
    put_off: usize,
    /// Mails that were not answered because their author got as many as one may.
    pub quieted: usize,
}

impl Table {
    /// Adds a run.
    pub fn add(&mut self, run: &Run<'_>, findings: &Findings) {
        for happened in &run.happened {
            self.kinds.entry(happened.kind.to_string()).or_default().0 += 1;
        }
        for fault in &findings.doubles {
            self.kinds.entry(run.happened[*fault].kind.to_string()).or_default().1 += 1;
        }
        self.mails += run.post.sent.len();
        self.answers += findings.answers;
        self.losses += findings.losses.len();
        self.acts += run.staff.acts.iter().filter(|act| act.done).count();
        self.put_off += run.put_off;
        self.quarantined += run.quarantined;
        self.quieted += findings.quieted;
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<36} {:>6} {:>22}", "fault", "count", "doubles in the window")?;
        for (kind, (count, doubles)) in &self.kinds {
            writeln!(f, "{kind:<36} {count:>6} {doubles:>22}")?;
        }
        let (count, doubles) = self.kinds.values().fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
        writeln!(f, "{:<36} {count:>6} {doubles:>22}\n", "all")?;
        write!(
            f,
            "{} mails in, {} out, {} tickets accepted by staff; lost {}\n\
             in quarantine for a while {}, put off and sent again before their time {}, not answered by the cap {}",
            self.mails, self.answers, self.acts, self.losses, self.quarantined, self.put_off, self.quieted
        )
    }
}
