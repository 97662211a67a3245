//! Steps: what the sender did before it happened.

use super::{
    Finding,
    cues::{Hit, Role},
    decide::{Bar, is_technical, weigh},
    headings::Placed,
    samples,
    sentences::Shape,
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// Bytes of folded words between an action and the word that makes it somebody's.
const CLOSE: usize = 14;

/// Bytes of folded words from one action to the next of the same story.
const CHAIN: usize = 60;

/// A text of more sentences is long.
const LONG: usize = 8;

/// The same of a letter, whose greeting, thanks and name count as well.
const LONG_LETTER: usize = 12;

/// A name and what somebody is: "Ann Lee, bakery in York".
const WORDS_OF_A_NAME: usize = 6;

/// Bytes of folded words before a condition that still opens the sentence: "however, when".
const FRONT: usize = 12;

/// The same where the trouble stands first: "the app crashes when".
const TROUBLE_FIRST: usize = 24;

/// Conditions that tell what came before rather than how to get there: "after
/// upgrading it fails".
const AFTERWARDS: &[&str] = &["after", "once", "upon", "by", "during", "while", "as i", "on doing"];

/// The steps of a report.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
    weigh(own, body, Slot::Steps, &bar(own, body))
}

/// In a short letter, or in a language whose verbs tell the person, a hint is
/// enough; trackers' reports and long or technical ones hold hints of everything.
fn bar(own: &str, body: &[Read]) -> Bar {
    let english = body.iter().any(|read| reads_english(&read.placed.sentence.words));
    let plain = !is_technical(own);
    if body.len() <= LONG && plain && !english {
        return Bar { present: 4, unsure: 2 };
    }
    if body.len() <= LONG_LETTER && is_letter(own, body) {
        return Bar { present: 4, unsure: if plain { 2 } else { 4 } };
    }
    Bar { present: 9, unsure: 8 }
}

/// Whether somebody wrote this to somebody: a greeting, a word of thanks, or a
/// name below.
fn is_letter(own: &str, body: &[Read]) -> bool {
    body.iter().any(|read| read.courteous) || signed(own)
}

/// Whether the last line is a name: short, no sentence, and nothing technical.
fn signed(own: &str) -> bool {
    let last = own.trim_end().rsplit('\n').next().unwrap_or_default().trim();
    let plain = |c: char| c.is_alphabetic() || " ,&.'-()\u{2013}\u{2014}".contains(c);
    let words = last.split(' ').count();
    let first = last.trim_start_matches(['-', ' ', '\u{2013}', '\u{2014}']);
    let short = words <= WORDS_OF_A_NAME && words * 2 < own.split_whitespace().take(40).count();
    let initial = last.rsplit(' ').next().is_some_and(|word| word.len() == 2 && words > 1);
    short
        && first.starts_with(char::is_alphabetic)
        && last.chars().all(plain)
        && (!last.ends_with('.') || initial)
}

/// What one sentence says for or against being steps.
pub(super) fn signals(text: &str, placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    if let Some(sample) = samples::signal(text) {
        return vec![sample];
    }
    let signal = |weight, name| Signal { slot: Slot::Steps, weight, name };
    let words = placed.sentence.words.as_str();
    let named = hits.iter().find(|hit| hit.role == Role::Steps);
    let actions = actions(words, hits, placed.sentence.shape);
    let conditional = actions.iter().any(|&action| behind(action, hits, Role::Condition));
    let mut found = Vec::new();
    if let Some(hit) = named {
        found.push(signal(if actions.is_empty() { Weight::Weak } else { Weight::Fair }, hit.name));
    }
    if actions.len() >= 2 {
        found.push(signal(Weight::Strong, "several actions"));
    }
    match placed.sentence.shape {
        Shape::Numbered if !actions.is_empty() => {
            found.push(signal(Weight::Strong, "action as a numbered item"))
        }
        Shape::Numbered => found.push(signal(Weight::Fair, "numbered item")),
        Shape::Bullet if !actions.is_empty() => found.push(signal(Weight::Strong, "action as an item")),
        _ if conditional => found.push(signal(Weight::Fair, "condition and action")),
        _ if actions.first() == Some(&0) && words.starts_with(|c: char| c.is_alphabetic()) => {
            found.push(signal(Weight::Weak, "order"))
        }
        _ if !actions.is_empty() => found.push(signal(Weight::Weak, "action")),
        _ => {}
    }
    if let Some(deed) = does_something_in_a_condition(words, hits) {
        found.push(signal(if deed.fronted { Weight::Likely } else { Weight::Weak }, deed.name));
    }
    if opens_with_doing(words, hits) {
        let trouble = hits.iter().any(|hit| hit.role == Role::Trouble);
        let weight = if trouble { Weight::Weak } else { Weight::Trace };
        found.push(signal(weight, "opens with doing"));
    }
    if tells_the_past(words, hits) {
        found.push(signal(Weight::Trace, "told"));
    }
    let elsewhere = placed.under.is_some_and(|slot| slot != Slot::Steps);
    let most = match (elsewhere, tells_what_works(words, hits)) {
        (true, _) => Weight::Weak,
        (_, true) => Weight::Fair,
        _ => Weight::Heading,
    };
    for signal in &mut found {
        signal.weight = signal.weight.min(most);
    }
    if let Some(name) = shows_a_sample(words) {
        found.push(signal(Weight::Fair, name));
    }
    found
}

/// "If I use the old driver it works": how the fault is avoided.
fn tells_what_works(words: &str, hits: &[Hit]) -> bool {
    let trouble = hits.iter().any(|hit| hit.role == Role::Trouble);
    !trouble
        && words
            .split(' ')
            .any(|word| ["works", "worked", "fine", "correctly", "ok", "okay", "properly"].contains(&word))
}

/// "Here is my configuration", "the following is an example of": points at what
/// stands below, unless that is what came out.
fn shows_a_sample(words: &str) -> Option<&'static str> {
    let start = format!(" {} ", words.split(' ').take(5).collect::<Vec<_>>().join(" "));
    let points = [
        " here is ",
        " here's ",
        " here are ",
        " following is ",
        " below is ",
        " excerpt from ",
        " given the ",
        " this is my ",
    ]
    .iter()
    .any(|pointer| start.contains(pointer));
    let output = words.split(' ').any(|word| {
        [
            "log",
            "logs",
            "error",
            "errors",
            "output",
            "trace",
            "stacktrace",
            "stack",
            "result",
            "results",
            "screenshot",
            "response",
            "patch",
            "fix",
            "info",
            "problem",
            "link",
            "diff",
            "environment",
            "exception",
            "dump",
        ]
        .contains(&word)
    });
    (points && !output).then_some("shows a sample")
}

/// "This configuration:" above mark-up, a command or code: the sentence tells what
/// the sample is for, which the sample itself does not.
pub(super) fn announcements(own: &str, body: &mut [Read]) {
    for place in 1..body.len() {
        let (before, sample) = (&body[place - 1], &body[place]);
        let text = &own[before.placed.sentence.start..before.placed.sentence.end];
        let shown = sample.signals.iter().any(|signal| samples::NAMES.contains(&signal.name));
        let prose = before.placed.sentence.shape != Shape::Machine
            && !before.signals.iter().any(|signal| samples::NAMES.contains(&signal.name));
        if shown && prose && text.ends_with([':', '：']) && !before.tells(Slot::Expected) {
            let weight = if before.tells(Slot::Steps) { Weight::Likely } else { Weight::Fair };
            body[place - 1].signals.push(Signal { slot: Slot::Steps, weight, name: "announces a sample" });
        }
    }
}

/// A condition in which somebody does something.
struct Deed {
    name: &'static str,
    fronted: bool,
}

/// "When I maximise it", "when resizing": who acts in a condition does something,
/// whatever the verb, unless it is one of wanting, being able or thinking. What
/// opens a sentence is the way there; behind it, it may be an afterthought.
fn does_something_in_a_condition(words: &str, hits: &[Hit]) -> Option<Deed> {
    let person = |start: usize| {
        hits.iter()
            .filter(|hit| {
                hit.role == Role::Actor
                    && hit.start == start
                    && !["then", "first", "just"].contains(&hit.name)
            })
            .map(|hit| hit.end)
            .max()
    };
    hits.iter()
        .filter(|hit| {
            hit.role == Role::Condition && hit.needs_actor && !words[..hit.start].ends_with("even ")
        })
        .filter_map(|hit| {
            let doing = is_doing(words, hits, hit.end + 1);
            let acting = person(hit.end + 1).is_some_and(|end| acts(words, hits, end + 1));
            let later = AFTERWARDS.contains(&hit.name);
            let trouble_first = hit.start <= TROUBLE_FIRST
                && hits.iter().any(|other| other.role == Role::Trouble && other.end < hit.start);
            let fronted = (hit.start <= FRONT || trouble_first) && !later;
            let name = match (acting, doing) {
                (true, _) if fronted => "opens with a condition",
                (_, true) if fronted => "opens with when doing",
                (true, _) => "condition and person",
                (_, true) if later => "after doing",
                (_, true) => "when doing",
                _ => return None,
            };
            Some(Deed { name, fronted })
        })
        .max_by_key(|deed| deed.fronted)
}

/// Whether the word at `place`, or the one behind an adverb there, is no idle verb.
fn acts(words: &str, hits: &[Hit], place: usize) -> bool {
    let Some(rest) = words.get(place..) else { return false };
    let word = rest.split(' ').next().unwrap_or_default();
    if word.is_empty() {
        return false;
    }
    if word.len() > 4 && word.ends_with("ly")
        || ["then", "just", "now", "first", "also", "only"].contains(&word)
    {
        return acts(words, hits, place + word.len() + 1);
    }
    !is_idle(hits, place)
}

fn is_idle(hits: &[Hit], place: usize) -> bool {
    hits.iter().any(|hit| hit.role == Role::Idle && hit.start == place)
}

fn opens_with_doing(words: &str, hits: &[Hit]) -> bool {
    is_doing(words, hits, 0)
}

/// Whether the word at `place` is the -ing form of a verb that does something.
fn is_doing(words: &str, hits: &[Hit], place: usize) -> bool {
    let word = words.get(place..).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    word.len() >= 5 && word.ends_with("ing") && !is_idle(hits, place)
}

/// "I upgraded", "we then renamed": the past of a regular verb behind a person.
fn tells_the_past(words: &str, hits: &[Hit]) -> bool {
    hits.iter().filter(|hit| hit.role == Role::Actor && hit.needs_actor).any(|hit| {
        let next = words.get(hit.end + 1..).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        next.len() > 4 && next.ends_with("ed") && !is_idle(hits, hit.end + 1)
    })
}

/// Where the actions of a person start: told of somebody, ordered at the start of
/// the sentence, in a condition, or following another action of a person.
fn actions(words: &str, hits: &[Hit], shape: Shape) -> Vec<usize> {
    let english = reads_english(words);
    let mut found: Vec<&Hit> =
        hits.iter().filter(|hit| hit.role == Role::Action && (hit.needs_actor || !english)).collect();
    found.sort_unstable_by_key(|hit| hit.start);
    found.dedup_by(|next, kept| next.start < kept.end);
    let mut last: Option<usize> = None;
    let mut personal = Vec::new();
    for hit in found {
        if hit.needs_actor && !is_done(words, hit.start) {
            continue;
        }
        let chained = last.is_some_and(|last| hit.start - last <= CHAIN);
        let item = matches!(shape, Shape::Bullet | Shape::Numbered);
        let ordered = if item { hit.start <= FRONT } else { hit.start == 0 && !hit.name.ends_with("ing") };
        let told = hit.name.starts_with("i ")
            || hit.name.starts_with("we ")
            || behind(hit.start, hits, Role::Actor)
            || right_behind(hit.start, hits, Role::Condition);
        let subject = hit.start == 0 && hit.name.ends_with("ing");
        if subject {
            last = Some(hit.start);
        }
        if !hit.needs_actor || chained || ordered || told {
            last = Some(hit.start);
            personal.push(hit.start);
        }
    }
    personal
}

/// Whether an action is somebody's doing: not what one can or should do ("you can
/// select"), not what is done to a thing ("rules are applied"), and not a purpose
/// ("press it to open"), but what is tried to be done.
fn is_done(words: &str, place: usize) -> bool {
    let before = words[..place].trim_end();
    let (rest, last) = before.rsplit_once(' ').unwrap_or(("", before));
    let purpose = last == "to" && !rest.rsplit(' ').next().is_some_and(|verb| TRYING.contains(&verb));
    !purpose && !ABLE_OR_DONE_TO.contains(&last)
}

/// Before an action: it is possible or done to a thing, not done by somebody.
const ABLE_OR_DONE_TO: &[&str] = &[
    "can", "could", "cannot", "can't", "may", "might", "would", "should", "shall", "will", "must", "is",
    "are", "was", "were", "be", "been", "being", "gets", "have", "has", "i've", "we've", "the", "a", "an",
    "this", "of", "no", "not", "only",
];

/// "I try to open it" opens it.
const TRYING: &[&str] = &[
    "try",
    "tried",
    "trying",
    "attempt",
    "attempted",
    "attempting",
    "go",
    "went",
    "going",
    "used",
    "proceed",
    "continue",
];

/// Words without accents may be a verb in one language and a noun in another; a
/// sentence with these small words is English, and other languages' verbs are none.
fn reads_english(words: &str) -> bool {
    words.split(' ').any(|word| ["the", "and", "this", "with", "that", "of", "it"].contains(&word))
}

/// Whether the word before is a cue of this role: "when opening", "after pressing".
fn right_behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.end + 1 == place)
}

/// Whether a cue of this role stands close before `place`.
fn behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start < place && place - hit.start <= CLOSE)
}
