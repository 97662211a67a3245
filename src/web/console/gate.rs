//! `/gate`: what asking for facts brought, what today's gate would do with stored mail, and what staff said of its
//! reading.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::warn;

use super::{
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    ops::{self, Tab},
    shell::{PageOf, page},
};
use crate::{
    domain::Word,
    store::{
        examples,
        gate_report::{self, By, Row},
        replays::{self, Replay},
    },
    ticket::rights::Wish,
    web::Site,
};

/// What the report looks back.
const DAYS: &[i64] = &[30, 90, 365];
/// How far work is, is written down this often.
const NOTE_EVERY: Duration = Duration::from_secs(2);
/// So many samples of each sort are kept.
const SAMPLES: usize = 5;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/gate", get(report))
        .route("/gate/replay", get(replay_list).post(begin))
        .route("/gate/replay/{id}", get(replay))
        .route("/gate/examples.jsonl", get(labelled))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    by: String,
    #[serde(default)]
    days: String,
}

#[derive(Serialize)]
struct Report {
    tabs: Vec<Tab>,
    spans: Vec<Span>,
    by: By,
    total: Option<Line>,
    rows: Vec<Line>,
    examples: i64,
}

#[derive(Serialize)]
struct Span {
    days: i64,
    href: String,
    current: bool,
}

/// One row of the report, as people read it.
#[derive(Serialize)]
struct Line {
    name: String,
    reports: i64,
    complete: i64,
    complete_share: i64,
    asked: i64,
    answered: i64,
    completed: i64,
    rounds: String,
    taken_over: i64,
    hours: String,
    waiting: i64,
}

impl Line {
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 tickets")]
    fn of(row: &Row) -> Line {
        let share = if row.reports > 0 { row.complete_at_first * 100 / row.reports } else { 0 };
        let rounds = row.rounds as f64 / row.completed.max(1) as f64;
        Line {
            name: row.name.clone(),
            reports: row.reports,
            complete: row.complete_at_first,
            complete_share: share,
            asked: row.asked,
            answered: row.answered,
            completed: row.completed,
            rounds: if row.completed > 0 { format!("{rounds:.1}") } else { "–".to_owned() },
            taken_over: row.taken_over,
            hours: format!("{:.0}", row.hours + row.open_hours),
            waiting: row.open,
        }
    }
}

async fn report(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let by = By::from_word(&asked.by).unwrap_or(By::Month);
    let days = asked.days.parse().ok().filter(|days| DAYS.contains(days)).unwrap_or(90);
    let now = Timestamp::now();
    let mut conn = site.pool.get().await?;
    let rows = gate_report::report(&mut conn, now - SignedDuration::from_hours(24 * days), by, now).await?;
    let examples = examples::count(&mut conn).await?;
    drop(conn);
    let span =
        |&each: &i64| Span { days: each, href: format!("/gate?by={by}&days={each}"), current: each == days };
    let mut tabs = ops::tabs("/gate", "by", by, |_| None);
    tabs.iter_mut().for_each(|tab| tab.href.push_str(&format!("&days={days}")));
    let view = Report {
        tabs,
        spans: DAYS.iter().map(span).collect(),
        by,
        total: (!rows.is_empty()).then(|| Line::of(&gate_report::total(&rows))),
        rows: rows.iter().map(Line::of).collect(),
        examples,
    };
    let title = site.console.say("nav.gate", &[]);
    page(&site, signed, &PageOf::new("gate", "gate", &title), &view)
}

/// What staff said, one JSON object a line.
async fn labelled(State(site): State<Arc<Site>>, _: Signed) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let all = site.desk.examples(&mut conn).await?;
    drop(conn);
    let lines: Vec<String> = all.iter().filter_map(|each| serde_json::to_string(each).ok()).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"gate-examples.jsonl\""),
    ];
    Ok((headers, lines.join("\n")).into_response())
}

#[derive(Serialize)]
struct Replays {
    rows: Vec<Run>,
    running: bool,
    may_begin: bool,
}

/// One run over stored mail.
#[derive(Serialize)]
struct Run {
    id: i64,
    since: Timestamp,
    by: String,
    at: Timestamp,
    total: i64,
    done: i64,
    /// `running`, `over`, `failed` or `broken-off`.
    state: &'static str,
    error: Option<String>,
}

impl Run {
    fn of(replay: &Replay, now: Timestamp) -> Run {
        let state = match replay {
            replay if replay.error.is_some() => "failed",
            replay if replay.result.is_some() => "over",
            replay if replay.is_running(now) => "running",
            _ => "broken-off",
        };
        Run {
            id: replay.id,
            since: replay.since.to_jiff(),
            by: replay.asked_by.clone(),
            at: replay.asked_at.to_jiff(),
            total: replay.total,
            done: replay.done.min(replay.total),
            state,
            error: replay.error.clone(),
        }
    }
}

async fn replay_list(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let now = Timestamp::now();
    let mut conn = site.pool.get().await?;
    let all = replays::newest(&mut conn).await?;
    drop(conn);
    let running = all.iter().any(|replay| replay.is_running(now));
    let view = Replays {
        rows: all.iter().map(|replay| Run::of(replay, now)).collect(),
        running,
        may_begin: !running && ops::may(&site, &signed, Wish::Operate),
    };
    let title = site.console.say("gate.replay", &[]);
    page(&site, signed, &PageOf::new("gate_replays", "gate", &title), &view)
}

#[derive(Serialize)]
struct ReplayView {
    run: Run,
    found: Option<Value>,
}

async fn replay(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let replay = replays::find(&mut conn, id).await?.ok_or(Denial::NotFound)?;
    drop(conn);
    let view = ReplayView { run: Run::of(&replay, Timestamp::now()), found: replay.result };
    let title = site.console.say("gate.replay", &[]);
    page(&site, signed, &PageOf::new("gate_replay", "gate", &title), &view)
}

#[derive(Deserialize)]
struct Begin {
    #[serde(default)]
    days: String,
}

async fn begin(
    State(site): State<Arc<Site>>,
    Posted { signed, form }: Posted<Begin>,
) -> Result<Response, Denial> {
    ops::demand(&site, &signed, Wish::Operate)?;
    let days = form.days.parse().ok().filter(|days| DAYS.contains(days)).unwrap_or(90);
    let now = Timestamp::now();
    let since = now - SignedDuration::from_hours(24 * days);
    let mut conn = site.pool.get().await?;
    let begun = site.desk.begin_replay(&mut conn, since, &ops::me(&signed), now).await;
    drop(conn);
    match begun {
        Ok(replay) => {
            tokio::spawn(run(site, replay.id, since));
            Ok(Redirect::to(&format!("/gate/replay/{}", replay.id)).into_response())
        }
        refused => ops::told("/gate/replay", refused, |_| String::new()),
    }
}

/// Reads all mails anew, beside the requests, and writes down how far it is. There is one at a time.
async fn run(site: Arc<Site>, id: i64, since: Timestamp) {
    let (told, mut hears) = tokio::sync::watch::channel(0_usize);
    let noting = {
        let site = site.clone();
        async move {
            while hears.changed().await.is_ok() {
                let done = i64::try_from(*hears.borrow_and_update()).unwrap_or(i64::MAX);
                if let Ok(mut conn) = site.pool.get().await {
                    let _ = replays::note(&mut conn, id, done, Timestamp::now()).await;
                }
                tokio::time::sleep(NOTE_EVERY).await;
            }
        }
    };
    let mut progress = |done| {
        // Nobody may be looking.
        let _ = told.send(done);
    };
    let replaying = site.desk.replay(&site.pool, since, SAMPLES, &mut progress);
    let read = tokio::select! {
        read = replaying => read,
        () = noting => return,
    };
    let ended = match read {
        Ok(tally) => Ok(tally.object(since)),
        Err(error) => {
            warn!("Reading stored mail anew for the gate ended early: {error:#}");
            Err(site.console.say("gate.broke", &[]))
        }
    };
    if let Ok(mut conn) = site.pool.get().await
        && let Err(error) = replays::end(&mut conn, id, &ended, Timestamp::now()).await
    {
        warn!("What the gate found in stored mail could not be kept: {error}");
    }
}
