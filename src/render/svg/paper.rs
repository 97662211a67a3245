//! The sheet a chart is drawn on: elements, letters and their widths, legends.

use std::fmt::Write;

use super::{Series, Tone, Width};

/// The size of letters, in pixels.
const LETTER: f64 = 12.0;
/// The height of a line of the legend.
const LEGEND: f64 = 20.0;

/// A picture that grows.
pub(super) struct Paper {
    id: String,
    size: Width,
    height: f64,
    tones: Vec<Tone>,
    body: String,
}

impl Paper {
    pub(super) fn new(id: &str, size: Width) -> Paper {
        Paper { id: id.to_owned(), size, height: 0.0, tones: Vec::new(), body: String::new() }
    }

    pub(super) fn width(&self) -> f64 {
        self.size.pixels()
    }

    pub(super) fn is_narrow(&self) -> bool {
        self.size == Width::Narrow
    }

    /// The picture reaches down to here at least.
    pub(super) fn reach(&mut self, y: f64) {
        self.height = self.height.max(y);
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let (x1, y1, x2, y2) = (place(from.0), place(from.1), place(to.0), place(to.1));
        self.add(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    /// Words at a place; `anchor` is `start`, `middle` or `end`.
    pub(super) fn text(&mut self, (x, y): (f64, f64), words: &str, anchor: &str, class: &str) {
        let (x, y, words) = (place(x), place(y), escaped(words));
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }

    /// A filled stretch; what is there at all is a pixel at least.
    pub(super) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), tone: Tone) {
        let fill = self.fill(tone);
        let (x, y) = (place(x), place(y));
        let (width, height) = (place(width.max(1.0)), place(height.max(1.0)));
        self.add(format_args!("<rect {fill} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
    }

    /// A line through places, and a dot on each where they are few.
    pub(super) fn path(&mut self, places: &[(f64, f64)], tone: Tone, dotted: bool) {
        let class = tone.class();
        if places.len() > 1 {
            let corners: Vec<String> =
                places.iter().map(|(x, y)| format!("{} {}", place(*x), place(*y))).collect();
            let corners = corners.join(" L");
            self.add(format_args!("<path class=\"line {class}\" d=\"M{corners}\"/>"));
        }
        let last = places.get(places.len().saturating_sub(1)..).unwrap_or_default();
        let dots = if dotted || places.len() == 1 { places } else { last };
        for (x, y) in dots {
            let (x, y) = (place(*x), place(*y));
            self.add(format_args!("<circle class=\"dot {class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"));
        }
    }

    /// What the pointer is told over what `draw` adds.
    pub(super) fn told(&mut self, words: &str, draw: impl FnOnce(&mut Paper)) {
        self.add(format_args!("<g><title>{}</title>", escaped(words)));
        draw(self);
        self.body.push_str("</g>");
    }

    /// The names of the series from a place on, in rows as there is room, beside a square or a piece of line. Returns where the last line ends.
    pub(super) fn legend(&mut self, series: &[Series], top: f64, lines: bool) -> f64 {
        let (mut x, mut y) = (0.0, top);
        for each in series {
            let name = shortened(&each.name, self.width() - 36.0);
            let left = if lines { 24.0 } else { 17.0 };
            let room = left + width(&name);
            if x > 0.0 && x + room > self.width() {
                (x, y) = (0.0, y + LEGEND);
            }
            match lines {
                true => self.path(&[(x, y + 6.0), (x + 15.0, y + 6.0)], each.tone, false),
                false => self.rect((x, y), (11.0, 11.0), each.tone),
            }
            self.text((x + left, y + 10.0), &name, "start", "name");
            x += room + 18.0;
        }
        if series.is_empty() { top } else { y + LEGEND }
    }

    /// That there is nothing to be drawn.
    pub(super) fn nothing(&mut self) {
        let middle = self.width() / 2.0;
        self.line((0.0, 74.0), (self.width(), 74.0), "base");
        self.text((middle, 46.0), "Nothing in this period", "middle", "none");
        self.reach(80.0);
    }

    pub(super) fn finish(self, title: &str, says: &str) -> String {
        let Paper { id, size, height, tones, body } = self;
        let (wide, high) = (place(size.pixels()), place(height.ceil()));
        let mut svg = format!(
            "<svg class=\"{}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             font-size=\"{LETTER}\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
            size.word(),
            escaped(title),
            escaped(says)
        );
        if !tones.is_empty() {
            svg.push_str("<defs>");
            tones.iter().for_each(|tone| svg.push_str(&pattern(&id, *tone)));
            svg.push_str("</defs>");
        }
        svg + &body + "</svg>"
    }

    /// What fills a stretch: its pattern, or its plain colour.
    fn fill(&mut self, tone: Tone) -> String {
        if pattern("", tone).is_empty() {
            return format!("class=\"{}\"", tone.class());
        }
        if !self.tones.contains(&tone) {
            self.tones.push(tone);
        }
        format!("fill=\"url(#{}-{})\"", self.id, tone.class())
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        self.body.write_fmt(element).expect("writing to a string does not fail");
    }
}

/// The pattern of a tone; empty where it is plain.
fn pattern(id: &str, tone: Tone) -> String {
    let (size, turn, marks) = match tone {
        Tone::Second => {
            (6, " patternTransform=\"rotate(45)\"", "<rect class=\"second\" width=\"3\" height=\"6\"/>")
        }
        Tone::Third => (6, "", "<circle class=\"third\" cx=\"3\" cy=\"3\" r=\"1.7\"/>"),
        Tone::Fourth => (5, "", "<rect class=\"fourth\" width=\"5\" height=\"2\"/>"),
        Tone::Alarm => {
            (5, " patternTransform=\"rotate(-45)\"", "<rect class=\"alarm\" width=\"3.2\" height=\"5\"/>")
        }
        Tone::Main | Tone::Rest | Tone::Step(_) => return String::new(),
    };
    let class = tone.class();
    format!(
        "<pattern id=\"{id}-{class}\" width=\"{size}\" height=\"{size}\" patternUnits=\"userSpaceOnUse\"{turn}>\
         <rect class=\"{class} ground\" width=\"{size}\" height=\"{size}\"/>{marks}</pattern>"
    )
}

/// The width of words in pixels, rather too much than too little: the letters of a page are the reader's own.
pub(super) fn width(words: &str) -> f64 {
    let letter = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.44,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | '…' => 1.0,
        'A'..='Z' | '&' | '→' => 0.74,
        c if c.is_ascii() => 0.6,
        c if c < '\u{2e80}' => 0.68,
        _ => 1.05,
    };
    words.chars().map(letter).sum::<f64>() * LETTER
}

/// Words cut so that they have room, with an ellipsis; the table has them whole.
pub(super) fn shortened(words: &str, room: f64) -> String {
    if width(words) <= room {
        return words.to_owned();
    }
    let (mut text, mut used) = (String::new(), width("…"));
    for c in words.chars() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        text.push(c);
    }
    format!("{}…", text.trim_end())
}

/// A place to a tenth of a pixel, as short as it can be written.
fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
    }
    text
}
