//! `/ticket/17`: a ticket with all that is known of it. What can be done with it is [`super::ticket_deeds`]'s.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query as Asked, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use futures::TryFutureExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    denial::Denial,
    guard::{Reader, Signed},
    shell::{PageOf, page},
    ticket_deeds::{Acting, acting},
};
use crate::{
    desk::{Extent, Kin, Sight},
    domain::TicketId,
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/ticket/{id}", get(show)).route("/ticket/{id}/similar", get(similar))
}

/// What an address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
struct Address {
    /// The entry with which the thread begins.
    from: Option<i64>,
    /// `all` for the whole journal.
    journal: Option<String>,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    sight: &'a Sight,
    /// What can be done with it.
    acting: Acting,
    /// The address of this page, as it was asked for.
    here: String,
    /// The same with earlier entries, where there are any.
    earlier: Option<String>,
    /// The same with those behind the last that is shown, where there are any.
    later: Option<String>,
    /// The same with the whole journal.
    whole_story: String,
}

async fn show(
    State(site): State<Arc<Site>>,
    Reader { signed, conn }: Reader,
    Path(id): Path<TicketId>,
    Asked(asked): Asked<Address>,
) -> Result<Response, Denial> {
    let extent = Extent { from: asked.from, whole_journal: asked.journal.as_deref() == Some("all") };
    // Together, but the first questions of `acting` go down the connection first, with what a reply will say was seen:
    // what comes in between it and the thread is shown, and not taken for seen. Neither is what stands on a later page.
    let sight = site.desk.sight(&conn, id, extent, Timestamp::now()).map_err(Denial::from);
    let (mut acting, sight) = tokio::try_join!(biased; acting(&site, &conn, &signed, id), sight)?;
    drop(conn);
    if let (Some(_), Some(last)) = (sight.thread.later_from, sight.thread.entries.last()) {
        acting.menu.newest = last.id;
    }
    let title = match sight.facts.subject.as_str() {
        "" => sight.facts.reference.clone(),
        subject => format!("{} {subject}", sight.facts.reference),
    };
    let of = PageOf { scripts: &["ticket.js", "compose.js"], ..PageOf::new("ticket", "inbox", &title) };
    let from = |entry: i64| here(id, &Address { from: Some(entry), ..asked.clone() });
    let whole = Address { journal: Some("all".to_owned()), ..asked.clone() };
    let view = View {
        sight: &sight,
        acting,
        here: here(id, &asked),
        earlier: sight.thread.more_from.map(from),
        later: sight.thread.later_from.map(from),
        whole_story: here(id, &whole),
    };
    page(&site, signed, &of, &view)
}

fn here(id: TicketId, asked: &Address) -> String {
    let from = asked.from.map(|from| format!("from={from}"));
    let journal =
        asked.journal.as_deref().filter(|journal| *journal == "all").map(|_| "journal=all".to_owned());
    let asked: Vec<String> = from.into_iter().chain(journal).collect();
    match asked.is_empty() {
        true => format!("/ticket/{id}"),
        false => format!("/ticket/{id}?{}", asked.join("&")),
    }
}

#[derive(Serialize)]
struct Similar {
    similar: Vec<Kin>,
}

/// What looks like it, a piece of the page that is asked for once the page is there: looking takes longer than all the rest.
async fn similar(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path(id): Path<TicketId>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let mut similar = site.desk.similar_known(&mut conn, id).await?;
    similar.truncate(MOST_SIMILAR);
    Ok(Html(site.console.write("ticket_similar", &Similar { similar })?).into_response())
}

/// More look less and less like it.
const MOST_SIMILAR: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_its_own_address() {
        let asked = |from, journal: Option<&str>| Address { from, journal: journal.map(str::to_owned) };
        assert_eq!(here(TicketId(7), &asked(None, None)), "/ticket/7");
        assert_eq!(here(TicketId(7), &asked(Some(3), Some("all"))), "/ticket/7?from=3&journal=all");
        assert_eq!(here(TicketId(7), &asked(None, Some("x\"y"))), "/ticket/7");
    }
}
