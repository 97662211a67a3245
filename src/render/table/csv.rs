//! CSV by RFC 4180, which no spreadsheet takes for formulas.

use super::{Cell, Table};

/// What a spreadsheet may take a cell for a formula by, full-width forms included (OWASP, "CSV Injection").
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub(super) fn written(table: &Table) -> String {
    let heads = table.columns.iter().map(|column| text(&column.key));
    let mut lines = vec![heads.collect::<Vec<_>>().join(",")];
    lines.extend(table.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",")));
    lines.into_iter().map(|line| line + "\r\n").collect()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) | Cell::Ticket(_, words) => text(words),
        figure => figure.bare(),
    }
}

/// Words with a guard before what looks like a formula, in quotes where RFC 4180 asks for them.
fn text(words: &str) -> String {
    let guard = if words.trim_start_matches(' ').starts_with(FORMULA) { "'" } else { "" };
    let words = format!("{guard}{words}");
    match words.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", words.replace('"', "\"\"")),
        false => words,
    }
}
