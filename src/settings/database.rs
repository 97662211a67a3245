//! `[database]`: an existing PostgreSQL, or a private one in a folder.

use std::path::PathBuf;

use super::reader::Reader;
use super::secret::Secret;

/// Where tickets and mails are kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// A PostgreSQL to use. Without it a private cluster is run in `data_dir`.
    /// It may hold a password.
    pub url: Option<Secret>,
    /// The folder of the private cluster.
    pub data_dir: PathBuf,
    /// Most connections of one process.
    pub connections: u32,
}

impl Database {
    pub(super) fn read(t: &mut Reader<'_>) -> Database {
        Database {
            url: url(t),
            data_dir: t.or("data_dir", t.folder().join("var/postgres")),
            connections: t.number("connections", 10, 2..=1000),
        }
    }
}

fn url(t: &mut Reader<'_>) -> Option<Secret> {
    let url: Secret = t.optional("url")?;
    let schemes = ["postgres://", "postgresql://"];
    if !schemes.iter().any(|scheme| url.expose().starts_with(scheme)) {
        t.refuse(
            "url",
            "`database.url` does not start with postgres:// (not shown, it may hold a password); expected such as \
             \"postgres://deskgate@127.0.0.1:5432/deskgate\", or no url at all for a private database in `data_dir`"
                .to_owned(),
        );
    }
    Some(url)
}
