//! The files of entries: each content is kept once.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use sha2::{Digest, Sha256};

use crate::{
    domain::{Attachment, MessageRowId, TicketId},
    store::{
        Conn,
        schema::{attachments, blobs, messages},
    },
};

/// A file, with the entry it came with and its place there.
pub type Enclosed<'a> = (MessageRowId, i32, &'a Attachment);

/// Writes the files of entries; content that is there already is not written twice.
pub async fn attach(conn: &mut Conn, files: &[Enclosed<'_>]) -> QueryResult<()> {
    let digests: Vec<Vec<u8>> =
        files.iter().map(|(_, _, file)| Sha256::digest(&file.bytes).to_vec()).collect();
    // In the order of the digests: whoever writes some of the same at this moment waits
    // for us, or we for them, and never both.
    let contents: BTreeMap<_, _> =
        digests.iter().zip(files).map(|(digest, (_, _, file))| (digest, &file.bytes)).collect();
    for (digest, bytes) in contents {
        diesel::insert_into(blobs::table)
            .values((
                blobs::sha256.eq(digest),
                blobs::size_bytes.eq(bytes.len() as i64),
                blobs::bytes.eq(bytes),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    let row = |(digest, (message, position, file)): (Vec<u8>, &Enclosed<'_>)| {
        (
            attachments::message_id.eq(message.0),
            attachments::position.eq(*position),
            attachments::sha256.eq(digest),
            attachments::name.eq(file.name.clone()),
            attachments::mime.eq(file.mime.clone()),
            attachments::inline.eq(file.inline),
            attachments::content_id.eq(file.content_id.clone()),
        )
    };
    let rows: Vec<_> = digests.into_iter().zip(files).map(row).collect();
    for some in rows.chunks(ROWS_AT_ONCE) {
        diesel::insert_into(attachments::table).values(some).execute(conn).await?;
    }
    Ok(())
}

/// A statement takes 65,535 values at most; a file has seven.
const ROWS_AT_ONCE: usize = 1000;

/// The files of one entry, with their bytes, in order.
pub async fn enclosed(mut conn: &Conn, message: MessageRowId) -> QueryResult<Vec<Attachment>> {
    type Row = (String, String, bool, Option<String>, Vec<u8>);
    let rows: Vec<Row> = attachments::table
        .inner_join(blobs::table)
        .filter(attachments::message_id.eq(message.0))
        .order(attachments::position)
        .select((
            attachments::name,
            attachments::mime,
            attachments::inline,
            attachments::content_id,
            blobs::bytes,
        ))
        .load(&mut conn)
        .await?;
    let file = |(name, mime, inline, content_id, bytes)| Attachment { name, mime, inline, content_id, bytes };
    Ok(rows.into_iter().map(file).collect())
}

/// A file as stored, without its bytes.
#[derive(Clone, Debug, Queryable)]
pub struct File {
    /// The entry it came with.
    pub message: i64,
    /// A safe base name.
    pub name: String,
    /// Media type as declared.
    pub mime: String,
    /// Shown inside the text.
    pub inline: bool,
    /// The Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Digest of the content.
    pub sha256: Vec<u8>,
    /// How large.
    pub size_bytes: i64,
}

/// The files of all entries of a ticket, in order.
pub async fn files_of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<File>> {
    attachments::table
        .inner_join(messages::table)
        .inner_join(blobs::table)
        .filter(messages::ticket_id.eq(ticket.0))
        .order((attachments::message_id, attachments::position))
        .select((
            attachments::message_id,
            attachments::name,
            attachments::mime,
            attachments::inline,
            attachments::content_id,
            attachments::sha256,
            blobs::size_bytes,
        ))
        .load(conn)
        .await
}
