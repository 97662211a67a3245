//! `deskgate init`: a commented sample configuration.

use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf, process::ExitCode};

use anyhow::Context;

use super::{Config, say};
use crate::settings::SAMPLE;

/// `deskgate init`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print it instead of writing a file.
    #[arg(long)]
    print: bool,
}

/// Writes deskgate.toml; a file that is there is left alone.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.print {
        say(SAMPLE.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let path = config.0.clone().unwrap_or_else(|| PathBuf::from("deskgate.toml"));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        // It will hold passwords.
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(SAMPLE.as_bytes()))
        .with_context(|| format!("writing {}; move an old one away first", path.display()))?;
    say(format!("Wrote {}. Fill in your mailbox, then run `deskgate check`.", path.display()));
    Ok(ExitCode::SUCCESS)
}
