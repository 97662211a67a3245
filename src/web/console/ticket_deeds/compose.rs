//! Words: a reply that goes out, a note that never does, drafts of both, and what was held back.
//!
//! What is refused stays as a draft, and the page of the ticket shows it again.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Again, actor, form, refused, sentence, told, view};
use crate::{
    desk::{DeskError, Replied, Reply, Wanted},
    domain::{MessageRowId, TicketId, Word},
    store::{
        drafts::{self, Kind},
        forms::FormKey,
    },
    ticket::command::{self, Command},
    web::{
        Site,
        console::{
            csrf::{Posted, PostedFile, PostedFiles},
            denial::Denial,
            guard::Signed,
            page_word::PageWord,
            said,
            shell::{PageOf, page},
        },
    },
};

/// The longest form with files, in bytes; the setting for files is below it.
const MOST_BYTES: usize = 72 << 20;

/// The longest draft, in bytes.
const MOST_DRAFT: usize = 200_000;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/ticket/{id}/reply", post(reply))
        .route("/ticket/{id}/note", post(note))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .route("/ticket/{id}/held", get(held).post(settle))
        .route("/ticket/{id}/draft", get(draft).post(save))
        .route("/ticket/{id}/preview", post(preview))
        .route("/ticket/{id}/answer/{name}", get(answer))
}

#[derive(Deserialize)]
struct ReplyForm {
    #[serde(default)]
    form: PageWord,
    words: String,
    #[serde(default)]
    seen: i64,
    /// The command that goes with it.
    #[serde(default)]
    then: String,
    /// Words were held, which these take the place of; their files go along, and their commands.
    #[serde(default)]
    held: bool,
}

impl ReplyForm {
    /// What it has beside its words.
    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("form", self.form.to_string()),
            ("seen", self.seen.to_string()),
            ("then", self.then.clone()),
            ("held", self.held.to_string()),
        ]
    }
}

async fn reply(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: PostedFiles<ReplyForm>,
) -> Result<Response, Denial> {
    let PostedFiles { signed, form, files } = posted;
    let (id, words) = (TicketId(id), form::words(&form.words));
    let key = key(&form.form, &signed, id, (&words, &form.then), &files);
    let tried = match read_reply(&site, &form, &words, files) {
        Ok(reply) => {
            let mut conn = site.pool.get().await?;
            let (who, now) = (actor(&signed), Timestamp::now());
            refused(site.desk.answer_by_form(&mut conn, id, &reply, &key, &who, now).await)?
        }
        Err(why) => Err(why),
    };
    match tried {
        Ok(Replied::Sent(done)) => Ok(said::done(&format!("/ticket/{id}"), &told(&site, &done))),
        Ok(Replied::Held) => Ok(Redirect::to(&format!("/ticket/{id}/held")).into_response()),
        Err(why) => {
            kept(&site, signed, id, Refused { kind: Kind::Reply, words, fields: form.fields() }, &why).await
        }
    }
}

fn read_reply(site: &Site, form: &ReplyForm, words: &str, files: Vec<PostedFile>) -> Result<Reply, String> {
    if words.trim().is_empty() {
        return Err(site.console.say("compose.nothing", &[]));
    }
    let then = match form.then.trim() {
        "" => None,
        line => Some(read_command(site, line)?),
    };
    Ok(Reply {
        words: words.to_owned(),
        files: form::files(files, site.desk.settings.limits.attach_bytes)?,
        of_held: form.held,
        then,
        then_line: form.then.trim().to_owned(),
        seen: MessageRowId(form.seen),
    })
}

fn read_command(site: &Site, line: &str) -> Result<Command, String> {
    let read = command::read(line, &site.desk.settings.workflow).lines.into_iter().next();
    read.ok_or("there is no such command")?.means.map_err(|mistake| mistake.to_string())
}

#[derive(Deserialize)]
struct NoteForm {
    #[serde(default)]
    form: PageWord,
    words: String,
}

async fn note(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: PostedFiles<NoteForm>,
) -> Result<Response, Denial> {
    let PostedFiles { signed, form, files } = posted;
    let (id, words) = (TicketId(id), form::words(&form.words));
    let key = key(&form.form, &signed, id, (&words, "note"), &files);
    let read = match words.trim().is_empty() && files.is_empty() {
        true => Err(site.console.say("compose.nothing", &[])),
        false => form::files(files, site.desk.settings.limits.attach_bytes),
    };
    let tried = match read {
        Ok(files) => {
            let mut conn = site.pool.get().await?;
            let deed = Wanted::Note(words.clone(), files.into());
            refused(site.desk.do_form(&mut conn, id, &deed, &key, &actor(&signed), Timestamp::now()).await)?
        }
        Err(why) => Err(why),
    };
    match tried {
        Ok(done) => Ok(said::done(&format!("/ticket/{id}"), &told(&site, &done))),
        Err(why) => {
            let fields = vec![("form", form.form.to_string())];
            kept(&site, signed, id, Refused { kind: Kind::Note, words, fields }, &why).await
        }
    }
}

/// The key of what was written: the same page with other words is another form.
fn key(
    page: &PageWord,
    signed: &Signed,
    id: TicketId,
    (words, then): (&str, &str),
    files: &[PostedFile],
) -> FormKey {
    let mut parts = vec![words.as_bytes(), then.as_bytes()];
    for file in files {
        parts.extend([file.name.as_bytes(), &file.bytes]);
    }
    page.key(signed, Some(id), &parts)
}

/// Words that were refused, with what stood beside them.
struct Refused {
    kind: Kind,
    words: String,
    fields: Vec<(&'static str, String)>,
}

/// What was refused stays as a draft; what is too long for one is given back at once.
async fn kept(
    site: &Site,
    signed: Signed,
    id: TicketId,
    refused: Refused,
    why: &str,
) -> Result<Response, Denial> {
    let Refused { kind, words, fields } = refused;
    let mut conn = site.pool.get().await?;
    site.desk.ticket_is_there(&mut conn, id).await?;
    if words.len() > MOST_DRAFT {
        drop(conn);
        let most = (MOST_DRAFT / 1000).to_string();
        let bound = site.console.say("compose.too-long-refused", &[("most", &most)]);
        let again = Again { path: kind.as_str(), fields, words, files: true };
        return again.page(site, signed, id, &format!("{} {bound}", sentence(why)));
    }
    if !words.trim().is_empty() {
        let address = signed.session.staff.email.as_str();
        let of = drafts::Of { ticket: id, address, kind };
        let there = drafts::find(&conn, of).await?.map_or(0, |draft| draft.version);
        drafts::save(&mut conn, of, &words, there, Timestamp::now()).await?;
    }
    Ok(said::refused(&format!("/ticket/{id}#compose"), &sentence(why)))
}

async fn held(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    signed: Signed,
) -> Result<Response, Denial> {
    let id = TicketId(id);
    let acting = {
        let conn = site.pool.get().await?;
        view::acting(&site, &conn, &signed, id).await?
    };
    if acting.held.is_none() {
        return Ok(Redirect::to(&format!("/ticket/{id}")).into_response());
    }
    #[derive(Serialize)]
    struct HeldPage {
        acting: view::Acting,
    }
    let title = site.console.say("held.title", &[("reference", &acting.menu.reference)]);
    let of = PageOf { scripts: &["compose.js"], ..PageOf::new("ticket_held", "inbox", &title) };
    page(&site, signed, &of, &HeldPage { acting })
}

#[derive(Deserialize)]
struct HeldForm {
    act: String,
}

async fn settle(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<HeldForm>,
) -> Result<Response, Denial> {
    let id = TicketId(id);
    let mut conn = site.pool.get().await?;
    match posted.form.act.as_str() {
        "discard" => {
            site.desk.discard_held(&mut conn, id, &actor(&posted.signed), Timestamp::now()).await?;
            Ok(said::done(&format!("/ticket/{id}"), &site.console.say("held.discarded", &[])))
        }
        _ => Err(Denial::NotFound),
    }
}

#[derive(Deserialize)]
struct DraftQuery {
    kind: String,
}

#[derive(Serialize)]
struct DraftAnswer {
    words: String,
    version: i64,
}

async fn draft(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Query(query): Query<DraftQuery>,
    signed: Signed,
) -> Result<Json<DraftAnswer>, Denial> {
    let kind = Kind::from_word(&query.kind).map_err(|_| Denial::NotFound)?;
    let conn = site.pool.get().await?;
    let address = signed.session.staff.email.as_str();
    let draft = drafts::find(&conn, drafts::Of { ticket: TicketId(id), address, kind }).await?;
    let answer = draft.map(|draft| DraftAnswer { words: draft.words, version: draft.version });
    Ok(Json(answer.unwrap_or(DraftAnswer { words: String::new(), version: 0 })))
}

#[derive(Deserialize)]
struct DraftForm {
    kind: String,
    words: String,
    #[serde(default)]
    version: i64,
}

#[derive(Serialize)]
struct SavedAnswer {
    version: i64,
    /// What another window had written.
    other: Option<String>,
}

async fn save(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<DraftForm>,
) -> Result<Json<SavedAnswer>, Denial> {
    let DraftForm { kind, words, version } = posted.form;
    let kind = Kind::from_word(&kind).map_err(|_| Denial::NotFound)?;
    if words.len() > MOST_DRAFT {
        return Err(Denial::Invalid(site.console.say("compose.too-long", &[])));
    }
    let (id, words) = (TicketId(id), words.replace("\r\n", "\n"));
    let mut conn = site.pool.get().await?;
    let address = posted.signed.session.staff.email.as_str();
    let of = drafts::Of { ticket: id, address, kind };
    let saved = conn
        .transaction(async |conn| -> Result<_, DeskError> {
            site.desk.ticket_is_there(conn, id).await?;
            Ok(drafts::save(conn, of, &words, version, Timestamp::now()).await?)
        })
        .await?;
    Ok(Json(SavedAnswer { version: saved.version, other: saved.other }))
}

#[derive(Deserialize)]
struct PreviewForm {
    words: String,
}

/// The words as the customer would read them. Nothing is changed; it is sent, since words are too long for an address.
async fn preview(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<PreviewForm>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let words = form::words(&posted.form.words);
    Ok(plain(site.desk.naming_facts(&mut conn, TicketId(id), &words).await?))
}

async fn answer(
    State(site): State<Arc<Site>>,
    Path((id, name)): Path<(i64, String)>,
    _: Signed,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    Ok(plain(site.desk.answer_words(&mut conn, TicketId(id), &name).await?))
}

fn plain(words: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}
