//! `/workflow`: the statuses of the site as a picture, and every move between them as a table.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use serde::Serialize;

use super::{
    denial::Denial,
    guard::Signed,
    shell::{PageOf, page},
};
use crate::{
    domain::Word,
    render::workflow::picture,
    ticket::workflow::{State as Standing, Transition, Workflow},
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/workflow", get(show))
}

#[derive(Serialize)]
struct View {
    picture: String,
    statuses: Vec<StatusRow>,
    moves: Vec<Move>,
}

#[derive(Serialize)]
struct StatusRow {
    name: String,
    shown: String,
    means: &'static str,
    labels: String,
}

#[derive(Serialize)]
struct Move {
    number: usize,
    from: String,
    to: String,
    by: Vec<&'static str>,
    needs: &'static str,
    mails: Vec<&'static str>,
    closed_as: Vec<&'static str>,
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let workflow = &site.desk.settings.workflow;
    let steps: Vec<String> = workflow.transitions.iter().map(|row| step(workflow, row)).collect();
    let title = site.console.say("workflow.picture", &[]);
    let description = site.console.say("workflow.described", &[("steps", &steps.join("; "))]);
    let view = View {
        picture: picture(workflow, &title, &description),
        statuses: workflow.statuses.iter().map(status).collect(),
        moves: (1..).zip(&workflow.transitions).map(|(number, row)| moved(workflow, number, row)).collect(),
    };
    page(&site, signed, &PageOf::new("workflow", "workflow", "Workflow"), &view)
}

fn called<'a>(workflow: &'a Workflow, name: &'a str) -> &'a str {
    workflow.named(name).map_or(name, Standing::shown)
}

fn step(workflow: &Workflow, row: &Transition) -> String {
    format!("{} to {}", called(workflow, &row.from), called(workflow, &row.to))
}

fn status(state: &Standing) -> StatusRow {
    let labels: Vec<String> =
        state.labels.iter().map(|(language, label)| format!("{language}: {label}")).collect();
    StatusRow {
        name: state.name.clone(),
        shown: state.shown().to_owned(),
        means: state.means.as_str(),
        labels: if labels.is_empty() { state.label.clone().unwrap_or_default() } else { labels.join(", ") },
    }
}

fn moved(workflow: &Workflow, number: usize, row: &Transition) -> Move {
    Move {
        number,
        from: called(workflow, &row.from).to_owned(),
        to: called(workflow, &row.to).to_owned(),
        by: words(&row.by),
        needs: row.needs.as_str(),
        mails: words(&row.notices),
        closed_as: words(&row.closed_as),
    }
}

fn words<W: Word>(words: &[W]) -> Vec<&'static str> {
    words.iter().map(|word| word.as_str()).collect()
}
