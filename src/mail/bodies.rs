//! Which parts of a mail are its text, which are files, and what the text says.

use super::{
    calendar,
    charsets::Hint,
    flowed, html,
    parts::Part,
    structure::Structure,
    uuencode::{self, Unpacked},
};

/// A placeholder for programs without HTML is shorter than this, in bytes.
const MAX_PLACEHOLDER_BYTES: usize = 400;

/// The bodies of a mail.
#[derive(Default)]
pub(super) struct Bodies {
    /// The readable text of all of them.
    pub text: String,
    /// All that is HTML, as it came.
    pub html: Option<String>,
    /// The parts that are files, as indexes.
    pub files: Vec<usize>,
    /// Files that stood in the text.
    pub unpacked: Vec<Unpacked>,
    /// What people should know about it, one sentence each.
    pub defects: Vec<String>,
}

/// What is shown in one place: one text, or the alternatives for it.
#[derive(Default)]
struct Place {
    /// The outermost multipart/alternative, where there is one.
    alternative: Option<usize>,
    plain: Vec<String>,
    html: Vec<String>,
}

/// Chooses and decodes the bodies.
pub(super) fn bodies(structure: &Structure<'_>, hint: Hint) -> Bodies {
    let parts = &structure.parts;
    let mut found = Bodies::default();
    let mut places: Vec<Place> = Vec::new();
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| !part.has_parts) {
        if !is_text(parts, index) {
            found.files.extend((!is_empty_multipart(part)).then_some(index));
            continue;
        }
        let (bytes, broken) = part.bytes();
        if broken {
            found
                .defects
                .push("its text breaks its own encoding and is shown as well as it can be read".to_owned());
        }
        let alternative = outermost_alternative(parts, index);
        if alternative.is_none() || places.last().is_none_or(|last| last.alternative != alternative) {
            places.push(Place { alternative, ..Place::default() });
        }
        let Some(place) = places.last_mut() else { continue };
        if part.mime == "text/html" {
            place.html.push(part.text(&bytes, hint));
        } else {
            let (bytes, files) = uuencode::unpack(bytes);
            found.unpacked.extend(files);
            place.plain.push(plain(part, &part.text(&bytes, hint)));
        }
    }
    let texts = places.iter().map(Place::text).filter(|text| !text.trim().is_empty());
    found.text = texts.collect::<Vec<_>>().join("\n");
    let rich: String = places.into_iter().flat_map(|place| place.html).collect();
    found.html = Some(rich).filter(|rich| !rich.is_empty());
    add_what_files_say(&mut found, parts, hint);
    found
}

/// Whether a part is text of the mail, not a file. The mail itself is its text
/// whatever its name; beside the root of a multipart/related stand its pictures.
fn is_text(parts: &[Part<'_>], index: usize) -> bool {
    let part = &parts[index];
    let readable = matches!(part.mime.as_str(), "text/plain" | "text/html") || part.is_multipart();
    readable && (index == 0 || !part.is_file() && !stands_aside(parts, index))
}

/// A multipart that has nothing in it is no file either.
fn is_empty_multipart(part: &Part<'_>) -> bool {
    part.is_multipart() && part.body.trim_ascii().is_empty()
}

/// Whether the part is beside the root of a multipart/related (RFC 2387 §3.2).
fn stands_aside(parts: &[Part<'_>], index: usize) -> bool {
    ancestors(parts, index).any(|(child, parent)| {
        parts[parent].mime == "multipart/related"
            && match parts[parent].content_type.word("start") {
                Some(start) => parts[child].content_id().is_none_or(|id| id.trim() != start),
                None => child != parent + 1,
            }
    })
}

fn outermost_alternative(parts: &[Part<'_>], index: usize) -> Option<usize> {
    let parents = ancestors(parts, index).map(|(_, parent)| parent);
    parents.filter(|parent| parts[*parent].mime == "multipart/alternative").last()
}

/// The part and its parent, the parent and its parent, and so on.
fn ancestors(parts: &[Part<'_>], index: usize) -> impl Iterator<Item = (usize, usize)> {
    let step = |child: usize| parts.get(child).and_then(|part| part.parent).map(|parent| (child, parent));
    std::iter::successors(step(index), move |(_, parent)| step(*parent))
}

fn plain(part: &Part<'_>, text: &str) -> String {
    let is = |name: &str, value: &str| {
        part.content_type.word(name).is_some_and(|given| given.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") { flowed::joined(text, is("delsp", "yes")) } else { text.to_owned() }
}

impl Place {
    /// The plain text, unless it is blank or only says that there is HTML.
    fn text(&self) -> String {
        let plain = self.plain.join("\n");
        let is_placeholder =
            plain.len() < MAX_PLACEHOLDER_BYTES && plain.to_ascii_lowercase().contains("html");
        if self.html.is_empty() || !plain.trim().is_empty() && self.alternative.is_none() {
            let rich = self.html.iter().map(|html| html::to_text(html));
            return std::iter::once(plain).chain(rich).collect::<Vec<_>>().join("\n");
        }
        if !plain.trim().is_empty() && !is_placeholder {
            return plain;
        }
        let rich = self.html.iter().map(|html| html::to_text(html)).collect::<Vec<_>>().join("\n");
        if rich.trim().len() > plain.len() || plain.trim().is_empty() { rich } else { plain }
    }
}

/// What an invitation says belongs to the text; and where there is no text, what the
/// first readable file says.
fn add_what_files_say(found: &mut Bodies, parts: &[Part<'_>], hint: Hint) {
    let text_of = |part: &Part<'_>| part.text(&part.bytes().0, hint);
    let invitation = found.files.iter().map(|&index| &parts[index]).find(|part| part.mime == "text/calendar");
    if let Some(said) = invitation.and_then(|part| calendar::said(&text_of(part), &found.text)) {
        found.text.push_str(&said);
    }
    if found.text.trim().is_empty() {
        let shown = |part: &&Part<'_>| part.mime.starts_with("text/") && !part.is_attached();
        found.text = match found.files.iter().map(|&index| &parts[index]).find(shown) {
            Some(part) if part.mime == "text/plain" => text_of(part),
            Some(part) => html::to_text(&text_of(part)),
            None => String::new(),
        };
    }
}
