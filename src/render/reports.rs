//! A report: sections of charts, each with the table of its figures.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    svg::{self, Chart, Width},
    table::{Table, TableView},
};

/// A report as it is put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its heading.
    pub title: &'static str,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// What belongs to one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name in addresses and on the command line.
    pub name: &'static str,
    /// Its heading, and that of its table.
    pub title: String,
    /// What counts, for who reads the figures.
    pub about: String,
    /// Its charts.
    pub charts: Vec<Chart>,
    /// Its figures.
    pub table: Table,
}

/// A section as a template shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SectionView {
    /// Its name.
    pub name: &'static str,
    /// Its heading.
    pub title: String,
    /// What counts.
    pub about: String,
    /// Its charts.
    pub charts: Vec<ChartView>,
    /// Its figures.
    pub table: TableView,
    /// Whether the table is all there is, and stands open.
    pub bare: bool,
}

/// A chart as a template shows it: for both widths of paper, of which the style sheet shows one.
#[derive(Clone, Debug, Serialize)]
pub struct ChartView {
    /// Its heading; empty where that of the section says it.
    pub title: String,
    /// What is to be seen.
    pub says: String,
    /// The SVG for a screen or a sheet.
    pub wide: String,
    /// The SVG for a phone.
    pub narrow: String,
}

impl Report {
    /// The sections as a template shows them, with times by the clock of a zone.
    pub fn views(&self, zone: &TimeZone) -> Vec<SectionView> {
        self.sections.iter().map(|section| section.view(zone)).collect()
    }

    /// The section of a name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

impl Section {
    fn view(&self, zone: &TimeZone) -> SectionView {
        let chart = |(place, chart): (usize, &Chart)| {
            let id = format!("{}-{place}", self.name);
            ChartView {
                // A heading that stands above it already is not said twice.
                title: if chart.title == self.title { String::new() } else { chart.title.clone() },
                says: chart.says.clone(),
                wide: svg::draw(chart, &id, Width::Wide),
                narrow: svg::draw(chart, &id, Width::Narrow),
            }
        };
        SectionView {
            name: self.name,
            title: self.title.clone(),
            about: self.about.clone(),
            charts: self.charts.iter().enumerate().map(chart).collect(),
            table: self.table.view(zone),
            bare: self.charts.is_empty(),
        }
    }
}
