//! Reports: what a desk did in a period, in charts and the tables behind them.
//!
//! Every figure comes from a statement of its own in `store::reports`; here it gets its words. Nothing is counted that
//! does not stand in the table of its section, so page, CSV and command line say the same.

mod clusters;
mod gate;
mod mail;
mod open;
mod promises;
mod work;

use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::{
    domain::words::word,
    render::{
        reports::Report,
        table::{Cell, Column},
    },
    store::{Conn, reports::Scope},
    ticket::period::{Period, Step, Stretch},
};

/// A report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReportName {
    /// How many tickets are open, how old they are, how many came and went.
    #[default]
    Open,
    /// First answers and resolutions against what was promised.
    Promises,
    /// What the question for missing facts brings and costs.
    Gate,
    /// What is asked again and again.
    Clusters,
    /// Maintenance and feature work.
    Work,
    /// Mail out and in.
    Mail,
}

word!(ReportName, "report", {
    Open => "open",
    Promises => "promises",
    Gate => "gate",
    Clusters => "clusters",
    Work => "work",
    Mail => "mail",
});

impl ReportName {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            ReportName::Open => "Open tickets",
            ReportName::Promises => "Answers and fixes",
            ReportName::Gate => "Missing facts",
            ReportName::Clusters => "Asked again and again",
            ReportName::Work => "Work",
            ReportName::Mail => "Mail",
        }
    }

    /// The names of its sections: each is a table, with an address and a name of its own.
    pub fn sections(self) -> &'static [&'static str] {
        match self {
            ReportName::Open => &["open-by-age", "open-over-time"],
            ReportName::Promises => {
                &["first-answer", "first-answer-by-severity", "resolution", "resolution-by-severity", "late"]
            }
            ReportName::Gate => {
                &["gate-over-time", "gate-by-customer", "gate-by-product", "gate-by-source", "gate-overruled"]
            }
            ReportName::Clusters => &["clusters-grown"],
            ReportName::Work => &["work-by-person", "work-by-sprint", "sev2-budget", "absence"],
            ReportName::Mail => &["mail-out", "mail-in", "mail-in-by-mailbox"],
        }
    }

    /// The report that has a section.
    pub fn of_section(section: &str) -> Option<ReportName> {
        use crate::domain::Word;
        ReportName::ALL.iter().copied().find(|report| report.sections().contains(&section))
    }

    /// Whether it can be narrowed to a product or a queue; the others have only a mailbox, or nothing.
    pub fn is_of_tickets(self) -> bool {
        !matches!(self, ReportName::Work | ReportName::Mail)
    }

    /// Whether it can be narrowed to a mailbox.
    pub fn has_mailboxes(self) -> bool {
        self != ReportName::Work
    }
}

/// What a report is to be about.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Which days.
    pub period: Period,
    /// Whose tickets, where the report can be narrowed.
    pub scope: Scope,
}

impl Desk {
    /// Puts a report together.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn report(
        &self,
        conn: &mut Conn,
        name: ReportName,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Report, DeskError> {
        let sections = match name {
            ReportName::Open => self.report_open(conn, asked, now).await?,
            ReportName::Promises => self.report_promises(conn, asked, now).await?,
            ReportName::Gate => self.report_gate(conn, asked).await?,
            ReportName::Clusters => self.report_clusters(conn, asked).await?,
            ReportName::Work => self.report_work(conn, asked, now).await?,
            ReportName::Mail => self.report_mail(conn, asked).await?,
        };
        Ok(Report { title: name.title(), sections })
    }
}

/// What stands below a step of time in a chart.
fn label(stretch: &Stretch, step: Step) -> String {
    let form = match step {
        Step::Day | Step::Week => "%-d %b",
        Step::Month => "%b %y",
    };
    stretch.first.strftime(form).to_string()
}

/// The column of the steps of a period.
fn step_column(step: Step) -> Column {
    match step {
        Step::Day => Column::new("day", "Day"),
        Step::Week => Column::new("week_from", "Week from"),
        Step::Month => Column::new("month_from", "Month from"),
    }
}

fn step_cell(stretch: &Stretch) -> Cell {
    Cell::Day(stretch.first)
}

/// A figure in a chart.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 of anything here")]
fn figure(count: i64) -> f64 {
    count as f64
}

/// A part of a whole in percent, where there is a whole.
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| figure(part) * 100.0 / figure(whole))
}

fn spelled_percent(part: i64, whole: i64) -> String {
    percent(part, whole).map_or("–".to_owned(), |share| format!("{share:.0}%"))
}

/// What a severity is called; `All` for all of them.
fn severity_name(severity: Option<i16>) -> String {
    severity.map_or("All".to_owned(), |severity| format!("Severity {severity}"))
}

/// `1 ticket`, `2 tickets`.
fn counted(count: i64, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {one}{plural}", crate::render::svg::ticks::grouped(count))
}
