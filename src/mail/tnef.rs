//! What is in a `winmail.dat` (MS-OXTNEF): the files, the subject and the text.
//!
//! Outlook wraps a whole mail in it when it takes the reader for another Outlook.
//! Every length is checked against what is left; nothing is followed or nested; what
//! cannot be read ends the reading, and what was found until then counts.

use super::{charsets, rtf};

/// The first four bytes.
const SIGNATURE: u32 = 0x223e_9f78;
/// The most files and the most properties looked at.
const MAX_FILES: usize = 100;
const MAX_PROPERTIES: u32 = 2000;

/// What it holds.
#[derive(Default)]
pub(super) struct Tnef {
    /// The plain text, where there is one.
    pub text: String,
    /// The HTML body, where there is one.
    pub html: String,
    pub files: Vec<File>,
    /// The words of the body in RTF; for where there is no other text.
    rich: String,
}

/// One file in it.
#[derive(Default)]
pub(super) struct File {
    pub name: String,
    pub mime: String,
    pub content_id: Option<String>,
    pub bytes: Vec<u8>,
}

/// Reads a TNEF stream. `None` where it is none.
pub(super) fn read(stream: &[u8]) -> Option<Tnef> {
    let mut rest = Reader(stream);
    (rest.u32()? == SIGNATURE).then_some(())?;
    rest.take(2)?;
    let mut found = Tnef::default();
    let mut label = "windows-1252".to_owned();
    while let Some((id, data)) = attribute(&mut rest) {
        match id {
            0x9007 => label = Reader(data).u32().map(|page| format!("cp{page}")).unwrap_or(label),
            0x800c => found.text = string(data, &label),
            0x9003 => message_properties(data, &label, &mut found),
            0x9002 if found.files.len() < MAX_FILES => found.files.push(File::default()),
            0x9002 => break,
            0x8010 | 0x800f | 0x9005 => {
                if let Some(file) = found.files.last_mut() {
                    file_attribute(id, data, &label, file);
                }
            }
            _ => {}
        }
    }
    found.files.retain(|file| !file.bytes.is_empty());
    if found.text.trim().is_empty() && found.html.trim().is_empty() {
        found.text = std::mem::take(&mut found.rich);
    }
    Some(found)
}

/// One attribute: its number without its type, and its data.
fn attribute<'d>(rest: &mut Reader<'d>) -> Option<(u32, &'d [u8])> {
    rest.take(1)?;
    let id = rest.u32()? & 0xffff;
    let length = rest.u32()?;
    let data = rest.take(length)?;
    // The checksum is not held against a file that is there.
    rest.take(2);
    Some((id, data))
}

fn file_attribute(id: u32, data: &[u8], label: &str, file: &mut File) {
    match id {
        0x8010 if file.name.is_empty() => file.name = string(data, label),
        0x800f => file.bytes = data.to_vec(),
        0x9005 => {
            for (property, value) in properties(data, label) {
                match (property, value) {
                    // The long name goes before the one of eight and three letters.
                    (0x3707, Value::Text(name)) => file.name = name,
                    (0x370e, Value::Text(mime)) => file.mime = mime.to_ascii_lowercase(),
                    (0x3712, Value::Text(id)) => file.content_id = Some(id),
                    (0x3701, Value::Bytes(bytes)) if file.bytes.is_empty() => file.bytes = bytes.to_vec(),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn message_properties(data: &[u8], label: &str, found: &mut Tnef) {
    for (property, value) in properties(data, label) {
        match (property, value) {
            (0x1000, Value::Text(text)) => found.text = text,
            (0x1009, Value::Bytes(packed)) => {
                found.rich = rtf::unpack(packed).map(|rich| rtf::to_text(&rich)).unwrap_or_default();
            }
            (0x1013, Value::Bytes(html)) => found.html = charsets::decode(html, None, None),
            (0x1013, Value::Text(html)) => found.html = html,
            _ => {}
        }
    }
}

/// A string of eight bits that may end in zeroes.
fn string(data: &[u8], label: &str) -> String {
    charsets::decode(data, Some(label), None).trim_end_matches('\0').to_owned()
}

enum Value<'d> {
    Text(String),
    Bytes(&'d [u8]),
    Other,
}

/// The properties of a MAPI list, as far as they can be read.
fn properties<'d>(data: &'d [u8], label: &str) -> Vec<(u32, Value<'d>)> {
    let mut rest = Reader(data);
    let count = rest.u32().unwrap_or_default().min(MAX_PROPERTIES);
    let mut found = Vec::new();
    for _ in 0..count {
        let Some(property) = property(&mut rest, label) else { break };
        found.push(property);
    }
    found
}

fn property<'d>(rest: &mut Reader<'d>, label: &str) -> Option<(u32, Value<'d>)> {
    let tag = rest.u32()?;
    let (id, kind) = (tag >> 16, tag & 0x0fff);
    if id >= 0x8000 {
        rest.take(16)?;
        if rest.u32()? == 1 {
            rest.padded()?;
        } else {
            rest.take(4)?;
        }
    }
    let has_count = tag & 0x1000 != 0 || matches!(kind, 0x0d | 0x1e | 0x1f | 0x0102);
    let count = if has_count { rest.u32()?.min(MAX_PROPERTIES) } else { 1 };
    let mut value = Value::Other;
    for _ in 0..count {
        value = match kind {
            0x1e => Value::Text(string(rest.padded()?, label)),
            0x1f => Value::Text(string(rest.padded()?, "utf-16le")),
            0x0102 => Value::Bytes(rest.padded()?),
            // An object begins with the name of its interface.
            0x0d => Value::Bytes(rest.padded()?.get(16..).unwrap_or_default()),
            0x02 | 0x03 | 0x04 | 0x0a | 0x0b => rest.take(4).map(|_| Value::Other)?,
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => rest.take(8).map(|_| Value::Other)?,
            0x48 => rest.take(16).map(|_| Value::Other)?,
            _ => return None,
        };
    }
    Some((id, value))
}

/// What is left to read.
struct Reader<'d>(&'d [u8]);

impl<'d> Reader<'d> {
    fn take(&mut self, length: u32) -> Option<&'d [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// A length, as many bytes, and zeroes up to a multiple of four.
    fn padded(&mut self) -> Option<&'d [u8]> {
        let length = self.u32()?;
        let data = self.take(length)?;
        self.take(length.wrapping_neg() & 3);
        Some(data)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), data, &[0, 0]].concat()
    }

    fn property(tag: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        let padding = vec![0; data.len().next_multiple_of(4) - data.len()];
        [&tag.to_le_bytes()[..], &1u32.to_le_bytes(), &length.to_le_bytes(), data, &padding].concat()
    }

    fn sample() -> Vec<u8> {
        let long_name: Vec<u8> = "Größe.txt\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let of_file = [&1u32.to_le_bytes()[..], &property(0x3707_001f, &long_name)].concat();
        let of_mail = [
            &2u32.to_le_bytes()[..],
            &0x0e07_0003u32.to_le_bytes(),
            &[0; 4],
            &property(0x1000_001e, b"Hello\0"),
        ]
        .concat();
        [
            SIGNATURE.to_le_bytes().to_vec(),
            vec![1, 0],
            attribute(1, 0x0006_9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
            attribute(1, 0x0006_9003, &of_mail),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"GRE~1.TXT\0"),
            attribute(2, 0x0006_800f, b"bytes"),
            attribute(2, 0x0006_9005, &of_file),
        ]
        .concat()
    }

    #[test]
    fn files_and_text_are_found() {
        let found = read(&sample()).unwrap();
        assert_eq!(found.text, "Hello");
        assert_eq!(
            (found.files[0].name.as_str(), found.files[0].bytes.as_slice()),
            ("Größe.txt", &b"bytes"[..])
        );
        assert!(read(b"no such thing").is_none());
    }

    #[test]
    fn a_body_in_rtf_alone_is_the_text() {
        let packed = b"\0\0\0\0\0\0\0\0MELA\0\0\0\0{\\rtf1 It does not print.\\par}";
        let of_mail = [&1u32.to_le_bytes()[..], &property(0x1009_0102, packed)].concat();
        let stream =
            [SIGNATURE.to_le_bytes().to_vec(), vec![1, 0], attribute(1, 0x0006_9003, &of_mail)].concat();
        assert_eq!(read(&stream).unwrap().text, "It does not print.");
    }

    #[test]
    fn what_is_cut_short_gives_what_was_before() {
        let whole = sample();
        for end in 6..whole.len() {
            let found = read(&whole[..end]).unwrap();
            assert!(found.files.len() <= 1);
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(at in 0usize..200, byte: u8, tail: Vec<u8>) {
            let mut stream = [sample(), tail].concat();
            let at = at % stream.len();
            stream[at] = byte;
            read(&stream);
        }
    }
}
