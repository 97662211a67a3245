//! Documents that are shown in a frame of a page: mails of ours, and templates on trial. Nothing of them runs, loads or
//! leads anywhere.

use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use handlebars::html_escape;

/// Styles of the document itself and pictures within it, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'self'; sandbox";

/// A document of HTML.
pub(super) fn framed(html: String) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

/// A document of plain text, with a heading where it is a mistake.
pub(super) fn plain(heading: &str, text: &str) -> Response {
    let heading = match heading.is_empty() {
        true => String::new(),
        false => format!("<h1>{}</h1>", html_escape(heading)),
    };
    framed(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{margin:16px;font:14px/1.5 system-ui,sans-serif}}h1{{margin:0 0 8px;font-size:16px;color:#b3261e}}\
         pre{{margin:0;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}}\
         @media(prefers-color-scheme:dark){{h1{{color:#ff9d94}}}}</style><title>{}</title></head><body>{heading}<pre>{}</pre></body></html>",
        html_escape(text.lines().next().unwrap_or_default()),
        html_escape(text)
    ))
}
