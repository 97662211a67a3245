//! Tables on a terminal.

use jiff::tz::TimeZone;

use super::{Cell, Table};

/// Longer words are cut: a subject must not break the columns.
const LONGEST: usize = 48;

pub(super) fn written(table: &Table, zone: &TimeZone) -> Vec<String> {
    let heads: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| cut(&cell.shown(zone))).collect()).collect();
    let widths: Vec<usize> = heads.iter().enumerate().map(|(at, head)| widest(head, &rows, at)).collect();
    let right: Vec<bool> = (0..heads.len()).map(|at| is_right(table, at)).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(widths.iter().zip(&right)).map(|(cell, (width, right))| match right {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    [line(&heads)].into_iter().chain(rows.iter().map(|row| line(row))).collect()
}

fn widest(head: &str, rows: &[Vec<String>], at: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
    cells.max().unwrap_or_default().max(head.chars().count())
}

fn is_right(table: &Table, at: usize) -> bool {
    at > 0 && table.rows.iter().filter_map(|row| row.get(at)).all(Cell::is_number)
}

fn cut(words: &str) -> String {
    let words = crate::domain::text::line(words);
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
        None => words,
    }
}
