//! `deskgate check`: every part is probed and told in one line.

use std::process::ExitCode;

use anyhow::anyhow;
use jiff::Timestamp;

use super::{Config, base, say};
use crate::{
    desk::{self, NodeHealth},
    imap,
    pager::Pager,
    render::Renderer,
    settings::{Mailbox, Settings},
    smtp::Transport,
    store,
    verify::Verifier,
};

/// Probes everything; exit code 1 when one part fails.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let settings = match config.load() {
        Ok(settings) => {
            report
                .good("configuration", format!("{}, {} keys", settings.source, settings.key_values().len()));
            settings
        }
        Err(error) => {
            report.bad("configuration", error.to_string());
            return Ok(report.end());
        }
    };
    base::quietly(&settings)?;
    report.line("secret", settings.site.signing_key().map(|_| "there, long enough".to_owned()));
    let templates = Renderer::load(settings.site.templates.as_deref());
    report.line(
        "templates",
        templates.map(|all| format!("{} templates render in every language", all.templates().len())),
    );
    match database(&settings).await {
        Ok((sentence, nodes, trigrams)) => {
            report.good("database", sentence);
            match trigrams {
                None => {}
                Some(true) => report.good("similar tickets", "found by words and by spelling".to_owned()),
                Some(false) => report.note("similar tickets", WITHOUT_TRIGRAMS),
            }
            nodes.into_iter().for_each(|node| report.good("node", node.sentence));
        }
        Err(error) => report.bad("database", format!("{error:#}")),
    }
    report.notes(&settings, "site");
    oncall_lines(&mut report, &settings);
    for mailbox in &settings.mailboxes {
        mailbox_lines(&mut report, mailbox).await;
        report.notes(&settings, &desk::proof_of(&mailbox.name));
    }
    Ok(report.end())
}

/// What to do where PostgreSQL finds no subjects that are merely spelled alike.
const WITHOUT_TRIGRAMS: &str = "found by words alone: the extension pg_trgm is not there or may not be used; for the spelling of subjects, too, have its owner say, in this database, \"CREATE EXTENSION pg_trgm; CREATE INDEX ticket_texts_by_subject ON ticket_texts USING gin (subject gin_trgm_ops)\"";

async fn database(settings: &Settings) -> anyhow::Result<(String, Vec<NodeHealth>, Option<bool>)> {
    let (url, cluster) = base::database(settings).await?;
    let probed = async {
        base::refuse_shared_sessions(settings).await?;
        // Not by the pool, which is patient.
        let mut conn = store::pool::connection(&url).await?;
        anyhow::Ok(match store::pool::pending(&mut conn).await? {
            0 => (
                "connected, up to date".to_owned(),
                desk::nodes(&mut conn, Timestamp::now()).await?,
                Some(store::similar::has_trigrams(&mut conn).await?),
            ),
            count => (
                format!("connected; {count} migrations to run, which `deskgate run` does by itself"),
                Vec::new(),
                None,
            ),
        })
    };
    let probed = probed.await;
    base::close(cluster).await;
    probed
}

fn oncall_lines(report: &mut Report, settings: &Settings) {
    report.notes(settings, desk::ON_CALL);
    let chain = &settings.oncall.chain;
    if !chain.is_empty() {
        report.good(desk::ON_CALL, format!("{} steps: {}", chain.len(), chain.join(", ")));
    }
    if let Some(webhook) = &settings.oncall.webhook {
        report.line("pager", Pager::new(webhook).map(|_| "its URL can be asked".to_owned()));
    }
}

async fn mailbox_lines(report: &mut Report, mailbox: &Mailbox) {
    let name = &mailbox.name;
    if let Some(imap) = &mailbox.imap {
        let probed = imap::probe(imap).await;
        report.line(&format!("{name}: imap"), probed.map_err(|error| anyhow!("{}: {error}", error.state())));
    }
    let smtp = match Transport::new(&mailbox.smtp) {
        Ok(transport) => transport.probe().await,
        Err(error) => Err(error),
    };
    report.line(&format!("{name}: smtp"), smtp);
    if let Some(settings) = &mailbox.verify {
        let probed = match Verifier::new(settings) {
            Ok(verifier) => verifier.probe(mailbox.address.domain()).await,
            Err(error) => Err(error),
        };
        report
            .line(&format!("{name}: proof"), probed.map(|told| format!("our own check of senders; {told}")));
    }
}

/// The lines, and whether one was bad.
#[derive(Default)]
struct Report {
    failed: bool,
}

impl Report {
    fn line<E: Into<anyhow::Error>>(&mut self, part: &str, outcome: Result<String, E>) {
        match outcome {
            Ok(sentence) => self.good(part, sentence),
            Err(error) => self.bad(part, format!("{:#}", error.into())),
        }
    }

    fn good(&mut self, part: &str, sentence: String) {
        say(format!("ok    {part}: {sentence}"));
    }

    fn note(&self, part: &str, sentence: &str) {
        say(format!("note  {part}: {sentence}"));
    }

    /// What is worth knowing of a part.
    fn notes(&self, settings: &Settings, part: &str) {
        let notes = desk::notes(settings);
        notes.iter().filter(|note| note.part == part).for_each(|note| self.note(part, note.sentence));
    }

    fn bad(&mut self, part: &str, sentence: String) {
        self.failed = true;
        say(format!("FAIL  {part}: {sentence}"));
    }

    fn end(self) -> ExitCode {
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
