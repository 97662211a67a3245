//! `/reports`: what the desk did, in charts and tables; `/reports/NAME.csv` is one table for a spreadsheet.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    denial::Denial,
    guard::Signed,
    shell::{PageOf, page},
};
use crate::{
    desk::{Asked, ReportName},
    domain::Word,
    render::reports::SectionView,
    settings::Settings,
    store::reports::Scope,
    ticket::period::{Length, Period},
    web::Site,
};

/// Their addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/reports", get(first)).route("/reports/{name}", get(named))
}

/// What a report is asked to be about; what is empty is not asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    period: String,
    from: String,
    to: String,
    product: String,
    queue: String,
    mailbox: String,
}

#[derive(Serialize)]
struct View {
    heading: &'static str,
    tabs: Vec<Place>,
    here: String,
    lengths: Vec<Place>,
    from: Date,
    to: Date,
    today: Date,
    days: String,
    filters: Vec<Filter>,
    sections: Vec<Shown>,
}

#[derive(Serialize)]
struct Place {
    label: String,
    href: String,
    current: bool,
}

/// A list to choose from.
#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    all: String,
    values: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    section: SectionView,
    csv: String,
}

async fn first(site: State<Arc<Site>>, signed: Signed, wanted: Query<Wanted>) -> Result<Response, Denial> {
    show(&site, signed, ReportName::default(), &wanted).await
}

async fn named(
    site: State<Arc<Site>>,
    signed: Signed,
    Path(name): Path<String>,
    wanted: Query<Wanted>,
) -> Result<Response, Denial> {
    match name.strip_suffix(".csv") {
        Some(section) => table(&site, &signed, section, &wanted).await,
        None => show(&site, signed, name.parse().map_err(|_| Denial::NotFound)?, &wanted).await,
    }
}

async fn show(site: &Site, signed: Signed, name: ReportName, wanted: &Wanted) -> Result<Response, Denial> {
    let (now, zone) = (Timestamp::now(), signed.session.zone.clone());
    let asked = wanted.asked(name, now, &zone)?;
    let mut conn = site.pool.get().await?;
    let report = site.desk.report(&mut conn, name, &asked, now).await?;
    drop(conn);
    let shown =
        |section: SectionView| Shown { csv: wanted.address(&format!("{}.csv", section.name), None), section };
    let view = View {
        heading: report.title,
        tabs: tabs(name, wanted),
        here: format!("/reports/{name}"),
        lengths: lengths(site, name, wanted),
        from: asked.period.from,
        to: asked.period.to,
        today: now.to_zoned(zone.clone()).date(),
        days: days(&asked.period),
        filters: filters(site, name, wanted),
        sections: report.views(&zone).into_iter().map(shown).collect(),
    };
    let title = report.title.to_owned();
    let of = PageOf { scripts: &["reports.js"], ..PageOf::new("reports", "reports", &title) };
    page(site, signed, &of, &view)
}

async fn table(site: &Site, signed: &Signed, section: &str, wanted: &Wanted) -> Result<Response, Denial> {
    let name = ReportName::of_section(section).ok_or(Denial::NotFound)?;
    let now = Timestamp::now();
    let asked = wanted.asked(name, now, &signed.session.zone)?;
    let mut conn = site.pool.get().await?;
    let report = site.desk.report(&mut conn, name, &asked, now).await?;
    let section = report.section(section).ok_or(Denial::NotFound)?;
    // The name is one of ours, and a date has digits and hyphens alone.
    let file =
        format!("attachment; filename=\"{}_{}_{}.csv\"", section.name, asked.period.from, asked.period.to);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, section.table.csv()).into_response())
}

impl Wanted {
    fn asked(&self, name: ReportName, now: Timestamp, zone: &TimeZone) -> Result<Asked, Denial> {
        let text = |text: &String, there: bool| (there && !text.is_empty()).then(|| text.clone());
        let scope = Scope {
            product: text(&self.product, name.is_of_tickets()),
            queue: text(&self.queue, name.is_of_tickets()),
            mailbox: text(&self.mailbox, name.has_mailboxes()),
        };
        Ok(Asked { period: self.period(now, zone)?, scope })
    }

    fn period(&self, now: Timestamp, zone: &TimeZone) -> Result<Period, Denial> {
        let length = || self.period.parse::<Length>();
        if self.from.is_empty() && self.to.is_empty() {
            let length = if self.period.is_empty() {
                Length::default()
            } else {
                length().map_err(|error| Denial::Invalid(error.to_string()))?
            };
            return Ok(Period::last(length, now, zone.clone()));
        }
        let day = |text: &str, otherwise: Date| match text {
            "" => Ok(otherwise),
            text => text.parse::<Date>().map_err(|_| {
                Denial::Invalid(format!(
                    "`{}` is no day; write it as 2026-11-22",
                    crate::domain::text::line(text)
                ))
            }),
        };
        let to = day(&self.to, now.to_zoned(zone.clone()).date())?;
        let from = day(&self.from, to)?;
        Period::between(from, to, zone.clone()).map_err(|error| Denial::Invalid(error.to_string()))
    }

    /// The address of a report or a table with the same choices; `length` in place of the days.
    fn address(&self, name: &str, length: Option<Length>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match length {
            Some(length) => {
                query.append_pair("period", length.as_str());
            }
            None => {
                for (key, value) in [("period", &self.period), ("from", &self.from), ("to", &self.to)] {
                    if !value.is_empty() {
                        query.append_pair(key, value);
                    }
                }
            }
        }
        for (key, value) in [("product", &self.product), ("queue", &self.queue), ("mailbox", &self.mailbox)] {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => format!("/reports/{name}"),
            query => format!("/reports/{name}?{query}"),
        }
    }
}

fn tabs(name: ReportName, wanted: &Wanted) -> Vec<Place> {
    let tab = |each: &ReportName| Place {
        label: each.title().to_owned(),
        href: wanted.address(each.as_str(), None),
        current: *each == name,
    };
    ReportName::ALL.iter().map(tab).collect()
}

fn lengths(site: &Site, name: ReportName, wanted: &Wanted) -> Vec<Place> {
    let fixed = wanted.from.is_empty() && wanted.to.is_empty();
    let chosen = wanted.period.parse().unwrap_or_default();
    let words = [
        (Length::Month, site.console.say("reports.last-30d", &[])),
        (Length::Quarter, site.console.say("reports.last-quarter", &[])),
        (Length::Year, site.console.say("reports.last-12mo", &[])),
    ];
    let place = |(length, label)| Place {
        label,
        href: wanted.address(name.as_str(), Some(length)),
        current: fixed && length == chosen,
    };
    words.into_iter().map(place).collect()
}

/// The lists to choose from that have something in them.
fn filters(site: &Site, name: ReportName, wanted: &Wanted) -> Vec<Filter> {
    let Settings { products, queues, mailboxes, .. } = &site.desk.settings;
    let lists: [(&'static str, &String, Vec<&String>, bool); 3] = [
        ("product", &wanted.product, products.iter().map(|each| &each.name).collect(), name.is_of_tickets()),
        ("queue", &wanted.queue, queues.iter().map(|each| &each.name).collect(), name.is_of_tickets()),
        ("mailbox", &wanted.mailbox, mailboxes.iter().map(|each| &each.name).collect(), name.has_mailboxes()),
    ];
    let filter = |(key, chosen, names, _): (&'static str, &String, Vec<&String>, bool)| {
        // What is asked for stays chosen, also where the configuration does not know it.
        let unknown = (!chosen.is_empty() && !names.contains(&chosen)).then_some(chosen);
        let choice = |name: &String| Choice { value: name.clone(), chosen: name == chosen };
        Filter {
            name: key,
            label: site.console.say(&word("reports-filter", key), &[]),
            all: site.console.say(&word("reports-all", key), &[]),
            values: names.into_iter().chain(unknown).map(choice).collect(),
        }
    };
    let useful = |(_, chosen, names, there): &(&str, &String, Vec<&String>, bool)| {
        *there && (names.len() > 1 || !chosen.is_empty())
    };
    lists.into_iter().filter(useful).map(filter).collect()
}

fn word(section: &str, key: &str) -> String {
    format!("{section}.{key}")
}

fn days(period: &Period) -> String {
    let day = |day: Date| day.strftime("%-d %b %Y").to_string();
    let zone = period.zone.iana_name().unwrap_or("UTC");
    format!("{} – {} ({zone})", day(period.from), day(period.to))
}
