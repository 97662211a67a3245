//! Open tickets: how old they are, and how many came and went.

use jiff::Timestamp;

use super::{Asked, counted, figure, label, severity_name, step_cell, step_column};
use crate::{
    desk::{Desk, DeskError},
    domain::Word,
    render::{
        reports::Section,
        svg::{
            Bar, Bars, Chart, Columns, Kind, Lines, Series, Tone, Way,
            ticks::{Unit, grouped},
        },
        table::{Cell, Column, Table},
    },
    store::{
        Conn,
        reports::open::{self, Aged, Flow},
    },
    ticket::{Severity, period::Period},
};

const AGES: [&str; 4] = ["Up to a day", "Up to 7 days", "Up to 28 days", "Older"];

impl Desk {
    pub(super) async fn report_open(
        &self,
        conn: &mut Conn,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Vec<Section>, DeskError> {
        let aged = open::ages(conn, &asked.scope, now).await?;
        let flows = open::flow(conn, &asked.period, &asked.scope, now).await?;
        Ok(vec![self.age_section(&aged), over_time(&asked.period, &flows)])
    }

    fn age_section(&self, aged: &[Aged]) -> Section {
        let rows: Vec<(String, [i64; 4])> =
            self.severities_of(aged).map(|(name, severity)| (name, ages_of(aged, severity))).collect();
        let total: i64 = aged.iter().map(|each| each.tickets).sum();
        let old: i64 = aged.iter().filter(|each| each.age == 3).map(|each| each.tickets).sum();
        let series = AGES.iter().zip(0..).map(|(name, step)| Series::new(*name, Tone::Step(step)));
        let bar = |(name, ages): &(String, [i64; 4])| Bar {
            name: name.clone(),
            values: ages.iter().map(|count| figure(*count)).collect(),
            says: grouped(ages.iter().sum()),
        };
        let says = match total {
            0 => "No ticket is open.".to_owned(),
            _ => {
                format!("{} open; {} of them for more than 28 days.", counted(total, "ticket"), grouped(old))
            }
        };
        let bars = if total == 0 { Vec::new() } else { rows.iter().map(bar).collect() };
        let kind = Kind::Bars(Bars { series: series.collect(), bars });
        let mut columns = vec![Column::new("severity", "Severity")];
        let keys = ["up_to_1_day_tickets", "up_to_7_days_tickets", "up_to_28_days_tickets", "older_tickets"];
        columns.extend(keys.iter().zip(AGES).map(|(key, title)| Column::new(*key, title)));
        columns.push(Column::new("open_tickets", "Open"));
        let row = |(name, ages): &(String, [i64; 4])| {
            let counts = ages.iter().copied().chain([ages.iter().sum()]).map(Cell::Count);
            [Cell::Text(name.clone())].into_iter().chain(counts).collect()
        };
        Section {
            name: "open-by-age",
            title: "Open now, by severity and age".to_owned(),
            about: "Every ticket that is not closed and no spam, now, whatever the period. Its age counts from the first mail, nights and weekends included.".to_owned(),
            charts: vec![Chart { title: "Open now, by severity and age".to_owned(), says, kind }],
            table: Table { columns, rows: rows.iter().map(row).collect() },
        }
    }

    /// The severities that the desk uses or that some ticket has, and last what nobody has rated.
    fn severities_of(&self, aged: &[Aged]) -> impl Iterator<Item = (String, Option<i16>)> {
        let has = |number: i16| aged.iter().any(|each| each.severity == Some(number));
        let used =
            Severity::ALL.iter().filter(move |each| self.settings.severity.has(**each) || has(each.number()));
        let used = used.map(|each| (severity_name(Some(each.number())), Some(each.number())));
        used.chain([("Not rated".to_owned(), None)]).collect::<Vec<_>>().into_iter()
    }
}

fn ages_of(aged: &[Aged], severity: Option<i16>) -> [i64; 4] {
    let of = |age: i32| {
        aged.iter().filter(|each| each.severity == severity && each.age == age).map(|each| each.tickets).sum()
    };
    [of(0), of(1), of(2), of(3)]
}

fn over_time(period: &Period, flows: &[Flow]) -> Section {
    let (step, stretches) = (period.step(), period.stretches());
    let steps = || stretches.iter().zip(flows);
    let stock =
        steps().map(|(stretch, flow)| (label(stretch, step), vec![Some(figure(flow.open))])).collect();
    let moved = steps().map(|(stretch, flow)| {
        (label(stretch, step), vec![figure(flow.opened + flow.reopened), figure(flow.closed)])
    });
    let (came, went) = flows
        .iter()
        .fold((0, 0), |(came, went), flow| (came + flow.opened + flow.reopened, went + flow.closed));
    let (first, last) =
        (flows.first().copied().unwrap_or_default(), flows.last().copied().unwrap_or_default());
    let before = first.open - first.opened - first.reopened + first.closed;
    let lines = Lines { unit: Unit::Count, series: vec![Series::new("Open", Tone::Main)], steps: stock };
    let columns = Columns {
        unit: Unit::Count,
        way: Way::UpAndDown,
        series: vec![Series::new("Opened", Tone::Main), Series::new("Closed", Tone::Second)],
        steps: moved.collect(),
    };
    Section {
        name: "open-over-time",
        title: "Open tickets over time".to_owned(),
        about: format!(
            "Reopened tickets count as opened once more. Open is what was open at the end of each {step}. Spam is left out."
        ),
        charts: vec![
            Chart {
                title: format!("Open at the end of each {step}"),
                says: format!("From {} to {} in this period.", grouped(before), grouped(last.open)),
                kind: Kind::Lines(lines),
            },
            Chart {
                title: "Opened and closed".to_owned(),
                says: format!("{} opened or reopened, {} closed.", grouped(came), grouped(went)),
                kind: Kind::Columns(columns),
            },
        ],
        table: table(period, flows),
    }
}

fn table(period: &Period, flows: &[Flow]) -> Table {
    let columns = vec![
        step_column(period.step()),
        Column::new("opened_tickets", "Opened"),
        Column::new("reopened_tickets", "Reopened"),
        Column::new("closed_tickets", "Closed"),
        Column::new("open_at_end_tickets", "Open at the end"),
    ];
    let stretches = period.stretches();
    let row = |(stretch, flow): (&_, &Flow)| {
        let counts = [flow.opened, flow.reopened, flow.closed, flow.open].map(Cell::Count);
        [step_cell(stretch)].into_iter().chain(counts).collect()
    };
    Table { columns, rows: stretches.iter().zip(flows).map(row).collect() }
}
