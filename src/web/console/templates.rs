//! `/templates`: every mail that the desk writes, as its reader would see it, and what a changed file would make of it.
//! Templates stay files; nothing here keeps one.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::Posted,
    denial::Denial,
    frame::{framed, plain},
    guard::Signed,
    shell::{PageOf, page},
};
use crate::{
    domain::{Language, TicketId, Word},
    render::{Part, Preview, RenderError},
    store::answers,
    ticket::{Audience, Notice},
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/templates", get(list))
        .route("/templates/{notice}", get(show))
        .route("/templates/{notice}/html", get(html))
        .route("/templates/{notice}/try", post(trial))
}

#[derive(Serialize)]
struct List {
    groups: Vec<Group>,
    answers: Vec<AnswerRow>,
    folder: Option<String>,
}

/// The notices to one sort of reader.
#[derive(Serialize)]
struct Group {
    audience: &'static str,
    notices: Vec<NoticeRow>,
}

#[derive(Serialize)]
struct NoticeRow {
    name: &'static str,
    own: bool,
}

#[derive(Serialize)]
struct AnswerRow {
    name: String,
    language: String,
    first: String,
}

async fn list(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let conn = site.pool.get().await?;
    let answers = answers::list(&conn, None).await?;
    drop(conn);
    let view = List {
        groups: groups(&site),
        answers: answers
            .into_iter()
            .map(|answer| AnswerRow {
                first: super::ops::short(&answer.text, 100),
                name: answer.name,
                language: answer.language.0.to_string(),
            })
            .collect(),
        folder: site.desk.settings.site.templates.as_ref().map(|folder| folder.display().to_string()),
    };
    page(&site, signed, &PageOf::new("templates", "templates", "Templates"), &view)
}

fn groups(site: &Site) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for &notice in Notice::ALL {
        let audience = match notice.audience() {
            Audience::Requester => "customers",
            Audience::Stakeholders => "stakeholders",
            Audience::OnCall => "on-call",
            Audience::Assignee | Audience::Staff | Audience::Actor => "staff",
        };
        let own = Part::ALL.iter().any(|&part| site.desk.template(notice, part).1);
        let row = NoticeRow { name: notice.as_str(), own };
        match groups.iter_mut().find(|group| group.audience == audience) {
            Some(group) => group.notices.push(row),
            None => groups.push(Group { audience, notices: vec![row] }),
        }
    }
    groups
}

#[derive(Deserialize, Serialize, Clone)]
struct Asked {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    part: String,
}

impl Asked {
    fn ticket(&self) -> Option<TicketId> {
        self.ticket.trim().rsplit('-').next()?.parse().ok().map(TicketId)
    }

    fn language(&self, site: &Site) -> Language {
        Language::from_word(&self.language).unwrap_or(site.desk.settings.site.language)
    }

    fn part(&self) -> Part {
        Part::from_word(&self.part).unwrap_or(Part::Html)
    }
}

#[derive(Serialize)]
struct Shown {
    notice: Notice,
    /// Customers read their own language, all others English.
    for_customers: bool,
    ticket: String,
    /// There is no such ticket.
    no_ticket: bool,
    languages: Vec<Choice>,
    subject: String,
    text: String,
    query: String,
    parts: Vec<Choice>,
    part: Part,
    path: String,
    source: String,
    own: bool,
    folder: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    word: &'static str,
    chosen: bool,
}

fn choices<W: Word>(chosen: W) -> Vec<Choice> {
    let choice = |&word: &W| Choice { word: word.as_str(), chosen: word.as_str() == chosen.as_str() };
    W::ALL.iter().map(choice).collect()
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(notice): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let notice = Notice::from_word(&notice).map_err(|_| Denial::NotFound)?;
    let (language, part) = (asked.language(&site), asked.part());
    let (written, no_ticket) = match written(&site, &signed, notice, &asked, None).await {
        Err(Denial::NotFound) => {
            let example = Asked { ticket: String::new(), ..asked.clone() };
            (written(&site, &signed, notice, &example, None).await?, true)
        }
        other => (other?, false),
    };
    let preview = written?;
    let (source, own) = site.desk.template(notice, part);
    let view = Shown {
        notice,
        for_customers: notice.audience() == Audience::Requester,
        no_ticket,
        languages: choices(language),
        query: query(if no_ticket { "" } else { &asked.ticket }, language),
        ticket: asked.ticket,
        subject: preview.subject,
        text: preview.text,
        parts: choices(part),
        part,
        path: part.path(notice),
        source: source.to_owned(),
        own,
        folder: site.desk.settings.site.templates.as_ref().map(|folder| folder.display().to_string()),
    };
    let title = site.console.say(&format!("notice.{notice}"), &[]);
    page(&site, signed, &PageOf::new("template", "templates", &title), &view)
}

fn query(ticket: &str, language: Language) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("ticket", ticket), ("language", language.as_str())])
        .finish()
}

/// A notice on a ticket; first what is wrong with the question, then with the template.
async fn written(
    site: &Arc<Site>,
    signed: &Signed,
    notice: Notice,
    asked: &Asked,
    changed: Option<(Part, &str)>,
) -> Result<Result<Preview, RenderError>, Denial> {
    let reader = &signed.session.staff.email;
    let mut conn = site.pool.get().await?;
    let facts = site.desk.facts_for_preview(&mut conn, asked.ticket(), reader, Timestamp::now()).await?;
    drop(conn);
    let (site, language) = (site.clone(), asked.language(site));
    let changed = changed.map(|(part, text)| (part, text.to_owned()));
    // All templates are parsed anew for a changed one, which takes a while.
    let writing = tokio::task::spawn_blocking(move || {
        let changed = changed.as_ref().map(|(part, text)| (*part, text.as_str()));
        site.desk.preview(notice, language, &facts, changed)
    });
    Ok(writing.await.map_err(anyhow::Error::from)?)
}

async fn html(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(notice): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let notice = Notice::from_word(&notice).map_err(|_| Denial::NotFound)?;
    let preview = written(&site, &signed, notice, &asked, None).await??;
    Ok(framed(preview.html))
}

#[derive(Deserialize)]
struct Trial {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    text: String,
}

/// What a changed file makes of a notice, as a document for the frame beside the form. Nothing is kept.
async fn trial(
    State(site): State<Arc<Site>>,
    Path(notice): Path<String>,
    Posted { signed, form }: Posted<Trial>,
) -> Result<Response, Denial> {
    let notice = Notice::from_word(&notice).map_err(|_| Denial::NotFound)?;
    let asked = Asked { ticket: form.ticket, language: form.language, part: form.part };
    let part = asked.part();
    let text = form.text.replace("\r\n", "\n");
    Ok(match written(&site, &signed, notice, &asked, Some((part, &text))).await? {
        Err(error) => {
            let heading = site.console.say("templates.mistake", &[]);
            plain(&heading, &explained(&error, &text))
        }
        Ok(preview) => match part {
            Part::Html => framed(preview.html),
            Part::Text => plain("", &preview.text),
            Part::Subject => plain("", &preview.subject),
        },
    })
}

/// What is wrong, with the line that it is about and those around it.
fn explained(error: &RenderError, text: &str) -> String {
    let RenderError::Template { line: Some(at), .. } = error else { return error.to_string() };
    let around = (1..).zip(text.lines()).filter(|(number, _)| number + 2 >= *at && *number <= at + 2);
    let shown = around.map(|(number, line)| {
        let mark = if number == *at { '>' } else { ' ' };
        format!("{mark} {number:>4}  {line}")
    });
    format!("{error}\n\n{}", shown.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_shown_with_its_line_and_those_around_it() {
        let error = RenderError::Template {
            file: "mail/accepted/body.txt.hbs".into(),
            line: Some(3),
            why: "there is no `x` here".into(),
        };
        let told = explained(&error, "a\nb\n{{x}}\nd\ne\nf");
        assert!(told.contains("line 3") && told.contains("\n>    3  {{x}}\n"), "{told}");
        assert!(told.contains("     1  a") && !told.contains("6  f"), "{told}");
    }
}
