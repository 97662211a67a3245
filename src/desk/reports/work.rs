//! Maintenance and feature work, over the sprints where there are some.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};

use super::{Asked, figure, percent, spelled_percent};
use crate::{
    desk::{Desk, DeskError},
    render::{
        reports::Section,
        svg::{Bar, Bars, Chart, Columns, Kind, Series, Tone, Way, ticks::Unit},
        table::{Cell, Column, Table, spelled},
    },
    store::{
        self, Conn,
        absences::Absence,
        reports::work::{self, Worked},
    },
    ticket::{Severity, period::Period, sprint::Sprint},
};

/// So many sprints are looked at.
const MOST_SPRINTS: usize = 130;

/// What a step of the report is: a sprint, or a step of the period where there are none.
struct Stage {
    name: String,
    from: Date,
    to: Date,
    begins: Timestamp,
    ends: Timestamp,
    sprint: Option<Sprint>,
}

impl Desk {
    pub(super) async fn report_work(
        &self,
        conn: &mut Conn,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Vec<Section>, DeskError> {
        let period = &asked.period;
        let absences = store::absences::since(conn, None, period.from).await?;
        let whole = [period.begins(), period.ends()];
        let by_person = work::worked(conn, &whole, Severity::Two.number()).await?;
        let stages = self.stages(period, now);
        let edges: Vec<Timestamp> =
            stages.iter().map(|stage| stage.begins).chain(stages.last().map(|last| last.ends)).collect();
        let by_stage = work::worked(conn, &edges, Severity::Two.number()).await?;
        Ok(vec![
            self.person_section(period, &by_person, &absences, now),
            by_sprint(&stages, &by_stage),
            self.budget_section(&stages, &by_stage, &absences),
            self.away_section(period, &absences, now),
        ])
    }

    /// The sprints that touch the period and have begun; without sprints the steps of the period.
    fn stages(&self, period: &Period, now: Timestamp) -> Vec<Stage> {
        let Some(sprints) = &self.settings.sprint.sprints else {
            return period
                .stretches()
                .iter()
                .map(|each| Stage {
                    name: super::label(each, period.step()),
                    from: each.first,
                    to: each.last,
                    begins: each.begins,
                    ends: each.ends,
                    sprint: None,
                })
                .collect();
        };
        let first = sprints.at(period.begins()).map_or(1, |sprint| sprint.number);
        let end = period.ends().min(now);
        let touched =
            (first..).map_while(|number| sprints.number(number)).take_while(|sprint| sprint.begins < end);
        let stage = |sprint: Sprint| Stage {
            name: format!("Sprint {}", sprint.number),
            from: sprint.from,
            to: sprint.to,
            begins: sprint.begins,
            ends: sprint.ends,
            sprint: Some(sprint),
        };
        touched.take(MOST_SPRINTS).map(stage).collect()
    }

    fn person_section(
        &self,
        period: &Period,
        worked: &[Worked],
        absences: &[Absence],
        now: Timestamp,
    ) -> Section {
        let mut people: BTreeMap<String, (String, i64, i64)> = BTreeMap::new();
        for staff in &self.settings.staff {
            people.insert(staff.email.to_string(), (staff.name.clone(), 0, 0));
        }
        for each in worked {
            let entry = people.entry(each.address.clone()).or_insert_with(|| (each.address.clone(), 0, 0));
            *entry = (entry.0.clone(), entry.1 + each.maintenance, entry.2 + each.feature);
        }
        let mut rows: Vec<(String, (String, i64, i64))> = people.into_iter().collect();
        rows.sort_by(|one, other| {
            (other.1.1 + other.1.2).cmp(&(one.1.1 + one.1.2)).then(one.1.0.cmp(&other.1.0))
        });
        let away = |address: &str| days_away(period, absences.iter().filter(|it| it.address == address), now);
        let bar = |(address, (name, maintenance, feature)): &(String, (String, i64, i64))| {
            let away = match away(address) {
                0 => String::new(),
                days => format!(" · away {}", super::counted(days, "day")),
            };
            Bar {
                name: name.clone(),
                values: vec![hours(*maintenance), hours(*feature)],
                says: match maintenance + feature {
                    0 => format!("nothing written down{away}"),
                    all => format!("{} maintenance{away}", spelled_percent(*maintenance, all)),
                },
            }
        };
        let row = |(address, (name, maintenance, feature)): &(String, (String, i64, i64))| {
            vec![
                Cell::Text(name.clone()),
                Cell::Text(address.clone()),
                Cell::Seconds(maintenance * 60),
                Cell::Seconds(feature * 60),
                Cell::Share(*maintenance, maintenance + feature),
                Cell::Count(away(address)),
            ]
        };
        let (all, feature) = rows.iter().fold((0, 0), |sum, (_, it)| (sum.0 + it.1, sum.1 + it.2));
        let has_any = rows.iter().any(|(address, it)| it.1 + it.2 > 0 || away(address) > 0);
        let bars = if has_any { rows.iter().map(bar).collect() } else { Vec::new() };
        Section {
            name: "work-by-person",
            title: "Maintenance and feature work, by person".to_owned(),
            about: self.about_work(),
            charts: vec![Chart {
                title: "Maintenance and feature work, by person".to_owned(),
                says: match all + feature {
                    0 => "No work was written down in this period.".to_owned(),
                    both => format!(
                        "{} written down, {} of it maintenance.",
                        spelled(both * 60),
                        spelled_percent(all, both)
                    ),
                },
                kind: Kind::Bars(Bars { series: both(), bars }),
            }],
            table: Table {
                columns: vec![
                    Column::new("name", "Name"),
                    Column::new("address", "Address"),
                    Column::new("maintenance_hours", "Maintenance"),
                    Column::new("feature_hours", "Feature work"),
                    Column::new("maintenance_percent", "Maintenance, share"),
                    Column::new("away_working_days", "Days away"),
                ],
                rows: rows.iter().map(row).collect(),
            },
        }
    }

    fn about_work(&self) -> String {
        let most = match self.settings.sprint.maintenance {
            Some(percent) => format!(" At most {percent}% of anybody's work should be maintenance."),
            None => String::new(),
        };
        format!(
            "What was written down (#work, deskgate work). Days away are those from Monday to Friday, up to today.{most}"
        )
    }

    fn budget_section(&self, stages: &[Stage], worked: &[Worked], absences: &[Absence]) -> Section {
        let of = |place: usize, sprint: &Sprint| {
            let people = self.settings.staff.iter().filter(|staff| staff.capacity > 0);
            let days = people.map(|staff| {
                let theirs = absences.iter().filter(|absence| absence.address == staff.email.as_str());
                let away: Vec<_> = theirs.map(|absence| (absence.from(), absence.to())).collect();
                sprint.workdays(&away)
            });
            let budget = self.settings.sprint.budget_minutes(days.sum())?;
            let spent =
                worked.iter().filter(|each| each.step() == place).map(|each| each.on_severity).sum::<i64>();
            Some((budget, spent))
        };
        let found =
            stages.iter().enumerate().filter_map(|(place, stage)| Some((stage, of(place, &stage.sprint?)?)));
        let found: Vec<(&Stage, (i64, i64))> = found.collect();
        let bar = |(stage, (budget, spent)): &(&Stage, (i64, i64))| Bar {
            name: stage.name.clone(),
            values: vec![
                hours(*spent.min(budget)),
                hours((spent - budget).max(0)),
                hours((budget - spent).max(0)),
            ],
            says: format!("{} of {}", spelled(spent * 60), spelled(budget * 60)),
        };
        let series = vec![
            Series::new("Spent", Tone::Main),
            Series::new("Beyond the budget", Tone::Alarm),
            Series::new("Left", Tone::Step(0)),
        ];
        let row = |(stage, (budget, spent)): &(&Stage, (i64, i64))| {
            vec![
                Cell::Text(stage.name.clone()),
                Cell::Day(stage.from),
                Cell::Day(stage.to),
                Cell::Seconds(budget * 60),
                Cell::Seconds(spent * 60),
                Cell::Share(*spent, *budget),
            ]
        };
        // The latest twelve, so that bars stay readable; the table has all.
        let bars: Vec<Bar> = found.iter().rev().take(12).map(bar).collect();
        let says = match found.last() {
            None => "There is no budget for severity 2: `sev2_budget` under [sprint] in the configuration sets one.".to_owned(),
            Some((stage, (budget, spent))) => format!("{}: {} of {} spent.", stage.name, spelled(spent * 60), spelled(budget * 60)),
        };
        Section {
            name: "sev2-budget",
            title: "Budget for severity 2".to_owned(),
            about: "Work of either sort on tickets that are of severity 2 now, against what a sprint sets aside for them; a share counts the days on which people are there."
                .to_owned(),
            charts: vec![Chart { title: "Budget for severity 2, by sprint".to_owned(), says, kind: Kind::Bars(Bars { series, bars }) }],
            table: Table {
                columns: vec![
                    Column::new("sprint", "Sprint"),
                    Column::new("from_day", "From"),
                    Column::new("to_day", "To"),
                    Column::new("budget_hours", "Budget"),
                    Column::new("spent_hours", "Spent"),
                    Column::new("spent_percent", "Spent, share"),
                ],
                rows: found.iter().map(row).collect(),
            },
        }
    }

    fn away_section(&self, period: &Period, absences: &[Absence], now: Timestamp) -> Section {
        let name = |address: &str| {
            let staff = self.settings.staff.iter().find(|staff| staff.email.as_str() == address);
            staff.map_or(address.to_owned(), |staff| staff.name.clone())
        };
        let row = |absence: &Absence| {
            vec![
                Cell::Text(name(&absence.address)),
                Cell::Day(absence.from()),
                absence.to().map_or(Cell::Text("not back yet".to_owned()), Cell::Day),
                Cell::Count(days_away(period, [absence].into_iter(), now)),
            ]
        };
        let within = absences.iter().filter(|absence| absence.from() <= period.to);
        Section {
            name: "absence",
            title: "Who was away".to_owned(),
            about: "What was said to the desk (#away, deskgate staff away). Days from Monday to Friday within the period, up to today.".to_owned(),
            charts: Vec::new(),
            table: Table {
                columns: vec![
                    Column::new("name", "Name"),
                    Column::new("from_day", "From"),
                    Column::new("to_day", "To"),
                    Column::new("working_days", "Days"),
                ],
                rows: within.map(row).collect(),
            },
        }
    }
}

fn by_sprint(stages: &[Stage], worked: &[Worked]) -> Section {
    let of = |place: usize| {
        let these = worked.iter().filter(|each| each.step() == place);
        these.fold((0, 0), |sum, each| (sum.0 + each.maintenance, sum.1 + each.feature))
    };
    let sums: Vec<(i64, i64)> = (0..stages.len()).map(of).collect();
    let short = |stage: &Stage| stage.sprint.map_or(stage.name.clone(), |sprint| sprint.number.to_string());
    let steps = stages.iter().zip(&sums).map(|(stage, sum)| (short(stage), vec![hours(sum.0), hours(sum.1)]));
    let share = |sum: &(i64, i64)| percent(sum.0, sum.0 + sum.1);
    let mut shared = sums.iter().filter(|sum| share(sum).is_some());
    let says = match (shared.clone().next(), shared.next_back()) {
        (Some(first), Some(last)) => format!(
            "{} was maintenance at first, {} at last.",
            spelled_percent(first.0, first.0 + first.1),
            spelled_percent(last.0, last.0 + last.1)
        ),
        _ => "No work was written down in this period.".to_owned(),
    };
    let row = |(stage, sum): (&Stage, &(i64, i64))| {
        vec![
            Cell::Text(stage.name.clone()),
            Cell::Day(stage.from),
            Cell::Day(stage.to),
            Cell::Seconds(sum.0 * 60),
            Cell::Seconds(sum.1 * 60),
            Cell::Share(sum.0, sum.0 + sum.1),
        ]
    };
    let columns = Columns { unit: Unit::Hours, way: Way::Stacked, series: both(), steps: steps.collect() };
    Section {
        name: "work-by-sprint",
        title: "Maintenance and feature work, over the sprints".to_owned(),
        about: "Whole sprints, also where the period begins or ends within one; without sprints, the steps of the period.".to_owned(),
        charts: vec![Chart { title: "Hours of work, by sprint".to_owned(), says, kind: Kind::Columns(columns) }],
        table: Table {
            columns: vec![
                Column::new("sprint", "Sprint"),
                Column::new("from_day", "From"),
                Column::new("to_day", "To"),
                Column::new("maintenance_hours", "Maintenance"),
                Column::new("feature_hours", "Feature work"),
                Column::new("maintenance_percent", "Maintenance, share"),
            ],
            rows: stages.iter().zip(&sums).map(row).collect(),
        },
    }
}

fn both() -> Vec<Series> {
    vec![Series::new("Maintenance", Tone::Second), Series::new("Feature work", Tone::Main)]
}

fn hours(minutes: i64) -> f64 {
    figure(minutes) / 60.0
}

/// The days from Monday to Friday of a period, up to today, on which somebody was away, each once.
fn days_away<'a>(period: &Period, absences: impl Iterator<Item = &'a Absence>, now: Timestamp) -> i64 {
    let last = now.to_zoned(period.zone.clone()).date().min(period.to);
    let absences: Vec<&Absence> = absences.collect();
    if absences.is_empty() {
        return 0;
    }
    let is_workday = |day: &Date| day.weekday().to_monday_zero_offset() < 5;
    let days = period.from.series(1.day()).take_while(|day| *day <= last).filter(is_workday);
    let away = days.filter(|day| absences.iter().any(|absence| absence.covers(*day))).count();
    i64::try_from(away).unwrap_or(i64::MAX)
}
