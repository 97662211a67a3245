//! What a form sent, made fit for a use case.

use crate::{
    domain::{Attachment, text},
    web::console::csrf::PostedFile,
};

/// Somebody's words: with the line ends of text, without blank lines around them.
pub fn words(sent: &str) -> String {
    sent.replace("\r\n", "\n").replace('\r', "\n").trim_end().trim_start_matches('\n').to_owned()
}

/// The files of a form, unless they are larger together than may be.
///
/// # Errors
/// How large they may be, as a sentence.
pub fn files(sent: Vec<PostedFile>, most_bytes: u64) -> Result<Vec<Attachment>, String> {
    let size: u64 = sent.iter().map(|file| file.bytes.len() as u64).sum();
    if size > most_bytes {
        return Err(format!(
            "the files have {} MB together, and {} MB may be sent at a time; send fewer, or a link",
            size.div_ceil(1 << 20),
            most_bytes >> 20
        ));
    }
    let file = |sent: PostedFile| Attachment {
        name: base_name(&sent.name),
        mime: media_type(&sent.mime),
        inline: false,
        content_id: None,
        bytes: sent.bytes.to_vec(),
    };
    Ok(sent.into_iter().map(file).collect())
}

/// The last part of a path, as one safe line.
fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = text::line(last).trim_start_matches('.').trim().to_owned();
    if safe.is_empty() { "file".to_owned() } else { safe }
}

/// A media type, or the one that says nothing.
fn media_type(mime: &str) -> String {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte))
    };
    let bare = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = bare.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    // What is itself of parts would have to be written as such.
    let plain = !bare.starts_with("multipart/") && !bare.starts_with("message/");
    if fits && plain { bare } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &str, mime: &str, size: usize) -> PostedFile {
        PostedFile { name: name.into(), mime: mime.into(), bytes: vec![0; size].into() }
    }

    #[test]
    fn words_have_the_line_ends_of_text() {
        assert_eq!(words("\r\n\r\nHello\r\n  there\r\n\r\n"), "Hello\n  there");
        assert_eq!(words("  indented"), "  indented");
        assert_eq!(words(" \r\n "), "");
    }

    #[test]
    fn files_have_safe_names_and_types() {
        for (name, safe) in [
            ("C:\\me\\a.txt", "a.txt"),
            ("../../etc/passwd", "passwd"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("a\nb", "a b"),
        ] {
            assert_eq!(base_name(name), safe);
        }
        for (mime, safe) in [
            ("Text/Plain; charset=x", "text/plain"),
            ("multipart/mixed", "application/octet-stream"),
            ("message/rfc822", "application/octet-stream"),
            ("nonsense", "application/octet-stream"),
            ("a/b\r\nX: y", "application/octet-stream"),
        ] {
            assert_eq!(media_type(mime), safe, "{mime}");
        }
    }

    #[test]
    fn files_together_are_bounded() {
        assert_eq!(
            files(vec![sent("a", "text/plain", 10), sent("b", "text/plain", 10)], 20).unwrap().len(),
            2
        );
        assert!(files(vec![sent("a", "text/plain", 3 << 20)], 2 << 20).unwrap_err().contains("3 MB"));
    }
}
