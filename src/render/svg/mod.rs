//! Charts of the reports, as SVG that stands in the page.
//!
//! A pure function: the same figures give the same text. Each chart has a `<title>` and a `<desc>` that say in words
//! what is to be seen; the table beside it has every figure. Colours are classes, so that the style sheet decides about
//! light, dark and print; each series has a pattern or a dash of its own beside its colour. Letters are measured
//! generously, and what has no room is left out or cut short, so that no text lies on another.

#![expect(
    clippy::cast_possible_truncation,
    reason = "places on a picture and numbers of columns are small, and a figure is drawn to a tenth of a pixel"
)]

mod bars;
mod columns;
mod lines;
mod paper;
pub mod ticks;

#[cfg(test)]
mod tests;

pub use bars::{Bar, Bars};
pub use columns::{Columns, Way};
pub use lines::Lines;

use paper::Paper;
use ticks::Unit;

/// A picture of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows: its heading.
    pub title: String,
    /// What is to be seen, as a sentence or two.
    pub says: String,
    /// How it is drawn.
    pub kind: Kind,
}

/// A way to draw figures.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Columns over time.
    Columns(Columns),
    /// A bar for each of some names.
    Bars(Bars),
    /// Lines over time.
    Lines(Lines),
}

/// How wide the paper is on which a chart is drawn: letters have the same size on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A desk's screen, or a sheet.
    Wide,
    /// A phone.
    Narrow,
}

impl Width {
    /// In pixels.
    fn pixels(self) -> f64 {
        match self {
            Width::Wide => 760.0,
            Width::Narrow => 340.0,
        }
    }

    /// What tells the two apart in ids and classes.
    fn word(self) -> &'static str {
        match self {
            Width::Wide => "wide",
            Width::Narrow => "narrow",
        }
    }
}

/// What is drawn in one colour and pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What it is called in the legend.
    pub name: String,
    /// How it looks.
    pub tone: Tone,
}

impl Series {
    /// A series of this name and look.
    pub fn new(name: impl Into<String>, tone: Tone) -> Series {
        Series { name: name.into(), tone }
    }
}

/// A colour with its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What a chart is about: plain.
    Main,
    /// What it is held against: stripes.
    Second,
    /// A third: dots.
    Third,
    /// A fourth: level lines.
    Fourth,
    /// What is of no weight: grey.
    Rest,
    /// What should not be: steep red stripes.
    Alarm,
    /// One of four steps from light to dark, for what has an order.
    Step(u8),
}

impl Tone {
    /// The class of its colour; also the name of its pattern.
    fn class(self) -> &'static str {
        match self {
            Tone::Main => "main",
            Tone::Second => "second",
            Tone::Third => "third",
            Tone::Fourth => "fourth",
            Tone::Rest => "rest",
            Tone::Alarm => "alarm",
            Tone::Step(0) => "step-0",
            Tone::Step(1) => "step-1",
            Tone::Step(2) => "step-2",
            Tone::Step(_) => "step-3",
        }
    }
}

/// Draws a chart. `id` is its own on the page and has letters, digits and hyphens alone.
pub fn draw(chart: &Chart, id: &str, width: Width) -> String {
    let mut paper = Paper::new(&format!("{id}-{}", width.word()), width);
    match &chart.kind {
        Kind::Columns(columns) => columns.draw(&mut paper),
        Kind::Bars(bars) => bars.draw(&mut paper),
        Kind::Lines(lines) => lines.draw(&mut paper),
    }
    paper.finish(&chart.title, &chart.says)
}

/// The frame of a chart over time: the rule that its figures are measured by, and where each step stands.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
    steps: usize,
}

impl Frame {
    fn step(&self) -> f64 {
        (self.right - self.left) / self.steps.max(1) as f64
    }

    fn middle(&self, place: usize) -> f64 {
        self.left + (place as f64 + 0.5) * self.step()
    }

    fn y(&self, value: f64) -> f64 {
        let span = (self.high - self.low).max(f64::MIN_POSITIVE);
        self.bottom - (value - self.low) / span * (self.bottom - self.top)
    }

    /// Level lines with their figures, and the names of as many steps as have room; the last one always.
    fn draw(&self, paper: &mut Paper, ticks: &[f64], unit: Unit, labels: &[String]) {
        for tick in ticks {
            let y = self.y(*tick);
            let class = if *tick == 0.0 { "base" } else { "grid" };
            paper.line((self.left, y), (self.right, y), class);
            paper.text((self.left - 6.0, y + 4.0), &unit.short(tick.abs()), "end", "tick");
        }
        let mut every = 1;
        let mut named = self.named(paper, labels, every);
        while named.windows(2).any(|pair| touch(&pair[0], &pair[1])) {
            every += 1;
            named = self.named(paper, labels, every);
        }
        for (middle, label) in named {
            paper.text((middle, self.bottom + 18.0), label, "middle", "tick");
        }
    }

    /// Each so manieth name from the last one on, and where its middle is; none reaches beyond the paper.
    fn named<'a>(&self, paper: &Paper, labels: &'a [String], every: usize) -> Vec<(f64, &'a str)> {
        let kept = labels.iter().enumerate().rev().step_by(every);
        kept.map(|(place, label)| {
            let half = paper::width(label) / 2.0;
            (self.middle(place).min(paper.width() - half).max(half), label.as_str())
        })
        .collect()
    }
}

/// Whether two names, the later one first, have too little room between them.
fn touch(later: &(f64, &str), earlier: &(f64, &str)) -> bool {
    later.0 - earlier.0 < (paper::width(later.1) + paper::width(earlier.1)) / 2.0 + 8.0
}

/// The room that the figures beside the level lines need.
fn margin(ticks: &[f64], unit: Unit) -> f64 {
    ticks.iter().map(|tick| paper::width(&unit.short(tick.abs()))).fold(0.0, f64::max) + 10.0
}
