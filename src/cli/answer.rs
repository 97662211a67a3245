//! `deskgate answer`: known answers, which staff send by `#answer NAME`.

use std::{io::Read, path::PathBuf, process::ExitCode};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    desk::OPERATOR,
    domain::{EmailAddress, Language},
    store::answers::{self, Answer},
};

/// `deskgate answer`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Keep an answer; one of this name and language is replaced.
    Add(Add),
    /// The answers there are.
    List(List),
    /// The words of an answer, in each language it has.
    Show(Named),
    /// Take an answer away, in one language or in all.
    Remove(Named),
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// What staff call it: a-z, 0-9 and -.
    name: String,
    /// The language it is in; without it that of the site.
    #[arg(long)]
    language: Option<Language>,
    /// A text that may name {{name}}, {{reference}}, {{subject}} and {{site}}; - reads standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Who wrote it; without it the audit log says that it was done at the command line.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

#[derive(Debug, clap::Args)]
pub struct List {
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Named {
    /// Its name.
    name: String,
    /// In this language only.
    #[arg(long)]
    language: Option<Language>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::Add(arguments) => add(&base, &arguments).await,
        Command::List(arguments) => list(&base, &arguments).await,
        Command::Show(arguments) => show(&base, &arguments).await,
        Command::Remove(arguments) => remove(&base, &arguments).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn add(base: &Base, arguments: &Add) -> anyhow::Result<()> {
    let Add { name, file, .. } = arguments;
    let actor = arguments.actor.as_ref().map(|named| base.actor(Some(named))).transpose()?;
    let actor = actor.as_ref().map(|actor| &actor.address);
    let language = arguments.language.unwrap_or(base.desk.settings.site.language);
    let text = words(file)?;
    let mut conn = base.pool.get().await?;
    let replaced = base.desk.keep_answer(&mut conn, name, language, &text, actor, Timestamp::now()).await?;
    let what = if replaced { "replaced" } else { "kept" };
    say(format!("Answer `{name}` is {what} in `{language}`. Staff send it by #answer {name}."));
    Ok(())
}

fn words(file: &PathBuf) -> anyhow::Result<String> {
    let text = match file.as_os_str() == "-" {
        true => {
            let mut text = String::new();
            std::io::stdin()
                .lock()
                .read_to_string(&mut text)
                .context("reading the answer from standard input")?;
            text
        }
        false => std::fs::read_to_string(file)
            .with_context(|| format!("reading the answer in {}", file.display()))?,
    };
    Ok(text)
}

async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    let conn = base.pool.get().await?;
    let all = answers::list(&conn, None).await?;
    if arguments.json {
        let all: Vec<Value> = all.iter().map(view).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if all.is_empty() {
        say("No known answers. `deskgate answer add NAME FILE` adds one.");
    }
    for answer in all {
        let first = answer.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        say(format!("{:<24} {}  {first}", answer.name, answer.language.0));
    }
    Ok(())
}

async fn show(base: &Base, arguments: &Named) -> anyhow::Result<()> {
    let conn = base.pool.get().await?;
    let mut found = answers::list(&conn, Some(&arguments.name)).await?;
    found.retain(|answer| arguments.language.is_none_or(|language| answer.language.0 == language));
    anyhow::ensure!(
        !found.is_empty(),
        "there is no answer `{}`; `deskgate answer list` has them all",
        arguments.name
    );
    if arguments.json {
        let all: Vec<Value> = found.iter().map(view).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    for answer in found {
        let by = match answer.changed_by.as_str() {
            OPERATOR => "somebody at the command line",
            by => by,
        };
        say(format!("{} ({}), by {by}", answer.name, answer.language.0));
        answer.text.lines().for_each(|line| say(format!("  │ {line}")));
    }
    Ok(())
}

async fn remove(base: &Base, arguments: &Named) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let Named { name, language, json } = arguments;
    let gone = base.desk.remove_answer(&mut conn, name, *language, None, Timestamp::now()).await?;
    match json {
        true => say(json!({ "name": name, "removed": gone }).to_string()),
        false => say(format!("Answer `{name}` is gone in {gone} languages.")),
    }
    Ok(())
}

fn view(answer: &Answer) -> Value {
    json!({
        "name": answer.name, "language": answer.language.0, "text": answer.text,
        "changed_by": answer.changed_by, "changed_at": answer.changed_at.to_jiff(),
    })
}
