//! First answers and resolutions: how long they took, and whether what was promised was kept.

use jiff::Timestamp;

use super::{Asked, counted, figure, label, percent, severity_name, spelled_percent, step_cell, step_column};
use crate::{
    desk::{Desk, DeskError},
    domain::TicketId,
    render::{
        reports::Section,
        svg::{
            Bar, Bars, Chart, Columns, Kind, Lines, Series, Tone, Way,
            ticks::{Unit, grouped},
        },
        table::{Cell, Column, Table, spelled},
    },
    store::{
        Conn,
        reports::promises::{self, Given, Late},
    },
    ticket::{clock::Goal, period::Period},
};

/// So many broken promises are listed.
const MOST_LATE: i64 = 500;

impl Desk {
    pub(super) async fn report_promises(
        &self,
        conn: &mut Conn,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Vec<Section>, DeskError> {
        let mut sections = Vec::new();
        for goal in [Goal::FirstAnswer, Goal::Resolution] {
            let given = promises::given(conn, goal, &asked.period, &asked.scope).await?;
            sections.push(over_time(goal, &asked.period, &given));
            sections.push(by_severity(goal, &asked.period, &given));
        }
        let late = promises::late(conn, &asked.period, &asked.scope, MOST_LATE, now).await?;
        sections.push(self.late_section(&late));
        Ok(sections)
    }

    fn late_section(&self, late: &[Late]) -> Section {
        let row = |late: &Late| {
            let over = late.ran.map_or(Cell::None, |ran| Cell::Seconds(ran - late.target));
            vec![
                Cell::Ticket(late.ticket, self.reference(TicketId(late.ticket))),
                Cell::Text(late.subject.clone()),
                Cell::Text(called(&late.goal)),
                Cell::Count(i64::from(late.severity)),
                Cell::Moment(late.due.to_jiff()),
                late.met.map_or(Cell::Text("still owed".to_owned()), |met| Cell::Moment(met.to_jiff())),
                over,
            ]
        };
        let columns = vec![
            Column::new("ticket", "Ticket"),
            Column::new("subject", "Subject"),
            Column::new("promise", "Promise"),
            Column::new("severity", "Severity"),
            Column::new("due_at", "Due"),
            Column::new("done_at", "Done"),
            Column::new("late_by_working_hours", "Late by"),
        ];
        Section {
            name: "late",
            title: "The late ones".to_owned(),
            about: format!(
                "What is still owed and was due in this period, then what was given late in it; {MOST_LATE} at most. Late by is working time."
            ),
            charts: Vec::new(),
            table: Table { columns, rows: late.iter().map(row).collect() },
        }
    }
}

fn called(goal: &str) -> String {
    goal.parse::<Goal>().map_or(goal.to_owned(), |goal| goal.called().to_owned())
}

/// The sections of both goals have names of their own.
fn names(goal: Goal) -> (&'static str, &'static str) {
    match goal {
        Goal::FirstAnswer | Goal::NextUpdate => ("first-answer", "first-answer-by-severity"),
        Goal::Resolution => ("resolution", "resolution-by-severity"),
    }
}

fn counts(goal: Goal) -> &'static str {
    match goal {
        Goal::FirstAnswer | Goal::NextUpdate => {
            "Counted in the week or day in which a person first wrote to the customer or moved the ticket on; what the desk sends by itself is no \
             answer. Time is the working time of the ticket's severity from the first mail on, and runs on while the customer is asked \
             for facts: waiting is the part of it in which the customer had the next word."
        }
        Goal::Resolution => {
            "Counted in the week or day in which the ticket was resolved, or closed without. Time is working time that the ticket was ours; \
             waiting is the working time beside it in which the customer had the next word or a fix to try, and comes on top. A fix that \
             failed is no resolution."
        }
    }
}

fn over_time(goal: Goal, period: &Period, given: &[Given]) -> Section {
    let (step, stretches) = (period.step(), period.stretches());
    let at = |place: usize| given.iter().find(|each| each.step() == Some(place) && each.severity.is_none());
    let steps = || stretches.iter().enumerate().map(|(place, stretch)| (label(stretch, step), at(place)));
    let kept = steps().map(|(label, given)| {
        let (promised, late, rest) =
            given.map_or((0, 0, 0), |it| (it.promised, it.late, it.given - it.promised));
        (label, vec![figure(promised - late), figure(late), figure(rest)])
    });
    let times = steps().map(|(label, given)| {
        let hours = |seconds: fn(&Given) -> i64| given.map(|it| figure(seconds(it)) / 3600.0);
        (label, vec![hours(|it| it.median), hours(|it| it.most), hours(|it| it.waited)])
    });
    let all = given.iter().find(|each| each.step().is_none() && each.severity.is_none());
    let mut series = vec![Series::new("In time", Tone::Main), Series::new("Late", Tone::Alarm)];
    let mut kept: Vec<(String, Vec<f64>)> = kept.collect();
    match kept.iter().any(|(_, values)| values.get(2).is_some_and(|rest| *rest > 0.0)) {
        true => series.push(Series::new("Nothing promised", Tone::Rest)),
        false => kept.iter_mut().for_each(|(_, values)| values.truncate(2)),
    }
    let columns = Columns { unit: Unit::Count, way: Way::Stacked, series, steps: kept };
    let series = vec![
        Series::new("Median", Tone::Main),
        Series::new("9 of 10 within", Tone::Second),
        Series::new("Waiting for the customer, median", Tone::Third),
    ];
    let lines = Lines { unit: Unit::Hours, series, steps: times.collect() };
    let title = goal.called();
    Section {
        name: names(goal).0,
        title: title.to_owned(),
        about: counts(goal).to_owned(),
        charts: vec![
            Chart {
                title: format!("{title}: in time and late"),
                says: kept_says(all),
                kind: Kind::Columns(columns),
            },
            Chart { title: format!("{title}: working time"), says: time_says(all), kind: Kind::Lines(lines) },
        ],
        table: Table {
            columns: [step_column(step)].into_iter().chain(figure_columns()).collect(),
            rows: stretches
                .iter()
                .enumerate()
                .map(|(place, stretch)| [step_cell(stretch)].into_iter().chain(cells(at(place))).collect())
                .collect(),
        },
    }
}

fn by_severity(goal: Goal, period: &Period, given: &[Given]) -> Section {
    let whole = |each: &&Given| each.step().is_none() && each.severity.is_some();
    let promised = given.iter().filter(whole).filter(|each| each.promised > 0);
    let bar = |each: &Given| {
        let share = percent(each.promised - each.late, each.promised).unwrap_or_default();
        Bar {
            name: severity_name(each.severity),
            values: vec![share, 100.0 - share],
            says: format!("{share:.0}% of {}", grouped(each.promised)),
        }
    };
    let bars: Vec<Bar> = promised.map(bar).collect();
    let says = match bars.is_empty() {
        true => "Nothing was promised for what was done in this period.".to_owned(),
        false => {
            bars.iter()
                .map(|bar| format!("{}: {} in time", bar.name, bar.says))
                .collect::<Vec<_>>()
                .join("; ")
                + "."
        }
    };
    let series = vec![Series::new("In time", Tone::Main), Series::new("Late", Tone::Alarm)];
    let stretches = period.stretches();
    let row = |each: &Given| {
        let (from, to) = match each.step().and_then(|place| stretches.get(place)) {
            Some(stretch) => (stretch.first, stretch.last),
            None => (period.from, period.to),
        };
        let heads =
            [Cell::Count(i64::from(each.severity.unwrap_or_default())), Cell::Day(from), Cell::Day(to)];
        heads.into_iter().chain(cells(Some(each))).collect()
    };
    let heads =
        [Column::new("severity", "Severity"), Column::new("from_day", "From"), Column::new("to_day", "To")];
    // The whole period first, then its steps, severity by severity.
    let mut rows: Vec<&Given> = given.iter().filter(|each| each.severity.is_some()).collect();
    rows.sort_by_key(|each| (each.severity, each.step()));
    Section {
        name: names(goal).1,
        title: format!("{} by severity", goal.called()),
        about: "The severity by whose promise a ticket was timed; what nobody rated is timed as the configuration says. The first row of each is the whole period.".to_owned(),
        charts: vec![Chart {
            title: format!("{} in time, by severity", goal.called()),
            says,
            kind: Kind::Bars(Bars { series, bars }),
        }],
        table: Table {
            columns: heads.into_iter().chain(figure_columns()).collect(),
            rows: rows.into_iter().map(row).collect(),
        },
    }
}

fn figure_columns() -> [Column; 9] {
    [
        Column::new("done_tickets", "Done"),
        Column::new("promised_tickets", "Promised"),
        Column::new("late_tickets", "Late"),
        Column::new("in_time_percent", "In time"),
        Column::new("median_working_hours", "Median"),
        Column::new("p90_working_hours", "9 of 10 within"),
        Column::new("waiting_median_working_hours", "Waiting, median"),
        Column::new("waiting_p90_working_hours", "Waiting, 9 of 10"),
        Column::new("in_time_tickets", "In time, tickets"),
    ]
}

fn cells(given: Option<&Given>) -> [Cell; 9] {
    let Some(it) = given else {
        return [
            Cell::Count(0),
            Cell::Count(0),
            Cell::Count(0),
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::Count(0),
        ];
    };
    [
        Cell::Count(it.given),
        Cell::Count(it.promised),
        Cell::Count(it.late),
        Cell::Share(it.promised - it.late, it.promised),
        Cell::Seconds(it.median),
        Cell::Seconds(it.most),
        Cell::Seconds(it.waited),
        Cell::Seconds(it.waited_most),
        Cell::Count(it.promised - it.late),
    ]
}

fn kept_says(all: Option<&Given>) -> String {
    match all {
        None => "Nothing was done in this period.".to_owned(),
        Some(all) if all.promised == 0 => {
            format!("{} done; no time was promised for any of them.", counted(all.given, "ticket"))
        }
        Some(all) => format!(
            "{} of {} in time, {} late.",
            spelled_percent(all.promised - all.late, all.promised),
            counted(all.promised, "promise"),
            grouped(all.late)
        ),
    }
}

fn time_says(all: Option<&Given>) -> String {
    all.map_or("Nothing was done in this period.".to_owned(), |all| {
        format!(
            "Half within {}, nine of ten within {}. Waiting for the customer: half {} at most, nine of ten {}.",
            spelled(all.median),
            spelled(all.most),
            spelled(all.waited),
            spelled(all.waited_most)
        )
    })
}
