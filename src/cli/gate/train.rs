//! `deskgate gate train`: the weights of the gate's vote, learned anew.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::eval::table;
use crate::{
    cli::say,
    mail::Written,
    report::{
        score::{Case, Score},
        vote::train::{self, Lesson, Lessons, Sentence, Use},
    },
};

/// `deskgate gate train`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The list of what is learned from; its files are looked for beside it, then in the folders.
    #[arg(value_name = "LESSONS.toml")]
    lessons: PathBuf,
    /// Further folders with files of the list.
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Where the weights go. The program has those in `src/report/vote/weights.bin`, and is built anew
    /// to use others.
    #[arg(long, short, value_name = "FILE", required_unless_present = "folds")]
    output: Option<PathBuf>,
    /// Write nothing, but tell how mails are judged by what the others teach: in so many parts, each
    /// held out in turn.
    #[arg(long, value_name = "PARTS", value_parser = clap::value_parser!(u16).range(2..=50))]
    folds: Option<u16>,
}

/// The list of lessons.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// The digest of the weights that came out of it.
    weights: String,
    lesson: Vec<Collection>,
}

/// Files of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Collection {
    files: Vec<PathBuf>,
    /// How much each sentence counts.
    sentences: f32,
    /// How much each mail as a whole counts.
    #[serde(default)]
    mails: f32,
    /// Whether they are letters, not entries of a tracker.
    letters: bool,
    /// Whether more than that is learned from them.
    facts: bool,
    /// What permits learning from it.
    #[expect(dead_code, reason = "it has to be said, for people")]
    licence: String,
}

impl Collection {
    fn of_use(&self) -> Use {
        Use { sentences: self.sentences, mails: self.mails, letter: self.letters, facts: self.facts }
    }
}

/// A labelled mail, and where it came from.
struct Known {
    group: String,
    case: Case,
    written: Written,
}

/// Learns and writes, or tells.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (list, lessons, known) = read(arguments)?;
    say(format!("{} mails, {} single sentences", lessons.mails.len(), lessons.sentences.len()));
    match (arguments.folds, &arguments.output) {
        (Some(folds), _) => held_out(&lessons, &known, folds.into()),
        (None, Some(output)) => {
            let weights = train::train(&lessons);
            fs::write(output, weights.to_bytes()).with_context(|| format!("writing {}", output.display()))?;
            say(format!("{} {}", weights.digest(), output.display()));
            if weights.digest() != list.weights {
                say(format!("{} names other weights: {}", arguments.lessons.display(), list.weights));
            }
        }
        (None, None) => bail!("neither --output nor --folds is given"),
    }
    Ok(ExitCode::SUCCESS)
}

fn read(arguments: &Arguments) -> anyhow::Result<(List, Lessons, Vec<Known>)> {
    let path = &arguments.lessons;
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let list: List = toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    let beside = path.parent().unwrap_or(Path::new("."));
    let folders: Vec<&Path> =
        std::iter::once(beside).chain(arguments.folders.iter().map(PathBuf::as_path)).collect();
    let (mut lessons, mut known) = (Lessons::default(), Vec::new());
    for collection in &list.lesson {
        for file in &collection.files {
            let Some(found) = folders.iter().map(|folder| folder.join(file)).find(|path| path.is_file())
            else {
                bail!(
                    "{} names {}, which is in none of the folders {folders:?}",
                    path.display(),
                    file.display()
                );
            };
            learn(file, &found, collection, &mut lessons, &mut known)
                .with_context(|| format!("reading {}", found.display()))?;
        }
    }
    ensure!(!lessons.mails.is_empty(), "{} names no labelled mail", path.display());
    Ok((list, lessons, known))
}

fn learn(
    name: &Path,
    file: &Path,
    collection: &Collection,
    lessons: &mut Lessons,
    known: &mut Vec<Known>,
) -> anyhow::Result<()> {
    let text = fs::read_to_string(file)?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let name = name.with_extension("");
    for (line, number) in lines {
        if file.extension().is_some_and(|extension| extension == "tsv") {
            let sentence = Sentence::read(line, collection.sentences);
            lessons
                .sentences
                .extend(sentence.map_err(anyhow::Error::msg).with_context(|| format!("line {number}"))?);
            continue;
        }
        let case = Case::read(line).with_context(|| format!("line {number}"))?;
        let written = Written::of(case.subject(), &case.text);
        let places = |span: &std::ops::Range<usize>| written.places(span);
        lessons.mails.push(Lesson::of(&case, &written.mail, places, collection.of_use()));
        known.push(Known { group: format!("{} {}", name.display(), case.group()), case, written });
    }
    Ok(())
}

/// Prints how each group is judged by what the others teach.
fn held_out(lessons: &Lessons, known: &[Known], folds: usize) {
    let (mut groups, mut all) = (BTreeMap::<String, Score>::new(), Score::default());
    let votes = train::held_out(lessons, folds);
    for ((lesson, mail), vote) in lessons.mails.iter().zip(known).zip(&votes) {
        let mut score = Score::default();
        score.add(&mail.case, &lesson.verdict(vote), |span| mail.written.places(span));
        groups.entry(mail.group.clone()).or_default().merge(&score);
        all.merge(&score);
    }
    let rows: Vec<(String, Score)> = groups.into_iter().chain([("all".to_owned(), all)]).collect();
    table::lines(&rows).iter().for_each(say);
}
