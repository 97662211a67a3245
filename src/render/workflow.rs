//! The workflow as a picture: SVG that stands in a page, drawn without any program beside us.
//!
//! A status stands in the column of its meaning, so that work goes from left to right; those of one meaning stand
//! below one another. A move to the next column is a straight arrow; one that skips columns goes above all of them, one
//! that leads back further goes below. Each arrow has the number of its row in the table beside the picture. Colours are
//! the page's own, by classes.

use std::{collections::BTreeMap, fmt::Write};

use handlebars::html_escape;

use crate::{
    domain::Word,
    ticket::{
        Status,
        workflow::{State, Workflow},
    },
};

const BOX_HEIGHT: i32 = 56;
const ROW_GAP: i32 = 30;
const COLUMN_GAP: i32 = 88;
const LANE: i32 = 30;
const MARGIN: i32 = 18;
/// How far a bend is from a corner.
const BEND: i32 = 8;
/// Where arrows leave and reach a box, below its middle.
const SKIP: i32 = -17;
const NEXT: i32 = -6;
const BACK: i32 = 7;
const FAR_BACK: i32 = 18;

/// Draws it. Title and description are for who does not see it.
pub fn picture(workflow: &Workflow, title: &str, description: &str) -> String {
    let plan = Plan::of(workflow);
    let mut svg = String::new();
    let (width, height) = (plan.width, plan.height);
    let _ = write!(
        svg,
        r#"<svg class="flow" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="flow-title flow-desc"><title id="flow-title">{}</title><desc id="flow-desc">{}</desc>"#,
        html_escape(title),
        html_escape(description)
    );
    svg.push_str(r#"<defs><marker id="flow-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="flow-tip" d="M0 0 10 5 0 10z"/></marker></defs>"#);
    for arrow in &plan.arrows {
        let _ = write!(svg, r#"<path class="flow-arrow" d="{}" marker-end="url(#flow-tip)"/>"#, arrow.path);
    }
    for place in &plan.places {
        place.draw(&mut svg, plan.box_width);
    }
    for arrow in &plan.arrows {
        let (x, y) = arrow.label;
        let wide = 20 + 7 * i32::try_from(arrow.numbers.len().saturating_sub(2)).unwrap_or_default();
        let _ = write!(
            svg,
            r#"<rect class="flow-number" x="{}" y="{}" width="{wide}" height="18" rx="9"/><text class="flow-number" x="{x}" y="{}">{}</text>"#,
            x - wide / 2,
            y - 9,
            y + 4,
            arrow.numbers
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Where everything stands.
struct Plan<'a> {
    places: Vec<Place<'a>>,
    arrows: Vec<Arrow>,
    box_width: i32,
    width: i32,
    height: i32,
}

/// A status and the left upper corner of its box.
struct Place<'a> {
    state: &'a State,
    column: usize,
    x: i32,
    y: i32,
}

/// A line from one box to another.
#[derive(Debug)]
struct Arrow {
    path: String,
    label: (i32, i32),
    numbers: String,
}

impl<'a> Plan<'a> {
    fn of(workflow: &'a Workflow) -> Plan<'a> {
        let longest = workflow.statuses.iter().map(|state| state.shown().chars().count()).max().unwrap_or(0);
        let box_width = (i32::try_from(longest).unwrap_or(40) * 8 + 32).clamp(112, 260);
        let lines = lines(workflow);
        let skipping = lines.iter().filter(|line| line.kind == Kind::Skip).count();
        let top = MARGIN + LANE * i32::try_from(skipping).unwrap_or_default();
        let places = places(workflow, box_width, top);
        let bottom = places.iter().map(|place| place.y + BOX_HEIGHT).max().unwrap_or(top);
        let mut draft = Draft { box_width, top, bottom, above: 0, below: 0, gaps: BTreeMap::new() };
        let mut arrows = Vec::new();
        for line in &lines {
            let find = |name: &str| places.iter().find(|place| place.state.name == name);
            if let (Some(from), Some(to)) = (find(line.from), find(line.to)) {
                arrows.push(draft.arrow(line, from, to));
            }
        }
        let width = places.iter().map(|place| place.x + box_width).max().unwrap_or_default() + MARGIN;
        let height = bottom + LANE * draft.below + MARGIN;
        Plan { places, arrows, box_width, width, height }
    }
}

impl Place<'_> {
    fn middle(&self) -> i32 {
        self.y + BOX_HEIGHT / 2
    }

    fn draw(&self, svg: &mut String, width: i32) {
        let Place { state, x, y, .. } = self;
        let means = (state.shown() != state.means.as_str()).then_some(state.means);
        let (centre, shown) = (x + width / 2, html_escape(state.shown()));
        let _ = write!(
            svg,
            r#"<rect class="flow-box flow-{}" x="{x}" y="{y}" width="{width}" height="{BOX_HEIGHT}" rx="8"/>"#,
            state.means
        );
        let base = y + BOX_HEIGHT / 2 + if means.is_some() { -2 } else { 5 };
        let _ = write!(svg, r#"<text class="flow-name" x="{centre}" y="{base}">{shown}</text>"#);
        if let Some(means) = means {
            let _ = write!(svg, r#"<text class="flow-means" x="{centre}" y="{}">{means}</text>"#, base + 17);
        }
    }
}

fn column_of(status: Status) -> usize {
    Status::ALL.iter().position(|each| *each == status).unwrap_or_default()
}

fn places(workflow: &Workflow, box_width: i32, top: i32) -> Vec<Place<'_>> {
    let mut rows: BTreeMap<usize, i32> = BTreeMap::new();
    let most = Status::ALL
        .iter()
        .map(|means| workflow.statuses.iter().filter(|state| state.means == *means).count())
        .max()
        .unwrap_or(1);
    let tallest = i32::try_from(most).unwrap_or(1) * (BOX_HEIGHT + ROW_GAP) - ROW_GAP;
    let place = |state: &'_ State| {
        let column = column_of(state.means);
        let of_column = workflow.statuses.iter().filter(|other| other.means == state.means).count();
        let used = i32::try_from(of_column).unwrap_or(1) * (BOX_HEIGHT + ROW_GAP) - ROW_GAP;
        let row = rows.entry(column).or_default();
        let y = top + MARGIN / 2 + (tallest - used) / 2 + *row * (BOX_HEIGHT + ROW_GAP);
        *row += 1;
        let x = MARGIN + i32::try_from(column).unwrap_or_default() * (box_width + COLUMN_GAP);
        (column, x, y)
    };
    let corners: Vec<_> = workflow.statuses.iter().map(place).collect();
    let made = workflow.statuses.iter().zip(corners);
    made.map(|(state, (column, x, y))| Place { state, column, x, y }).collect()
}

/// How a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// To the next column.
    Next,
    /// To one further on, above all.
    Skip,
    /// To the column before.
    Back,
    /// Further back, below all.
    FarBack,
    /// Within a column.
    Beside,
}

/// All moves from one status to another.
struct Line<'a> {
    from: &'a str,
    to: &'a str,
    kind: Kind,
    numbers: String,
}

/// The lines, those of one pair together; numbers count the rows from 1.
fn lines(workflow: &Workflow) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (number, row) in (1..).zip(&workflow.transitions) {
        if let Some(line) = lines.iter_mut().find(|line| line.from == row.from && line.to == row.to) {
            let _ = write!(line.numbers, ", {number}");
            continue;
        }
        let column = |name: &str| workflow.named(name).map(|state| column_of(state.means));
        let (Some(from), Some(to)) = (column(&row.from), column(&row.to)) else { continue };
        let kind = match (from, to) {
            (from, to) if from == to => Kind::Beside,
            (from, to) if to == from + 1 => Kind::Next,
            (from, to) if from == to + 1 => Kind::Back,
            (from, to) if from < to => Kind::Skip,
            _ => Kind::FarBack,
        };
        lines.push(Line { from: &row.from, to: &row.to, kind, numbers: number.to_string() });
    }
    lines
}

/// What was used up so far: lanes above and below, and upright tracks in the gaps between columns.
struct Draft {
    box_width: i32,
    top: i32,
    bottom: i32,
    above: i32,
    below: i32,
    gaps: BTreeMap<(usize, bool), i32>,
}

impl Draft {
    fn arrow(&mut self, line: &Line<'_>, from: &Place<'_>, to: &Place<'_>) -> Arrow {
        let width = self.box_width;
        let right = |place: &Place<'_>| place.x + width;
        let (path, label) = match line.kind {
            Kind::Next => straight((right(from), from.middle() + NEXT), (to.x, to.middle() + NEXT), 28),
            Kind::Back => straight((from.x, from.middle() + BACK), (right(to), to.middle() + BACK), 28),
            Kind::Beside => beside((right(from), from.middle()), (right(to), to.middle())),
            Kind::Skip => {
                self.above += 1;
                let lane = self.top - LANE * self.above + LANE / 2;
                let (start, end) = (self.track(from.column, true), self.track(to.column, false));
                let (start, end) = (right(from) + start, to.x - end);
                around((right(from), from.middle() + SKIP), start, lane, end, (to.x, to.middle() + SKIP))
            }
            Kind::FarBack => {
                self.below += 1;
                let lane = self.bottom + LANE * self.below - LANE / 2;
                let (start, end) = (self.track(from.column, false), self.track(to.column, true));
                let (start, end) = (from.x - start, right(to) + end);
                around(
                    (from.x, from.middle() + FAR_BACK),
                    start,
                    lane,
                    end,
                    (right(to), to.middle() + FAR_BACK),
                )
            }
        };
        Arrow { path, label, numbers: line.numbers.clone() }
    }

    /// How far from a column's right or left edge the next upright track is.
    fn track(&mut self, column: usize, right: bool) -> i32 {
        let used = self.gaps.entry((column, right)).or_default();
        *used += 1;
        16 + 9 * ((*used - 1) % 3)
    }
}

type Point = (i32, i32);

/// Straight, or in a curve where the rows differ; the number stands near the start, so that two arrows which face each
/// other do not hide each other's.
fn straight(from: Point, to: Point, near: i32) -> (String, Point) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let path = match dy == 0 {
        true => format!("M{} {}H{}", from.0, from.1, to.0),
        false => {
            let bend = dx / 2;
            format!(
                "M{} {}C{} {} {} {} {} {}",
                from.0,
                from.1,
                from.0 + bend,
                from.1,
                to.0 - bend,
                to.1,
                to.0,
                to.1
            )
        }
    };
    let along = near.min(dx.abs() / 2);
    (
        path,
        (from.0 + along * dx.signum(), from.1 + dy * along * along / (dx.abs().max(1) * dx.abs().max(1)) * 2),
    )
}

/// Out of one side and back into it.
fn beside(from: Point, to: Point) -> (String, Point) {
    let out = from.0 + 44;
    let path = format!("M{} {}C{out} {} {out} {} {} {}", from.0, from.1, from.1, to.1, to.0, to.1);
    (path, (from.0 + 33, (from.1 + to.1) / 2))
}

/// Out, along an upright track to a lane, along it, and in again, with round corners.
fn around(from: Point, start: i32, lane: i32, end: i32, to: Point) -> (String, Point) {
    let (out, back) = ((start - from.0).signum(), (to.0 - end).signum());
    let (down, along) = ((lane - from.1).signum(), (end - start).signum());
    let path = format!(
        "M{} {}H{}Q{start} {} {start} {}V{}Q{start} {lane} {} {lane}H{}Q{end} {lane} {end} {}V{}Q{end} {} {} {}H{}",
        from.0,
        from.1,
        start - out * BEND,
        from.1,
        from.1 + down * BEND,
        lane - down * BEND,
        start + along * BEND,
        end - along * BEND,
        lane - down * BEND,
        to.1 + down * BEND,
        to.1,
        end + back * BEND,
        to.1,
        to.0
    );
    (path, ((start + end) / 2, lane))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::workflow::rows::{self, StatusRow, TransitionRow};

    fn own() -> Workflow {
        let mut rows = rows::built_in();
        let row = |name: &str, means| StatusRow {
            name: name.to_owned(),
            means,
            label: Some(format!("In <{name}>")),
            labels: BTreeMap::new(),
        };
        rows.statuses.push(row("testing", Status::Accepted));
        let step = |from: &str, to: &str| TransitionRow {
            from: vec![from.to_owned()],
            to: to.to_owned(),
            ..TransitionRow::default()
        };
        rows.transitions.extend([
            step("accepted", "testing"),
            step("testing", "resolved"),
            step("testing", "closed"),
        ]);
        Workflow::new(&rows).unwrap()
    }

    #[test]
    fn every_status_has_a_box_of_its_own_and_every_pair_one_arrow() {
        for workflow in [Workflow::default(), own()] {
            let plan = Plan::of(&workflow);
            assert_eq!(plan.places.len(), workflow.statuses.len());
            for (at, one) in plan.places.iter().enumerate() {
                for other in &plan.places[at + 1..] {
                    let apart =
                        (one.x - other.x).abs() > plan.box_width || (one.y - other.y).abs() > BOX_HEIGHT;
                    assert!(apart, "{} lies over {}", one.state.name, other.state.name);
                }
            }
            let mut pairs: Vec<_> = workflow.transitions.iter().map(|row| (&row.from, &row.to)).collect();
            pairs.sort();
            pairs.dedup();
            assert_eq!(plan.arrows.len(), pairs.len());
        }
    }

    #[test]
    fn work_goes_from_left_to_right() {
        let workflow = Workflow::default();
        let plan = Plan::of(&workflow);
        let x = |name: &str| plan.places.iter().find(|place| place.state.name == name).unwrap().x;
        let order = ["new", "accepted", "resolved", "verified", "closed"].map(x);
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn nothing_is_drawn_outside_and_no_number_hides_another() {
        for workflow in [Workflow::default(), own()] {
            let plan = Plan::of(&workflow);
            for arrow in &plan.arrows {
                let (x, y) = arrow.label;
                assert!(x > 0 && x < plan.width && y > 0 && y < plan.height, "{arrow:?}");
            }
            for (at, one) in plan.arrows.iter().enumerate() {
                for other in &plan.arrows[at + 1..] {
                    let (dx, dy) = (one.label.0 - other.label.0, one.label.1 - other.label.1);
                    assert!(dx.abs() >= 16 || dy.abs() >= 12, "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn each_row_has_its_number_in_the_picture() {
        let workflow = own();
        let numbers: Vec<String> =
            Plan::of(&workflow).arrows.into_iter().map(|arrow| arrow.numbers).collect();
        let mut all: Vec<usize> =
            numbers.iter().flat_map(|it| it.split(", ")).map(|it| it.parse().unwrap()).collect();
        all.sort_unstable();
        assert_eq!(all, (1..=workflow.transitions.len()).collect::<Vec<_>>());
    }

    #[test]
    fn names_of_the_site_are_escaped_and_the_picture_says_what_it_is() {
        let svg = picture(&own(), "The <way>", "From a & to b");
        assert!(svg.contains("In &lt;testing&gt;") && !svg.contains("<testing>"), "{svg}");
        assert!(svg.contains("<title id=\"flow-title\">The &lt;way&gt;</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"flow-desc\">From a &amp; to b</desc>"), "{svg}");
        assert!(!svg.contains("style="), "the policy of the pages lets no inline style through");
    }
}
