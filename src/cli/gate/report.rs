//! `deskgate gate report`: what asking for facts brings, and what their lack costs.

use std::process::ExitCode;

use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::since;
use crate::{
    cli::{Config, base::Base, say},
    store::gate_report::{self, By, Row},
};

/// `deskgate gate report`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Reports that came within this time: 90d, 12mo, 2w.
    #[arg(long, value_name = "TIME", default_value = "12mo", value_parser = since::parse)]
    since: Span,
    /// Put together by customer (the domain they write from), product, mailbox, source or month (UTC).
    #[arg(long, default_value = "month")]
    by: By,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the report.
pub async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let now = Timestamp::now();
    let since = since::before(now, arguments.since)?;
    let base = Base::open(config).await?;
    let asked = async {
        let mut conn = base.pool.get().await?;
        anyhow::Ok(gate_report::report(&mut conn, since, arguments.by, now).await?)
    };
    let rows = asked.await;
    base.close().await;
    let rows = rows?;
    match arguments.json {
        true => say(serde_json::to_string_pretty(&object(&rows, since, arguments.by))?),
        false if rows.is_empty() => say(format!("No problem reports since {since:.0}.")),
        false => table(&rows, arguments.by).iter().for_each(say),
    }
    Ok(ExitCode::SUCCESS)
}

fn object(rows: &[Row], since: Timestamp, by: By) -> Value {
    let rows_of = rows.iter().map(figures).collect::<Vec<_>>();
    json!({ "since": since, "by": by, "rows": rows_of, "all": figures(&gate_report::total(rows)) })
}

fn figures(row: &Row) -> Value {
    json!({
        "name": row.name, "reports": row.reports, "complete_at_first": row.complete_at_first,
        "complete_at_first_share": share(row.complete_at_first, row.reports),
        "asked": row.asked, "answered": row.answered, "completed": row.completed,
        "rounds_mean": share(row.rounds, row.completed), "taken_over": row.taken_over,
        "incomplete": row.incomplete, "hours_lost": row.hours, "open": row.open, "open_hours": row.open_hours,
    })
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 tickets")]
fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn table(rows: &[Row], by: By) -> Vec<String> {
    let none = if by == By::Product { "(none)" } else { "(nobody)" };
    let name = |row: &Row| if row.name.is_empty() { none.to_owned() } else { row.name.clone() };
    let all = gate_report::total(rows);
    let rows: Vec<&Row> = rows.iter().chain([&all]).collect();
    let heading = by.to_string();
    let width = rows.iter().map(|row| name(row).chars().count()).max().unwrap_or_default().max(heading.len());
    let mut lines = vec![format!(
        "{heading:width$}  reports  complete at first  asked  answered  completed  rounds  taken over  hours lost  open  hours so far"
    )];
    lines.extend(rows.iter().map(|row| {
        format!(
            "{:width$}  {:>7}  {:>11} {:>5}  {:>5}  {:>8}  {:>9}  {:>6}  {:>10}  {:>10.1}  {:>4}  {:>12.1}",
            name(row),
            row.reports,
            row.complete_at_first,
            share(row.complete_at_first, row.reports)
                .map_or("–".into(), |share| format!("{:.0}%", share * 100.0)),
            row.asked,
            row.answered,
            row.completed,
            share(row.rounds, row.completed).map_or("–".into(), |mean| format!("{mean:.2}")),
            row.taken_over,
            row.hours,
            row.open,
            row.open_hours,
        )
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let one = Row {
            name: "customer.test".into(),
            reports: 8,
            complete_at_first: 6,
            asked: 2,
            answered: 2,
            completed: 1,
            rounds: 2,
            taken_over: 1,
            hours: 12.25,
            ..Row::default()
        };
        let other =
            Row { name: String::new(), reports: 2, open: 1, asked: 1, open_hours: 3.0, ..Row::default() };
        vec![one, other]
    }

    #[test]
    fn shares_and_sums_are_those_of_all() {
        let object = object(&rows(), Timestamp::UNIX_EPOCH, By::Customer);
        assert_eq!(object["rows"][0]["complete_at_first_share"], 0.75);
        assert_eq!(object["rows"][0]["rounds_mean"], 2.0);
        assert_eq!(object["rows"][1]["rounds_mean"], Value::Null, "nothing was completed");
        assert_eq!(object["all"]["complete_at_first_share"], 0.6);
        assert_eq!(
            (&object["all"]["hours_lost"], &object["all"]["open_hours"]),
            (&json!(12.25), &json!(3.0))
        );
        assert_eq!(object["by"], "customer");
    }

    #[test]
    fn every_column_ends_below_its_heading() {
        let lines = table(&rows(), By::Customer);
        assert_eq!(lines.len(), 4);
        let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
        assert!(lengths.iter().all(|length| *length == lengths[0]), "{lines:#?}");
        assert!(lines[1].contains("6   75%") && lines[2].starts_with("(nobody)"), "{lines:#?}");
        assert!(lines[3].starts_with("all") && lines[3].contains("12.2"), "{lines:#?}");
    }

    #[test]
    fn a_ticket_without_a_product_is_nobodys_fault() {
        assert!(table(&rows(), By::Product)[2].starts_with("(none)"));
    }
}
