//! What stakeholders read: what changed about a ticket since they last heard of it, and digests.

use serde::Serialize;

use super::chart::Chart;
use crate::domain::text::{clean, line};

/// Longest line of somebody's words in an update, in characters; the ticket has it all.
const WORDS_CHARS: usize = 800;

/// What an update says beside the ticket and what changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateView {
    /// Why its reader gets it: "severity 1".
    pub because: String,
    /// They never heard of the ticket before.
    pub first: bool,
    /// What was said to and by the customer since.
    pub said: Vec<SaidView>,
    /// There was more, which is left out.
    pub more: bool,
    /// Where the reader gets no more of these, by a page.
    pub leave: Option<String>,
}

/// Words of somebody.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SaidView {
    /// Whose.
    pub who: String,
    /// When, for people.
    pub when: String,
    /// What.
    pub words: String,
}

/// A digest.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DigestView {
    /// "Daily digest".
    pub title: String,
    /// From when to when, for people.
    pub period: String,
    /// The stretch before it, for people: "the day before".
    pub before: String,
    /// What its reader wants to hear of: "all tickets".
    pub because: String,
    /// The subject of the mail says the most important.
    pub headline: String,
    /// The figures, each with that of the stretch before.
    pub figures: Vec<FigureView>,
    /// What the columns of [`AgeView::counts`] are.
    pub age_names: Vec<String>,
    /// How old open tickets are, by severity; none where none is open.
    pub ages: Vec<AgeView>,
    /// What changed, the gravest first.
    pub rows: Vec<RowView>,
    /// So many more changed.
    pub more: usize,
    /// The picture.
    pub chart: Option<Chart>,
    /// The days of the picture by their dates, in the same order.
    pub dates: Vec<String>,
    /// Where the reader gets no more of these, by a page.
    pub leave: Option<String>,
}

/// A figure of a digest.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FigureView {
    /// Of what.
    pub what: String,
    /// In this stretch of time.
    pub now: String,
    /// In the one before; may be empty.
    pub before: String,
}

/// How many open tickets of a severity are how old.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgeView {
    /// "Severity 1".
    pub severity: String,
    /// By age.
    pub counts: Vec<u32>,
    /// All of them.
    pub total: u32,
}

/// A ticket that changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RowView {
    /// `DG-17`.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
    /// "Sev 1"; empty where nobody has rated it.
    pub severity: String,
    /// It is of the gravest severity.
    pub grave: bool,
    /// What changed, or where it stands.
    pub what: String,
}

/// The picture of a digest, and its figures as a table.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct PictureView {
    /// Where it is in the mail: a Content-ID without angle brackets.
    pub(super) id: String,
    /// What it shows, for who does not see it.
    pub(super) alt: String,
    /// The names of the columns.
    pub(super) head: Vec<String>,
    /// The days, newest first.
    pub(super) days: Vec<Vec<String>>,
    /// The same as lines of text.
    pub(super) lines: String,
}

impl UpdateView {
    /// Made safe to show.
    pub(super) fn cleaned(&self) -> UpdateView {
        let said = self.said.iter().map(|said| SaidView {
            who: line(&said.who),
            when: line(&said.when),
            words: shortened(clean(&said.words).trim(), WORDS_CHARS),
        });
        UpdateView {
            because: line(&self.because),
            first: self.first,
            said: said.filter(|said| !said.words.is_empty()).collect(),
            more: self.more,
            leave: self.leave.as_deref().map(line),
        }
    }
}

impl DigestView {
    /// Made safe to show.
    pub(super) fn cleaned(&self) -> DigestView {
        let row = |row: &RowView| RowView {
            reference: line(&row.reference),
            subject: line(&row.subject),
            severity: line(&row.severity),
            grave: row.grave,
            what: line(&row.what),
        };
        DigestView {
            because: line(&self.because),
            headline: line(&self.headline),
            rows: self.rows.iter().map(row).collect(),
            leave: self.leave.as_deref().map(line),
            ..self.clone()
        }
    }

    /// The picture and its table, where there is one.
    pub(super) fn picture(&self, id: &str) -> Option<PictureView> {
        let chart = self.chart.as_ref()?;
        let head = ["Day".to_owned()].into_iter().chain(chart.series.iter().cloned());
        let head: Vec<String> = head.chain(["Opened".to_owned(), "Closed".to_owned()]).collect();
        let days = self.dates.iter().zip(&chart.days).rev().map(|(date, day)| {
            let counts = day.open.iter().chain([&day.opened, &day.closed]).map(u32::to_string);
            [date.clone()].into_iter().chain(counts).collect::<Vec<_>>()
        });
        let days: Vec<Vec<String>> = days.collect();
        let lines = aligned(&head, &days);
        Some(PictureView { id: id.to_owned(), alt: alt(chart), head, days, lines })
    }
}

/// What the picture shows, in a sentence or two.
fn alt(chart: &Chart) -> String {
    let (Some(first), Some(last)) = (chart.days.first(), chart.days.last()) else { return String::new() };
    let total = |open: &[u32]| open.iter().sum::<u32>();
    let parts: Vec<String> =
        chart.series.iter().zip(&last.open).map(|(name, count)| format!("{name}: {count}")).collect();
    let opened: u32 = chart.days.iter().map(|day| day.opened).sum();
    let closed: u32 = chart.days.iter().map(|day| day.closed).sum();
    format!(
        "Chart of the last {} days. Open now: {} ({}), {} at the beginning. Opened: {opened}, closed: {closed}.",
        chart.days.len(),
        total(&last.open),
        parts.join(", "),
        total(&first.open),
    )
}

/// Columns of text: the first to the left, figures to the right.
fn aligned(head: &[String], rows: &[Vec<String>]) -> String {
    let all = || std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
    let width =
        |column: usize| all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or_default()).collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(place, (cell, &width))| match place {
            0 => format!("{cell:<width$}"),
            _ => format!("  {cell:>width$}"),
        });
        cells.collect::<String>()
    };
    all().map(line).collect::<Vec<_>>().join("\n")
}

fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
    }
}
