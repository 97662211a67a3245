//! Where the level lines of a chart stand, and how figures are written.

/// What figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole things.
    Count,
    /// Parts of a hundred.
    Percent,
    /// Hours, also parts of them.
    Hours,
}

impl Unit {
    /// A figure as it stands beside a line: `1,200`, `75%`, `2.5 h`.
    pub fn short(self, value: f64) -> String {
        match self {
            Unit::Count => grouped(value.round() as i64),
            Unit::Percent => format!("{}%", trimmed(value)),
            Unit::Hours => hours(value),
        }
    }
}

/// Level lines from nothing (or below) to the highest figure: about four steps of 1, 2 or 5 times a power of ten.
/// Whole things have whole steps, percents always reach to a hundred. There are two lines at least.
pub fn ticks(low: f64, high: f64, unit: Unit) -> Vec<f64> {
    if unit == Unit::Percent {
        return vec![0.0, 25.0, 50.0, 75.0, 100.0];
    }
    let (low, high) = (finite(low).min(0.0), finite(high).max(0.0));
    let smallest = match unit {
        Unit::Count => 1.0,
        Unit::Percent | Unit::Hours => 0.1,
    };
    let step = nice((high - low) / 4.0).max(smallest);
    let first = (low / step).floor() as i64;
    let last = ((high / step).ceil() as i64).max(first + 1);
    (first..=last).map(|place| place as f64 * step).collect()
}

/// The smallest of 1, 2, 5 times a power of ten that is no smaller.
fn nice(step: f64) -> f64 {
    if step <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powi(step.log10().floor() as i32);
    let fits = |times: &f64| times * power >= step * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].into_iter().find(fits).unwrap_or(10.0) * power
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-1e12, 1e12) } else { 0.0 }
}

/// A whole number with a comma between thousands.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn hours(value: f64) -> String {
    match value {
        value if value >= 10.0 => format!("{} h", grouped(value.round() as i64)),
        value => format!("{} h", trimmed(value)),
    }
}

/// One place behind the point, and none where it would be a nought.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
