//! The question for missing facts: how many reports were complete at once, what asking brought, what it cost.

use super::{Asked, counted, figure, label, percent, spelled_percent, step_cell, step_column};
use crate::{
    desk::{Desk, DeskError},
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
        reports::gate::{self, Reports, Said},
    },
    ticket::period::Period,
};

/// So many bars a chart has; the table has all.
const MOST_BARS: usize = 12;

impl Desk {
    pub(super) async fn report_gate(
        &self,
        conn: &mut Conn,
        asked: &Asked,
    ) -> Result<Vec<Section>, DeskError> {
        let reports = gate::reports(conn, &asked.period, &asked.scope).await?;
        let said = gate::said(conn, &asked.period, &asked.scope).await?;
        Ok(vec![
            over_time(&asked.period, &reports),
            by(
                &reports,
                "customer",
                "gate-by-customer",
                "Customers are told apart by the domain they write from.",
            ),
            by(&reports, "product", "gate-by-product", "The product that the ticket has now."),
            by(
                &reports,
                "source",
                "gate-by-source",
                "Who wrote: a customer, a product owner, the security list, or a program.",
            ),
            overruled(&said),
        ])
    }
}

fn over_time(period: &Period, reports: &[Reports]) -> Section {
    let (step, stretches) = (period.step(), period.stretches());
    let at = |place: usize| reports.iter().find(|each| each.by == "step" && each.step() == Some(place));
    let steps = || stretches.iter().enumerate().map(|(place, stretch)| (label(stretch, step), at(place)));
    let share = steps().map(|(label, it)| (label, vec![it.and_then(|it| percent(it.complete, it.reports))]));
    let lost = steps().map(|(label, it)| (label, vec![it.map_or(0.0, |it| it.lost / 3600.0)]));
    let sum = |of: fn(&Reports) -> i64| reports.iter().filter(|each| each.by == "step").map(of).sum::<i64>();
    let seconds = sum(|each| whole(each.lost));
    let (all, complete, asked) =
        (sum(|each| each.reports), sum(|each| each.complete), sum(|each| each.asked));
    let lines = Lines {
        unit: Unit::Percent,
        series: vec![Series::new("Complete at first mail", Tone::Main)],
        steps: share.collect(),
    };
    let columns = Columns {
        unit: Unit::Hours,
        way: Way::Stacked,
        series: vec![Series::new("Lost", Tone::Main)],
        steps: lost.collect(),
    };
    let row =
        |(place, stretch): (usize, &_)| [step_cell(stretch)].into_iter().chain(cells(at(place))).collect();
    Section {
        name: "gate-over-time",
        title: "Problem reports, complete or not".to_owned(),
        about: "Problem reports by when they came. Lost is the time from the first question to the last missing fact, or until staff took over, nights \
                and weekends included; what still waits is not in it. Rounds are the questions it took where everything came in the end."
            .to_owned(),
        charts: vec![
            Chart {
                title: "Complete at first mail".to_owned(),
                says: format!("{} of {} were complete at first; {} were asked.", spelled_percent(complete, all), counted(all, "report"), grouped(asked)),
                kind: Kind::Lines(lines),
            },
            Chart {
                title: "Hours lost to missing facts".to_owned(),
                says: format!("{} lost in this period.", spelled(seconds)),
                kind: Kind::Columns(columns),
            },
        ],
        table: Table {
            columns: [step_column(step)].into_iter().chain(columns_of()).collect(),
            rows: stretches.iter().enumerate().map(row).collect(),
        },
    }
}

fn by(reports: &[Reports], what: &'static str, name: &'static str, about: &str) -> Section {
    let these: Vec<&Reports> = reports.iter().filter(|each| each.by == what).collect();
    let called = |each: &Reports| match each.name.as_str() {
        "" => format!("no {what}"),
        name => name.to_owned(),
    };
    let bar = |each: &&Reports| Bar {
        name: called(each),
        values: vec![each.lost / 3600.0],
        says: format!(
            "{} · {} complete",
            Unit::Hours.short(each.lost / 3600.0),
            spelled_percent(each.complete, each.reports)
        ),
    };
    let lost = these.iter().filter(|each| each.lost > 0.0);
    let bars: Vec<Bar> = lost.take(MOST_BARS).map(bar).collect();
    let says = match bars.first() {
        None => "No time was lost in this period.".to_owned(),
        Some(first) => format!("Most with {}: {}.", first.name, first.says),
    };
    let row = |each: &&Reports| [Cell::Text(called(each))].into_iter().chain(cells(Some(each))).collect();
    Section {
        name,
        title: format!("Missing facts by {what}"),
        about: about.to_owned(),
        charts: vec![Chart {
            title: format!("Hours lost by {what}"),
            says,
            kind: Kind::Bars(Bars { series: vec![Series::new("Hours lost", Tone::Main)], bars }),
        }],
        table: Table {
            columns: [Column::new(what, capital(what))].into_iter().chain(columns_of()).collect(),
            rows: these.iter().map(row).collect(),
        },
    }
}

fn overruled(said: &[Said]) -> Section {
    let called = |part: &str| match part {
        "problem-report" => "Is it a problem report".to_owned(),
        "steps" => "Steps".to_owned(),
        "actual" => "What happened".to_owned(),
        "expected" => "What was expected".to_owned(),
        other => other.to_owned(),
    };
    let bar = |each: &Said| Bar {
        name: called(&each.part),
        values: [each.confirmed, each.overruled, each.enough].map(figure).to_vec(),
        says: format!("{} corrected", grouped(each.overruled)),
    };
    let sum = |of: fn(&Said) -> i64| said.iter().map(of).sum::<i64>();
    let (all, wrong) =
        (sum(|each| each.confirmed + each.overruled + each.enough), sum(|each| each.overruled));
    let series = vec![
        Series::new("Confirmed", Tone::Main),
        Series::new("Corrected", Tone::Alarm),
        Series::new("Not needed", Tone::Rest),
    ];
    let row = |each: &Said| {
        let judged = each.confirmed + each.overruled;
        vec![
            Cell::Text(called(&each.part)),
            Cell::Count(each.confirmed),
            Cell::Count(each.overruled),
            Cell::Count(each.enough),
            Cell::Share(each.overruled, judged),
        ]
    };
    let columns = vec![
        Column::new("part", "Fact"),
        Column::new("agreed_times", "Confirmed"),
        Column::new("overruled_times", "Corrected"),
        Column::new("went_on_without_times", "Not needed"),
        Column::new("overruled_percent", "Corrected, share"),
    ];
    Section {
        name: "gate-overruled",
        title: "What staff corrected".to_owned(),
        about: "Deskgate reads in each report which facts are there. Staff confirm that, correct it, or say that a fact is not needed, which makes the reading no mistake: \
                the share is of those that were confirmed or corrected."
            .to_owned(),
        charts: vec![Chart {
            title: "What staff said of what was read".to_owned(),
            says: match all {
                0 => "Staff said nothing about it in this period.".to_owned(),
                all => format!("{} of {} readings were corrected.", grouped(wrong), grouped(all)),
            },
            kind: Kind::Bars(Bars { series, bars: said.iter().map(bar).collect() }),
        }],
        table: Table { columns, rows: said.iter().map(row).collect() },
    }
}

fn columns_of() -> [Column; 8] {
    [
        Column::new("reports", "Reports"),
        Column::new("complete_at_first_reports", "Complete at first"),
        Column::new("complete_at_first_percent", "Share"),
        Column::new("asked_reports", "Asked"),
        Column::new("completed_reports", "Completed by answers"),
        Column::new("rounds_mean", "Rounds"),
        Column::new("taken_over_reports", "Taken over by staff"),
        Column::new("lost_hours", "Time lost"),
    ]
}

fn cells(reports: Option<&Reports>) -> [Cell; 8] {
    let Some(it) = reports else {
        return [
            Cell::Count(0),
            Cell::Count(0),
            Cell::None,
            Cell::Count(0),
            Cell::Count(0),
            Cell::None,
            Cell::Count(0),
            Cell::Seconds(0),
        ];
    };
    [
        Cell::Count(it.reports),
        Cell::Count(it.complete),
        Cell::Share(it.complete, it.reports),
        Cell::Count(it.asked),
        Cell::Count(it.completed),
        Cell::Mean(it.rounds, it.completed),
        Cell::Count(it.taken_over),
        Cell::Seconds(whole(it.lost)),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "nobody waits for 2^52 seconds")]
fn whole(seconds: f64) -> i64 {
    seconds.round() as i64
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
