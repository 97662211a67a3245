//! `/templates/answers/…`: known answers, which staff write once and send often.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    ops,
    shell::{PageOf, page, page_refusing},
};
use crate::{
    desk::{DeskError, OPERATOR},
    domain::{Language, TicketId, Word},
    store::answers,
    ticket::rights::Wish,
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/answers", get(show).post(act))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: String,
}

/// What is typed.
#[derive(Deserialize)]
struct Typed {
    name: String,
    language: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    ticket: String,
    /// `keep`, `try` or `remove`.
    deed: String,
}

#[derive(Serialize)]
struct View {
    name: String,
    /// It is there already, so that it can be taken away.
    known: bool,
    languages: Vec<Choice>,
    text: String,
    ticket: String,
    /// What the customer would read.
    tried: Option<String>,
    by: Option<String>,
    at: Option<Timestamp>,
    may_change: bool,
}

#[derive(Serialize)]
struct Choice {
    word: &'static str,
    chosen: bool,
}

fn languages(chosen: Language) -> Vec<Choice> {
    let choice = |&each: &Language| Choice { word: each.as_str(), chosen: each == chosen };
    Language::ALL.iter().map(choice).collect()
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let language = Language::from_word(&asked.language).unwrap_or(site.desk.settings.site.language);
    let view = view(&site, &signed, &asked.name, language).await?;
    if !asked.name.is_empty() && !view.known {
        return Err(Denial::NotFound);
    }
    page(&site, signed, &of(), &view)
}

fn of() -> PageOf<'static> {
    PageOf::new("answer", "templates", "Known answer")
}

async fn view(site: &Site, signed: &Signed, name: &str, language: Language) -> Result<View, Denial> {
    let conn = site.pool.get().await?;
    let there = match name.is_empty() {
        true => Vec::new(),
        false => answers::list(&conn, Some(name)).await?,
    };
    let found = there.into_iter().find(|answer| answer.language.0 == language);
    Ok(View {
        name: name.to_owned(),
        known: found.is_some(),
        languages: languages(language),
        by: found.as_ref().map(|answer| match answer.changed_by.as_str() {
            OPERATOR => site.console.say("answers.operator", &[]),
            by => by.to_owned(),
        }),
        at: found.as_ref().map(|answer| answer.changed_at.to_jiff()),
        text: found.map(|answer| answer.text).unwrap_or_default(),
        ticket: String::new(),
        tried: None,
        may_change: ops::may(site, signed, Wish::Operate),
    })
}

async fn act(
    State(site): State<Arc<Site>>,
    Posted { signed, form }: Posted<Typed>,
) -> Result<Response, Denial> {
    let language = Language::from_word(&form.language).map_err(|_| Denial::NotFound)?;
    let text = form.text.replace("\r\n", "\n");
    let name = form.name.trim().to_owned();
    let (me, now) = (signed.session.staff.email.clone(), Timestamp::now());
    if form.deed != "try" {
        ops::demand(&site, &signed, Wish::Operate)?;
    }
    let mut conn = site.pool.get().await?;
    let done = match form.deed.as_str() {
        "keep" => site
            .desk
            .keep_answer(&mut conn, &name, language, &text, Some(&me), now)
            .await
            .map(|_| "answers.kept"),
        "remove" => site
            .desk
            .remove_answer(&mut conn, &name, Some(language), Some(&me), now)
            .await
            .map(|_| "answers.removed"),
        "try" => {
            let ticket = form.ticket.trim().rsplit('-').next().and_then(|it| it.parse().ok()).map(TicketId);
            let tried = site.desk.try_answer(&mut conn, &text, ticket).await;
            drop(conn);
            let shown = view(&site, &signed, &name, language).await?;
            let shown = View { text, ticket: form.ticket, ..shown };
            return match tried {
                Ok(tried) => page(&site, signed, &of(), &View { tried: Some(tried), ..shown }),
                Err(error) => refused(&site, signed, shown, error),
            };
        }
        _ => return Err(Denial::NotFound),
    };
    drop(conn);
    match done {
        Ok(word) => ops::told("/templates", Ok(()), |()| site.console.say(word, &[("name", &name)])),
        Err(error) => {
            let shown = view(&site, &signed, &name, language).await?;
            refused(&site, signed, View { text, ticket: form.ticket, ..shown }, error)
        }
    }
}

/// The page again, with what was typed and why it will not do.
fn refused(site: &Site, signed: Signed, shown: View, error: DeskError) -> Result<Response, Denial> {
    match error {
        DeskError::Database(_) | DeskError::Render(_) => Err(error.into()),
        error => page_refusing(site, signed, &of(), &shown, &ops::sentence(&error.to_string())),
    }
}
