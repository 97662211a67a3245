//! What staff do to a ticket from its page: each form is one command, or one use case beside them, and leads back to the
//! page. What is refused is shown with its sentence and with all that was filled in.

mod compose;
mod form;
mod here;
mod view;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    page_word::PageWord,
    said,
    shell::{PageOf, page_refusing},
};
use crate::{
    desk::{Change, DeskError, Done, Wanted},
    domain::{EmailAddress, MessageRowId, NamedAddress, TicketId},
    store::forms::{FormKey, Sent},
    ticket::command::{self, Command, KnownAnswer},
    web::Site,
};

pub(super) use form::words as form_words;
pub(super) use view::{Acting, acting};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/ticket/{id}/do", post(command))
        .route("/ticket/{id}/undo", post(undo))
        .route("/ticket/{id}/people", post(people))
        .route("/ticket/{id}/split", post(split))
        .merge(compose::routes())
        .merge(here::routes())
}

/// A command, put together from what its form has: the button, a choice, words.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct CommandForm {
    /// The word that the page put into the form.
    #[serde(default)]
    pub form: PageWord,
    /// The command, with what the button says.
    #[serde(rename = "do")]
    pub line: String,
    /// What was chosen beside it.
    #[serde(default)]
    pub arg: Vec<String>,
    /// Words: for the customer, or why.
    #[serde(default)]
    pub words: String,
}

impl CommandForm {
    /// The command as it would stand in a mail.
    fn whole_line(&self) -> String {
        let args = self.arg.iter().map(|arg| arg.trim()).filter(|arg| !arg.is_empty());
        let line: Vec<&str> = std::iter::once(self.line.trim()).chain(args).collect();
        line.join(" ").replace(['\r', '\n'], " ")
    }

    /// What it asks for.
    ///
    /// # Errors
    /// What was expected, as who mails a command is told.
    pub(super) fn deed(&self, site: &Site) -> Result<Wanted, String> {
        let read = command::read(&self.whole_line(), &site.desk.settings.workflow);
        let line = read.lines.into_iter().next();
        let command = line.ok_or("there is no such command")?.means.map_err(|mistake| mistake.to_string())?;
        let words = form::words(&self.words);
        Ok(match command {
            Command::Answer(answer) if !words.is_empty() => {
                Wanted::Command(Command::Answer(KnownAnswer { words: Some(words), ..answer }), String::new())
            }
            command => Wanted::Command(command, words),
        })
    }

    /// Its key; it is about no single ticket where `ticket` is none, and `more` says about which.
    pub(super) fn key(&self, signed: &Signed, ticket: Option<TicketId>, more: &[u8]) -> FormKey {
        self.form.key(signed, ticket, &[self.whole_line().as_bytes(), self.words.as_bytes(), more])
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let args = self.arg.iter().map(|arg| ("arg", arg.clone()));
        [("form", self.form.to_string()), ("do", self.line.clone())].into_iter().chain(args).collect()
    }
}

async fn command(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<CommandForm>,
) -> Result<Response, Denial> {
    let (id, Posted { signed, form }) = (TicketId(id), posted);
    let again = Again { path: "do", fields: form.fields(), words: form.words.clone(), files: false };
    let key = form.key(&signed, Some(id), &[]);
    match form.deed(&site) {
        Ok(deed) => carry_out(&site, signed, id, &deed, &key, again).await,
        Err(why) => again.page(&site, signed, id, &why),
    }
}

#[derive(Deserialize)]
struct UndoForm {
    of: String,
}

async fn undo(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<UndoForm>,
) -> Result<Response, Denial> {
    let Some(of) = FormKey::read(&posted.form.of) else { return Err(Denial::NotFound) };
    let (id, signed) = (TicketId(id), posted.signed);
    let key = undo_key(&signed.session.staff.email, Some(id), &of);
    let mut conn = site.pool.get().await?;
    let deed = Wanted::Undo(of);
    let done = site.desk.do_form(&mut conn, id, &deed, &key, &actor(&signed), Timestamp::now()).await;
    let path = format!("/ticket/{id}");
    match done.map_err(Denial::from) {
        Ok(done) => Ok(said::done(&path, &told(&site, &done))),
        Err(Denial::Invalid(why)) => Ok(said::refused(&path, &sentence(&why))),
        Err(denial) => Err(denial),
    }
}

/// The key of taking back: what one form did is taken back once, from whichever page.
pub(super) fn undo_key(who: &EmailAddress, ticket: Option<TicketId>, of: &FormKey) -> FormKey {
    FormKey::of(Sent { page: "undo", address: who.as_str(), ticket }, &[of.as_str().as_bytes()])
}

/// Who takes part; what is empty stays as it is.
#[derive(Clone, Deserialize)]
struct PeopleForm {
    #[serde(default)]
    form: PageWord,
    #[serde(default)]
    add: String,
    #[serde(default)]
    remove: String,
    #[serde(default)]
    requester: String,
}

impl PeopleForm {
    fn change(&self) -> Result<Change, String> {
        let read = |text: &str| -> Result<Vec<EmailAddress>, String> {
            let words = text.split([',', ';', ' ', '\n', '\r']).filter(|word| !word.is_empty());
            let one = |word: &str| {
                word.parse().map_err(|_| format!("{word} is no address; give one such as anna@example.org"))
            };
            words.map(one).collect()
        };
        let requester = read(&self.requester)?.into_iter().next();
        Ok(Change { add: read(&self.add)?, remove: read(&self.remove)?, requester, ..Change::default() })
    }
}

async fn people(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<PeopleForm>,
) -> Result<Response, Denial> {
    let (id, Posted { signed, form }) = (TicketId(id), posted);
    let parts = [form.add.as_bytes(), form.remove.as_bytes(), form.requester.as_bytes()];
    let key = form.form.key(&signed, Some(id), &parts);
    let fields = vec![
        ("form", form.form.to_string()),
        ("add", form.add.clone()),
        ("remove", form.remove.clone()),
        ("requester", form.requester.clone()),
    ];
    let again = Again { path: "people", fields, words: String::new(), files: false };
    match form.change() {
        Ok(change) => carry_out(&site, signed, id, &Wanted::People(change), &key, again).await,
        Err(why) => again.page(&site, signed, id, &why),
    }
}

#[derive(Deserialize)]
struct SplitForm {
    #[serde(default)]
    form: PageWord,
    message: i64,
    #[serde(default)]
    subject: String,
}

async fn split(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<SplitForm>,
) -> Result<Response, Denial> {
    let (id, Posted { signed, form }) = (TicketId(id), posted);
    let parts: [&[u8]; 2] = [&form.message.to_be_bytes(), form.subject.as_bytes()];
    let key = form.form.key(&signed, Some(id), &parts);
    let subject = Some(form.subject.trim().to_owned()).filter(|subject| !subject.is_empty());
    let fields = vec![
        ("form", form.form.to_string()),
        ("message", form.message.to_string()),
        ("subject", form.subject.clone()),
    ];
    let again = Again { path: "split", fields, words: String::new(), files: false };
    let deed = Wanted::Split(MessageRowId(form.message), subject);
    carry_out(&site, signed, id, &deed, &key, again).await
}

async fn carry_out(
    site: &Site,
    signed: Signed,
    id: TicketId,
    deed: &Wanted,
    key: &FormKey,
    again: Again,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let done = site.desk.do_form(&mut conn, id, deed, key, &actor(&signed), Timestamp::now()).await;
    drop(conn);
    match refused(done)? {
        Ok(done) => Ok(said::done(&format!("/ticket/{id}"), &told(site, &done))),
        Err(why) => again.page(site, signed, id, &why),
    }
}

/// What a form did, or that it had done it before.
pub(super) fn told(site: &Site, done: &Done) -> String {
    let said: Vec<String> = done.said.iter().map(|line| sentence(line)).collect();
    match done.again {
        true => site.console.say("act.done-before", &[("what", &said.join(" "))]),
        false => said.join(" "),
    }
}

/// A form that was refused, with all that was filled in.
struct Again {
    path: &'static str,
    fields: Vec<(&'static str, String)>,
    words: String,
    /// Its form is one with files.
    files: bool,
}

#[derive(Serialize)]
struct AgainView {
    id: TicketId,
    action: String,
    fields: Vec<Field>,
    words: String,
    files: bool,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    value: String,
}

impl Again {
    fn page(self, site: &Site, signed: Signed, id: TicketId, why: &str) -> Result<Response, Denial> {
        let view = AgainView {
            id,
            action: format!("/ticket/{id}/{}", self.path),
            fields: self.fields.into_iter().map(|(name, value)| Field { name, value }).collect(),
            words: self.words,
            files: self.files,
        };
        let title = site.console.say("act.again-title", &[]);
        page_refusing(site, signed, &PageOf::new("ticket_again", "inbox", &title), &view, &sentence(why))
    }
}

/// Who is signed in, as the journal has them.
pub(super) fn actor(signed: &Signed) -> NamedAddress {
    NamedAddress::new(&signed.session.staff.name, signed.session.staff.email.clone())
}

/// What stands against a deed is told to who wanted it; the rest is a denial.
pub(super) fn refused<T>(tried: Result<T, DeskError>) -> Result<Result<T, String>, Denial> {
    match tried.map_err(Denial::from) {
        Ok(done) => Ok(Ok(done)),
        Err(Denial::Invalid(why)) => Ok(Err(why)),
        Err(denial) => Err(denial),
    }
}

/// "severity is 2" as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.trim_end().ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: &str, args: &[&str]) -> String {
        let arg = args.iter().map(|arg| (*arg).to_owned()).collect();
        CommandForm { line: line.into(), arg, ..CommandForm::default() }.whole_line()
    }

    #[test]
    fn a_form_is_one_line_of_a_mail() {
        assert_eq!(line("#take", &[]), "#take");
        assert_eq!(line("#assign", &["bob@example.org"]), "#assign bob@example.org");
        assert_eq!(line("#ask", &["steps", "", " actual "]), "#ask steps actual");
        assert_eq!(line("#note", &["x\n#close"]), "#note x #close", "a field never becomes a second command");
    }

    #[test]
    fn what_was_done_is_a_sentence() {
        for (text, whole) in [
            ("severity is 2", "Severity is 2."),
            ("it is.", "It is."),
            ("", ""),
            ("éa", "Éa."),
            (" a? ", "A?"),
        ] {
            assert_eq!(sentence(text), whole);
        }
    }

    #[test]
    fn people_are_read_as_they_are_pasted() {
        let form = |add: &str| PeopleForm {
            form: PageWord::default(),
            add: add.into(),
            remove: String::new(),
            requester: String::new(),
        };
        assert_eq!(form("a@example.org, b@example.org;c@example.org\n").change().unwrap().add.len(), 3);
        assert!(form("anna").change().unwrap_err().starts_with("anna is no address"));
        assert!(form(" ").change().unwrap().add.is_empty());
    }
}
