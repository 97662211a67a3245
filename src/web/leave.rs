//! `/leave/<purpose>/<link>`: out of a ticket, or off a list. Opening it shows one button;
//! what the button sends, or a mail program's one click, does it (RFC 8058 §3.2).

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;

use super::{
    Site,
    answer::{gone, later, page, sent},
};
use crate::{
    desk::Departure,
    domain::{Purpose, Word},
    render::{Named, Page},
};

/// A click needs a few dozen bytes, and some more as `multipart/form-data`.
const MOST_BYTES: usize = 8 * 1024;

/// The page with the button.
pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Path((purpose, token)): Path<(String, String)>,
) -> Response {
    let Ok(purpose) = Purpose::from_word(&purpose) else { return gone(&site).await };
    let found = async {
        let mut conn = site.pool.get().await?;
        anyhow::Ok(site.desk.departure(&mut conn, purpose, &token).await?)
    };
    answer(&site, found.await).await
}

/// The click.
pub(super) async fn leave(
    State(site): State<Arc<Site>>,
    Path((purpose, token)): Path<(String, String)>,
    body: Body,
) -> Response {
    let Ok(purpose) = Purpose::from_word(&purpose) else { return gone(&site).await };
    let body = sent(body, MOST_BYTES).await.unwrap_or_default();
    let clicked = is_click(&String::from_utf8_lossy(&body));
    let found = async {
        let mut conn = site.pool.get().await?;
        // Whatever else posts to every address that it finds has not asked for it.
        anyhow::Ok(match clicked {
            true => site.desk.leave(&mut conn, purpose, &token, Timestamp::now()).await?,
            false => site.desk.departure(&mut conn, purpose, &token).await?,
        })
    };
    answer(&site, found.await).await
}

/// The button of our page, or one click, which comes as either kind of form.
fn is_click(body: &str) -> bool {
    let one_click = body.contains("List-Unsubscribe") && body.contains("One-Click");
    one_click || body.split('&').any(|field| field.trim() == "leave=yes")
}

async fn answer(site: &Site, found: anyhow::Result<Option<Departure>>) -> Response {
    match found {
        Ok(Some(departure)) => {
            let named = Named { reference: departure.reference, subject: departure.subject };
            let shown = match (departure.list, departure.gone) {
                (false, false) => Page::Leave(named),
                (false, true) => Page::Left(named),
                (true, false) => Page::LeaveList(named),
                (true, true) => Page::LeftList(named),
            };
            page(site, StatusCode::OK, departure.language, &shown)
        }
        Ok(None) => gone(site).await,
        Err(error) => later(site, &error, None),
    }
}

#[cfg(test)]
mod tests {
    use super::is_click;

    #[test]
    fn a_click_says_so() {
        for body in [
            "List-Unsubscribe=One-Click",
            "leave=yes",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
        ] {
            assert!(is_click(body), "{body}");
        }
        for body in ["", "leave=no", "leave", "One-Click", "List-Unsubscribe", "{}"] {
            assert!(!is_click(body), "{body}");
        }
    }
}
