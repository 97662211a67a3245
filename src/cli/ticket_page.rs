//! `deskgate ticket page`: a ticket as a page with its files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jiff::Timestamp;

use super::{base::Base, say};
use crate::{desk, domain::TicketId};

/// `deskgate ticket page`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Its number.
    number: TicketId,
    /// A folder to write into; it is made, or is there and empty.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
    /// With what stays among staff; leave it out of pages that you hand over.
    #[arg(long)]
    notes: bool,
}

/// Writes the page.
pub async fn run(base: &Base, arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { number, output, notes } = arguments;
    let mut conn = base.pool.get().await?;
    let page = desk::page(&base.desk, &mut conn, *number, *notes, Timestamp::now()).await?;
    make_empty(output)?;
    for (place, sha256) in &page.files {
        let path = output.join(place);
        let folder = path.parent().context("a file of a page has a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        write(&path, &desk::content(&mut conn, place, sha256).await?)?;
    }
    let index = output.join("index.html");
    write(&index, page.html.as_bytes())?;
    say(format!("Ticket {number}: {} and {} files.", index.display(), page.files.len()));
    Ok(())
}

fn make_empty(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let mut inside =
        fs::read_dir(folder).with_context(|| format!("looking into the folder {}", folder.display()))?;
    anyhow::ensure!(
        inside.next().is_none(),
        "the folder {} is not empty; name another one, so that nothing in it is overwritten",
        folder.display()
    );
    Ok(())
}

/// Writes a file that is not there yet.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    let made = fs::File::create_new(path).and_then(|mut file| file.write_all(bytes));
    made.with_context(|| format!("writing {}", path.display()))
}
