//! Which parts of a mail are its text, which are files, and what the text says.

use super::{
    calendar,
    charsets::Hint,
    encoded_words, flowed, html,
    parts::{Part, field},
    structure::{Structure, body_start, structure},
    uuencode::{self, Unpacked},
};
use crate::domain::text;

/// A placeholder for programs without HTML is shorter than this, in bytes.
const MAX_PLACEHOLDER_BYTES: usize = 400;

/// As much of one body is read as text, in bytes. What is more is a log that somebody
/// pasted; eight times what is kept leaves room for markup.
const MAX_BODY_BYTES: usize = 8 << 20;

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
        let is_shown_file = is_shown_first(parts, index);
        if is_shown_file {
            found.files.push(index);
        } else if !is_text(parts, index) {
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
        let (bytes, files) =
            if part.mime == "text/html" { (bytes, Vec::new()) } else { uuencode::unpack(bytes) };
        found.unpacked.extend(files);
        if bytes.len() > MAX_BODY_BYTES {
            found
                .defects
                .push(format!("of its {} bytes of text only {MAX_BODY_BYTES} are read", bytes.len()));
        }
        let text = part.text(&bytes[..bytes.len().min(MAX_BODY_BYTES)], hint);
        if part.mime == "text/html" { place.html.push(text) } else { place.plain.push(plain(part, text)) }
    }
    let texts = places.iter().map(Place::text).filter(|text| !text.trim().is_empty());
    found.text = texts.collect::<Vec<_>>().join("\n");
    let rich: String = places.into_iter().flat_map(|place| place.html).collect();
    found.html = Some(rich).filter(|rich| !rich.is_empty());
    add_what_files_say(&mut found, parts, hint);
    if found.text.trim().is_empty() && parts.len() == 1 && parts[0].mime == "message/rfc822" {
        found.text = handed_on(&parts[0].bytes().0, hint);
    }
    found
}

/// Whether a part is text of the mail, not a file. The mail itself is its text
/// whatever its name; beside the root of a multipart/related stand its pictures.
fn is_text(parts: &[Part<'_>], index: usize) -> bool {
    let part = &parts[index];
    let readable = matches!(part.mime.as_str(), "text/plain" | "text/html") || part.is_multipart();
    readable && (index == 0 || !part.is_file() && !stands_aside(parts, index))
}

/// Whether a plain text with a name is what the mail says: it stands first, and the
/// sender asked for it to be shown in place (RFC 2183 §2.1). It is kept as a file too.
fn is_shown_first(parts: &[Part<'_>], index: usize) -> bool {
    let part = &parts[index];
    let first = parts.iter().position(|part| !part.has_parts && !is_empty_multipart(part));
    index > 0
        && first == Some(index)
        && (part.mime == "text/plain" && part.is_inline())
        && part.parent.is_some_and(|parent| parts[parent].mime == "multipart/mixed")
        && part.is_file()
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

fn plain(part: &Part<'_>, text: String) -> String {
    let is = |name: &str, value: &str| {
        part.content_type.word(name).is_some_and(|given| given.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") { flowed::joined(&text, is("delsp", "yes")) } else { text }
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

/// What a mail says that is nothing but another mail, below the header of that: its
/// words may be another person's. Of one within that nothing is read.
fn handed_on(raw: &[u8], hint: Hint) -> String {
    let header = &raw[..body_start(raw)];
    let inner = structure(raw);
    if inner.parts.iter().any(|part| part.mime == "message/rfc822") {
        return String::new();
    }
    let mut text = "-----Original Message-----\n".to_owned();
    for name in ["From", "Date", "To", "Subject"] {
        let value = field(header, name).map(|value| text::line(&encoded_words::decode(value, hint)));
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    text + "\n" + &bodies(&inner, hint).text
}

#[cfg(test)]
mod tests {
    use super::super::{Ours, read};
    use crate::domain::InboundMail;

    fn mail(content: &str) -> InboundMail {
        read(format!("From: a@example.org\n{content}").as_bytes(), &Ours::nobody())
    }

    fn files(mail: &InboundMail) -> Vec<&str> {
        mail.attachments.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn of_alternatives_the_plain_one_is_read_unless_it_only_points_at_the_other() {
        let alternatives = |plain: &str| {
            mail(&format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{plain}\n--b\nContent-Type: text/html\n\n\
                 <p>It does not print since Monday.</p>\n--b--\n"
            ))
        };
        assert_eq!(alternatives("It does not print.").text, "It does not print.");
        assert_eq!(alternatives("  ").text, "It does not print since Monday.");
        assert_eq!(alternatives("Your program shows no HTML.").text, "It does not print since Monday.");
        assert!(alternatives("x").html.unwrap().contains("<p>"));
    }

    #[test]
    fn what_stands_in_a_row_is_read_in_a_row() {
        let read = mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/png; name=x.png\n\nPNG\n\
             --b\nContent-Type: text/html\n\n<b>two</b>\n--b\nContent-Type: text/plain; name=log.txt\n\nfile\n\
             --b\nContent-Disposition: attachment\n\nkept apart\n--b--\n",
        );
        assert_eq!(read.text, "one\ntwo");
        assert_eq!(files(&read), ["x.png", "log.txt", "attachment.txt"]);
    }

    #[test]
    fn a_named_text_that_is_shown_first_is_the_text() {
        let read = mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name=mail.txt\nContent-Disposition: inline\n\n\
             It does not print.\n--b\nContent-Type: text/plain; name=log.txt\nContent-Disposition: inline\n\nfile\n--b\n\nBye\n--b--\n",
        );
        assert_eq!(
            (read.text.as_str(), files(&read)),
            ("It does not print.\nBye", vec!["mail.txt", "log.txt"])
        );
    }

    #[test]
    fn a_mail_that_is_another_mail_is_read_and_handed_on() {
        let inner = "From: Ann <ann@example.org>\nSubject: Broken\nDate: Mon, 2 Nov 2020 10:12:00 +0000\n\nIt does not print.\n";
        let read = mail(&format!("Content-Type: message/rfc822\n\n{inner}"));
        assert!(read.text.ends_with("It does not print.\n"), "{}", read.text);
        assert!(read.body.handed_on && read.body.own.contains("It does not print."), "{:?}", read.body);
        assert_eq!(files(&read), ["Broken.eml"]);
        let deep = format!(
            "Content-Type: message/rfc822\n\n{}{inner}",
            "Content-Type: message/rfc822\n\n".repeat(5000)
        );
        assert_eq!(mail(&deep).attachments.len(), 1);
    }

    #[test]
    fn beside_the_root_of_related_parts_stand_its_pictures() {
        for (start, root, text) in [("", "<p>one</p>", "one"), ("; start=\"<2@x>\"", "<p>one</p>", "two")] {
            let read = mail(&format!(
                "Content-Type: multipart/related; boundary=b{start}\n\n--b\nContent-Type: text/html\nContent-ID: <1@x>\n\n{root}\n\
                 --b\nContent-Type: text/html\nContent-ID: <2@x>\n\n<p>two</p>\n\
                 --b\nContent-Type: image/png\nContent-ID: <3@x>\nContent-Location: http://example.org/a/logo.png?x\n\nPNG\n--b--\n"
            ));
            assert_eq!(read.text, text);
            assert_eq!(files(&read), ["attachment.html", "logo.png"]);
            assert!(read.attachments[1].inline && read.attachments[1].content_id.as_deref() == Some("3@x"));
        }
    }

    #[test]
    fn lines_are_joined_before_own_words_are_told() {
        let read = mail(
            "Content-Type: text/plain; format=flowed\n\nIt does not \nprint.\n\nOn Monday, Bob <b@example.org> \nwrote:\n> a long \n> quote\n",
        );
        assert!(read.text.contains("It does not print.\n"), "{}", read.text);
        assert_eq!(read.body.own.trim(), "It does not print.");
        assert!(read.body.quoted.contains("> a long quote"), "{}", read.body.quoted);
    }

    #[test]
    fn what_is_packed_is_unpacked_and_what_it_was_packed_in_is_kept() {
        let read = mail("Subject: x\n\nsee\n\nbegin 644 ../cat.txt\n#0V%T\n`\nend\n");
        assert_eq!((read.text.trim(), files(&read)), ("see", vec!["cat.txt"]));
        assert_eq!(read.attachments[0].bytes, b"Cat");
        // The signature and the key, then a file: its beginning, its name and its bytes.
        let packed = b"\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00\
            \x02\x10\x80\x01\x00\x04\x00\x00\x00a.b\x00\x00\x00\x02\x0f\x80\x06\x00\x05\x00\x00\x00hello\x00\x00";
        let read = mail(&format!(
            "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{}\n",
            data_encoding::BASE64.encode(packed)
        ));
        assert_eq!(files(&read), ["winmail.dat", "a.b"]);
        assert_eq!(
            (read.attachments[0].bytes.as_slice(), read.attachments[1].bytes.as_slice()),
            (&packed[..], &b"hello"[..])
        );
    }

    #[test]
    fn an_invitation_is_told_where_the_text_does_not_tell_it() {
        let invited = |text: &str| {
            mail(&format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{text}\n--b\nContent-Type: text/calendar; method=REQUEST\n\n\
                 BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Budget\nDTSTART:20261121T090000Z\nEND:VEVENT\nEND:VCALENDAR\n--b--\n"
            ))
        };
        assert_eq!(invited("").text, "Invitation: Budget\nBegins: 2026-11-21 09:00 UTC\n");
        assert_eq!(invited("Come to the Budget!").text, "Come to the Budget!");
        assert_eq!(files(&invited("x")), ["attachment.ics"]);
    }

    #[test]
    fn what_has_no_other_text_is_read_from_what_is_nearest_to_it() {
        let read = mail("Content-Type: text/enriched\n\nThis is <bold>enriched</bold>.\n");
        assert_eq!((read.text.as_str(), files(&read).len()), ("This is enriched.", 1));
        let read = mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name=body.txt\n\nHello\n--b--\n",
        );
        assert_eq!((read.text.as_str(), files(&read)), ("Hello", vec!["body.txt"]));
    }

    #[test]
    fn html_may_declare_its_charset_itself() {
        let html = b"From: a@example.org\nContent-Type: text/html\n\n<meta http-equiv=x content=\"text/html; charset=koi8-r\"><p>\xf0\xd2\xc9</p>";
        assert_eq!(read(html, &Ours::nobody()).text.trim(), "При");
    }

    #[test]
    fn a_file_may_be_encoded_as_before_mime() {
        let read = mail(
            "Content-Type: image/gif; name=x.gif\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#0V%T\n`\nend\n",
        );
        assert_eq!(read.attachments[0].bytes, b"Cat");
    }

    #[test]
    fn sealed_mail_is_said_to_be_sealed() {
        let pgp = mail(
            "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\
             --b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nx\n--b--\n",
        );
        assert_eq!((pgp.defects.len(), files(&pgp)), (1, vec!["attachment", "encrypted.asc"]));
        assert_eq!(
            mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n")
                .defects
                .len(),
            1
        );
        assert_eq!(mail("Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nx\n").defects.len(), 1);
        let signed = mail("Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx\n");
        assert!(signed.defects[0].contains("signature"), "{:?}", signed.defects);
    }
}
