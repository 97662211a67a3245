//! Mail out by domain, mail in by what became of it and by mailbox.

use super::{Asked, counted, figure, label, step_cell, step_column};
use crate::{
    desk::{Desk, DeskError},
    render::{
        reports::Section,
        svg::{
            Bar, Bars, Chart, Columns, Kind, Series, Tone, Way,
            ticks::{Unit, grouped},
        },
        table::{Cell, Column, Table},
    },
    store::{
        Conn,
        reports::mail::{self, In, Out},
    },
    ticket::period::Period,
};

/// So many domains are drawn; the table has all.
const MOST_BARS: usize = 12;

/// What becomes of a mail that came in: the words of the ledger, and what people call them.
const OUTCOMES: [(&str, &str); 9] = [
    ("opened", "Opened a ticket"),
    ("joined", "Joined a ticket"),
    ("noted", "Note of staff"),
    ("bounce", "Bounces"),
    ("duplicate", "Duplicate"),
    ("set-aside", "Set aside"),
    ("quarantined", "In quarantine"),
    ("discarded", "Discarded"),
    ("waiting", "Waiting"),
];

impl Desk {
    pub(super) async fn report_mail(
        &self,
        conn: &mut Conn,
        asked: &Asked,
    ) -> Result<Vec<Section>, DeskError> {
        let out = mail::out(conn, &asked.period, &asked.scope).await?;
        let came = mail::came(conn, &asked.period, &asked.scope).await?;
        Ok(vec![by_domain(&out), by_outcome(&asked.period, &came), by_mailbox(&asked.period, &came)])
    }
}

fn by_domain(out: &[Out]) -> Section {
    let bar = |each: &Out| Bar {
        name: each.domain.clone(),
        values: [each.sent - each.bounced, each.bounced, each.refused, each.waiting]
            .map(|count| figure(count.max(0)))
            .to_vec(),
        says: match each.bounced + each.refused {
            0 => grouped(each.mails),
            lost => format!("{} · {} not delivered", grouped(each.mails), grouped(lost)),
        },
    };
    let sum = |of: fn(&Out) -> i64| out.iter().map(of).sum::<i64>();
    let series = vec![
        Series::new("Sent", Tone::Main),
        Series::new("Bounced", Tone::Alarm),
        Series::new("Refused", Tone::Fourth),
        Series::new("Waiting", Tone::Rest),
    ];
    let row = |each: &Out| {
        let counts =
            [each.mails, each.sent, each.deferred, each.waiting, each.refused, each.bounced].map(Cell::Count);
        [Cell::Text(each.domain.clone())].into_iter().chain(counts).collect()
    };
    let says = match sum(|each| each.mails) {
        0 => "No mail was written in this period.".to_owned(),
        mails => format!(
            "{} to {}: {} delayed, {} refused, {} bounced.",
            counted(mails, "mail"),
            counted(out.len().try_into().unwrap_or(i64::MAX), "domain"),
            grouped(sum(|each| each.deferred)),
            grouped(sum(|each| each.refused)),
            grouped(sum(|each| each.bounced))
        ),
    };
    Section {
        name: "mail-out",
        title: "Mail out, by domain".to_owned(),
        about: "Mails by when they were written. Delayed counts what a server put off at least once, whatever became of it; bounced is a part of sent. Withdrawn ones are left out."
            .to_owned(),
        charts: vec![Chart {
            title: "Mail out, by domain".to_owned(),
            says,
            kind: Kind::Bars(Bars { series, bars: out.iter().take(MOST_BARS).map(bar).collect() }),
        }],
        table: Table {
            columns: vec![
                Column::new("domain", "Domain"),
                Column::new("mails", "Mails"),
                Column::new("sent_mails", "Sent"),
                Column::new("deferred_mails", "Delayed"),
                Column::new("waiting_mails", "Waiting"),
                Column::new("refused_mails", "Refused"),
                Column::new("bounced_mails", "Bounced"),
            ],
            rows: out.iter().map(row).collect(),
        },
    }
}

fn by_outcome(period: &Period, came: &[In]) -> Section {
    let (step, stretches) = (period.step(), period.stretches());
    let count = |place: usize, outcome: &str| {
        came.iter()
            .filter(|each| each.step() == place && each.outcome == outcome)
            .map(|each| each.mails)
            .sum::<i64>()
    };
    let drawn = |place: usize| {
        let (opened, joined) = (count(place, "opened"), count(place, "joined"));
        let all = came.iter().filter(|each| each.step() == place).map(|each| each.mails).sum::<i64>();
        let back = count(place, "bounce");
        [opened, joined, back, all - opened - joined - back].map(figure).to_vec()
    };
    let steps = stretches.iter().enumerate().map(|(place, stretch)| (label(stretch, step), drawn(place)));
    let series = vec![
        Series::new("Opened a ticket", Tone::Main),
        Series::new("Joined a ticket", Tone::Second),
        Series::new("Bounces", Tone::Alarm),
        Series::new("Others", Tone::Rest),
    ];
    let all: i64 = came.iter().map(|each| each.mails).sum();
    let opened: i64 = came.iter().filter(|each| each.outcome == "opened").map(|each| each.mails).sum();
    let row = |(place, stretch): (usize, &_)| {
        let counts = OUTCOMES.iter().map(|(outcome, _)| Cell::Count(count(place, outcome)));
        [step_cell(stretch)].into_iter().chain(counts).collect()
    };
    let columns =
        OUTCOMES.iter().map(|(word, title)| Column::new(format!("{}_mails", word.replace('-', "_")), *title));
    Section {
        name: "mail-in",
        title: "Mail in, by what became of it".to_owned(),
        about: "Mails by when they were stored.".to_owned(),
        charts: vec![Chart {
            title: "Mail in, by what became of it".to_owned(),
            says: format!("{} came in, {} of them opened a ticket.", counted(all, "mail"), grouped(opened)),
            kind: Kind::Columns(Columns {
                unit: Unit::Count,
                way: Way::Stacked,
                series,
                steps: steps.collect(),
            }),
        }],
        table: Table {
            columns: [step_column(step)].into_iter().chain(columns).collect(),
            rows: stretches.iter().enumerate().map(row).collect(),
        },
    }
}

fn by_mailbox(period: &Period, came: &[In]) -> Section {
    let mut names: Vec<&str> = came.iter().map(|each| each.mailbox.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let count = |place: Option<usize>, name: &str| {
        let these =
            came.iter().filter(|each| each.mailbox == name && place.is_none_or(|place| each.step() == place));
        these.map(|each| each.mails).sum::<i64>()
    };
    let bar = |name: &&str| Bar {
        name: (*name).to_owned(),
        values: vec![figure(count(None, name))],
        says: grouped(count(None, name)),
    };
    let bars: Vec<Bar> = names.iter().map(bar).collect();
    let row = |(place, stretch): (usize, &_)| {
        let counts = names.iter().map(|name| Cell::Count(count(Some(place), name)));
        [step_cell(stretch)].into_iter().chain(counts).collect()
    };
    let stretches = period.stretches();
    Section {
        name: "mail-in-by-mailbox",
        title: "Mail in, by mailbox".to_owned(),
        about: "Mails by when they were stored.".to_owned(),
        charts: vec![Chart {
            title: "Mail in, by mailbox".to_owned(),
            says: match bars.is_empty() {
                true => "No mail came in.".to_owned(),
                false => {
                    bars.iter()
                        .map(|bar| format!("{}: {}", bar.name, bar.says))
                        .collect::<Vec<_>>()
                        .join("; ")
                        + "."
                }
            },
            kind: Kind::Bars(Bars { series: vec![Series::new("Mails", Tone::Main)], bars }),
        }],
        table: Table {
            columns: [step_column(period.step())]
                .into_iter()
                .chain(names.iter().map(|name| Column::new(format!("{name}_mails"), *name)))
                .collect(),
            rows: stretches.iter().enumerate().map(row).collect(),
        },
    }
}
