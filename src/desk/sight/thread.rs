//! The thread: of a long one the newest entries, each with its words cut into pieces.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use futures::TryFutureExt;
use jiff::Timestamp;
use serde::Serialize;

use super::{
    super::{Desk, DeskError, page::size},
    Delivery, Names,
    slots::{self, Marked},
};
use crate::{
    domain::{
        TicketId, Word,
        prose::{self, Prose},
        text,
    },
    store::{
        Conn,
        messages::Direction,
        sight::{self, PageEntry, PageFile, SHOWN_CHARS},
        slots::SlotRow,
    },
    ticket::{Notice, story},
};

/// So many entries are shown of a long thread, and so many more at a time.
pub const ENTRIES: usize = 40;
/// More than this are on no page; the next goes on from there.
const MOST_ENTRIES: i64 = 1_000;
/// The newest entries are open; so many.
const OPEN: usize = 2;
/// A thread of so many entries is open as a whole, save what the desk wrote by itself.
const SHORT: usize = 6;
/// Larger pictures are files.
pub(super) const LARGEST_PICTURE: i64 = 10 << 20;
/// The line that stands for an entry which is not open, in bytes.
const EXCERPT: usize = 160;

/// A thread.
#[derive(Debug, Serialize)]
pub struct ThreadSight {
    /// Oldest first.
    pub entries: Vec<EntrySight>,
    /// How many there are in all.
    pub all: usize,
    /// How many come before those that are shown.
    pub earlier: usize,
    /// With which entry a page begins that shows more of them.
    pub more_from: Option<i64>,
    /// How many come behind those that are shown.
    pub later: usize,
    /// The first of these.
    pub later_from: Option<i64>,
}

/// An entry.
#[derive(Debug, Serialize)]
pub struct EntrySight {
    /// Its row.
    pub id: i64,
    /// `in`, `out` or `note`.
    pub direction: &'static str,
    /// What the desk sent by itself, as people call it: "the acknowledgement".
    pub notice: String,
    /// What sort of mail it is, where no person wrote it; may be empty.
    pub kind: String,
    /// It stays among staff.
    pub staff_only: bool,
    /// The name of who wrote it.
    pub author: String,
    /// Their address.
    pub address: String,
    /// When it came.
    pub at: Timestamp,
    /// It is shown whole at once.
    pub open: bool,
    /// One line of it.
    pub excerpt: String,
    /// The author's own words.
    pub own: Vec<WordsSight>,
    /// What they quoted.
    pub quoted: Vec<WordsSight>,
    /// Their signature.
    pub signature: Vec<WordsSight>,
    /// It is longer than what is shown.
    pub cut: bool,
    /// There is HTML of it.
    pub html: bool,
    /// There are no words of it but in HTML.
    pub html_only: bool,
    /// The mail that made it is kept.
    pub source: bool,
    /// Why it became an entry of this ticket.
    pub why: Vec<String>,
    /// Pictures that came with it.
    pub pictures: Vec<FileSight>,
    /// The other files.
    pub files: Vec<FileSight>,
    /// What became of it, reader by reader.
    pub deliveries: Vec<Delivery>,
    /// One of its readers did not get it, or not yet.
    pub trouble: bool,
}

/// Words of an entry.
#[derive(Debug, Serialize)]
pub struct WordsSight {
    /// As they were written.
    pub text: String,
    /// Where they lead.
    pub href: Option<String>,
    /// Of which fact of the report they speak.
    pub slot: Option<&'static str>,
    /// The name of that place on the page, where the evidence begins.
    pub place: Option<String>,
}

/// A file of an entry.
#[derive(Debug, Serialize)]
pub struct FileSight {
    /// Its row.
    pub id: i64,
    /// The first letters of the digest of its content, without which its address leads nowhere.
    pub digest: String,
    /// A safe base name.
    pub name: String,
    /// The type that its sender gave.
    pub mime: String,
    /// How large, for people.
    pub size: String,
}

impl ThreadSight {
    /// Whether a mark of this name is on the page.
    pub(super) fn has_mark(&self, place: &str) -> bool {
        self.entries.iter().flat_map(|entry| &entry.own).any(|words| words.place.as_deref() == Some(place))
    }
}

impl Desk {
    pub(super) async fn thread_sight(
        &self,
        conn: &Conn,
        ticket: TicketId,
        from: Option<i64>,
        slots: &[SlotRow],
        names: &Names,
        now: Timestamp,
    ) -> Result<ThreadSight, DeskError> {
        let ids = sight::entry_ids(conn, ticket).await?;
        let newest = ids.len().saturating_sub(ENTRIES);
        let first = from.map_or(newest, |from| ids.partition_point(|id| *id < from)).min(newest);
        let from = ids.get(first).copied().unwrap_or_default();
        let entries = sight::entries(conn, ticket, from, MOST_ENTRIES).await?;
        let shown: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
        let (files, ledger, mut deliveries) = tokio::try_join!(
            sight::files_of(conn, &shown).err_into(),
            sight::ledger(conn, &shown).err_into(),
            self.deliveries(conn, ticket, &entries, now),
        )?;
        let mut files = by_entry(files);
        let mut why: HashMap<i64, Vec<String>> = HashMap::new();
        for (entry, _, reasons) in ledger {
            let reasons: Vec<String> = serde_json::from_value(reasons).unwrap_or_default();
            why.entry(entry).or_insert(reasons);
        }
        let mut all = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let mut sight = self.entry_sight(entry, slots, names);
            let marked = sight.own.iter().any(|words| words.slot.is_some());
            sight.open = is_open(entry, (first + at, ids.len()), marked);
            sight.source = why.contains_key(&entry.id);
            sight.why = why.remove(&entry.id).unwrap_or_default();
            sight.deliveries = deliveries.remove(&entry.id).unwrap_or_default();
            sight.trouble = sight.deliveries.iter().any(Delivery::is_trouble);
            (sight.pictures, sight.files) = files.remove(&entry.id).unwrap_or_default();
            all.push(sight);
        }
        let more_from = (first > 0).then(|| ids.get(first.saturating_sub(ENTRIES)).copied()).flatten();
        let last = shown.last().copied().unwrap_or_default();
        let (_, behind) = ids.split_at(ids.partition_point(|id| *id <= last));
        Ok(ThreadSight {
            entries: all,
            all: ids.len(),
            earlier: first,
            more_from,
            later: behind.len(),
            later_from: behind.first().copied(),
        })
    }

    fn entry_sight(&self, entry: &PageEntry, slots: &[SlotRow], names: &Names) -> EntrySight {
        let own = self.without_links_in(&entry.own_text, SHOWN_CHARS);
        let marked = slots::marked(slots, entry.id, &own);
        let spans: Vec<_> = marked.iter().map(|marked| marked.span.clone()).collect();
        let (name, address) = author_of(&entry.author);
        let notice = Notice::from_word(&entry.kind).ok();
        let by_itself =
            notice.filter(|notice| entry.direction.0 == Direction::Out && !notice.is_correspondence());
        EntrySight {
            id: entry.id,
            direction: entry.direction.0.as_str(),
            notice: by_itself.map(|notice| story::called(notice).to_owned()).unwrap_or_default(),
            kind: kind(entry),
            staff_only: entry.staff_only,
            author: if name.is_empty() { names.of(address).to_owned() } else { name.to_owned() },
            address: address.to_owned(),
            at: entry.created_at.to_jiff(),
            open: false,
            excerpt: excerpt(&own),
            own: words(trimmed(prose::pieces(&own, &spans)), &marked),
            quoted: self.plain(&entry.quoted_text),
            signature: self.plain(&entry.signature_text),
            cut: entry.own_chars > SHOWN_CHARS || entry.quoted_chars > SHOWN_CHARS,
            html: entry.has_html,
            html_only: entry.has_html && own.trim().is_empty() && entry.quoted_text.trim().is_empty(),
            source: false,
            why: Vec::new(),
            pictures: Vec::new(),
            files: Vec::new(),
            deliveries: Vec::new(),
            trouble: false,
        }
    }

    fn plain(&self, text: &str) -> Vec<WordsSight> {
        words(trimmed(prose::pieces(&self.without_links_in(text, SHOWN_CHARS), &[])), &[])
    }
}

fn words(pieces: Vec<Prose>, marked: &[Marked]) -> Vec<WordsSight> {
    let sight = |piece: Prose| {
        let mark = piece.mark.and_then(|mark| marked.get(mark));
        WordsSight {
            slot: mark.map(|mark| mark.slot.as_str()),
            place: mark.filter(|_| piece.begins).map(|mark| mark.place.clone()),
            text: piece.text,
            href: piece.href,
        }
    };
    pieces.into_iter().map(sight).collect()
}

/// What is open: the first entry, the newest, what holds evidence; of a short thread all that people wrote.
fn is_open(entry: &PageEntry, (at, all): (usize, usize), marked: bool) -> bool {
    let by_a_person = match entry.direction.0 {
        Direction::In => kind(entry).is_empty(),
        Direction::Note => true,
        Direction::Out => Notice::from_word(&entry.kind).is_ok_and(Notice::is_correspondence),
    };
    marked || by_a_person && (at == 0 || at + OPEN >= all || all <= SHORT)
}

/// What sort of mail came in, where it is not a person's.
fn kind(entry: &PageEntry) -> String {
    let plain = ["person", "message", "normal", "human", "note"].contains(&entry.kind.as_str());
    match entry.direction.0 {
        Direction::In if !plain => entry.kind.replace('-', " "),
        Direction::In | Direction::Out | Direction::Note => String::new(),
    }
}

/// `Anna Example` and `anna@example.org` of `Anna Example <anna@example.org>`.
fn author_of(line: &str) -> (&str, &str) {
    match line.rsplit_once('<') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches('>')),
        None => ("", line),
    }
}

fn excerpt(own: &str) -> String {
    let line = text::line(text::prefix(own.trim(), EXCERPT * 2));
    match line.len() > EXCERPT {
        true => format!("{}…", text::prefix(&line, EXCERPT).trim_end()),
        false => line,
    }
}

/// Without the space around it.
fn trimmed(mut pieces: Vec<Prose>) -> Vec<Prose> {
    while let Some(first) = pieces.first_mut() {
        first.text = first.text.trim_start_matches(['\n', '\r', ' ']).to_owned();
        match first.text.is_empty() {
            true => drop(pieces.remove(0)),
            false => break,
        }
    }
    while let Some(last) = pieces.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        match last.text.is_empty() {
            true => drop(pieces.pop()),
            false => break,
        }
    }
    pieces
}

/// The pictures and the other files of each entry.
fn by_entry(files: Vec<PageFile>) -> HashMap<i64, (Vec<FileSight>, Vec<FileSight>)> {
    let mut all: HashMap<i64, (Vec<FileSight>, Vec<FileSight>)> = HashMap::new();
    for file in files {
        let (pictures, others) = all.entry(file.message).or_default();
        let shown = is_picture(&file.head).is_some() && file.size_bytes <= LARGEST_PICTURE;
        let sight = FileSight {
            id: file.id,
            digest: address_digest(&file.sha256),
            name: file.name,
            mime: file.mime,
            size: size(file.size_bytes),
        };
        if shown { pictures.push(sight) } else { others.push(sight) }
    }
    all
}

/// What makes the address of a file hard to guess, beside the right that it needs.
pub(super) fn address_digest(sha256: &[u8]) -> String {
    HEXLOWER.encode(sha256.get(..8).unwrap_or(sha256))
}

/// The type of a picture that browsers show without running anything, by its first bytes: names and declared types
/// are the sender's.
pub fn is_picture(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    match () {
        () if begins(b"\x89PNG\r\n\x1a\n") => Some("image/png"),
        () if begins(b"\xff\xd8\xff") => Some("image/jpeg"),
        () if begins(b"GIF87a") || begins(b"GIF89a") => Some("image/gif"),
        () if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        assert_eq!(is_picture(b"\x89PNG\r\n\x1a\n.."), Some("image/png"));
        assert_eq!(is_picture(b"RIFF....WEBPVP8 "), Some("image/webp"));
        for other in [&b"<svg onload=alert(1)>"[..], b"<html>", b"RIFF....WAVE", b"GIF8", b""] {
            assert_eq!(is_picture(other), None);
        }
    }

    #[test]
    fn authors_are_parted_into_name_and_address() {
        assert_eq!(author_of("Anna Example <anna@example.org>"), ("Anna Example", "anna@example.org"));
        assert_eq!(author_of("anna@example.org"), ("", "anna@example.org"));
        assert_eq!(author_of(""), ("", ""));
    }

    #[test]
    fn space_around_words_goes_and_none_within() {
        let shown = trimmed(prose::pieces("\n\n  a \n b https://x.test \n\n", &[]));
        assert_eq!(shown.iter().map(|it| it.text.as_str()).collect::<String>(), "a \n b https://x.test");
        assert!(trimmed(prose::pieces(" \n ", &[])).is_empty());
    }

    #[test]
    fn an_excerpt_is_one_line() {
        assert_eq!(excerpt("  a\nb\n"), "a b");
        let long = excerpt(&"ä ".repeat(500));
        assert!(long.len() <= EXCERPT + 3 && long.ends_with('…'), "{long}");
    }
}
