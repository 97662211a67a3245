//! Who looks at a ticket: each open page says every 20 seconds that it is there, and is told who else is.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    domain::TicketId,
    web::{
        Site,
        console::{csrf::Posted, denial::Denial},
    },
};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/ticket/{id}/here", post(here)).route("/ticket/{id}/gone", post(gone))
}

#[derive(Deserialize)]
struct HereForm {
    #[serde(default)]
    writes: bool,
}

#[derive(Serialize)]
struct HereAnswer {
    line: String,
    writes: bool,
}

async fn here(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<HereForm>,
) -> Result<Json<HereAnswer>, Denial> {
    let (me, now) = (&posted.signed.session.staff.email, Timestamp::now());
    let mut conn = site.pool.get().await?;
    site.desk.is_here(&mut conn, TicketId(id), me, posted.form.writes, now).await?;
    let others = site.desk.others_here(&conn, TicketId(id), me, now).await?;
    let writes = others.iter().any(|(_, writes)| *writes);
    Ok(Json(HereAnswer { line: line(&site, &others), writes }))
}

async fn gone(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<HereForm>,
) -> Result<StatusCode, Denial> {
    let mut conn = site.pool.get().await?;
    site.desk.is_gone(&mut conn, TicketId(id), &posted.signed.session.staff.email).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// "Bob is writing a reply. Carol is looking at this, too."
pub(super) fn line(site: &Site, others: &[(String, bool)]) -> String {
    let named = |wanted: bool| {
        let names = others.iter().filter(|(_, writes)| *writes == wanted);
        names.map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    let said = |names: Vec<&str>, one: &str, several: &str| match names.as_slice() {
        [] => None,
        [name] => Some(site.console.say(one, &[("who", name)])),
        [names @ .., last] => {
            let who = format!("{} and {last}", names.join(", "));
            Some(site.console.say(several, &[("who", &who)]))
        }
    };
    let writing = said(named(true), "here.writes", "here.write");
    let looking = said(named(false), "here.looks", "here.look");
    writing.into_iter().chain(looking).collect::<Vec<_>>().join(" ")
}
