//! What somebody wrote in a form that was not taken, because their session had ended, the page was too old, or we
//! failed. Browsers forget what was typed into pages that nobody may keep, so the page that says so gives it back.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Multipart, Request},
    http::{header, request::Parts},
};
use serde::Serialize;

use super::{
    csrf::{self, MOST_BYTES},
    denial::Denial,
};

/// The fields in which people write at length.
const FIELDS: [&str; 2] = ["words", "text"];

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Unsent {
    /// The words.
    pub words: String,
    /// The page that has the form.
    pub back: String,
    /// Which form of that page: the end of its address.
    pub form: String,
}

/// More is not given back: nobody types as much, and whoever is not signed in shall not have us write megabytes.
const MOST_WORDS: usize = 200_000;

/// Refuses a form, and gives back what was written there, where the browser says that a page of ours sent it: no token
/// can be asked for here.
pub(super) async fn refusing(denial: Denial, parts: Parts, body: Body) -> Denial {
    if !csrf::is_same_origin(&parts.headers) || parts.headers.contains_key("hx-request") {
        return denial;
    }
    let path = parts.uri.path().to_owned();
    giving_back(denial, &path, &fields(parts, body).await)
}

/// The same for a form that was read.
pub(super) fn giving_back(denial: Denial, path: &str, fields: &[(String, String)]) -> Denial {
    let written =
        fields.iter().filter(|(name, value)| FIELDS.contains(&name.as_str()) && !value.trim().is_empty());
    let words: Vec<&str> = written.map(|(_, value)| value.as_str()).collect();
    let words = words.join("\n\n");
    if words.is_empty() || words.len() > MOST_WORDS {
        return denial;
    }
    let (back, form) = page_of(path);
    Denial::Unsent(Box::new(denial), Unsent { words, back, form })
}

/// The fields of a form of either kind, without its files.
async fn fields(parts: Parts, body: Body) -> Vec<(String, String)> {
    let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes()).unwrap_or_default();
    if !kind.starts_with(b"multipart/form-data") {
        let body = to_bytes(body, MOST_BYTES).await.unwrap_or_default();
        return form_urlencoded::parse(&body).into_owned().collect();
    }
    let mut fields = Vec::new();
    let mut room = MOST_BYTES;
    let Ok(mut form) = Multipart::from_request(Request::from_parts(parts, body), &()).await else {
        return fields;
    };
    while let Ok(Some(mut field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            // It is read on: else the browser tells of a broken connection and not what we say.
            while let Ok(Some(_)) = field.chunk().await {}
            continue;
        }
        let mut value = Vec::new();
        while let Ok(Some(chunk)) = field.chunk().await {
            let Some(left) = room.checked_sub(chunk.len()) else { return fields };
            room = left;
            value.extend_from_slice(&chunk);
        }
        fields.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    fields
}

/// The page whose form is sent to a path, and which of its forms that is.
fn page_of(path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["ticket", id, form] => (format!("/ticket/{id}"), (*form).to_owned()),
        [place, ..] => (format!("/{place}"), String::new()),
        [] => ("/".to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &'static str, body: &str) -> Vec<(String, String)> {
        let request = Request::builder().uri("/new").header(header::CONTENT_TYPE, kind);
        let (parts, body) = request.body(Body::from(body.replace('\n', "\r\n"))).unwrap().into_parts();
        futures::executor::block_on(fields(parts, body))
    }

    #[test]
    fn a_form_leads_back_to_its_page() {
        for (path, page, form) in
            [("/ticket/7/reply", "/ticket/7", "reply"), ("/new", "/new", ""), ("/inbox/bulk", "/inbox", "")]
        {
            assert_eq!(page_of(path), (page.to_owned(), form.to_owned()));
        }
    }

    #[test]
    fn what_was_written_is_read_and_no_file() {
        let field = |name: &str| ("words".to_owned(), name.to_owned());
        assert_eq!(read("application/x-www-form-urlencoded", "words=a+%C3%A4"), [field("a ä")]);
        let part = "--x\nContent-Disposition: form-data; name=\"words\"\n\nHello\n";
        let file = "--x\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\n\n1\n";
        assert_eq!(
            read("multipart/form-data; boundary=x", &format!("{file}{part}--x--\n")),
            [field("Hello")]
        );
    }

    #[test]
    fn a_form_without_words_is_refused_as_before() {
        let sent = |words: &str| giving_back(Denial::NotFound, "/new", &[("words".into(), words.into())]);
        assert!(matches!(sent(" \n"), Denial::NotFound));
        assert!(matches!(sent(&"x".repeat(MOST_WORDS + 1)), Denial::NotFound), "nobody types as much");
        let Denial::Unsent(why, unsent) = sent("Hello") else { panic!("there were words") };
        assert!(matches!(*why, Denial::NotFound));
        assert_eq!((unsent.words.as_str(), unsent.back.as_str()), ("Hello", "/new"));
    }
}
