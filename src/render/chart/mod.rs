//! The picture in a digest: open tickets by severity, and how many were opened and closed, day by day.
//!
//! PNG, since mail programs show no SVG. Drawn at twice the size at which it is shown, on nothing: its colours stand
//! out from white and from the dark grey of a mail at night alike (WCAG 2.2, 1.4.11 asks for 3:1). A pure function:
//! the same figures give the same pixels.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a picture are small numbers, and what lies beyond its edge is not drawn"
)]

mod canvas;

use serde::Serialize;

use canvas::{Align, Canvas, Colour};

/// One day of the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Day {
    /// What stands below its columns; may be empty.
    pub label: String,
    /// How many tickets were open at its end, one number for each of the [`Chart::series`].
    pub open: Vec<u32>,
    /// How many were opened on it.
    pub opened: u32,
    /// How many were closed on it.
    pub closed: u32,
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// The names of what is stacked, the gravest first; five at most get a colour of their own.
    pub series: Vec<String>,
    /// The days, oldest first.
    pub days: Vec<Day>,
}

/// Width at which it is shown, in CSS pixels.
pub const WIDTH: u32 = 480;
/// Height at which it is shown.
pub const HEIGHT: u32 = 404;

const TEXT: Colour = [0x74, 0x7e, 0x8d];
const LINE: Colour = [0x9a, 0xa3, 0xb0];
/// From the gravest severity to what nobody has rated.
const STACK: [Colour; 5] =
    [[0xd9, 0x4a, 0x43], [0xc2, 0x7c, 0x12], [0x2f, 0x8f, 0x83], [0x4f, 0x7f, 0xc4], [0x8b, 0x94, 0xa3]];
const OPENED: Colour = [0x4f, 0x7f, 0xc4];
const CLOSED: Colour = [0x2f, 0x8f, 0x83];

/// Sizes of letters, in CSS pixels: still readable where a phone shows the picture at three quarters.
const TITLE: f32 = 15.0;
const SMALL: f32 = 13.0;

/// Where columns stand and what they may fill.
#[derive(Clone, Copy)]
struct Plot {
    top: f32,
    height: f32,
    most: u32,
    days: usize,
}

impl Plot {
    fn step(&self) -> f32 {
        WIDTH as f32 / self.days.max(1) as f32
    }

    fn base(&self) -> f32 {
        self.top + self.height
    }

    /// The height of a column; what is there at all is seen.
    fn size(&self, count: u32) -> f32 {
        let share = f64::from(count) / f64::from(self.most.max(1));
        let size = share as f32 * self.height;
        if count > 0 { size.max(2.0) } else { 0.0 }
    }
}

/// The picture as PNG.
pub fn png(chart: &Chart) -> Vec<u8> {
    drawn(chart).png()
}

fn drawn(chart: &Chart) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    canvas.text("Open tickets by severity", 0.0, 16.0, TITLE, TEXT, Align::Left);
    let names: Vec<(&str, Colour)> =
        chart.series.iter().enumerate().map(|(place, name)| (name.as_str(), colour(chart, place))).collect();
    legend(&mut canvas, &names, 38.0);
    stacks(&mut canvas, chart, 66.0, 118.0);
    canvas.text("Opened and closed", 0.0, 244.0, TITLE, TEXT, Align::Left);
    legend(&mut canvas, &[("Opened", OPENED), ("Closed", CLOSED)], 266.0);
    pairs(&mut canvas, chart, 294.0, 84.0);
    canvas
}

/// The last of the series is what nobody has rated.
fn colour(chart: &Chart, place: usize) -> Colour {
    let unrated = place + 1 == chart.series.len();
    STACK[if unrated { STACK.len() - 1 } else { place.min(STACK.len() - 2) }]
}

fn legend(canvas: &mut Canvas, names: &[(&str, Colour)], y: f32) {
    let mut x = 0.0;
    for (name, colour) in names {
        canvas.fill(x, y - 10.0, 11.0, 11.0, *colour);
        canvas.text(name, x + 17.0, y, SMALL, TEXT, Align::Left);
        x += 17.0 + canvas::width(name, SMALL) + 18.0;
    }
}

fn stacks(canvas: &mut Canvas, chart: &Chart, top: f32, height: f32) {
    let total = |day: &Day| day.open.iter().sum::<u32>();
    let most = chart.days.iter().map(total).max().unwrap_or_default();
    let plot = Plot { top, height, most, days: chart.days.len() };
    for (place, day) in chart.days.iter().enumerate() {
        let middle = (place as f32 + 0.5) * plot.step();
        let width = (plot.step() * 0.62).round();
        let mut y = plot.base();
        // The gravest stands at the bottom, where columns are best compared.
        for (series, &count) in day.open.iter().enumerate() {
            let size = plot.size(count);
            y -= size;
            canvas.fill(middle - width / 2.0, y, width, size, colour(chart, series));
        }
        number(canvas, total(day), middle, y - 5.0, plot.step());
    }
    ground(canvas, chart, plot);
}

fn pairs(canvas: &mut Canvas, chart: &Chart, top: f32, height: f32) {
    let most = chart.days.iter().map(|day| day.opened.max(day.closed)).max().unwrap_or_default();
    let plot = Plot { top, height, most, days: chart.days.len() };
    let width = (plot.step() * 0.36).round();
    for (place, day) in chart.days.iter().enumerate() {
        let middle = (place as f32 + 0.5) * plot.step();
        for (count, x, colour) in
            [(day.opened, middle - width - 0.5, OPENED), (day.closed, middle + 0.5, CLOSED)]
        {
            let size = plot.size(count);
            canvas.fill(x, plot.base() - size, width, size, colour);
            if count > 0 {
                number(canvas, count, x + width / 2.0, plot.base() - size - 5.0, plot.step() / 2.0);
            }
        }
    }
    ground(canvas, chart, plot);
}

/// A number over its column, where there is room for it.
fn number(canvas: &mut Canvas, count: u32, x: f32, y: f32, room: f32) {
    let text = count.to_string();
    if canvas::width(&text, SMALL) <= room {
        canvas.text(&text, x, y, SMALL, TEXT, Align::Middle);
    }
}

/// The line on which columns stand, and the days below it: as many as there is room for, the last one always.
fn ground(canvas: &mut Canvas, chart: &Chart, plot: Plot) {
    canvas.fill(0.0, plot.base(), WIDTH as f32, 1.0, LINE);
    let widest = chart.days.iter().map(|day| canvas::width(&day.label, SMALL)).fold(1.0, f32::max);
    let every = ((widest + 8.0) / plot.step()).ceil().max(1.0) as usize;
    for (place, day) in chart.days.iter().enumerate() {
        if (chart.days.len() - 1 - place).is_multiple_of(every) {
            // A label as wide as several columns stays inside the picture.
            let half = canvas::width(&day.label, SMALL) / 2.0;
            let middle = ((place as f32 + 0.5) * plot.step()).min(WIDTH as f32 - half).max(half);
            canvas.text(&day.label, middle, plot.base() + 18.0, SMALL, TEXT, Align::Middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    pub(super) fn fortnight() -> Chart {
        let day = |place: u32| Day {
            label: format!("{}", place + 8),
            open: vec![u32::from(place % 5 == 3), place % 4, 3 + place / 2, place % 3],
            opened: (place * 7) % 9,
            closed: (place * 5) % 7,
        };
        let series = ["Sev 1", "Sev 2", "Sev 3", "Not rated"].map(str::to_owned).to_vec();
        Chart { series, days: (0..14).map(day).collect() }
    }

    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    fn share(chart: &Chart, colour: Colour) -> usize {
        decoded(&png(chart)).2.chunks(4).filter(|pixel| pixel[..3] == colour && pixel[3] == 255).count()
    }

    #[test]
    fn the_picture_is_small_and_twice_as_large_as_it_is_shown() {
        let bytes = png(&fortnight());
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 40_000, "{} bytes", bytes.len());
        let (width, height, _) = decoded(&bytes);
        assert_eq!((width, height), (2 * WIDTH, 2 * HEIGHT));
        if let Some(file) = std::env::var_os("CHART_FILE") {
            std::fs::write(file, bytes).unwrap();
        }
    }

    #[test]
    fn the_same_figures_are_the_same_pixels() {
        let digest =
            |chart: &Chart| data_encoding::HEXLOWER.encode(&Sha256::digest(decoded(&png(chart)).2)[..8]);
        assert_eq!(png(&fortnight()), png(&fortnight()));
        assert_eq!(digest(&fortnight()), "ed5d863ab3fda7c8");
    }

    #[test]
    fn columns_are_as_high_as_their_figures() {
        let of = |one: u32, three: u32| Chart {
            days: vec![Day { open: vec![one, 0, three, 0], ..Day::default() }],
            ..fortnight()
        };
        let (one, three) = (STACK[0], STACK[2]);
        let (ones, threes) = (share(&of(1, 3), one), share(&of(1, 3), three));
        // The legend has a square of each.
        assert!(threes > 2 * ones && ones > 0, "{ones} {threes}");
        assert_eq!(share(&of(0, 3), one), 22 * 22);
    }

    #[test]
    fn any_figures_are_drawn() {
        let wild = Day { label: "x".repeat(300), open: vec![u32::MAX / 4; 4], opened: u32::MAX, closed: 0 };
        for days in [vec![], vec![Day::default()], vec![wild; 3], vec![Day::default(); 1000]] {
            png(&Chart { days, ..fortnight() });
        }
        png(&Chart::default());
    }

    #[test]
    fn every_colour_stands_out_from_white_and_from_a_dark_mail() {
        let light = |[red, green, blue]: Colour| {
            let part = |value: u8| (f64::from(value) / 255.0).powf(2.2);
            0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
        };
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for colour in STACK.into_iter().chain([OPENED, CLOSED, TEXT]) {
            for ground in [[255, 255, 255], [0x1b, 0x1e, 0x25]] {
                let ratio = contrast(light(colour), light(ground));
                assert!(ratio >= 3.0, "{colour:?} on {ground:?} is {ratio:.2}");
            }
        }
    }
}
