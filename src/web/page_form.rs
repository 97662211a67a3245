//! What the forms of a ticket's page send: an act, words, files.

use axum::{
    body::Body,
    extract::{
        FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, header},
};

use super::answer::sent;
use crate::{
    desk::{Act, Contribution},
    mail,
    render::Unsent,
};

/// The longest form without files, in bytes: some ten thousand characters of any script, three times as
/// many as `%xx`.
const MOST_BYTES: usize = 128 * 1024;
/// The longest words, in characters; the rest is cut off as the field in the browser does.
const MOST_CHARS: usize = 20_000;
/// The longest value of a field that is no file, in bytes.
const LONGEST_FIELD: usize = 4 * MOST_CHARS;
/// What is too much is read on, and thrown away, up to so many times what is allowed: else the browser tells of a
/// broken connection and not what we say.
const READ_ON: usize = 4;

/// What was sent.
#[derive(Debug)]
pub(super) enum Form {
    /// What is to be done.
    Sent(Act, Contribution),
    /// More than may come at once; the words of it.
    TooMuch(Option<Unsent>),
    /// It is no form of ours, or says of no button that it was pressed.
    Unclear,
}

/// Most that may come at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caps {
    pub bytes: u64,
    pub files: u32,
}

/// Whether a browser says that another site had this sent. The link is what vouches; an older browser says nothing.
pub(super) fn is_cross_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

/// What of a form that cannot be taken is worth to be given back.
pub(super) fn unsent(act: Act, words: String) -> Option<Unsent> {
    let act = match act {
        Act::Fails => "fails",
        Act::Works | Act::Say | Act::Leave => "say",
    };
    (!words.trim().is_empty()).then_some(Unsent { words, act })
}

/// The words of a form of which nothing else is kept.
pub(super) async fn words_of(request: Request, caps: Caps) -> Option<Unsent> {
    match read_into(Reader { room: LONGEST_FIELD, ..Reader::new(caps) }, request).await {
        Form::Sent(act, sent) => unsent(act, sent.words),
        Form::TooMuch(unsent) => unsent,
        Form::Unclear => None,
    }
}

/// Reads a form of either kind.
pub(super) async fn read(request: Request, caps: Caps) -> Form {
    read_into(Reader::new(caps), request).await
}

async fn read_into(mut reader: Reader, request: Request) -> Form {
    let kind = request.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
    if !kind.starts_with(b"multipart/form-data") {
        return plain(request.into_body()).await;
    }
    let Ok(mut multipart) = Multipart::from_request(request, &()).await else { return Form::Unclear };
    loop {
        match multipart.next_field().await {
            Ok(None) => return reader.form(),
            Ok(Some(field)) => match reader.take(field).await {
                Ok(true) => {}
                Ok(false) => return Form::TooMuch(reader.unsent()),
                Err(_) => return Form::Unclear,
            },
            Err(_) => return Form::Unclear,
        }
    }
}

/// `application/x-www-form-urlencoded`
async fn plain(body: Body) -> Form {
    let Some(body) = sent(body, MOST_BYTES).await else { return Form::TooMuch(None) };
    let mut reader = Reader::new(Caps { bytes: 0, files: 0 });
    for (name, value) in form_urlencoded::parse(&body) {
        reader.value(&name, &value);
    }
    reader.form()
}

/// What was read so far.
struct Reader {
    act: Option<Act>,
    sent: Contribution,
    caps: Caps,
    room: usize,
    read: usize,
    too_much: bool,
}

impl Reader {
    fn new(caps: Caps) -> Reader {
        let room = usize::try_from(caps.bytes).unwrap_or(usize::MAX);
        Reader { act: None, sent: Contribution::default(), caps, room, read: 0, too_much: false }
    }

    fn form(self) -> Form {
        match (self.too_much, self.act) {
            (true, _) => Form::TooMuch(self.unsent()),
            (false, Some(act)) => Form::Sent(act, self.sent),
            (false, None) => Form::Unclear,
        }
    }

    fn unsent(self) -> Option<Unsent> {
        unsent(self.act.unwrap_or(Act::Say), self.sent.words)
    }

    fn value(&mut self, name: &str, value: &str) {
        match (name, value) {
            ("act", "works") => self.act = Some(Act::Works),
            ("act", "fails") => self.act = Some(Act::Fails),
            ("act", "say") => self.act = Some(Act::Say),
            ("act", "leave") => self.act = Some(Act::Leave),
            ("words", said) => {
                self.sent.words = said.chars().filter(|c| *c != '\0').take(MOST_CHARS).collect()
            }
            _ => {}
        }
    }

    /// `false` when it makes no sense to read on.
    async fn take(&mut self, mut field: Field<'_>) -> Result<bool, MultipartError> {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            let Some(value) = self.bytes(&mut field, LONGEST_FIELD).await? else { return Ok(false) };
            self.value(&name, &String::from_utf8_lossy(&value));
            return Ok(true);
        };
        let mime = field.content_type().unwrap_or_default().to_owned();
        let Some(bytes) = self.bytes(&mut field, self.room).await? else { return Ok(false) };
        // A field for files in which none was chosen.
        if !(file.is_empty() && bytes.is_empty()) {
            self.room = self.room.saturating_sub(bytes.len());
            self.sent.files.push(mail::uploaded(&file, &mime, bytes));
            self.too_much |= self.sent.files.len() as u64 > u64::from(self.caps.files);
        }
        Ok(true)
    }

    /// The content of a field, as far as there is room; `None` when it makes no sense to read on.
    async fn bytes(&mut self, field: &mut Field<'_>, room: usize) -> Result<Option<Vec<u8>>, MultipartError> {
        let most = usize::try_from(self.caps.bytes).unwrap_or(usize::MAX).saturating_mul(READ_ON);
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await? {
            self.read = self.read.saturating_add(chunk.len());
            if self.read > most {
                return Ok(None);
            }
            self.too_much |= bytes.len() + chunk.len() > room;
            if self.too_much {
                bytes.clear();
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn urlencoded(form: &str) -> Form {
        futures::executor::block_on(plain(Body::from(form.to_owned())))
    }

    fn multipart(body: &str, caps: Caps) -> Form {
        let body = body.replace('\n', "\r\n");
        let mut request = Request::new(Body::from(body));
        let kind = HeaderValue::from_static("multipart/form-data; boundary=x");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        futures::executor::block_on(read(request, caps))
    }

    const CAPS: Caps = Caps { bytes: 10, files: 2 };

    fn file(name: &str, content: &str) -> String {
        format!(
            "--x\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\nContent-Type: Text/HTML; a=b\n\n{content}\n"
        )
    }

    const ACT: &str = "--x\nContent-Disposition: form-data; name=\"act\"\n\nsay\n--x\nContent-Disposition: form-data; name=\"words\"\n\nÄrger\n";

    #[test]
    fn a_form_names_what_is_to_be_done() {
        let read = |form: &str| match urlencoded(form) {
            Form::Sent(act, sent) => Some((act, sent.words)),
            Form::TooMuch(_) | Form::Unclear => None,
        };
        assert_eq!(read("act=works"), Some((Act::Works, String::new())));
        assert_eq!(read("act=fails&words=Still+%C3%A4rger"), Some((Act::Fails, "Still ärger".into())));
        assert_eq!(read("words=x&act=say"), Some((Act::Say, "x".into())));
        for nothing in ["", "act=", "act=close", "words=x", "{\"act\":\"works\"}"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
        assert_eq!(read("act=say&words=a%00b"), Some((Act::Say, "ab".into())), "no text has a zero byte");
        let long = format!("act=say&words={}", "a".repeat(50_000));
        assert_eq!(read(&long).unwrap().1.len(), MOST_CHARS);
        assert!(matches!(urlencoded(&"a".repeat(MOST_BYTES + 1)), Form::TooMuch(None)));
    }

    #[test]
    fn files_come_with_words_and_get_safe_names() {
        let body =
            format!("{ACT}{}{}{}--x--\n", file("", ""), file("../../a<b.html", "12345"), file("b.txt", ""));
        let Form::Sent(Act::Say, sent) = multipart(&body, CAPS) else { panic!("it is whole") };
        assert_eq!(sent.words, "Ärger");
        let files: Vec<_> =
            sent.files.iter().map(|it| (it.name.as_str(), it.mime.as_str(), it.bytes.len())).collect();
        assert_eq!(files, [("a_b.html", "text/html", 5), ("b.txt", "text/html", 0)]);
    }

    #[test]
    fn too_much_is_nothing_and_half_a_form_too() {
        let words = |form: Form| match form {
            Form::TooMuch(Some(unsent)) => unsent.words,
            other => panic!("{other:?}"),
        };
        let long = format!("{ACT}{}{}--x--\n", file("a", "123456"), file("b", "12345"));
        assert_eq!(words(multipart(&long, CAPS)), "Ärger", "more bytes than may come");
        let many = format!("{ACT}{}{}{}--x--\n", file("a", "1"), file("b", "2"), file("c", "3"));
        assert_eq!(words(multipart(&many, CAPS)), "Ärger", "more files than may come");
        let huge = format!("{ACT}{}--x--\n", file("a", &"1".repeat(1000)));
        assert_eq!(words(multipart(&huge, CAPS)), "Ärger", "not even read to its end");
        assert!(
            matches!(multipart(&format!("{ACT}{}", file("a", "1")), CAPS), Form::Unclear),
            "it breaks off"
        );
        assert!(matches!(multipart(&format!("{}--x--\n", file("a", "1")), CAPS), Form::Unclear), "no button");
    }

    #[test]
    fn another_site_has_nothing_sent() {
        let says = |site: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.extend(site.map(|site| {
                (header::HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static(site))
            }));
            is_cross_site(&headers)
        };
        assert!(says(Some("cross-site")) && says(Some("same-site")));
        assert!(!says(Some("same-origin")) && !says(Some("none")) && !says(None));
    }
}
