//! `/page/<link>`: a ticket as one of those who take part in it sees it. Opening it shows it;
//! what its buttons send by POST is done, and the page is shown anew. The act is the button's own value,
//! so that a form which is sent without a click, as scanners of mail do, says nothing.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{
    Site,
    answer::{gone, later, page, sent},
};
use crate::{
    desk::{Act, Acted, Departure},
    domain::Language,
    render::{Named, Page},
};

/// The longest form, in bytes: some ten thousand characters of any script, three times as
/// many as `%xx`.
const MOST_BYTES: usize = 128 * 1024;
/// The longest words, in characters; the rest is cut off as the field in the browser does.
const MOST_CHARS: usize = 20_000;

/// The page as it is now.
pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let found = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.status_page(&mut conn, &token, Timestamp::now()).await?)
    };
    match found.await {
        Ok(Some((language, mut shown))) => {
            shown.thanks = query.as_deref() == Some("thanks");
            page(&site, StatusCode::OK, language, &Page::Status(Box::new(shown)))
        }
        Ok(None) => gone(&site),
        Err(error) => later(&site, &error),
    }
}

/// What one of its buttons sends.
pub(super) async fn act(State(site): State<Arc<Site>>, Path(token): Path<String>, body: Body) -> Response {
    let language = site.desk.settings.site.language;
    let Some(body) = sent(body, MOST_BYTES).await else {
        let language = language_of(&site, &token).await.unwrap_or(language);
        return page(&site, StatusCode::PAYLOAD_TOO_LARGE, language, &Page::Refused);
    };
    let Some((act, words)) = read(&body) else {
        return page(&site, StatusCode::BAD_REQUEST, language, &Page::Later);
    };
    let acted = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.act_on_page(&mut conn, &token, act, &words, Timestamp::now()).await?)
    };
    match acted.await {
        Ok(Acted::Done) => anew(&token),
        Ok(Acted::Left(Departure { reference, subject, language, .. })) => {
            page(&site, StatusCode::OK, language, &Page::Left(Named { reference, subject }))
        }
        Ok(Acted::TooMuch(language)) => page(&site, StatusCode::TOO_MANY_REQUESTS, language, &Page::Refused),
        Ok(Acted::Nowhere) => gone(&site),
        Err(error) => later(&site, &error),
    }
}

/// What whoever holds a link reads; nothing where it leads nowhere.
async fn language_of(site: &Site, token: &str) -> Option<Language> {
    let mut conn = site.pool.get().await.ok()?;
    let shown = site.desk.status_page(&mut conn, token, Timestamp::now()).await.ok()??;
    Some(shown.0)
}

/// The page is asked for anew, so that reloading it sends nothing twice. The address is
/// relative: the desk may live below a path.
fn anew(token: &str) -> Response {
    let place = HeaderValue::from_str(&format!("{token}?thanks"));
    match place {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}

/// The act and the words of a form (`application/x-www-form-urlencoded`).
fn read(body: &[u8]) -> Option<(Act, String)> {
    let (mut act, mut words) = (None, String::new());
    for (name, value) in form_urlencoded::parse(body) {
        match (name.as_ref(), value.as_ref()) {
            ("act", "works") => act = Some(Act::Works),
            ("act", "fails") => act = Some(Act::Fails),
            ("act", "say") => act = Some(Act::Say),
            ("act", "leave") => act = Some(Act::Leave),
            ("words", said) => words = said.chars().take(MOST_CHARS).collect(),
            _ => {}
        }
    }
    Some((act?, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_what_is_to_be_done() {
        let read = |form: &str| read(form.as_bytes());
        assert_eq!(read("act=works"), Some((Act::Works, String::new())));
        assert_eq!(read("act=fails&words=Still+%C3%A4rger"), Some((Act::Fails, "Still ärger".into())));
        assert_eq!(read("words=x&act=say"), Some((Act::Say, "x".into())));
        for nothing in ["", "act=", "act=close", "words=x", "{\"act\":\"works\"}"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
        let long = format!("act=say&words={}", "a".repeat(50_000));
        assert_eq!(read(&long).unwrap().1.len(), MOST_CHARS);
    }
}
