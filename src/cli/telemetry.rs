//! The log: for people, or as JSON for machines. It carries ticket numbers and
//! masked addresses, never a body and never a secret.

use std::io::IsTerminal;

use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::settings::{Log, LogFormat};

/// Starts the log on standard error, which leaves standard output to answers.
///
/// # Errors
/// When `log.level` is no filter that tracing understands.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level).with_context(|| {
        format!(
            "reading `log.level` = \"{}\"; write a level such as \"info\", or \"info,deskgate::imap=debug\"",
            log.level
        )
    })?;
    // Below info these print what passes through them, which is mail.
    let filter = ["handlebars=info", "tokio_postgres=info"]
        .into_iter()
        .try_fold(filter, |filter, cap| Ok::<_, anyhow::Error>(filter.add_directive(cap.parse()?)))
        .context("capping the log of the libraries")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process, as in a test, keeps the first log.
    let _ = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    Ok(())
}

/// Starts counting, for `/metrics`.
///
/// # Errors
/// When somebody else in this process counts already.
pub fn count() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().context("starting to count for /metrics")
}
