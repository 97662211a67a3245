//! Files of a ticket as its page shows and serves them.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Binary, Bool, Nullable, Text},
};
use diesel_async::RunQueryDsl;

use crate::store::{Conn, kept::kept, schema::blobs};

/// A file without its bytes.
#[derive(Clone, Debug, QueryableByName)]
pub struct PageFile {
    /// Its row.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The entry it came with.
    #[diesel(sql_type = BigInt)]
    pub message: i64,
    /// A safe base name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Media type as declared.
    #[diesel(sql_type = Text)]
    pub mime: String,
    /// Shown inside the text.
    #[diesel(sql_type = Bool)]
    pub inline: bool,
    /// The Content-ID without angle brackets.
    #[diesel(sql_type = Nullable<Text>)]
    pub content_id: Option<String>,
    /// Digest of the content.
    #[diesel(sql_type = Binary)]
    pub sha256: Vec<u8>,
    /// How large.
    #[diesel(sql_type = BigInt)]
    pub size_bytes: i64,
    /// The first bytes, which tell what it is.
    #[diesel(sql_type = Binary)]
    pub head: Vec<u8>,
}

/// The files of these entries, in order.
pub async fn files_of(mut conn: &Conn, entries: &[i64]) -> QueryResult<Vec<PageFile>> {
    kept(sql_query(
        "SELECT attachments.id, message_id AS message, name, mime, inline, content_id, sha256, size_bytes, \
           substring(bytes FROM 1 FOR 16) AS head \
         FROM attachments JOIN blobs USING (sha256) WHERE message_id = ANY($1) ORDER BY message_id, position",
    )
    .bind::<Array<BigInt>, _>(entries))
    .load(&mut conn)
    .await
}

/// The bytes of a file.
pub async fn content(conn: &mut Conn, sha256: &[u8]) -> QueryResult<Vec<u8>> {
    blobs::table.find(sha256).select(blobs::bytes).first(conn).await
}
