//! Tables of figures: what a report has in it, for pages, CSV, JSON and the command line.
//!
//! A cell knows what it is, so that each reader gets it in their way: `2 h 10 min` for people, `2.17` under a heading that
//! names the unit for a spreadsheet.

mod csv;
mod plain;

#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::svg::ticks::grouped;

/// Figures in rows and columns; the first cell of each row says what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows: as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading for machines, with its unit: `median_hours`.
    pub key: String,
    /// Its heading for people.
    pub title: String,
}

impl Column {
    /// A column by its two headings.
    pub fn new(key: impl Into<String>, title: impl Into<String>) -> Column {
        Column { key: key.into(), title: title.into() }
    }
}

/// One figure, or what it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// There is none.
    None,
    /// Words; who wrote them does not matter.
    Text(String),
    /// A number of things.
    Count(i64),
    /// A part of a whole.
    Share(i64, i64),
    /// A mean: the sum and how many it is of.
    Mean(i64, i64),
    /// A length of time in seconds; hours for machines.
    Seconds(i64),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// A ticket: its number and its reference.
    Ticket(i64, String),
}

impl Cell {
    /// For people, by the clock of a zone.
    pub fn shown(&self, zone: &TimeZone) -> String {
        match self {
            Cell::None => "–".to_owned(),
            Cell::Text(text) | Cell::Ticket(_, text) => text.clone(),
            Cell::Count(count) => grouped(*count),
            Cell::Share(part, whole) => {
                percent(*part, *whole).map_or("–".to_owned(), |share| format!("{share:.0}%"))
            }
            Cell::Mean(sum, count) => {
                mean(*sum, *count).map_or("–".to_owned(), |mean| format!("{mean:.1}"))
            }
            Cell::Seconds(seconds) => spelled(*seconds),
            Cell::Day(day) => day.strftime("%-d %b %Y").to_string(),
            Cell::Moment(at) => at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M").to_string(),
        }
    }

    /// For machines, without a guard or quotes; nothing where there is none.
    fn bare(&self) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Text(text) | Cell::Ticket(_, text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Share(part, whole) => {
                percent(*part, *whole).map(|share| format!("{share:.1}")).unwrap_or_default()
            }
            Cell::Mean(sum, count) => mean(*sum, *count).map(|mean| format!("{mean:.2}")).unwrap_or_default(),
            Cell::Seconds(seconds) => format!("{:.2}", hours(*seconds)),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(at) => format!("{at:.0}"),
        }
    }

    /// Whether it stands to the right, so that its digits are below those of others.
    pub fn is_number(&self) -> bool {
        matches!(self, Cell::None | Cell::Count(_) | Cell::Share(..) | Cell::Mean(..) | Cell::Seconds(_))
    }

    /// The moment or day in the form of machines.
    pub fn machine_time(&self) -> Option<String> {
        matches!(self, Cell::Day(_) | Cell::Moment(_)).then(|| self.bare())
    }

    fn json(&self) -> Value {
        match self {
            Cell::None => Value::Null,
            Cell::Count(count) => json!(count),
            Cell::Share(part, whole) => json!(percent(*part, *whole).map(rounded)),
            Cell::Mean(sum, count) => json!(mean(*sum, *count).map(rounded)),
            Cell::Seconds(seconds) => json!(rounded(hours(*seconds))),
            other => json!(other.bare()),
        }
    }
}

impl Table {
    /// As CSV (RFC 4180), for spreadsheets too.
    pub fn csv(&self) -> String {
        csv::written(self)
    }

    /// As lines of text in columns.
    pub fn plain(&self, zone: &TimeZone) -> Vec<String> {
        plain::written(self, zone)
    }

    /// As a list of objects.
    pub fn json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let pairs = self.columns.iter().zip(row).map(|(column, cell)| (column.key.clone(), cell.json()));
            Value::Object(pairs.collect::<Map<String, Value>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// As a template shows it.
    pub fn view(&self, zone: &TimeZone) -> TableView {
        let cell = |cell: &Cell| CellView {
            text: cell.shown(zone),
            number: cell.is_number(),
            datetime: cell.machine_time(),
            ticket: if let Cell::Ticket(id, _) = cell { Some(*id) } else { None },
        };
        let numeric = |at: usize| {
            let mut cells =
                self.rows.iter().filter_map(|row| row.get(at)).filter(|cell| **cell != Cell::None);
            cells.next().is_some_and(Cell::is_number)
        };
        let heads = self.columns.iter().enumerate();
        TableView {
            heads: heads
                .map(|(at, each)| HeadView { text: each.title.clone(), number: numeric(at) })
                .collect(),
            rows: self.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        }
    }
}

/// A table as a template shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableView {
    /// The headings.
    pub heads: Vec<HeadView>,
    /// The rows.
    pub rows: Vec<Vec<CellView>>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// What it says.
    pub text: String,
    /// Whether figures stand below it.
    pub number: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// What it says.
    pub text: String,
    /// Whether it is a figure.
    pub number: bool,
    /// For a time, the same for machines.
    pub datetime: Option<String>,
    /// The ticket that it leads to.
    pub ticket: Option<i64>,
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 of anything here")]
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

fn mean(sum: i64, count: i64) -> Option<f64> {
    percent(sum, count).map(|share| share / 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "nobody waits for 2^52 seconds")]
fn hours(seconds: i64) -> f64 {
    seconds as f64 / 3600.0
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// "45 min", "2 h 10 min", "31 h": never days, since a working day has no length that all agree on.
pub fn spelled(seconds: i64) -> String {
    let minutes = (seconds.max(0) + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{} h", grouped(hours)),
        (hours @ 24.., minutes) => format!("{} h", grouped(hours + i64::from(minutes >= 30))),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
