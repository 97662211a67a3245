//! A ticket as a page to open in a browser or to hand over, with its files beside it.
//!
//! Nothing on it acts, loads or reaches out: the HTML of mails is made inert, and whatever a browser would run as a
//! page gets a name under which it is text.

use jiff::Timestamp;

use super::{Desk, DeskError, post::line_of, sight::handed_out};
use crate::{
    domain::{TicketId, Word},
    mail,
    render::{EntryView, FileView, PageView, ticket_page},
    store::{
        self, Conn,
        exhibits::{self, Exhibit},
        messages::{self, Direction, File},
        people::Person,
    },
};

/// The folder of the files, relative to the page.
const FILES: &str = "files";

/// Larger ones are only listed.
const LARGEST_PICTURE: i64 = 10 << 20;

/// Endings of files that a browser shows without running anything in them, or hands to another program.
const PASSIVE: &[&str] = &[
    "7z", "bmp", "bz2", "csv", "doc", "docx", "eml", "gif", "gz", "heic", "ics", "jpeg", "jpg", "json",
    "log", "md", "mov", "mp3", "mp4", "msg", "odp", "ods", "odt", "pcap", "pdf", "png", "ppt", "pptx", "rar",
    "rtf", "tar", "tgz", "tif", "tiff", "txt", "vcf", "wav", "webp", "xls", "xlsx", "xz", "zip", "zst",
];

/// A page and what lies beside it.
pub struct TicketPage {
    /// The page itself.
    pub html: String,
    /// Where the files go, relative to the page, and the digests of their contents.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Writes the page of a ticket; what stays among staff only when it is asked for.
///
/// # Errors
/// [`DeskError::NoTicket`].
pub async fn page(
    desk: &Desk,
    conn: &mut Conn,
    id: TicketId,
    with_notes: bool,
    now: Timestamp,
) -> Result<TicketPage, DeskError> {
    let ticket = desk.ticket(conn, id).await?;
    let requester = match ticket.requester() {
        Some(person) => store::people::find(conn, person).await?,
        None => None,
    };
    let enclosures = messages::files_of(conn, id).await?;
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for exhibit in exhibits::of(conn, id).await?.into_iter().filter(|it| with_notes || !it.staff_only) {
        let own: Vec<&File> = enclosures.iter().filter(|file| file.message == exhibit.id).collect();
        let first = files.len();
        for file in &own {
            files.push((place(files.len() + 1, &file.name), file.sha256.clone()));
        }
        let pictures = pictures(conn, &own, &files[first..]).await?;
        entries.push(entry(desk, exhibit, &own, &files[first..], &pictures));
    }
    let view = PageView {
        site: desk.settings.site.name.clone(),
        number: id,
        reference: desk.reference(id),
        status: desk.state_of(&ticket).shown().to_owned(),
        closed_as: ticket.closed_as.map(|stored| stored.0),
        severity: ticket.severity().map(|severity| severity.number()),
        requester: requester
            .as_ref()
            .and_then(Person::named)
            .map(|named| line_of(&named))
            .unwrap_or_default(),
        entries,
        written: moment(now),
        subject: ticket.subject,
    };
    Ok(TicketPage { html: ticket_page(&view)?, files })
}

/// The bytes of a file of a page, by its place there.
///
/// # Errors
/// The database's; [`DeskError::Panicked`].
pub async fn content(conn: &mut Conn, place: &str, sha256: &[u8]) -> Result<Vec<u8>, DeskError> {
    handed_out(Direction::In, (place, ""), exhibits::content(conn, sha256).await?).await
}

fn entry(
    desk: &Desk,
    exhibit: Exhibit,
    own: &[&File],
    places: &[(String, Vec<u8>)],
    pictures: &[(String, String)],
) -> EntryView {
    let picture = |id: &str| pictures.iter().find(|(known, _)| known == id).map(|(_, place)| place.clone());
    // Whoever is handed the page is not to act as those who wrote.
    let without = |text: &str| desk.without_links(text.trim());
    let html = exhibit.html.as_deref().and_then(|html| mail::inert(html, picture));
    let html = html.map(|html| without(&html));
    let files = own.iter().zip(places).map(|(file, (place, _))| FileView {
        name: file.name.clone(),
        href: percent(place),
        size: size(file.size_bytes),
    });
    EntryView {
        at: moment(exhibit.created_at.to_jiff()),
        direction: exhibit.direction.0.as_str(),
        staff_only: exhibit.staff_only,
        html_first: html.is_some() && exhibit.quoted_text.trim().is_empty(),
        html_refused: html.is_none() && exhibit.html.is_some(),
        html,
        files: files.collect(),
        author: exhibit.author,
        own: without(&exhibit.own_text),
        quoted: without(&exhibit.quoted_text),
        signature: without(&exhibit.signature_text),
    }
}

/// Content-IDs of an entry's pictures, and the addresses of the files. A picture is what begins like one: names and
/// declared types are the sender's.
async fn pictures(
    conn: &mut Conn,
    own: &[&File],
    places: &[(String, Vec<u8>)],
) -> Result<Vec<(String, String)>, DeskError> {
    let mut pictures = Vec::new();
    for (file, (place, _)) in own.iter().zip(places) {
        if let Some(id) = file.content_id.clone().filter(|_| file.size_bytes <= LARGEST_PICTURE)
            && is_picture(&exhibits::content(conn, &file.sha256).await?)
        {
            pictures.push((id, percent(place)));
        }
    }
    Ok(pictures)
}

/// PNG, JPEG, GIF or WebP, by its first bytes.
fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    webp || [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF87a", b"GIF89a"]
        .iter()
        .any(|it| bytes.starts_with(it))
}

/// Where a file goes: its number keeps two of one name apart, and what a browser might run becomes text.
fn place(number: usize, name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let passive = PASSIVE.contains(&ending.as_str());
    format!("{FILES}/{number}-{name}{}", if passive { "" } else { ".txt" })
}

/// The same as an address: everything but plain characters as `%xx`.
fn percent(place: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    place.bytes().map(byte).collect()
}

pub(super) fn size(bytes: i64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_run_becomes_text() {
        for (name, want) in [
            ("report.pdf", "files/3-report.pdf"),
            ("photo.PNG", "files/3-photo.PNG"),
            ("page.html", "files/3-page.html.txt"),
            ("x.svg", "files/3-x.svg.txt"),
            ("invoice.pdf.exe", "files/3-invoice.pdf.exe.txt"),
            ("no ending", "files/3-no ending.txt"),
        ] {
            assert_eq!(place(3, name), want);
        }
        assert_eq!(percent("files/3-no ending#é?.txt"), "files/3-no%20ending%23%C3%A9%3F.txt");
    }

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        assert!(is_picture(b"\x89PNG\r\n\x1a\n..") && is_picture(b"RIFF....WEBPVP8 "));
        assert!(!is_picture(b"<html><script>") && !is_picture(b"<svg") && !is_picture(b""));
    }
}
