//! One deed for several tickets of the inbox: each is a transaction of its own, and the page that follows says line by
//! line what was done, and what was refused and why.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    csrf::{Nothing, Posted},
    denial::Denial,
    guard::Signed,
    page_word::PageWord,
    said,
    shell::{PageOf, page},
    ticket_deeds::{CommandForm, actor, refused, sentence, told, undo_key},
};
use crate::{
    desk::{Choice, DeskError, Wanted},
    domain::{NamedAddress, TicketId},
    store::{Conn, forms::FormKey},
    web::Site,
};

/// So many tickets at a time.
const MOST: usize = 200;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/inbox/bulk", post(carry_out))
        .route("/inbox/bulk/{key}", get(show))
        .route("/inbox/bulk/{key}/undo", post(undo))
}

#[derive(Deserialize)]
struct BulkForm {
    /// The tickets.
    #[serde(default, rename = "ticket")]
    ids: Vec<i64>,
    #[serde(default)]
    form: PageWord,
    /// The command, with what the button says.
    #[serde(rename = "do")]
    line: String,
    /// What was chosen beside it; a list has one for each button, so that each is called after its own.
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    words: String,
    /// The list that they were chosen in.
    #[serde(default)]
    back: String,
}

impl BulkForm {
    fn command(&self) -> CommandForm {
        let arg = match self.line.trim() {
            "#assign" => self.assignee.clone(),
            "#sev" => self.severity.clone(),
            "#snooze" => self.until.clone(),
            _ => String::new(),
        };
        CommandForm {
            form: self.form.clone(),
            line: self.line.clone(),
            arg: vec![arg],
            words: self.words.clone(),
        }
    }

    /// Where the list is: the inbox with a query, or the search, and nothing else.
    fn back(&self) -> String {
        let ours = ["/inbox", "/search"].iter().any(|place| {
            self.back.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
        });
        match ours && self.back.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => self.back.clone(),
            false => "/inbox".to_owned(),
        }
    }
}

async fn carry_out(State(site): State<Arc<Site>>, posted: Posted<BulkForm>) -> Result<Response, Denial> {
    let Posted { signed, form } = posted;
    let back = form.back();
    if form.ids.is_empty() || form.ids.len() > MOST {
        let most = MOST.to_string();
        return Ok(said::refused(&back, &site.console.say("bulk.how-many", &[("most", &most)])));
    }
    let command = form.command();
    let wanted = match command.line.trim() {
        "#note" => Ok(Wanted::Note(form.words.trim().to_owned(), Arc::default())),
        _ => command.deed(&site),
    };
    let wanted = match wanted {
        Ok(Wanted::Note(words, _)) if words.is_empty() => {
            return Ok(said::refused(&back, &site.console.say("compose.nothing", &[])));
        }
        Ok(wanted) => wanted,
        Err(why) => return Ok(said::refused(&back, &sentence(&why))),
    };
    let (who, now) = (actor(&signed), Timestamp::now());
    let mut lines = Vec::new();
    let mut conn = site.pool.get().await?;
    for &id in &form.ids {
        let key = command.key(&signed, Some(TicketId(id)), &[]);
        lines.push(do_one(&site, &mut conn, TicketId(id), &wanted, (&key, &who, now)).await?);
    }
    let ids: Vec<u8> = form.ids.iter().flat_map(|id| id.to_be_bytes()).collect();
    let key = command.key(&signed, None, &ids);
    let transcript = Transcript { lines, back };
    site.desk.keep_bulk_transcript(&mut conn, &key, &who, &transcript.kept(), now).await?;
    Ok(Redirect::to(&format!("/inbox/bulk/{}", key.as_str())).into_response())
}

/// One deed for one of the tickets.
async fn do_one(
    site: &Site,
    conn: &mut Conn,
    id: TicketId,
    wanted: &Wanted,
    (key, who, now): (&FormKey, &NamedAddress, Timestamp),
) -> Result<Line, Denial> {
    let done = match site.desk.do_form(conn, id, wanted, key, who, now).await {
        Err(DeskError::NoTicket(_)) => Err(site.console.say("bulk.gone", &[])),
        tried => refused(tried)?,
    };
    Ok(match done {
        Ok(done) => {
            let undo = done.undo.as_ref().map(|_| key.as_str().to_owned());
            Line { id: id.0, done: true, text: told(site, &done), undo }
        }
        Err(why) => Line { id: id.0, done: false, text: sentence(&why), undo: None },
    })
}

/// Takes back what a form did to each of its tickets, as far as nothing happened to it since.
async fn undo(
    State(site): State<Arc<Site>>,
    Path(of): Path<String>,
    posted: Posted<Nothing>,
) -> Result<Response, Denial> {
    let of = FormKey::read(&of).ok_or(Denial::NotFound)?;
    let (who, now) = (actor(&posted.signed), Timestamp::now());
    let mut conn = site.pool.get().await?;
    let found = site.desk.bulk_transcript(&mut conn, &of, &who.address, now).await?;
    let (before, _) = found.ok_or(Denial::NotFound)?;
    let Transcript { lines: before, back } = Transcript::of(before);
    let mut lines = Vec::new();
    for line in before {
        let Some(one) = line.undo.as_deref().and_then(FormKey::read) else { continue };
        let key = undo_key(&who.address, Some(TicketId(line.id)), &one);
        let id = TicketId(line.id);
        lines.push(do_one(&site, &mut conn, id, &Wanted::Undo(one), (&key, &who, now)).await?);
    }
    let key = undo_key(&who.address, None, &of);
    let transcript = Transcript { lines, back };
    site.desk.keep_bulk_transcript(&mut conn, &key, &who, &transcript.kept(), now).await?;
    Ok(Redirect::to(&format!("/inbox/bulk/{}", key.as_str())).into_response())
}

/// What the bar below a list of tickets offers.
#[derive(Default, Serialize)]
pub(super) struct Bar {
    form: PageWord,
    staff: Vec<Choice>,
    severities: Vec<i16>,
}

/// What can be done with several tickets of a list.
pub(super) fn bar(site: &Site) -> Bar {
    let (staff, severities) = site.desk.choices();
    Bar { form: PageWord::default(), staff, severities }
}

/// What is kept of a form: a line for each ticket, and the list that they were chosen in.
#[derive(Default, Serialize, Deserialize)]
struct Transcript {
    lines: Vec<Line>,
    back: String,
}

impl Transcript {
    fn of(kept: Value) -> Transcript {
        serde_json::from_value(kept).unwrap_or_default()
    }

    fn kept(&self) -> Value {
        json!(self)
    }
}

/// What became of one ticket.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    id: i64,
    done: bool,
    text: String,
    /// The key of the form, where it can be taken back.
    #[serde(default)]
    undo: Option<String>,
}

#[derive(Serialize)]
struct View {
    lines: Vec<LineView>,
    done: usize,
    refused: usize,
    back: String,
    /// Where it is taken back, while that can be done.
    undo: Option<String>,
}

#[derive(Serialize)]
struct LineView {
    reference: String,
    #[serde(flatten)]
    line: Line,
}

async fn show(
    State(site): State<Arc<Site>>,
    Path(key): Path<String>,
    signed: Signed,
) -> Result<Response, Denial> {
    let key = FormKey::read(&key).ok_or(Denial::NotFound)?;
    let found = {
        let mut conn = site.pool.get().await?;
        let me = &signed.session.staff.email;
        site.desk.bulk_transcript(&mut conn, &key, me, Timestamp::now()).await?
    };
    let (kept, fresh) = found.ok_or(Denial::NotFound)?;
    let Transcript { lines, back } = Transcript::of(kept);
    let takes_back = fresh && lines.iter().any(|line| line.undo.is_some());
    let done = lines.iter().filter(|line| line.done).count();
    let prefix = &site.desk.settings.site.reference;
    let view = View {
        done,
        refused: lines.len() - done,
        back,
        undo: takes_back.then(|| format!("/inbox/bulk/{}/undo", key.as_str())),
        lines: lines
            .into_iter()
            .map(|line| LineView {
                reference: crate::domain::reference::reference(prefix, TicketId(line.id)),
                line,
            })
            .collect(),
    };
    let title = site.console.say("bulk.title", &[]);
    page(&site, signed, &PageOf::new("bulk", "inbox", &title), &view)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str) -> BulkForm {
        serde_html_form::from_str(query).unwrap()
    }

    #[test]
    fn each_button_takes_the_choice_beside_it() {
        let chosen = "ticket=1&ticket=2&assignee=bob@example.org&severity=2&until=3d&words=&do=";
        for (button, arg) in [
            ("%23assign", "bob@example.org"),
            ("%23sev", "2"),
            ("%23snooze", "3d"),
            ("%23take", ""),
            ("%23snooze+1w", ""),
        ] {
            let form = form(&format!("{chosen}{button}"));
            assert_eq!(
                (form.ids.as_slice(), form.command().arg.as_slice()),
                (&[1, 2][..], &[arg.to_owned()][..])
            );
        }
    }

    #[test]
    fn the_way_back_is_a_query_of_the_inbox() {
        for (back, path) in [
            ("/inbox?view=mine", "/inbox?view=mine"),
            ("/search?q=x", "/search?q=x"),
            ("/inboxes", "/inbox"),
            ("", "/inbox"),
            ("//evil.test", "/inbox"),
            ("https://evil.test", "/inbox"),
            ("/inbox?q=a b", "/inbox"),
        ] {
            let mut form = form("do=x");
            form.back = back.into();
            assert_eq!(form.back(), path, "{back}");
        }
    }
}
