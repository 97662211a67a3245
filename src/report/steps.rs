//! Steps: what the sender did before it happened.
//!
//! They come as a list, as orders, as a condition ("when I rename it"), as a tale,
//! or as a command or a piece of code to run. [`deeds`] reads who does what,
//! [`samples`] what there is to run; here they become signals, and the signals of
//! all sentences a verdict.

use super::{
    Finding,
    cues::{Hit, Role},
    deeds::{self, Condition},
    headings::Placed,
    letter::is_letter,
    rules::{Bar, is_technical, weigh},
    samples,
    sentences::Shape,
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// A text of more sentences is long.
const LONG: usize = 8;

/// The same of a letter, whose greeting, thanks and name count as well.
const LONG_LETTER: usize = 12;

/// The steps of a report.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
    weigh(own, body, Slot::Steps, &bar(own, body))
}

/// In a short letter, or in a language whose verbs tell the person, a hint is
/// enough; trackers' reports and long or technical ones hold hints of everything.
fn bar(own: &str, body: &[Read]) -> Bar {
    let english = body.iter().any(|read| deeds::reads_english(&read.placed.sentence.words));
    let plain = !is_technical(own);
    if body.len() <= LONG && plain && !english {
        return Bar { present: 4, unsure: 2 };
    }
    if body.len() <= LONG_LETTER && is_letter(own, body) {
        return Bar { present: 4, unsure: if plain { 2 } else { 4 } };
    }
    Bar { present: 9, unsure: 8 }
}

/// What one sentence says for being steps.
pub(super) fn signals(text: &str, placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    if let Some(sample) = samples::signal(text) {
        return vec![sample];
    }
    let mut found = told(placed, hits);
    let most = most_weight(placed, hits);
    for (weight, _) in &mut found {
        *weight = most.min(*weight);
    }
    if samples::is_shown_below(&placed.sentence.words) {
        found.push((Weight::Fair, "shows a sample"));
    }
    found.into_iter().map(|(weight, name)| Signal { slot: Slot::Steps, weight, name }).collect()
}

/// Orders that follow each other are steps; one alone may be a wish ("Add a
/// button") or a line of something else.
pub(super) fn orders_in_a_row(body: &mut [Read]) {
    let is_order = |read: &Read| read.signals.iter().any(|signal| signal.name == ORDER);
    for place in 1..body.len() {
        if is_order(&body[place - 1]) && is_order(&body[place]) {
            body[place].signals.push(Signal {
                slot: Slot::Steps,
                weight: Weight::Fair,
                name: "orders in a row",
            });
        }
    }
}

const ORDER: &str = "order";

/// Every way in which a sentence tells a step.
fn told(placed: &Placed, hits: &[Hit]) -> Vec<(Weight, &'static str)> {
    let words = placed.sentence.words.as_str();
    let actions = deeds::actions(words, hits, placed.sentence.shape);
    let mut found = Vec::new();
    if let Some(hit) = hits.iter().find(|hit| hit.role == Role::Steps) {
        found.push((if actions.is_empty() { Weight::Weak } else { Weight::Fair }, hit.name));
    }
    if actions.len() >= 2 {
        found.push((Weight::Strong, "several actions"));
    }
    found.extend(by_shape(placed.sentence.shape, &actions, hits));
    found.extend(deeds::condition(words, hits).map(|condition| match condition {
        Condition::Opening => (Weight::Likely, "opens with a condition"),
        Condition::OpeningWithout => (Weight::Likely, "opens with when doing"),
        Condition::Within => (Weight::Weak, "condition and person"),
        Condition::WithinWithout => (Weight::Weak, "when doing"),
        Condition::Before => (Weight::Weak, "after doing"),
    }));
    if deeds::opens_with_doing(words, hits) {
        let trouble = hits.iter().any(|hit| hit.role == Role::Trouble);
        found.push((if trouble { Weight::Weak } else { Weight::Trace }, "opens with doing"));
    }
    if deeds::tells_the_past(words, hits) {
        found.push((Weight::Trace, "told"));
    }
    found
}

/// What an action weighs depends on how its line is set.
fn by_shape(shape: Shape, actions: &[usize], hits: &[Hit]) -> Option<(Weight, &'static str)> {
    let conditional = actions.iter().any(|&action| deeds::is_behind(action, hits, Role::Condition));
    Some(match (shape, actions.first()) {
        (Shape::Numbered, Some(_)) => (Weight::Strong, "action as a numbered item"),
        (Shape::Numbered, None) => (Weight::Fair, "numbered item"),
        (_, None) => return None,
        (Shape::Bullet, _) => (Weight::Strong, "action as an item"),
        _ if conditional => (Weight::Fair, "condition and action"),
        (_, Some(0)) => (Weight::Weak, ORDER),
        _ => (Weight::Weak, "action"),
    })
}

/// Under a heading for something else, and where all is well ("if I use the old
/// driver it works"), an action may not be the way to the fault.
fn most_weight(placed: &Placed, hits: &[Hit]) -> Weight {
    let trouble = hits.iter().any(|hit| hit.role == Role::Trouble);
    let well = placed.sentence.words.split(' ').any(|word| WELL.contains(&word));
    match placed.under {
        Some(Slot::Actual | Slot::Expected) => Weight::Weak,
        _ if well && !trouble => Weight::Fair,
        _ => Weight::Heading,
    }
}

/// Words for what goes well.
const WELL: &[&str] = &["works", "worked", "fine", "correctly", "ok", "okay", "properly"];
