//! Lines over time, each named at its end.

use super::{
    Frame, Series, margin,
    paper::{self, Paper},
    ticks::{Unit, ticks},
};

/// Lines, one place for each step of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// What they count.
    pub unit: Unit,
    /// The lines.
    pub series: Vec<Series>,
    /// The steps, oldest first: what stands below, and a figure for each line where there is one.
    pub steps: Vec<(String, Vec<Option<f64>>)>,
}

const HEIGHT: f64 = 150.0;
/// Of a line of text.
const LINE: f64 = 14.0;

impl Lines {
    pub(super) fn draw(&self, paper: &mut Paper) {
        let figures = || self.steps.iter().flat_map(|(_, values)| values.iter().flatten().copied());
        if figures().next().is_none() {
            return paper.nothing();
        }
        let ticks = ticks(0.0, figures().fold(0.0, f64::max), self.unit);
        let ends = self.ends();
        let said = ends.iter().map(|(_, _, words)| paper::width(words)).fold(0.0, f64::max);
        let legend = if self.series.len() > 1 { paper.legend(&self.series, 2.0, true) } else { 0.0 };
        let top = legend + 12.0;
        let frame = Frame {
            left: margin(&ticks, self.unit),
            right: paper.width() - said - 12.0,
            top,
            bottom: top + HEIGHT,
            low: 0.0,
            high: ticks.last().copied().unwrap_or(1.0),
            steps: self.steps.len(),
        };
        let labels: Vec<String> = self.steps.iter().map(|(label, _)| label.clone()).collect();
        frame.draw(paper, &ticks, self.unit, &labels);
        for (at, series) in self.series.iter().enumerate() {
            for run in self.runs(&frame, at) {
                paper.path(&run, series.tone, self.steps.len() <= 14);
            }
        }
        // Set apart from the bottom up: the lowest keeps its place.
        let mut ends: Vec<(f64, String, f64)> = ends
            .into_iter()
            .map(|(place, value, words)| (frame.y(value), words, frame.middle(place)))
            .collect();
        ends.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut below = frame.bottom + LINE;
        for (y, words, x) in ends {
            let y = y.min(below - LINE);
            below = y;
            // Beside the last figure; the edge is the same for all where they end together.
            paper.text((x + 7.0, y + 4.0), &words, "start", "value");
        }
        paper.reach(frame.bottom + 26.0);
    }

    /// The last figure of each line: where, how high, and as words.
    fn ends(&self) -> Vec<(usize, f64, String)> {
        let last = |at: usize| {
            let values = self.steps.iter().enumerate().rev();
            values.filter_map(|(place, (_, values))| Some((place, values.get(at).copied().flatten()?))).next()
        };
        let end = |at: usize| last(at).map(|(place, value)| (place, value, self.unit.short(value)));
        (0..self.series.len()).filter_map(end).collect()
    }

    /// The stretches of a line without a gap.
    fn runs(&self, frame: &Frame, at: usize) -> Vec<Vec<(f64, f64)>> {
        let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
        for (place, (_, values)) in self.steps.iter().enumerate() {
            match values.get(at).copied().flatten() {
                Some(value) => {
                    runs.last_mut().expect("there is one").push((frame.middle(place), frame.y(value)))
                }
                None => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }
}
