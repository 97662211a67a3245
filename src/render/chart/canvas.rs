//! Pixels: filled rectangles, letters, and the PNG they become.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// Pixels to one CSS pixel.
const SCALE: f32 = 2.0;

/// Roboto Medium (Apache-2.0), printable ASCII only.
static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("roboto-medium.ttf")).expect("the font that is compiled in is one")
});

/// Which end of a text stands at its place.
#[derive(Clone, Copy)]
pub(super) enum Align {
    /// Its beginning.
    Left,
    /// Its middle.
    Middle,
}

/// A picture without a background.
pub(super) struct Canvas {
    width: u32,
    height: u32,
    /// Red, green, blue, opacity.
    pixels: Vec<u8>,
}

impl Canvas {
    /// An empty one; sizes here and below are in CSS pixels.
    pub(super) fn new(width: u32, height: u32) -> Canvas {
        let (width, height) = (width * SCALE as u32, height * SCALE as u32);
        Canvas { width, height, pixels: vec![0; width as usize * height as usize * 4] }
    }

    /// A rectangle, its edges on whole pixels.
    pub(super) fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        let edge = |at: f32| (at * SCALE).round() as i64;
        for row in edge(y)..edge(y + height) {
            for column in edge(x)..edge(x + width) {
                self.put(column, row, colour, 1.0);
            }
        }
    }

    /// A line of text with its base line at `y`.
    pub(super) fn text(&mut self, text: &str, x: f32, y: f32, size: f32, colour: Colour, align: Align) {
        let from = match align {
            Align::Left => x,
            Align::Middle => x - width(text, size) / 2.0,
        };
        let font = FONT.as_scaled(PxScale::from(size * SCALE));
        let mut at = (from * SCALE).round();
        for letter in text.chars() {
            let glyph = font.glyph_id(letter).with_scale_and_position(font.scale(), point(at, y * SCALE));
            at += font.h_advance(glyph.id);
            if let Some(outline) = FONT.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                let (left, top) = (corner.x as i64, corner.y as i64);
                outline.draw(|column, row, cover| {
                    self.put(left + i64::from(column), top + i64::from(row), colour, cover);
                });
            }
        }
    }

    /// Covers a pixel; beyond the edge nothing.
    fn put(&mut self, x: i64, y: i64, colour: Colour, cover: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let at = (y as usize * self.width as usize + x as usize) * 4;
        let opacity = (cover.clamp(0.0, 1.0) * 255.0).round() as u8;
        // Nothing overlaps but the edges of neighbouring letters.
        if let Some([red, green, blue, there]) = self.pixels.get_mut(at..at + 4)
            && opacity > *there
        {
            [*red, *green, *blue] = colour;
            *there = opacity;
        }
    }

    /// The picture as PNG (ISO/IEC 15948).
    pub(super) fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let whole = "a buffer takes every byte, and there are as many pixels as the header says";
        let mut writer = encoder.write_header().expect(whole);
        writer.write_image_data(&self.pixels).expect(whole);
        writer.finish().expect(whole);
        bytes
    }
}

/// The width of a line of text.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let font = FONT.as_scaled(PxScale::from(size * SCALE));
    text.chars().map(|letter| font.h_advance(font.glyph_id(letter))).sum::<f32>() / SCALE
}
