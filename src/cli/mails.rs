//! Mails from files, folders, mbox files and standard input.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// One mail and where it was.
pub struct Found {
    /// The path; with `#n` behind it the n-th mail of an mbox file; `-` for
    /// standard input.
    pub place: String,
    /// The bytes, or why they could not be read.
    pub bytes: io::Result<Vec<u8>>,
}

/// The mails in `path`: a file, an mbox file, everything below a folder in the
/// order of names, or `-`, which may be an mbox too. What cannot be read is found
/// as an error.
pub fn find(path: &Path) -> Vec<Found> {
    match path == Path::new("-") {
        true => split("-".to_owned(), standard_input()),
        false => below(path),
    }
}

/// The same, but standard input is one mail.
pub fn find_piped(path: &Path) -> Vec<Found> {
    match path == Path::new("-") {
        true => vec![piped(standard_input())],
        false => below(path),
    }
}

fn standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
}

/// Standard input is one mail, whatever lines it has: a mail server pipes one, and
/// its sender must not be able to make two of it. Only the envelope line that some
/// servers put on top (Postfix with `flags=F`) is taken off.
fn piped(bytes: io::Result<Vec<u8>>) -> Found {
    Found { place: "-".to_owned(), bytes: bytes.map(|bytes| without_envelope_line(&bytes).to_vec()) }
}

fn without_envelope_line(bytes: &[u8]) -> &[u8] {
    if !has_envelope_line(bytes) {
        return bytes;
    }
    bytes.iter().position(|&byte| byte == b'\n').map_or(&[], |end| &bytes[end + 1..])
}

/// `From somebody`, and not the obsolete `From : somebody` (RFC 5322 §4.5.2).
fn has_envelope_line(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"From ").is_some_and(|rest| !rest.trim_ascii_start().starts_with(b":"))
}

/// The mails of a file, or of every file below a folder.
fn below(path: &Path) -> Vec<Found> {
    let place = path.display().to_string();
    if !path.is_dir() {
        return split(place, fs::read(path));
    }
    let entries = fs::read_dir(path);
    folder(place, entries.and_then(|all| all.map(|entry| Ok(entry?.path())).collect()))
}

fn folder(place: String, inside: io::Result<Vec<PathBuf>>) -> Vec<Found> {
    let mut inside = match inside {
        Ok(inside) => inside,
        Err(error) => return vec![Found { place, bytes: Err(error) }],
    };
    inside.sort();
    // A link to a folder above would never end.
    inside.retain(|path| !(path.is_symlink() && path.is_dir()));
    inside.iter().flat_map(|path| below(path)).collect()
}

/// One mail, or several where the file is an mbox (RFC 4155).
fn split(place: String, bytes: io::Result<Vec<u8>>) -> Vec<Found> {
    let mbox = match bytes {
        Ok(bytes) if has_envelope_line(&bytes) => bytes,
        other => return vec![Found { place, bytes: other }],
    };
    let mails = mails_of(&mbox);
    let only = mails.len() == 1;
    let named = |(number, mail)| Found {
        place: if only { place.clone() } else { format!("{place}#{number}") },
        bytes: Ok(mail),
    };
    (1..).zip(mails).map(named).collect()
}

/// The mails of an mbox. Our own, because mail-parser's iterator begins a mail at
/// every line that starts with `From `, also in the midst of a sentence.
fn mails_of(mbox: &[u8]) -> Vec<Vec<u8>> {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    let mut behind_blank = true;
    for line in mbox.split_inclusive(|&byte| byte == b'\n') {
        match mails.last_mut() {
            Some(mail) if !(behind_blank && is_separator(line)) => mail.extend_from_slice(unquoted(line)),
            _ => mails.push(Vec::new()),
        }
        behind_blank = line.trim_ascii().is_empty();
    }
    mails
}

/// `From addr Www Mmm dd hh:mm:ss yyyy` (RFC 4155); some writers put a zone before
/// the year.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = String::from_utf8_lossy(rest);
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if let Some(at) = words.len().checked_sub(2)
        && words[at].starts_with(['+', '-'])
    {
        words.remove(at);
    }
    let [_, .., weekday, month, day, time, year] = words.as_slice() else { return false };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].contains(weekday)
        && "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(' ').any(|name| name == *month)
        && (1..=2).contains(&day.len())
        && number(day)
        && time.split(':').count() == 3
        && time.split(':').all(|piece| piece.len() == 2 && number(piece))
        && year.len() == 4
        && number(year)
}

/// A line `>From ` without the `>` that kept it from being a separator.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "From a@example.org Sat Jan  3 01:05:34 1996\n";

    fn texts(found: &[Found]) -> Vec<&str> {
        found.iter().map(|each| str::from_utf8(each.bytes.as_ref().unwrap()).unwrap()).collect()
    }

    #[test]
    fn an_mbox_gives_each_of_its_mails() {
        let mbox = format!(
            "{LINE}Subject: one\n\nfirst\n\nFrom - Sat Jan 03 01:05:34 +0000 1996\nSubject: two\n\n>From here\n>>From x\n"
        );
        let found = split("box".into(), Ok(mbox.into_bytes()));
        assert_eq!(texts(&found), ["Subject: one\n\nfirst\n\n", "Subject: two\n\nFrom here\n>From x\n"]);
        assert_eq!(found[1].place, "box#2");
    }

    #[test]
    fn a_sentence_that_starts_with_from_cuts_no_mail_of_an_mbox() {
        let body = format!("Subject: one\n\nFrom now on it fails.\n\nFrom Oslo with care\n{LINE}x\n");
        let found = split("box".into(), Ok(format!("{LINE}{body}").into_bytes()));
        assert_eq!(texts(&found), [body]);
    }

    #[test]
    fn a_piped_mail_loses_its_envelope_line_and_is_never_cut() {
        let body = format!("Subject: one\n\nx\n\n{LINE}Subject: two\n\n>From y\n");
        for piped_text in [format!("{LINE}{body}"), body.clone()] {
            let found = piped(Ok(piped_text.into_bytes()));
            assert_eq!((found.place.as_str(), found.bytes.unwrap()), ("-", body.clone().into_bytes()));
        }
        let obsolete = b"From : a@example.org\n\nx\n".to_vec();
        assert_eq!(piped(Ok(obsolete.clone())).bytes.unwrap(), obsolete);
    }

    #[test]
    fn what_cannot_be_read_is_found_as_an_error() {
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        let found = folder("mails".into(), Err(denied()));
        assert!(found.len() == 1 && found[0].place == "mails" && found[0].bytes.is_err());
        assert!(piped(Err(denied())).bytes.is_err());
    }
}
