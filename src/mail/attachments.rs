//! The files of a mail: its parts, and what is packed into them.

use super::{
    attachment_name,
    bodies::Bodies,
    charsets::Hint,
    encoded_words,
    parts::{Part, field},
    structure::{Structure, body_start},
    tnef,
};
use crate::domain::{Attachment, MessageId, text};

/// The most attachments kept; each becomes a row and a file.
const MAX_ATTACHMENTS: usize = 100;
/// The type of what uuencode and `winmail.dat` do not name one for.
const UNKNOWN: &str = "application/octet-stream";

/// The longest declared type that is kept, in bytes.
const LONGEST_TYPE: usize = 100;

/// A file that came by a form, kept as one of a mail is: under a safe base name, byte for byte.
pub fn uploaded(name: &str, mime: &str, bytes: Vec<u8>) -> Attachment {
    let mime = text::line(mime.split(';').next().unwrap_or_default()).to_ascii_lowercase();
    let plain = mime.contains('/') && mime.len() <= LONGEST_TYPE && mime.is_ascii();
    let mime = if plain { mime } else { UNKNOWN.to_owned() };
    Attachment { name: attachment_name::safe(name, &mime), mime, inline: false, content_id: None, bytes }
}

/// The files of a mail, and what else was found in them.
#[derive(Default)]
pub(super) struct Files {
    pub attachments: Vec<Attachment>,
    /// The text and the HTML in a `winmail.dat`.
    pub text: String,
    pub html: String,
    /// Damage, one sentence each.
    pub defects: Vec<String>,
}

/// Gathers them; the parts first, in order, each with what was in it.
pub(super) fn files(structure: &Structure<'_>, bodies: Bodies, hint: Hint) -> Files {
    let mut found = Files::default();
    for unpacked in bodies.unpacked {
        let given = encoded_words::decode(&unpacked.name, hint);
        found.keep(&given, UNKNOWN.to_owned(), None, unpacked.bytes);
    }
    for part in bodies.files.iter().filter_map(|&index| structure.parts.get(index)) {
        found.keep_part(part, hint);
    }
    if found.attachments.len() > MAX_ATTACHMENTS {
        let all = found.attachments.len();
        found.defects.push(format!("of its {all} attachments only {MAX_ATTACHMENTS} are kept"));
        found.attachments.truncate(MAX_ATTACHMENTS);
    }
    found
}

impl Files {
    fn keep_part(&mut self, part: &Part<'_>, hint: Hint) {
        let (bytes, broken) = part.bytes();
        let given = part.name(hint).or_else(|| name_of_mail(&part.mime, &bytes)).unwrap_or_default();
        let content_id =
            part.content_id().and_then(|id| MessageId::parse(&id)).map(|id| id.as_str().to_owned());
        let packed = (part.mime.ends_with("/ms-tnef")
            || part.mime.ends_with("/vnd.ms-tnef")
            || given == "winmail.dat")
            .then(|| tnef::read(&bytes))
            .flatten();
        let inline = part.is_inline();
        self.keep(&given, part.mime.clone(), content_id, bytes.into_owned());
        if let Some(kept) = self.attachments.last_mut() {
            kept.inline = inline;
            if broken {
                self.defects.push(format!(
                    "`{}` breaks its own encoding; it is kept as far as it can be read",
                    kept.name
                ));
            }
        }
        if let Some(packed) = packed {
            self.unwrap_tnef(packed);
        }
    }

    fn unwrap_tnef(&mut self, packed: tnef::Tnef) {
        for file in packed.files {
            let mime =
                Some(file.mime).filter(|mime| mime.contains('/')).unwrap_or_else(|| UNKNOWN.to_owned());
            self.keep(&file.name, text::line(&mime), file.content_id, file.bytes);
        }
        self.text = packed.text;
        self.html = packed.html;
    }

    fn keep(&mut self, given: &str, mime: String, content_id: Option<String>, bytes: Vec<u8>) {
        let content_id = content_id.and_then(|id| MessageId::parse(&id)).map(|id| id.as_str().to_owned());
        let name = attachment_name::safe(given, &mime);
        self.attachments.push(Attachment { name, mime, inline: false, content_id, bytes });
    }
}

/// A mail within the mail is called after its subject.
fn name_of_mail(mime: &str, bytes: &[u8]) -> Option<String> {
    if !matches!(mime, "message/rfc822" | "message/global") {
        return None;
    }
    let header = &bytes[..body_start(bytes)];
    let subject = text::line(&encoded_words::decode(field(header, "subject")?, None));
    // A subject is no path: `Re: 3/4` is one name.
    let subject = subject.replace(['/', '\\', '%'], "_");
    (!subject.is_empty()).then(|| format!("{subject}.eml"))
}
