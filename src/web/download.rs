//! A file handed out: never shown in our place, whatever it is and whatever it says that it is.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// Types that no browser runs; anything else is handed out as plain bytes.
const PASSIVE: [&str; 12] = [
    "application/pdf",
    "application/zip",
    "audio/mpeg",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "message/rfc822",
    "text/csv",
    "text/plain",
    "video/mp4",
    "video/quicktime",
];

/// An answer that a browser keeps as a file: not even one that ignores the disposition runs it.
pub(super) fn download(name: &str, mime: &str, bytes: Vec<u8>) -> Response {
    let mime = PASSIVE.into_iter().find(|known| *known == mime).unwrap_or("application/octet-stream");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

/// `attachment` with the name twice: plain for old programs, whole for the others (RFC 6266 §4.3, RFC 8187).
fn disposition(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent(name));
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Everything but plain characters as `%XX`.
fn percent(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_legal_header_whatever_it_is() {
        for (name, want) in [
            ("a b.txt", "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt"),
            ("Größe.png", "attachment; filename=\"Gr__e.png\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.png"),
            (
                "x\"; y=\r\nZ: 1",
                "attachment; filename=\"x__ y___Z_ 1\"; filename*=UTF-8''x%22%3B%20y%3D%0D%0AZ%3A%201",
            ),
        ] {
            assert_eq!(disposition(name), want, "{name:?}");
        }
    }

    #[test]
    fn what_a_browser_might_run_is_only_bytes() {
        for mime in ["text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "", "text/html; x"] {
            let response = download("x", mime, Vec::new());
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/octet-stream", "{mime}");
        }
        assert_eq!(download("x", "image/png", Vec::new()).headers()[header::CONTENT_TYPE], "image/png");
    }
}
