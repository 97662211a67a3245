//! `/page/<link>`: a ticket as one of those who take part in it sees it. Opening it shows it;
//! what its buttons send by POST is done, and the page is shown anew. The act is the button's own value,
//! so that a form which is sent without a click, as scanners of mail do, says nothing.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, RawQuery, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;

use super::{
    Site,
    answer::{gone, later, page, status},
    console,
    download::download,
    page_form::{self, Caps, Form},
};
use crate::{
    desk::{Acted, Departure},
    render::{Named, Page},
};

/// The page and its files. How long a form may be is seen to by who reads it.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/page/{token}", get(show).post(act))
        .route("/page/{token}/file/{file}", get(file))
        .layer(DefaultBodyLimit::disable())
}

/// The page as it is now.
async fn show(
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
            shown.script = console::asset("page.js");
            status(&site, language, shown)
        }
        Ok(None) => gone(&site).await,
        Err(error) => later(&site, &error, None),
    }
}

/// A file of an entry that is on the page.
async fn file(State(site): State<Arc<Site>>, Path((token, file)): Path<(String, String)>) -> Response {
    let Ok(file) = file.parse() else { return gone(&site).await };
    let found = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.page_file(&mut conn, &token, file, Timestamp::now()).await?)
    };
    match found.await {
        Ok(Some(file)) => download(&file.name, &file.mime, file.bytes),
        Ok(None) => gone(&site).await,
        Err(error) => later(&site, &error, None),
    }
}

/// What one of its buttons sends.
async fn act(State(site): State<Arc<Site>>, Path(token): Path<String>, request: Request) -> Response {
    let limits = &site.desk.settings.limits;
    let caps = Caps { bytes: limits.page_bytes, files: limits.page_files };
    let is_cross_site = page_form::is_cross_site(request.headers());
    // Nothing of a stranger's is read in, save words that are given back where nobody can be asked who it is.
    let reader = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.page_reader(&mut conn, &token, Timestamp::now()).await?)
    };
    let language = match reader.await {
        Ok(Some(language)) => language,
        Ok(None) => return gone(&site).await,
        Err(error) if is_cross_site => return later(&site, &error, None),
        Err(error) => return later(&site, &error, page_form::words_of(request, caps).await),
    };
    if is_cross_site {
        return page(&site, StatusCode::FORBIDDEN, language, &Page::Later(None));
    }
    let (act, sent) = match page_form::read(request, caps).await {
        Form::Sent(act, sent) => (act, sent),
        Form::TooMuch(unsent) => {
            return page(&site, StatusCode::PAYLOAD_TOO_LARGE, language, &Page::Refused(unsent));
        }
        Form::Unclear => return page(&site, StatusCode::BAD_REQUEST, language, &Page::Later(None)),
    };
    let acted = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.act_on_page(&mut conn, &token, act, &sent, Timestamp::now()).await?)
    };
    match acted.await {
        Ok(Acted::Done) => anew(&token),
        Ok(Acted::Left(Departure { reference, subject, language, .. })) => {
            page(&site, StatusCode::OK, language, &Page::Left(Named { reference, subject }))
        }
        Ok(Acted::TooMuch(language)) => {
            let unsent = page_form::unsent(act, sent.words);
            page(&site, StatusCode::TOO_MANY_REQUESTS, language, &Page::Refused(unsent))
        }
        Ok(Acted::Nowhere) => gone(&site).await,
        Err(error) => later(&site, &error, page_form::unsent(act, sent.words)),
    }
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
