//! `deskgate gate examples`: what staff said of the gate's reading, as labelled data.

use std::process::ExitCode;

use crate::cli::{Config, base::Base, say};

/// Prints one JSON object a line, in the form of the gate's labelled data.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let printed = print(&base).await;
    base.close().await;
    printed.map(|()| ExitCode::SUCCESS)
}

async fn print(base: &Base) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    for labelled in base.desk.examples(&mut conn).await? {
        say(serde_json::to_string(&labelled)?);
    }
    Ok(())
}
