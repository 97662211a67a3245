//! How near two tickets are, from 0 to 1.
//!
//! Three things speak for it: lexemes that both have, the rarer the more (the cosine of their inverse frequencies);
//! codes and messages of programs that both quote; and subjects that are spelled alike. That both are about the same
//! product counts only beside one of these.

use std::collections::{HashMap, HashSet};

use super::marks::{is_mark, is_strong};

/// From here on two tickets are shown as alike. Held against the labelled pairs in `tests`.
pub const ALIKE: f64 = 0.35;

/// How much a lexeme of the subject counts beside one of the text.
const IN_SUBJECT: f64 = 1.5;
/// How much codes and whole messages count beside words.
const STRONG: f64 = 2.0;
/// How far codes and messages of programs, all of them shared, bring two tickets by themselves.
const MARKS: f64 = 0.5;
/// How far subjects of one spelling do.
const SUBJECTS: f64 = 0.25;
/// How far one product brings two tickets that have something in common.
const PRODUCT: f64 = 0.05;
/// So much of what two tickets share is told.
const MOST_SHARED: usize = 4;
/// As many tickets as this are thought of beside those of the desk, so that with a handful of them a word which two
/// share does not count as common.
const IMAGINED: f64 = 200.0;

/// How common each lexeme is among the tickets of the desk.
#[derive(Clone, Debug, Default)]
pub struct Commonness {
    known: HashMap<String, f64>,
    /// Of a lexeme that is not known.
    otherwise: f64,
    tickets: f64,
}

impl Commonness {
    /// From the share, `0.0` to `1.0`, of so many tickets in which each lexeme stands. What is not among them is taken
    /// to be half as common as the rarest of them.
    pub fn new(shares: HashMap<String, f64>, tickets: f64) -> Commonness {
        let share = |share: f64| (share * tickets + 0.5) / (tickets + IMAGINED);
        let rarest = shares.values().copied().fold(f64::INFINITY, f64::min);
        let unknown = if shares.is_empty() { 1.0 / tickets.max(1.0) } else { rarest / 2.0 };
        let known = shares.into_iter().map(|(word, raw)| (word, share(raw))).collect();
        Commonness { known, otherwise: share(unknown), tickets }
    }

    /// In which share of all tickets a lexeme stands, about.
    pub fn of(&self, lexeme: &str) -> f64 {
        self.known.get(lexeme).copied().unwrap_or(self.otherwise).clamp(1e-6, 1.0)
    }

    /// In how many tickets a lexeme stands, about.
    pub fn rows(&self, lexeme: &str) -> f64 {
        self.of(lexeme) * self.tickets
    }

    fn telling(&self, lexeme: &str) -> f64 {
        -self.of(lexeme).ln()
    }
}

/// A ticket as it is compared.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// All its lexemes, marks included.
    pub lexemes: Vec<String>,
    /// Those that stand in the subject.
    pub in_subject: HashSet<String>,
    /// The words of the subject.
    pub subject: String,
    /// What it is about, where that is known.
    pub product: Option<String>,
}

/// How near two tickets are.
pub fn alike(one: &Profile, other: &Profile, common: &Commonness) -> f64 {
    let words = cosine(one, other, common);
    let marks = shared_marks(one, other, common);
    let subjects = similarity(&one.subject, &other.subject);
    let near = words * 0.9 + marks * MARKS + subjects * SUBJECTS;
    let together = near > ALIKE / 2.0 && one.product.is_some() && one.product == other.product;
    (near + if together { PRODUCT } else { 0.0 }).min(1.0)
}

/// What both say that tells most, as people read it: codes and messages first, then the rarest words, a few of them.
pub fn shared(one: &Profile, other: &Profile, common: &Commonness) -> Vec<String> {
    let theirs: HashSet<&String> = other.lexemes.iter().collect();
    let both = one.lexemes.iter().filter(|it| theirs.contains(it) && !it.starts_with('~'));
    let mut both: Vec<(&str, f64)> = both.map(|it| (it.as_str(), weight(it, one, common))).collect();
    both.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
    both.into_iter().take(MOST_SHARED).map(|(lexeme, _)| whole_word(lexeme, &one.subject)).collect()
}

/// A mark without its sign; the word of a subject where the lexeme is the stem of one.
fn whole_word(lexeme: &str, subject: &str) -> String {
    let bare = lexeme.strip_prefix("code:").or(lexeme.strip_prefix("said:"));
    let word = || subject.split_whitespace().find(|word| word.starts_with(lexeme)).unwrap_or(lexeme);
    bare.unwrap_or_else(word).to_owned()
}

fn cosine(one: &Profile, other: &Profile, common: &Commonness) -> f64 {
    let weights: HashMap<&str, f64> =
        other.lexemes.iter().map(|it| (it.as_str(), weight(it, other, common))).collect();
    let (mut shared, mut length) = (0.0, 0.0);
    for lexeme in &one.lexemes {
        let own = weight(lexeme, one, common);
        length += own * own;
        shared += own * weights.get(lexeme.as_str()).copied().unwrap_or_default();
    }
    let other_length: f64 = weights.values().map(|weight| weight * weight).sum();
    match length > 0.0 && other_length > 0.0 {
        true => shared / (length * other_length).sqrt(),
        false => 0.0,
    }
}

fn weight(lexeme: &str, of: &Profile, common: &Commonness) -> f64 {
    let place = match lexeme {
        lexeme if is_strong(lexeme) => STRONG,
        lexeme if of.in_subject.contains(lexeme) => IN_SUBJECT,
        _ => 1.0,
    };
    common.telling(lexeme) * place
}

/// The part of the marks of whoever has fewer that both have; common marks count less.
fn shared_marks(one: &Profile, other: &Profile, common: &Commonness) -> f64 {
    let marks = |of: &'_ Profile| -> f64 {
        of.lexemes.iter().filter(|it| is_mark(it)).map(|it| weight(it, of, common)).sum()
    };
    let theirs: HashSet<&String> = other.lexemes.iter().collect();
    let both = one.lexemes.iter().filter(|it| is_mark(it) && theirs.contains(it));
    let (mut shared, mut surest) = (0.0, 0.0_f64);
    for lexeme in both {
        shared += weight(lexeme, one, common);
        surest = surest.max(common.telling(lexeme) / 4.0);
    }
    let fewer = marks(one).min(marks(other));
    if fewer > 0.0 { (shared / fewer).min(1.0) * surest.min(1.0) } else { 0.0 }
}

/// How alike two texts are spelled, as `similarity` of pg_trgm has it: the share of their trigrams that both have.
pub fn similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (trigrams(one), trigrams(other));
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len() - shared;
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

fn trigrams(text: &str) -> HashSet<[char; 3]> {
    let mut found = HashSet::new();
    for word in text.split_whitespace() {
        let padded: Vec<char> = "  ".chars().chain(word.chars()).chain([' ']).collect();
        found.extend(padded.array_windows::<3>().copied());
    }
    found
}
