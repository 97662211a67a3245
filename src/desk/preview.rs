//! Templates tried on a real ticket: nothing is sent, and nothing is kept.

use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, Language, TicketId},
    render::{Context, Part, Preview, RenderError, Renderer},
    store::Conn,
    ticket::Notice,
};

impl Desk {
    /// The facts of a ticket for a notice, as far as it has them; what it has not is filled with examples. Without a
    /// ticket all is an example.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`]; the database's.
    pub async fn facts_for_preview(
        &self,
        conn: &mut Conn,
        ticket: Option<TicketId>,
        reader: &EmailAddress,
        now: Timestamp,
    ) -> Result<Context, DeskError> {
        let example = Renderer::example();
        let Some(id) = ticket else { return Ok(example) };
        let ticket = self.ticket(conn, id).await?;
        let real = self.occasion(conn, &ticket).await?;
        let named = real.requester.as_ref().and_then(|person| person.named());
        let real = real.context;
        Ok(Context {
            site: real.site,
            ticket: real.ticket,
            reader: named.map(|named| named.called().to_owned()).unwrap_or(example.reader),
            severity: real.severity,
            due: self.due_views(conn, &ticket, now).await?,
            offers: real.offers,
            duplicate_of: real.duplicate_of,
            follow_up_of: real.follow_up_of,
            on_copy: self.on_copy(conn, id).await?,
            zone: Some(self.zone_of(reader)),
            ..example
        })
    }

    /// Writes a notice, with one of its files changed where somebody tries that.
    ///
    /// # Errors
    /// The first thing that does not work, with the file and the line in it.
    pub fn preview(
        &self,
        notice: Notice,
        language: Language,
        facts: &Context,
        changed: Option<(Part, &str)>,
    ) -> Result<Preview, RenderError> {
        self.renderer.preview(notice, language, facts, changed)
    }

    /// A file of a notice as it is in force, and whether it is the site's own.
    pub fn template(&self, notice: Notice, part: Part) -> (&str, bool) {
        self.renderer.source(notice, part)
    }
}
