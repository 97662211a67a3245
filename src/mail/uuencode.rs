//! Files in the text of a mail, as they were sent before MIME: uuencode (POSIX.1-2017)
//! and yEnc (draft 1.3).
//!
//! A block is taken out of the text only when it is whole and well formed; else it
//! stays where it is.

use std::borrow::Cow;

/// A file that stood in a text.
pub(super) struct Unpacked {
    /// What the block calls it.
    pub name: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// The most files taken out of one text.
const MAX_FILES: usize = 100;

/// The text without the blocks, and the files in them.
pub(super) fn unpack(text: Cow<'_, [u8]>) -> (Cow<'_, [u8]>, Vec<Unpacked>) {
    let mut files = Vec::new();
    let mut kept: Vec<u8> = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() && files.len() < MAX_FILES {
        let end = line_end(&text, at);
        match block(&text[at..end], &text[end..]) {
            Block::None => at = end,
            // What was looked at in vain is not looked at again.
            Block::Broken(length) => at = end + length,
            Block::Whole(file, length) => {
                kept.extend_from_slice(&text[copied..at]);
                at = end + length;
                copied = at;
                files.push(file);
            }
        }
    }
    if files.is_empty() {
        return (text, files);
    }
    kept.extend_from_slice(&text[copied..]);
    (Cow::Owned(kept), files)
}

enum Block {
    None,
    Broken(usize),
    Whole(Unpacked, usize),
}

fn line_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |length| at + length + 1)
}

/// The block that this line begins.
fn block(line: &[u8], rest: &[u8]) -> Block {
    let line = line.trim_ascii_end();
    if let Some(name) = uu_name(line) {
        return uu(name, rest);
    }
    match line.strip_prefix(b"=ybegin ") {
        Some(fields) => yenc(fields, rest),
        None => Block::None,
    }
}

/// `begin 644 name`; the mode of three digits, with or without a zero before it.
fn uu_name(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let digits = rest.iter().take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let name = rest.get(digits..)?.strip_prefix(b" ")?.trim_ascii();
    let is_mode = digits == 3 || digits == 4 && rest.starts_with(b"0");
    (is_mode && !name.is_empty()).then_some(name)
}

/// Whole is what has data, then a line without any, and then `end`: less than that
/// people write themselves.
fn uu(name: &[u8], rest: &[u8]) -> Block {
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut finished = false;
    while at < rest.len() {
        let end = line_end(rest, at);
        let line = rest[at..end].strip_suffix(b"\n").unwrap_or(&rest[at..end]);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line == b"end" && finished && !bytes.is_empty() {
            return Block::Whole(Unpacked { name: name.to_owned(), bytes }, end);
        }
        let before = bytes.len();
        if !uu_line(line, &mut bytes) {
            return Block::Broken(at);
        }
        finished = bytes.len() == before;
        at = end;
    }
    Block::Broken(at)
}

/// One line: its length, then four characters for three bytes. Blanks at the end may
/// have been lost on the way.
fn uu_line(line: &[u8], out: &mut Vec<u8>) -> bool {
    let Some((&first, data)) = line.split_first() else { return true };
    if !(b' '..=b'`').contains(&first) {
        return false;
    }
    let length = usize::from((first - b' ') & 63);
    let groups = length.div_ceil(3);
    if data.len() > groups * 4 + 2 || !data.iter().all(|byte| (b' '..=b'`').contains(byte)) {
        return false;
    }
    let start = out.len();
    for group in 0..groups {
        let value = (0..4).fold(0u32, |value, n| {
            let c = data.get(group * 4 + n).copied().unwrap_or(b' ');
            value << 6 | u32::from((c - b' ') & 63)
        });
        out.extend_from_slice(&value.to_be_bytes()[1..]);
    }
    out.truncate(start + length);
    // A line that promises far more than it has is text.
    data.len() * 2 >= length
}

/// `=ybegin line=128 size=5 name=x`, lines of bytes plus 42, `=yend size=5`.
fn yenc(fields: &[u8], rest: &[u8]) -> Block {
    let name = fields.windows(5).position(|five| five == b"name=").map(|at| fields[at + 5..].trim_ascii());
    // Of a file in many mails one piece is no file.
    let is_piece = fields.windows(5).any(|five| five == b"part=");
    let Some(name) = name.filter(|name| !name.is_empty() && !is_piece) else { return Block::None };
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < rest.len() {
        let end = line_end(rest, at);
        let line = rest[at..end].strip_suffix(b"\n").unwrap_or(&rest[at..end]);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(trailer) = line.strip_prefix(b"=yend ") {
            let size = format!("size={}", bytes.len());
            let fits = trailer.split(|&byte| byte == b' ').any(|field| field == size.as_bytes());
            return if fits {
                Block::Whole(Unpacked { name: name.to_owned(), bytes }, end)
            } else {
                Block::Broken(at)
            };
        }
        let mut escaped = false;
        for &byte in line {
            match (escaped, byte) {
                (false, b'=') => escaped = true,
                (true, byte) => {
                    bytes.push(byte.wrapping_sub(64 + 42));
                    escaped = false;
                }
                (false, byte) => bytes.push(byte.wrapping_sub(42)),
            }
        }
        at = end;
    }
    Block::Broken(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unpacked(text: &[u8]) -> (String, Vec<(String, Vec<u8>)>) {
        let (rest, files) = unpack(Cow::Borrowed(text));
        let files =
            files.into_iter().map(|file| (String::from_utf8_lossy(&file.name).into_owned(), file.bytes));
        (String::from_utf8_lossy(&rest).into_owned(), files.collect())
    }

    #[test]
    fn what_people_write_between_begin_and_end_stays() {
        for text in [
            "in my script\n\nbegin 100 loops\n\nend\n\nhangs.\n",
            "begin 644 x\nend\n",
            "begin 644 x\n`\nend\n",
            "begin 644 x\n#0V%T\nend\n",
            "begin 99 x\n#0V%T\n`\nend\n",
            "begin 644\n#0V%T\n`\nend\n",
        ] {
            let (kept, files) = unpack(Cow::Borrowed(text.as_bytes()));
            assert!(files.is_empty() && kept == text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn blocks_become_files_and_the_text_around_them_stays() {
        let text = b"see\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\n";
        assert_eq!(
            unpacked(text),
            ("see\r\n\r\nbye\r\n".to_owned(), vec![("cat.txt".to_owned(), b"Cat".to_vec())])
        );
    }

    #[test]
    fn what_only_begins_like_one_stays_text() {
        for text in [
            "begin 644 of the best\nNo file here.\nend\n",
            "begin 644 x\n#0V%T\n",
            "begin the work\n",
            "begin 644\n",
        ] {
            assert_eq!(unpacked(text.as_bytes()), (text.to_owned(), vec![]));
        }
    }

    #[test]
    fn yenc_is_read_where_its_size_agrees() {
        let data: Vec<u8> = b"Cat=\n".iter().map(|byte| byte.wrapping_add(42)).collect();
        let block = |size: usize| {
            [
                b"=ybegin line=128 size=5 name=a b.txt\n",
                data.as_slice(),
                format!("\n=yend size={size}\n").as_bytes(),
            ]
            .concat()
        };
        assert_eq!(unpacked(&block(5)).1, [("a b.txt".to_owned(), b"Cat=\n".to_vec())]);
        assert_eq!(unpacked(&block(6)).1, []);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(lines in proptest::collection::vec("(begin 644 x|end|[ -`]{0,64}|=ybegin size=1 name=x|=yend size=1|\\PC{0,20})", 0..12)) {
            let text = lines.join("\n");
            let (rest, files) = unpacked(text.as_bytes());
            prop_assert!(rest.len() + files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= 2 * text.len() + 4);
        }
    }
}
