//! Mails from files, folders, mbox files and standard input.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use mail_parser::mailbox::mbox::MessageIterator;

/// One mail and where it was.
pub struct Found {
    /// The path; with `#n` behind it the n-th mail of an mbox file; `-` for
    /// standard input.
    pub place: String,
    /// The bytes, or why they could not be read.
    pub bytes: io::Result<Vec<u8>>,
}

/// The mails in `path`: a file, an mbox file, everything below a folder in the
/// order of names, or `-`.
pub fn find(path: &Path) -> Vec<Found> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        return split("-".into(), read.map(|_| bytes));
    }
    files(path).into_iter().flat_map(|file| split(file.display().to_string(), fs::read(&file))).collect()
}

/// Every file below a folder, or the file itself.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let mut inside: Vec<PathBuf> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    inside.sort();
    // A link to a folder above would never end.
    inside
        .into_iter()
        .filter(|path| !(path.is_symlink() && path.is_dir()))
        .flat_map(|path| files(&path))
        .collect()
}

/// One mail, or several where the file is an mbox (RFC 4155).
fn split(place: String, bytes: io::Result<Vec<u8>>) -> Vec<Found> {
    let bytes = match bytes {
        Ok(bytes) if bytes.starts_with(b"From ") => bytes,
        other => return vec![Found { place, bytes: other }],
    };
    let mails: Vec<Vec<u8>> = MessageIterator::new(bytes.as_slice())
        .map_while(Result::ok)
        .map(|mail| mail.unwrap_contents())
        .collect();
    let only = mails.len() == 1;
    let named = |(number, mail)| Found {
        place: if only { place.clone() } else { format!("{place}#{number}") },
        bytes: Ok(mail),
    };
    (1..).zip(mails).map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_gives_each_of_its_mails() {
        let mbox = b"From a@example.org Sat Jan  3 01:05:34 1996\nSubject: one\n\nfirst\n\nFrom b@example.org Sat Jan  3 01:05:34 1996\nSubject: two\n\n>From here\n".to_vec();
        let found = split("box".into(), Ok(mbox));
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].place, "box#2");
        assert!(found[1].bytes.as_ref().unwrap().starts_with(b"Subject: two"));
    }

    #[test]
    fn a_piped_mail_with_an_envelope_line_loses_only_that() {
        let found = split(
            "-".into(),
            Ok(b"From a@example.org Sat Jan  3 01:05:34 1996\nSubject: one\n\nx\n".to_vec()),
        );
        assert_eq!((found.len(), found[0].place.as_str()), (1, "-"));
        assert!(found[0].bytes.as_ref().unwrap().starts_with(b"Subject: one"));
    }
}
