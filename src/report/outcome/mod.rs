//! What a reporter says who was asked to try a fix: it works, it still fails, or neither.
//!
//! The own words are cut into clauses, each of which says one thing at most: works, fails,
//! works in part, asks, promises to try. Only then is it decided over all of them, and the
//! doubtful goes to a person: a wrong *works* ends a ticket whose fault is still there, a
//! needless question costs a look. All ten languages are matched at once, as in the gate.

mod words;

#[cfg(test)]
mod tests;

use super::fold::{fold, unspaced, word_count};
use super::thanks::{gives_thanks, is_thanks};
use crate::domain::text;

/// What somebody says about a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It works, said plainly; a short word of thanks says it, too.
    Works,
    /// It still fails.
    Fails,
    /// Both, or one with a but: a person has to read it.
    Unclear,
    /// It says nothing of how the fix does.
    Neither,
}

/// Who says that it works in more words than this, in bytes, says something else as well.
const MOST_BYTES: usize = 600;

/// A plain yes with more words than these beside it may answer anything.
const BESIDE_A_YES: usize = 6;

/// The same where thanks stand beside it: who thanks us has nothing left to ask.
const BESIDE_A_YES_WITH_THANKS: usize = 14;

/// What the own words of a reply say about a fix that their author was asked to try.
pub fn outcome(own: &str) -> Outcome {
    let said = Said::of(text::prefix(own, MOST_BYTES));
    match said.outcome() {
        Outcome::Works if own.trim().len() > MOST_BYTES => Outcome::Neither,
        // The short line below thanks is mostly a name, and may be "Still broken".
        Outcome::Neither if said.is_of_others() && is_thanks(own) => Outcome::Works,
        outcome => outcome,
    }
}

/// What one clause says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Works,
    Fails,
    /// Works and fails at once, or works with a limit.
    Both,
    /// Works, as far as anybody can tell, once, or in a way that is not meant.
    Hedged,
    /// It is asked, or made a condition.
    Asked,
    Yes,
    No,
    /// To be tried yet.
    Later,
    /// Something does not, and we do not know what.
    Denied,
    Other,
}

/// How often each was said.
#[derive(Default)]
struct Said {
    works: bool,
    fails: bool,
    both: bool,
    hedged: bool,
    asked: bool,
    yes: bool,
    no: bool,
    later: bool,
    /// Something was taken back, or set against something else.
    contrast: bool,
    /// Something is denied that is none of our words.
    denied: bool,
    /// Words that say nothing of it.
    others: usize,
    please: bool,
    thanks: bool,
}

impl Said {
    fn of(own: &str) -> Said {
        let mut said = Said::default();
        for piece in pieces(own) {
            let raw = piece.text.trim();
            let clause = format!(" {} ", fold(raw));
            if clause.trim().is_empty() {
                continue;
            }
            let means = meaning(&clause, raw, piece.asks);
            said.contrast |= means != Clause::No && (piece.contrast || is_contrast(&clause, raw));
            said.hedged |= has(&clause, words::BELIEFS);
            said.please |= has(&clause, words::PLEASE);
            said.thanks |= gives_thanks(clause.trim());
            if means == Clause::Other {
                said.others += word_count(clause.trim());
            }
            said.add(means);
        }
        said
    }

    fn add(&mut self, clause: Clause) {
        match clause {
            Clause::Works => self.works = true,
            Clause::Fails => self.fails = true,
            Clause::Both => self.both = true,
            Clause::Hedged => self.hedged = true,
            Clause::Asked => self.asked = true,
            Clause::Yes => self.yes = true,
            Clause::No => self.no = true,
            Clause::Later => self.later = true,
            Clause::Denied => self.denied = true,
            Clause::Other => {}
        }
    }

    fn beside_a_yes(&self) -> usize {
        if self.thanks { BESIDE_A_YES_WITH_THANKS } else { BESIDE_A_YES }
    }

    /// Whether no clause says anything of a fix.
    fn is_of_others(&self) -> bool {
        let says =
            [self.works, self.fails, self.both, self.hedged, self.asked, self.yes, self.no, self.later];
        !says.contains(&true) && !self.denied && !self.contrast
    }

    fn outcome(&self) -> Outcome {
        let positive = self.works || self.yes;
        if self.both || (self.works && (self.fails || self.no)) {
            return Outcome::Unclear;
        }
        if self.fails {
            return if positive && self.contrast { Outcome::Unclear } else { Outcome::Fails };
        }
        if positive && (self.contrast || (self.works && self.denied)) {
            return Outcome::Unclear;
        }
        // A plain yes answers our question; beside one of theirs it may answer anything.
        if self.later || self.asked || self.hedged {
            return Outcome::Neither;
        }
        match (self.works, self.yes, self.no) {
            (true, _, _) => Outcome::Works,
            (_, true, false) if self.denied || self.please || self.others > self.beside_a_yes() => {
                Outcome::Neither
            }
            (_, true, false) => Outcome::Works,
            (false, true, true) => Outcome::Unclear,
            (false, false, true) if !self.please => Outcome::Fails,
            (false, false, _) => Outcome::Neither,
        }
    }
}

/// A stretch between marks.
struct Piece<'t> {
    text: &'t str,
    asks: bool,
    /// It stands behind a "but" that is no word of its own in its script.
    contrast: bool,
}

/// Cuts at marks, but not inside of numbers and names such as `1.2` and `app.exe`.
fn pieces(own: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = own.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let cuts = match c {
            '.' | ':' | ',' => next.is_none_or(char::is_whitespace),
            '!' | '?' | ';' | '\n' | '(' | ')' | '–' | '—' | '…' => true,
            '。' | '！' | '？' | '、' | '，' | '；' | '：' => true,
            _ => false,
        };
        if cuts {
            let end = at + c.len_utf8();
            pieces.extend(split_at_contrast(&own[start..at], matches!(c, '?' | '？')));
            start = end;
        }
    }
    pieces.extend(split_at_contrast(&own[start..], false));
    pieces
}

/// "works on my phone but not on the desktop" is two things; before each "but" a new one begins.
fn split_at_contrast(text: &str, asks: bool) -> Vec<Piece<'_>> {
    let mut cuts = vec![0];
    let lower = text.to_lowercase();
    // Lower case may be longer than what it stands for; then nothing is cut.
    if lower.len() == text.len() {
        for but in words::SPLITTING.iter().filter(|but| is_but(but.trim(), &lower)) {
            // In Japanese it ends what stands before it.
            let behind = if but.ends_with(['が', 'ど']) { but.len() } else { 0 };
            cuts.extend(lower.match_indices(but).map(|(at, _)| at + behind));
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts.push(text.len());
    let spoken = |pair: &[usize]| text.get(pair[0]..pair[1]);
    let last = cuts.len().saturating_sub(2);
    let piece = |(number, text)| Piece { text, asks: asks && number == last, contrast: number > 0 };
    cuts.windows(2).filter_map(spoken).enumerate().map(piece).collect()
}

/// Whether a word means "but" beside the words around it.
fn is_but(word: &str, lower: &str) -> bool {
    words::NO_BUT_BESIDE.iter().all(|(but, beside)| *but != word || !lower.contains(beside))
}

/// Whether a folded clause takes something back.
fn is_contrast(clause: &str, raw: &str) -> bool {
    let lower = raw.to_lowercase();
    let (clause, _) = without(clause, words::GOOD);
    let buts = words::CONTRAST.iter().filter(|but| is_but(but, &lower));
    buts.into_iter().any(|but| find(&clause, but).is_some()) || clause.starts_with(" mas ")
}

/// What a folded clause says, with a space at both ends.
fn meaning(clause: &str, raw: &str, asks: bool) -> Clause {
    let (clause, good) = without(clause, words::GOOD);
    let (clause, _) = without(&clause, words::COURTESY);
    let clause = clause.as_str();
    let (works, fails) = (has(clause, words::WORKS), has(clause, words::FAILS));
    let asks = asks || has(clause, words::ASKING) || asks_in_its_script(raw);
    if asks {
        return if works || fails || good { Clause::Asked } else { Clause::Other };
    }
    let trying = has(clause, words::TRYING);
    if has(clause, words::LATER) || (trying && (negated(clause) || has(clause, words::FUTURE))) {
        return Clause::Later;
    }
    if is_condition(clause, raw) {
        return if works || fails || good { Clause::Asked } else { Clause::Other };
    }
    let (rest, still) = without(clause, words::STILL_FAILS);
    if still {
        return if has(&rest, words::WORKS) && !negated(clause) { Clause::Both } else { Clause::Fails };
    }
    match (works || good, fails) {
        (_, true) if has(clause, words::ANOTHER) => Clause::Both,
        (true, true) if negated(clause) || has(clause, words::NO_MORE) => Clause::Hedged,
        (true, true) => Clause::Both,
        (true, false) if works && negated(clause) => Clause::Fails,
        (true, false) if has(clause, words::FUTURE) || has(clause, words::HEDGES) => Clause::Hedged,
        (true, false) => Clause::Works,
        (false, true) if has(clause, words::NO_MORE) => Clause::Works,
        (false, true) if negated(clause) => Clause::Hedged,
        (false, true) => Clause::Fails,
        (false, false) if negated(clause) && has(clause, words::DOES) => Clause::Fails,
        (false, false) => short_word(clause, raw),
    }
}

/// A yes or a no that is a whole clause, and a "not on the desktop".
fn short_word(clause: &str, raw: &str) -> Clause {
    let whole = clause.trim();
    let spelled = raw.trim().to_lowercase();
    if words::YES.contains(&whole) || words::YES_AS_SPELLED.contains(&spelled.as_str()) {
        return Clause::Yes;
    }
    if words::NO.contains(&whole) {
        return Clause::No;
    }
    let first = whole.split(' ').next().unwrap_or_default();
    match words::NOT_FIRST.contains(&first) && whole.contains(' ') {
        true => Clause::Denied,
        false if negated(clause) => Clause::Denied,
        false => Clause::Other,
    }
}

fn negated(clause: &str) -> bool {
    let all: Vec<&str> = clause.split(' ').collect();
    let on_the = |at: usize| all[at] == "no" && at > 0 && words::BEFORE_ON_THE.contains(&all[at - 1]);
    let denies = |at: usize, word: &str| {
        (words::NOT.contains(&word) && !on_the(at)) || word.ends_with("n't") || word.starts_with("n'")
    };
    all.iter().enumerate().any(|(at, word)| denies(at, word))
        || words::NOT_WITHIN.iter().any(|each| clause.contains(each))
}

/// "if it works"; the accented `sí` is a yes, and no condition.
fn is_condition(clause: &str, raw: &str) -> bool {
    let accented = raw.to_lowercase();
    let yes = accented.contains("sí") || accented.contains("sì");
    has(clause, words::CONDITIONS) || (clause.contains(" si ") && clause.trim() != "si" && !yes)
}

/// Japanese and Chinese ask by a word at the end, often without a mark.
fn asks_in_its_script(raw: &str) -> bool {
    let end = raw.trim_end_matches(|c: char| !c.is_alphanumeric());
    words::ASKING_AT_THE_END.iter().any(|each| end.ends_with(each))
}

/// Whether a clause holds one of these: between spaces, or anywhere in a script without spaces.
fn has(clause: &str, list: &[&str]) -> bool {
    list.iter().any(|phrase| find(clause, phrase).is_some())
}

fn find(clause: &str, phrase: &str) -> Option<usize> {
    if phrase.contains(unspaced) {
        return clause.find(phrase);
    }
    let bytes = clause.as_bytes();
    let bounded = |at: &usize| {
        bytes.get(at.wrapping_sub(1)) == Some(&b' ') && bytes.get(at + phrase.len()) == Some(&b' ')
    };
    clause.match_indices(phrase).map(|(at, _)| at).find(bounded)
}

/// The clause without these phrases, and whether there was one.
fn without(clause: &str, list: &[&str]) -> (String, bool) {
    let (mut rest, mut found) = (clause.to_owned(), false);
    for phrase in list {
        while let Some(at) = find(&rest, phrase) {
            rest.replace_range(at..at + phrase.len(), "");
            rest = rest.replace("  ", " ");
            found = true;
        }
    }
    (rest, found)
}
