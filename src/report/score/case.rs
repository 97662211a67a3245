//! Labelled mails: one JSON object a line.

use std::ops::Range;

use serde::{Deserialize, Deserializer};

use crate::domain::Slot;

/// A mail, and what people say is in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Its name in the collection.
    #[serde(deserialize_with = "name")]
    pub id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    subject: Option<String>,
    /// The body.
    pub text: String,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    system: Option<String>,
    problem_report: Option<bool>,
    s2r: Option<bool>,
    ob: Option<bool>,
    eb: Option<bool>,
    #[serde(default)]
    sentences: Vec<Sentence>,
}

#[derive(Clone, Debug, Deserialize)]
struct Sentence {
    text: String,
    /// `S2R`, `OB`, `EB`; none where nobody has said.
    labels: Option<Vec<String>>,
    /// It is the title.
    #[serde(default)]
    title: bool,
    /// `subject` where it stands there.
    #[serde(default, rename = "in")]
    within: Option<String>,
}

impl Case {
    /// Reads one line.
    ///
    /// # Errors
    /// What is wrong with the line, and where in it.
    pub fn read(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }

    /// The subject of the mail, or the title of the report.
    pub fn subject(&self) -> &str {
        self.title.as_deref().or(self.subject.as_deref()).unwrap_or_default()
    }

    /// What it is counted with: its language, else the system it is about.
    pub fn group(&self) -> &str {
        self.lang.as_deref().or(self.system.as_deref()).unwrap_or_default()
    }

    /// The code of its language, where it is told.
    pub fn language(&self) -> Option<&str> {
        self.lang.as_deref()
    }

    /// Whether it is a problem report; it is, unless something else is said.
    pub fn is_report(&self) -> bool {
        self.problem_report.unwrap_or(true)
    }

    /// Whether it has a part; `None` when that is not known.
    pub fn has(&self, slot: Slot) -> Option<bool> {
        match slot {
            Slot::Steps => self.s2r,
            Slot::Actual => self.ob,
            Slot::Expected => self.eb,
        }
    }

    /// The sentences of the text that are labelled with a part.
    pub fn words(&self, slot: Slot) -> Vec<&str> {
        self.body().filter(|sentence| sentence.has(slot)).map(|sentence| sentence.text.as_str()).collect()
    }

    /// Whether one of these stretches of the text overlaps a sentence that is labelled with a part.
    /// `None` where no sentence is, or where only unlabelled ones overlap.
    pub(in crate::report) fn says(&self, slot: Slot, stretches: &[Range<usize>]) -> Option<bool> {
        if !self.body().any(|sentence| sentence.has(slot)) {
            return None;
        }
        let overlaps =
            |place: &Range<usize>| stretches.iter().any(|one| one.start < place.end && place.start < one.end);
        let mut answer = Some(false);
        for (sentence, place) in self.located().iter().filter(|(_, place)| overlaps(place)) {
            debug_assert!(place.end <= self.text.len());
            match &sentence.labels {
                Some(_) if sentence.has(slot) => return Some(true),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// Whether the subject is labelled with a part; `None` when nobody has said.
    pub(in crate::report) fn subject_says(&self, slot: Slot) -> Option<bool> {
        let mut there = self.sentences.iter().filter(|sentence| sentence.title || sentence.within.is_some());
        match (there.next(), self.has(slot)) {
            (Some(sentence), _) => sentence.labels.as_ref().map(|_| sentence.has(slot)),
            (None, Some(false)) => Some(false),
            (None, _) => None,
        }
    }

    fn body(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(|sentence| !sentence.title && sentence.within.is_none())
    }

    /// The sentences where they stand in the text, white space aside: each behind the one
    /// before it, or else, as clauses of an earlier sentence are, from the beginning.
    fn located(&self) -> Vec<(&Sentence, Range<usize>)> {
        let (bare, offsets) = bare(&self.text);
        let mut from = 0;
        let place = |sentence: &Sentence| {
            let (wanted, _) = self::bare(&sentence.text);
            let start = bare[from..].find(&wanted).map(|at| from + at).or_else(|| bare.find(&wanted))?;
            let end = start + wanted.len();
            from = from.max(end);
            let last = offsets.get(end.checked_sub(1)?)?;
            Some(*offsets.get(start)?..last + 1)
        };
        let places: Vec<_> = self.body().map(place).collect();
        self.body().zip(places).filter_map(|(sentence, place)| Some((sentence, place?))).collect()
    }
}

impl Sentence {
    fn has(&self, slot: Slot) -> bool {
        let label = match slot {
            Slot::Steps => "S2R",
            Slot::Actual => "OB",
            Slot::Expected => "EB",
        };
        self.labels.iter().flatten().any(|each| each == label)
    }
}

/// A text without white space, and where each of its bytes was.
fn bare(text: &str) -> (String, Vec<usize>) {
    let kept = || text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let offsets = kept().flat_map(|(at, c)| at..at + c.len_utf8()).collect();
    (kept().map(|(_, c)| c).collect(), offsets)
}

/// A name may be a number.
fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
