//! Columns over time: on top of each other, or up and down from a line.

use super::{
    Frame, Series, margin,
    paper::{self, Paper},
    ticks::{Unit, ticks},
};

/// Columns, one place for each step of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// What they count.
    pub unit: Unit,
    /// How they stand.
    pub way: Way,
    /// The series; the first stands at the bottom, or up.
    pub series: Vec<Series>,
    /// The steps, oldest first: what stands below, and a figure for each series.
    pub steps: Vec<(String, Vec<f64>)>,
}

/// How the columns of several series stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On top of each other.
    Stacked,
    /// The first up, the second down.
    UpAndDown,
}

/// The height of what is between the highest and the lowest figure.
const HEIGHT: f64 = 150.0;

impl Columns {
    pub(super) fn draw(&self, paper: &mut Paper) {
        if self.steps.iter().all(|(_, values)| values.iter().all(|value| *value <= 0.0)) {
            return paper.nothing();
        }
        let ticks = ticks(-self.most_down(), self.most_up(), self.unit);
        let (low, high) = (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
        let legend = if self.series.len() > 1 { paper.legend(&self.series, 2.0, false) } else { 0.0 };
        // A figure over the highest column, or half a letter beside the highest line.
        let top = legend + 16.0;
        let frame = Frame {
            left: margin(&ticks, self.unit),
            right: paper.width(),
            top,
            bottom: top + HEIGHT,
            low,
            high,
            steps: self.steps.len(),
        };
        let labels: Vec<String> = self.steps.iter().map(|(label, _)| label.clone()).collect();
        frame.draw(paper, &ticks, self.unit, &labels);
        let numbered = self.has_room_for_numbers(&frame);
        for (place, (label, values)) in self.steps.iter().enumerate() {
            paper
                .told(&self.told(label, values), |paper| self.column(paper, &frame, place, values, numbered));
        }
        paper.reach(frame.bottom + 26.0);
    }

    fn column(&self, paper: &mut Paper, frame: &Frame, place: usize, values: &[f64], numbered: bool) {
        let width = (frame.step() * 0.72).clamp(1.0, 36.0);
        let x = frame.middle(place) - width / 2.0;
        let mut above = 0.0;
        for (at, (series, value)) in self.series.iter().zip(values).enumerate() {
            if *value <= 0.0 {
                continue;
            }
            let (from, to) = match (self.way, at) {
                (Way::UpAndDown, 1) => (0.0, -value),
                (Way::UpAndDown, _) => (0.0, *value),
                (Way::Stacked, _) => (above, above + value),
            };
            above = above.max(to);
            let (high, low) = (frame.y(from.max(to)), frame.y(from.min(to)));
            paper.rect((x, high), (width, low - high), series.tone);
        }
        if numbered && above > 0.0 {
            paper.text(
                (frame.middle(place), frame.y(above) - 4.0),
                &self.unit.short(above),
                "middle",
                "value",
            );
        }
    }

    /// Figures stand over the columns where each of them has room.
    fn has_room_for_numbers(&self, frame: &Frame) -> bool {
        let widest = self.steps.iter().map(|(_, values)| paper::width(&self.unit.short(self.up(values))));
        widest.fold(0.0, f64::max) + 3.0 <= frame.step()
    }

    fn up(&self, values: &[f64]) -> f64 {
        match self.way {
            Way::Stacked => values.iter().sum(),
            Way::UpAndDown => values.first().copied().unwrap_or_default(),
        }
    }

    fn most_up(&self) -> f64 {
        self.steps.iter().map(|(_, values)| self.up(values)).fold(0.0, f64::max)
    }

    fn most_down(&self) -> f64 {
        let down = |values: &[f64]| values.get(1).copied().unwrap_or_default();
        match self.way {
            Way::Stacked => 0.0,
            Way::UpAndDown => self.steps.iter().map(|(_, values)| down(values)).fold(0.0, f64::max),
        }
    }

    fn told(&self, label: &str, values: &[f64]) -> String {
        let each = |(series, value): (&Series, &f64)| format!("{} {}", series.name, self.unit.short(*value));
        let all: Vec<String> = self.series.iter().zip(values).map(each).collect();
        format!("{label}: {}", all.join(", "))
    }
}
