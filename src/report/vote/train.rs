//! Learning the weights of the vote from labelled mails and sentences.
//!
//! The table is learned by stochastic gradient descent on the logistic loss with AdaGrad's
//! steps (Duchi et al. 2011); the judges then by gradient descent on the
//! summaries of mails that their table had not seen (each fifth is judged by a table learned
//! from the other four), since sentences that were learned look surer than they will be. All
//! arithmetic is in a fixed order and without the platform's mathematics library, so that the
//! same data give the same bytes on every machine.

mod judge;
mod lessons;
mod table;

pub use lessons::{Lesson, Lessons, Sentence, Use};

use super::{ASPECTS, Vote, Weights, summary::FEATURES};
use table::Example;

/// Parts in which the mails are held out in turn while the judges learn.
const FOLDS: usize = 5;

/// Learns from all lessons.
pub fn train(lessons: &Lessons) -> Weights {
    let mails: Vec<&Lesson> = lessons.mails.iter().collect();
    learn(&mails, &lessons.sentences)
}

/// How mails are voted on by weights that never saw them: each of `folds` parts by what the
/// others teach, in the order of the mails. Sentences without a mail teach every time.
pub fn held_out(lessons: &Lessons, folds: usize) -> Vec<Vote> {
    let mut votes: Vec<Option<Vote>> = vec![None; lessons.mails.len()];
    for fold in 0..folds {
        let (held, rest) = split(&lessons.mails.iter().collect::<Vec<_>>(), fold, folds);
        let weights = learn(&rest.iter().map(|(_, mail)| *mail).collect::<Vec<_>>(), &lessons.sentences);
        for (place, mail) in held {
            votes[place] = Some(mail.voted(&weights));
        }
    }
    votes.into_iter().flatten().collect()
}

fn learn(mails: &[&Lesson], sentences: &[Sentence]) -> Weights {
    let mut summaries: Vec<(&Lesson, [f32; FEATURES])> = Vec::with_capacity(mails.len());
    for fold in 0..FOLDS {
        let (held, rest) = split(mails, fold, FOLDS);
        if held.iter().all(|(_, mail)| mail.judged == 0.0) {
            continue;
        }
        let table = table_of(rest.iter().map(|(_, mail)| *mail), sentences);
        let judged = held.into_iter().filter(|(_, mail)| mail.judged > 0.0);
        summaries.extend(judged.map(|(_, mail)| (mail, mail.summary(&table))));
    }
    let mut weights = table_of(mails.iter().copied(), sentences);
    weights.judges = std::array::from_fn(|aspect| judge::learn(aspect, &summaries));
    weights
}

fn table_of<'a>(mails: impl Iterator<Item = &'a Lesson>, sentences: &[Sentence]) -> Weights {
    let examples: Vec<&Example> = mails
        .flat_map(|mail| &mail.examples)
        .chain(sentences.iter().map(|sentence| &sentence.example))
        .collect();
    table::learn(&examples)
}

type Placed<'a> = (usize, &'a Lesson);

/// Every `folds`th mail, and the others.
fn split<'a>(mails: &[&'a Lesson], fold: usize, folds: usize) -> (Vec<Placed<'a>>, Vec<Placed<'a>>) {
    mails.iter().copied().enumerate().partition(|(place, _)| place % folds == fold)
}

/// What is known about each aspect.
pub type Known = [Option<bool>; ASPECTS];
