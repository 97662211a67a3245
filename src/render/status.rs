//! What the page of a ticket says to one of those who take part in it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::date;
use crate::{
    domain::{
        Language, Slot, Word,
        text::{clean, line},
    },
    ticket::{ClosedAs, Status},
};

/// The ticket as one of those who take part in it sees it. Every text may come from anybody.
#[derive(Clone, Debug, Default)]
pub struct StatusPage {
    /// `DG-17`.
    pub reference: String,
    /// The subject; may be empty.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// What the site calls the statuses in the reader's language; where it says nothing our own words serve.
    pub labels: BTreeMap<Status, String>,
    /// Why it is closed.
    pub closed_as: Option<ClosedAs>,
    /// Until when an answer is waited for.
    pub until: Option<Date>,
    /// The fix is in production already.
    pub live: bool,
    /// The reader may say whether the fix works.
    pub may_try: bool,
    /// The reader may leave.
    pub may_leave: bool,
    /// The reader has just sent something.
    pub thanks: bool,
    /// What was said in public, oldest first.
    pub entries: Vec<PublicEntry>,
    /// Who takes part.
    pub people: Vec<Participant>,
    /// What the reader was asked for and has not told yet.
    pub lacking: Vec<Slot>,
    /// The zone of times, until a script of ours knows the reader's own; UTC where none is named.
    pub zone: Option<TimeZone>,
    /// The address of that script; empty where there is none.
    pub script: String,
    /// Most files that may be sent at once.
    pub most_files: u32,
    /// Most bytes that may be sent at once.
    pub most_bytes: u64,
}

/// One entry of the thread.
#[derive(Clone, Debug, Default)]
pub struct PublicEntry {
    /// Who wrote it; empty for the desk.
    pub author: String,
    /// `in` or `out`.
    pub direction: &'static str,
    /// When it came.
    pub at: Timestamp,
    /// The author's own words.
    pub own: String,
    /// What they quoted, and their signature; may be empty.
    pub quoted: String,
    /// The files that came with it.
    pub files: Vec<PublicFile>,
}

/// A file of an entry.
#[derive(Clone, Debug, Default)]
pub struct PublicFile {
    /// A safe base name.
    pub name: String,
    /// Where it is, relative to the page.
    pub href: String,
    /// How large.
    pub size_bytes: u64,
}

/// Somebody who takes part.
#[derive(Clone, Debug, Serialize)]
pub struct Participant {
    /// Their name, or their address.
    pub name: String,
    /// `requester` or `cc`.
    pub role: &'static str,
}

/// The same as the template sees it.
#[derive(Serialize)]
pub(super) struct StatusView<'a> {
    reference: &'a str,
    title: String,
    status: Status,
    label: Option<String>,
    closed_as: Option<ClosedAs>,
    steps: Vec<Step>,
    until: Option<String>,
    live: bool,
    may_try: bool,
    may_leave: bool,
    thanks: bool,
    entries: Vec<EntryView>,
    people: &'a [Participant],
    lacking: &'a [Slot],
    script: &'a str,
    most_files: u32,
    most_bytes: u64,
    most_size: String,
}

#[derive(Serialize)]
struct Step {
    name: Status,
    label: Option<String>,
    class: &'static str,
    now: bool,
}

#[derive(Serialize)]
struct EntryView {
    author: String,
    direction: &'static str,
    at: String,
    instant: String,
    own: String,
    quoted: String,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct FileView {
    name: String,
    href: String,
    size: String,
}

impl<'a> StatusView<'a> {
    /// The view in a language; `untitled` stands for a subject that is empty.
    pub(super) fn new(page: &'a StatusPage, language: Language, untitled: &str) -> StatusView<'a> {
        let zone = page.zone.clone().unwrap_or(TimeZone::UTC);
        let title = super::view::bare_subject(&page.subject, &page.reference);
        let label = |status| page.labels.get(&status).map(|label| line(label)).filter(|it| !it.is_empty());
        let step = |&name: &Status| Step {
            name,
            label: label(name),
            class: match name {
                name if name == page.status => "now",
                name if name < page.status => "done",
                _ => "",
            },
            now: name == page.status,
        };
        // What ended without a fix never stood where one is tried.
        let early = page.closed_as.is_some_and(|why| why != ClosedAs::Done);
        let passed = |status: &&Status| !early || matches!(status, Status::New | Status::Closed);
        StatusView {
            reference: &page.reference,
            title: if title.is_empty() { untitled.to_owned() } else { title },
            status: page.status,
            label: label(page.status),
            closed_as: page.closed_as,
            steps: Status::ALL.iter().filter(passed).map(step).collect(),
            until: page.until.map(|day| date::long(day, language)),
            live: page.live,
            may_try: page.may_try,
            may_leave: page.may_leave,
            thanks: page.thanks,
            entries: page.entries.iter().map(|entry| EntryView::new(entry, language, &zone)).collect(),
            people: &page.people,
            lacking: &page.lacking,
            script: &page.script,
            most_files: page.most_files,
            most_bytes: page.most_bytes,
            most_size: size(page.most_bytes),
        }
    }
}

impl EntryView {
    fn new(entry: &PublicEntry, language: Language, zone: &TimeZone) -> EntryView {
        let at = entry.at.to_zoned(zone.clone());
        EntryView {
            author: clean(&entry.author),
            direction: entry.direction,
            at: format!("{}, {}", date::long(at.date(), language), at.strftime("%H:%M %Z")),
            instant: entry.at.to_string(),
            own: clean(entry.own.trim()),
            quoted: clean(entry.quoted.trim()),
            files: entry.files.iter().map(FileView::new).collect(),
        }
    }
}

impl FileView {
    fn new(file: &PublicFile) -> FileView {
        FileView { name: line(&file.name), href: file.href.clone(), size: size(file.size_bytes) }
    }
}

/// `540 B`, `12 kB`, `3 MB`: the same in all languages.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} kB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}
