//! `/audit`: who signed in, changed what they sign in with, or did something to the desk itself.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use form_urlencoded::Serializer;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    denial::Denial,
    guard::Signed,
    ops,
    shell::{self, PageOf},
};
use crate::{
    desk::{Deed, OPERATOR},
    domain::Word,
    store::audit::{AuditLine, Filter},
    ticket::rights::Wish,
    web::Site,
};

/// So many rows a page has.
const ROWS: usize = 100;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/audit", get(show))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    person: String,
    #[serde(default)]
    deed: String,
    before: Option<i64>,
}

#[derive(Serialize)]
struct View {
    person: String,
    deeds: Vec<Choice>,
    rows: Vec<Row>,
    older: Option<String>,
    filtered: bool,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Row {
    at: Timestamp,
    actor: String,
    deed: String,
    bad: bool,
    about: String,
    network: String,
}

async fn show(
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Response, Denial> {
    ops::demand(&site, &signed, Wish::Audit)?;
    let person = asked.person.trim().to_lowercase();
    // Who typed what the column says means the word that is kept.
    let operator = person == site.console.say("audit.operator", &[]).to_lowercase();
    let kept = if operator { OPERATOR } else { person.as_str() };
    let filter = Filter {
        person: Some(kept).filter(|it| !it.is_empty()),
        deed: Some(asked.deed.as_str()).filter(|it| !it.is_empty()),
        before: asked.before,
    };
    let most = i64::try_from(ROWS + 1).expect("it is a small number");
    let mut conn = site.pool.get().await?;
    let mut lines = site.desk.audit_log(&mut conn, &signed.session, filter, most).await?;
    drop(conn);
    let more = lines.len() > ROWS;
    lines.truncate(ROWS);
    let older = lines.last().filter(|_| more).map(|last| address(&person, &asked.deed, last.id));
    let choice = |&deed: &Deed| Choice {
        value: deed.as_str(),
        label: name_of(&site, deed.as_str()),
        chosen: deed.as_str() == asked.deed,
    };
    let view = View {
        deeds: Deed::ALL.iter().map(choice).collect(),
        rows: lines.into_iter().map(|line| row(&site, line)).collect(),
        older,
        filtered: !person.is_empty() || !asked.deed.is_empty() || asked.before.is_some(),
        person,
    };
    let title = site.console.say("audit.title", &[]);
    shell::page(&site, signed, &PageOf::new("audit", "audit", &title), &view)
}

fn row(site: &Site, line: AuditLine) -> Row {
    Row {
        at: line.at.to_jiff(),
        actor: match line.actor.as_str() {
            OPERATOR => site.console.say("audit.operator", &[]),
            _ => line.actor,
        },
        bad: line.deed == Deed::SignInFailed.as_str() || line.deed == Deed::SignInRefused.as_str(),
        deed: name_of(site, &line.deed),
        about: line.about,
        network: line.network,
    }
}

fn name_of(site: &Site, deed: &str) -> String {
    site.console.say(&["deed", deed].join("."), &[])
}

fn address(person: &str, deed: &str, before: i64) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in
        [("person", person), ("deed", deed)].into_iter().filter(|(_, value)| !value.is_empty())
    {
        query.append_pair(name, value);
    }
    query.append_pair("before", &before.to_string());
    format!("/audit?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_has_a_word_and_an_address_has_what_is_asked_for() {
        let console = crate::render::Console::default();
        for deed in Deed::ALL {
            let key = ["deed", deed.as_str()].join(".");
            assert_ne!(console.say(&key, &[]), key);
        }
        assert_eq!(address("a@b.test", "", 7), "/audit?person=a%40b.test&before=7");
        assert_eq!(address("", "signed-in", 7), "/audit?deed=signed-in&before=7");
    }
}
