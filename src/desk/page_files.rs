//! The files on the page of a ticket: whoever sees an entry there may have the files that came with it.

use jiff::Timestamp;

use super::{Desk, DeskError, sight::handed_out};
use crate::{
    domain::{Purpose, TicketId},
    render::PublicFile,
    store::{
        Conn,
        downloads::{self, Listed},
        exhibits, tickets,
    },
};

/// A file to be handed out.
pub struct Enclosure {
    /// A safe base name.
    pub name: String,
    /// Its type as its sender declared it.
    pub mime: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Desk {
    /// A file that the holder of a link may have; `None` when the link leads nowhere, or is not theirs to see.
    ///
    /// # Errors
    /// The database's.
    pub async fn page_file(
        &self,
        conn: &mut Conn,
        token: &str,
        file: i64,
        now: Timestamp,
    ) -> Result<Option<Enclosure>, DeskError> {
        let Some((id, person)) = self.key.open_link(Purpose::Page, token) else { return Ok(None) };
        let id = self.whole(conn, id).await?;
        let Some(ticket) = tickets::find(conn, id).await? else { return Ok(None) };
        let Some(visitor) = self.visitor(conn, &ticket, person, now).await? else { return Ok(None) };
        let Some(file) = downloads::find(conn, id, file).await? else { return Ok(None) };
        if !visitor.sees(file.staff_only, file.direction.0, file.at.to_jiff()) {
            return Ok(None);
        }
        let bytes = exhibits::content(conn, &file.sha256).await?;
        let bytes = handed_out(file.direction.0, (&file.name, &file.mime), bytes).await?;
        Ok(Some(Enclosure { name: file.name, mime: file.mime, bytes }))
    }
}

/// All files of a ticket by their entries.
pub(super) async fn listed(conn: &mut Conn, ticket: TicketId) -> Result<Vec<Listed>, DeskError> {
    Ok(downloads::listed(conn, ticket).await?)
}

/// The files of an entry as a page lists them, with addresses that only its own link opens.
pub(super) fn shown(all: &[Listed], message: i64, token: &str) -> Vec<PublicFile> {
    let own = all.iter().filter(|file| file.message == message);
    let file = |file: &Listed| PublicFile {
        name: file.name.clone(),
        href: format!("{token}/file/{}", file.id),
        size_bytes: u64::try_from(file.size_bytes).unwrap_or_default(),
    };
    own.map(file).collect()
}
