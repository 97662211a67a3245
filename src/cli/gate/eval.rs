//! `deskgate gate eval`: the gate held against labelled reports.

pub(super) mod table;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    ops::Range,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{
    cli::say,
    domain::{InboundMail, Language, Severed, Slot, Word, text, words::word},
    mail::Written,
    report::{
        self, Verdict,
        score::{Case, Judged, Score},
    },
};

/// `deskgate gate eval`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Take each text as the sender's own words, without looking for quotations and signatures.
    #[arg(long)]
    as_is: bool,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
    /// List the mails that are judged wrongly: in one part, as no report or as one, in the evidence
    /// shown, or in any of these.
    #[arg(long, value_name = "WHAT", conflicts_with = "json")]
    wrong: Option<Wrong>,
    /// Files of one JSON object a line: `id`, `title` or `subject`, `text`, the labels `s2r`, `ob`, `eb`
    /// (true, false or null), and where there are any `lang` or `system`, `problem_report`, `sentences`.
    #[arg(value_name = "DATA", required = true)]
    files: Vec<PathBuf>,
}

/// Which mails are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Steps,
    Actual,
    Expected,
    Report,
    Evidence,
    All,
}

word!(Wrong, "sort of mistake", {
    Steps => "steps",
    Actual => "actual",
    Expected => "expected",
    Report => "report",
    Evidence => "evidence",
    All => "all",
});

impl Wrong {
    fn is_in(self, judged: &Judged) -> bool {
        let Judged { report, asks, evidence } = judged;
        let [steps, actual, expected] = asks.map(|asks| asks == Some(false));
        match self {
            Wrong::Steps => steps,
            Wrong::Actual => actual,
            Wrong::Expected => expected,
            Wrong::Report => !report,
            Wrong::Evidence => evidence.contains(&Some(false)),
            Wrong::All => steps || actual || expected || !report || evidence.contains(&Some(false)),
        }
    }
}

/// What was measured.
#[derive(Default)]
struct Measured {
    /// By file and group, in the order of names.
    groups: BTreeMap<String, BTreeMap<String, Score>>,
    /// Customers' mails in other languages than English.
    not_english: Score,
    all: Score,
    /// Of each mail: cleaning it up, and the gate.
    times: Vec<(Duration, Duration)>,
}

/// Reads the files, prints the figures.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut measured = Measured::default();
    for file in &arguments.files {
        measured.read(file, arguments).with_context(|| format!("reading {}", file.display()))?;
    }
    ensure!(!measured.times.is_empty(), "the files have no mail");
    match arguments.json {
        true => say(measured.object().to_string()),
        false => measured.print(),
    }
    Ok(ExitCode::SUCCESS)
}

impl Measured {
    fn read(&mut self, path: &Path, arguments: &Arguments) -> anyhow::Result<()> {
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        for (line, number) in BufReader::new(File::open(path)?).lines().zip(1..) {
            let line = line.with_context(|| format!("line {number}"))?;
            if line.trim().is_empty() {
                continue;
            }
            let case = Case::read(&line).with_context(|| format!("line {number}"))?;
            self.judge(&name, &case, arguments);
        }
        Ok(())
    }

    fn judge(&mut self, file: &str, case: &Case, arguments: &Arguments) {
        let began = Instant::now();
        let taken = Taken::of(case, arguments.as_is);
        let cleaned = Instant::now();
        let verdict = report::gate(taken.mail());
        self.times.push((cleaned - began, cleaned.elapsed()));

        let mut score = Score::default();
        let judged = score.add(case, &verdict, |span| taken.places(span));
        let groups = self.groups.entry(file.to_owned()).or_default();
        groups.entry(case.group().to_owned()).or_default().merge(&score);
        if case.language().is_some_and(|language| language != Language::En.as_str()) {
            self.not_english.merge(&score);
        }
        self.all.merge(&score);
        if arguments.wrong.is_some_and(|wrong| wrong.is_in(&judged)) {
            tell(file, case, &verdict, &judged);
        }
    }

    /// Each row of figures with its name: the groups of each file, the file, and all files.
    fn rows(&self) -> Vec<(String, Score)> {
        let mut rows = Vec::new();
        for (file, groups) in &self.groups {
            let mut whole = Score::default();
            for (group, score) in groups {
                whole.merge(score);
                rows.push((format!("{file} {group}"), score.clone()));
            }
            if groups.len() == 1 {
                rows.pop();
            }
            rows.push((file.clone(), whole));
        }
        rows.push(("not English".to_owned(), self.not_english.clone()));
        rows.push(("all".to_owned(), self.all.clone()));
        rows
    }

    fn object(&self) -> Value {
        let rows = self.rows();
        let groups: BTreeMap<&str, Value> =
            rows.iter().map(|(name, score)| (name.as_str(), json!(score.figures()))).collect();
        json!({ "groups": groups, "speed": self.speed() })
    }

    /// Microseconds a mail, on one thread.
    fn speed(&self) -> Value {
        let of = |mut times: Vec<Duration>| {
            times.sort_unstable();
            let at = |share: f64| micros(percentile(&times, share));
            json!({ "median_us": at(0.5), "p99_us": at(0.99), "most_us": at(1.0) })
        };
        json!({
            "build": build(), "mails": self.times.len(),
            "clean_up": of(self.times.iter().map(|(clean_up, _)| *clean_up).collect()),
            "gate": of(self.times.iter().map(|(_, gate)| *gate).collect()),
        })
    }

    fn print(&self) {
        table::lines(&self.rows()).iter().for_each(say);
        let speed = self.speed();
        let figure =
            |part: &str, which: &str| format!("{:.1}", speed[part][which].as_f64().unwrap_or_default());
        for (part, name) in [("gate", "the gate"), ("clean_up", "the clean-up before it")] {
            say(format!(
                "{name}: median {} us, p99 {} us, most {} us a mail on one thread ({}, {} mails)",
                figure(part, "median_us"),
                figure(part, "p99_us"),
                figure(part, "most_us"),
                build(),
                self.times.len()
            ));
        }
    }
}

/// A case as a mail.
enum Taken {
    Whole(InboundMail),
    Cleaned(Written),
}

impl Taken {
    fn of(case: &Case, as_is: bool) -> Self {
        if !as_is {
            return Taken::Cleaned(Written::of(case.subject(), &case.text));
        }
        let body = Severed { own: case.text.clone(), ..Severed::default() };
        Taken::Whole(InboundMail { subject: case.subject().to_owned(), body, ..InboundMail::default() })
    }

    fn mail(&self) -> &InboundMail {
        match self {
            Taken::Whole(mail) => mail,
            Taken::Cleaned(written) => &written.mail,
        }
    }

    fn places(&self, span: &Range<usize>) -> Vec<Range<usize>> {
        match self {
            Taken::Whole(_) => vec![span.clone()],
            Taken::Cleaned(written) => written.places(span),
        }
    }
}

/// One mail that is judged wrongly: what was said, the words it was said for, and the words that
/// the labels name.
fn tell(file: &str, case: &Case, verdict: &Verdict, judged: &Judged) {
    say(format!("── {file} {} {}  {}", case.group(), case.id, text::line(case.subject())));
    if !judged.report {
        let said = if verdict.problem_report { "a report" } else { "no report" };
        say(format!("   taken for {said}"));
    }
    for ((&slot, asks), evidence) in Slot::ALL.iter().zip(judged.asks).zip(judged.evidence) {
        let finding = verdict.of(slot);
        let fault = match (asks, evidence) {
            (Some(false), _) if case.has(slot) == Some(true) => "is there, and asked for",
            (Some(false), _) => "is missing, and not asked for",
            (_, Some(false)) => "is found in other words",
            _ => continue,
        };
        say(format!("   {slot} {fault}; found {}", finding.verdict));
        for found in &finding.evidence {
            say(format!("     found    {}", text::line(&found.text)));
        }
        for words in case.words(slot) {
            say(format!("     labelled {}", text::line(words)));
        }
    }
}

/// The time that this share of mails stays within.
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list in memory"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn build() -> &'static str {
    if cfg!(debug_assertions) { "debug build, which is slow" } else { "release build" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_that_so_many_stay_within() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(percentile(&times, 0.5), Duration::from_micros(100));
        assert_eq!(percentile(&times, 0.99), Duration::from_micros(198));
        assert_eq!(percentile(&times, 1.0), Duration::from_micros(200));
        assert_eq!(percentile(&times[..1], 0.5), Duration::from_micros(1));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn mistakes_are_listed_by_their_sort() {
        let judged = Judged { report: true, asks: [Some(true), None, Some(false)], evidence: [None; 3] };
        let listed = |judged: &Judged| -> Vec<&str> {
            Wrong::ALL.iter().filter(|wrong| wrong.is_in(judged)).map(|wrong| wrong.as_str()).collect()
        };
        assert_eq!(listed(&judged), ["expected", "all"]);
        assert_eq!(listed(&Judged { report: false, asks: [None; 3], ..judged }), ["report", "all"]);
        let right = Judged { asks: [None; 3], ..judged };
        assert_eq!(listed(&right), [""; 0]);
        let other = Judged { evidence: [Some(false), Some(true), None], ..right };
        assert_eq!(listed(&other), ["evidence", "all"]);
    }
}
