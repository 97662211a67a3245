//! Commit messages, as `git log` tells them.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::Context;
use tokio::process::Command;

/// A log that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The messages of the commits in a range such as `v1.2..v1.3`, the newest first.
///
/// # Errors
/// When git is not there, does not answer within a minute, or does not know the range or the folder; in its words.
pub async fn messages(repo: &Path, range: &str) -> anyhow::Result<Vec<String>> {
    let bad = range.is_empty() || range.starts_with('-') || range.contains('\0');
    anyhow::ensure!(!bad, "`{range}` is no range of commits; write it like v1.2..v1.3");
    // No shell, no pager, nothing that the repository's own configuration could start.
    let asked = Command::new("git")
        .arg("-C")
        .arg(repo)
        .args(["--no-pager", "-c", "core.fsmonitor=false", "log", "--no-show-signature", "-z", "--format=%B"])
        .args(["--end-of-options", range, "--"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let reading = || format!("reading the commits {range} in {}", repo.display());
    let told = tokio::time::timeout(PATIENCE, asked).await;
    let told = told.with_context(|| format!("{}: git does not answer", reading()))?;
    let told = told.with_context(|| format!("{}: starting git; is it installed?", reading()))?;
    if !told.status.success() {
        let why = crate::domain::text::line(&String::from_utf8_lossy(&told.stderr));
        anyhow::bail!("{}: git says: {why}", reading());
    }
    let text = String::from_utf8_lossy(&told.stdout);
    Ok(text.split('\0').filter(|message| !message.trim().is_empty()).map(str::to_owned).collect())
}
