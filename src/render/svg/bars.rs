//! A bar for each of some names, with its figure in words at its end.

use super::{
    Series,
    paper::{self, Paper},
};

/// Bars below each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// What each bar is made of, from its beginning on.
    pub series: Vec<Series>,
    /// The bars, in their order.
    pub bars: Vec<Bar>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Whose it is.
    pub name: String,
    /// How long each part of it is.
    pub values: Vec<f64>,
    /// What stands at its end: `42 open`.
    pub says: String,
}

const THICK: f64 = 16.0;
const GAP: f64 = 12.0;

impl Bars {
    pub(super) fn draw(&self, paper: &mut Paper) {
        if self.bars.is_empty() {
            return paper.nothing();
        }
        let most = self.bars.iter().map(Bar::length).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let top = if self.series.len() > 1 { paper.legend(&self.series, 2.0, false) + 4.0 } else { 2.0 };
        let left = self.names(paper);
        let said =
            self.bars.iter().map(|bar| paper::width(&bar.says)).fold(0.0, f64::max).min(paper.width() / 2.0);
        let room = (paper.width() - left - said - 10.0).max(40.0);
        let mut y = top;
        for bar in &self.bars {
            if paper.is_narrow() {
                paper.text((0.0, y + 11.0), &paper::shortened(&bar.name, paper.width()), "start", "name");
                y += 16.0;
            } else {
                paper.text((left - 10.0, y + 12.0), &paper::shortened(&bar.name, left - 10.0), "end", "name");
            }
            paper.told(&self.told(bar), |paper| self.bar(paper, bar, (left, y), room / most));
            y += THICK + GAP;
        }
        paper.reach(y - GAP + 4.0);
    }

    /// The room for names beside the bars; on a phone they stand above.
    fn names(&self, paper: &Paper) -> f64 {
        if paper.is_narrow() {
            return 0.0;
        }
        let widest = self.bars.iter().map(|bar| paper::width(&bar.name)).fold(0.0, f64::max);
        widest.min(paper.width() * 0.34) + 10.0
    }

    fn bar(&self, paper: &mut Paper, bar: &Bar, (left, y): (f64, f64), scale: f64) {
        let mut x = left;
        for (series, value) in self.series.iter().zip(&bar.values).filter(|(_, value)| **value > 0.0) {
            let width = value * scale;
            // A line of nothing between two parts tells them apart without colour.
            let drawn = if width > 3.0 { width - 1.0 } else { width };
            paper.rect((x, y), (drawn, THICK), series.tone);
            x += width.max(1.0);
        }
        if bar.length() <= 0.0 {
            paper.line((left, y), (left, y + THICK), "base");
        }
        let says = paper::shortened(&bar.says, (paper.width() - x - 6.0).max(30.0));
        paper.text((x + 6.0, y + 12.0), &says, "start", "value");
    }

    fn told(&self, bar: &Bar) -> String {
        let part = |(series, value): (&Series, &f64)| {
            format!("{} {}", series.name, super::ticks::grouped(value.round() as i64))
        };
        let parts: Vec<String> = self.series.iter().zip(&bar.values).map(part).collect();
        format!("{}: {}", bar.name, parts.join(", "))
    }
}

impl Bar {
    fn length(&self) -> f64 {
        self.values.iter().filter(|value| **value > 0.0).sum()
    }
}
