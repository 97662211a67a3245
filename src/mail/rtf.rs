//! The text of a body that is RTF: as Outlook packs it (MS-OXRTFCP), and without its
//! formatting (RTF 1.9.1), as far as words and line ends go.
//!
//! One pass each, and groups are counted, not entered; what cannot be read ends the
//! reading, and what was found until then counts.

use super::charsets;

/// What the window holds before the first byte (MS-OXRTFCP §2.1.3.1.4).
const WINDOW: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
    \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\
    \\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// How large it is, in bytes.
const WINDOW_BYTES: usize = 4096;
const PACKED: &[u8] = b"LZFu";
const UNPACKED: &[u8] = b"MELA";
/// The most that is unpacked, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// The most groups within each other.
const MAX_DEPTH: usize = 100;

/// Groups that hold no words of the text.
const ASIDE: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "listtable",
    "listoverridetable",
    "fldinst",
    "themedata",
    "datastore",
    "mhtmltag",
    "htmltag",
    "pntext",
];

/// The RTF of `PR_RTF_COMPRESSED`. `None` where it is none.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = packed.split_at_checked(16)?;
    match header.get(8..12)? {
        UNPACKED => return Some(rest[..rest.len().min(MAX_BYTES)].to_vec()),
        PACKED => {}
        _ => return None,
    }
    let mut out = WINDOW.to_vec();
    while let Some((&flags, after)) = rest.split_first() {
        rest = after;
        for bit in 0..8 {
            let taken =
                if flags >> bit & 1 == 0 { literal(&mut rest, &mut out) } else { copy(&mut rest, &mut out) };
            if taken.is_none() || out.len() > MAX_BYTES {
                return Some(out.split_off(WINDOW.len()));
            }
        }
    }
    Some(out.split_off(WINDOW.len()))
}

fn literal(rest: &mut &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (&byte, after) = rest.split_first()?;
    out.push(byte);
    *rest = after;
    Some(())
}

/// Twelve bits say from where in the window, four how many bytes less two. `None` at the end.
fn copy(rest: &mut &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (pair, after) = rest.split_at_checked(2)?;
    *rest = after;
    let reference = u16::from_be_bytes(pair.try_into().ok()?);
    let (offset, length) = (usize::from(reference >> 4), usize::from(reference & 15) + 2);
    let back = (out.len() % WINDOW_BYTES + WINDOW_BYTES - offset) % WINDOW_BYTES;
    if back == 0 {
        return None;
    }
    for _ in 0..length {
        // What nothing was written to holds blanks.
        let byte = out.len().checked_sub(back).and_then(|from| out.get(from)).copied();
        out.push(byte.unwrap_or(b' '));
    }
    Some(())
}

/// The words of an RTF text, a line a paragraph.
pub(super) fn to_text(rtf: &[u8]) -> String {
    let group = Group { aside: false, substitutes: 1 };
    let mut reading = Reading { label: "windows-1252".to_owned(), group, ..Reading::default() };
    let mut rest = rtf;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' => reading.enter(),
            b'}' => reading.leave(),
            b'\\' => rest = reading.control(rest),
            b'\r' | b'\n' | 0 => {}
            byte => reading.byte(byte),
        }
    }
    reading.flush();
    reading.text.trim().to_owned()
}

/// What holds within a group.
#[derive(Clone, Copy, Default)]
struct Group {
    aside: bool,
    /// How many characters stand in for one that older programs do not know.
    substitutes: usize,
}

#[derive(Default)]
struct Reading {
    text: String,
    /// Bytes of the code page that are not text yet.
    bytes: Vec<u8>,
    /// Halves of characters of two UTF-16 units.
    high: Option<u16>,
    label: String,
    group: Group,
    outer: Vec<Group>,
    /// How many groups beyond those kept track of.
    deeper: usize,
    /// How many substitutes are still passed over.
    skip: usize,
}

impl Reading {
    fn enter(&mut self) {
        if self.outer.len() < MAX_DEPTH { self.outer.push(self.group) } else { self.deeper += 1 }
    }

    fn leave(&mut self) {
        self.skip = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.group = self.outer.pop().unwrap_or(self.group);
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.group.aside {
            self.bytes.push(byte);
        }
    }

    fn put(&mut self, c: char) {
        self.flush();
        if !self.group.aside {
            self.text.push(c);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.text.push_str(&charsets::decode(&self.bytes, Some(&self.label), None));
            self.bytes.clear();
        }
    }

    /// What follows a backslash; gives what is after it.
    fn control<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let Some((&first, after)) = rest.split_first() else { return rest };
        match first {
            b'\'' => {
                let byte = after.get(..2).and_then(super::transfer::escape);
                self.byte(byte.unwrap_or(b'?'));
                after.get(2..).unwrap_or_default()
            }
            b'a'..=b'z' | b'A'..=b'Z' => self.word(rest),
            b'*' => {
                self.group.aside = true;
                after
            }
            b'~' => {
                self.put(' ');
                after
            }
            b'\\' | b'{' | b'}' => {
                self.byte(first);
                after
            }
            b'\r' | b'\n' => {
                self.put('\n');
                after
            }
            _ => after,
        }
    }

    fn word<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = rest.split_at(letters);
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = rest.split_at(if digits == 0 { 0 } else { sign + digits });
        let number: Option<i32> = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        self.obey(std::str::from_utf8(name).unwrap_or_default(), number);
        rest.strip_prefix(b" ").unwrap_or(rest)
    }

    fn obey(&mut self, name: &str, number: Option<i32>) {
        match name {
            "par" | "line" | "row" | "sect" | "page" => self.put('\n'),
            "tab" | "cell" => self.put('\t'),
            "bullet" => self.put('•'),
            "lquote" => self.put('‘'),
            "rquote" => self.put('’'),
            "ldblquote" => self.put('“'),
            "rdblquote" => self.put('”'),
            "endash" => self.put('–'),
            "emdash" => self.put('—'),
            "u" => self.unit(number.unwrap_or_default()),
            "uc" => self.group.substitutes = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            "ansicpg" => self.label = format!("cp{}", number.unwrap_or(1252)),
            name => self.group.aside |= ASIDE.contains(&name),
        }
    }

    /// One unit of UTF-16, and its substitutes.
    fn unit(&mut self, number: i32) {
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or_default();
        let units = self.high.take().into_iter().chain([unit]);
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
        } else {
            for c in char::decode_utf16(units) {
                self.put(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.skip = self.group.substitutes;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        // MS-OXRTFCP §3.1.1.
        let packed = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B\x32\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        assert_eq!(unpack(packed).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(to_text(&unpack(packed).unwrap()), "hello world");
        assert_eq!(unpack(b"\0\0\0\0\0\0\0\0MELA\0\0\0\0{}").unwrap(), b"{}");
        assert!(unpack(b"no such thing, but long").is_none());
    }

    #[test]
    fn words_are_kept_and_formatting_is_not() {
        let rtf = b"{\\rtf1\\ansi\\ansicpg1251\\uc1{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}\r\n\
            \\pard\\f0 \\'cf\\'f0\\'e8\\b  x\\b0\\par A\\{\\}\\\\\\u8364?\\tab{\\i b}\\u55357?\\u56832?\\line c}";
        assert_eq!(to_text(rtf), "При x\nA{}\\€\tb😀\nc");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(packed: Vec<u8>, rtf in "([{}\\\\]|u[0-9-]{1,12}|uc|par|'..|x| ){0,60}") {
            unpack(&[&b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0"[..], &packed].concat());
            to_text(rtf.as_bytes());
        }
    }
}
