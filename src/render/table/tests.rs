use super::*;

fn table(rows: Vec<Vec<Cell>>) -> Table {
    let columns = vec![Column::new("name", "Name"), Column::new("waited_hours", "Waited")];
    Table { columns, rows }
}

fn one(text: &str) -> String {
    let csv = table(vec![vec![Cell::Text(text.into()), Cell::Count(1)]]).csv();
    csv.strip_prefix("name,waited_hours\r\n").unwrap().strip_suffix(",1\r\n").unwrap().to_owned()
}

#[test]
fn words_are_quoted_only_where_they_must_be() {
    for (words, written) in [
        ("plain", "plain"),
        ("two words", "two words"),
        ("a, b", "\"a, b\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\nlines", "\"two\nlines\""),
        ("Grüße, 日本", "\"Grüße, 日本\""),
        ("", ""),
    ] {
        assert_eq!(one(words), written, "{words}");
    }
}

#[test]
fn nothing_a_customer_writes_is_a_formula() {
    for (words, written) in [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
        ("\r\n=1", "\"'\r\n=1\""),
        ("1=1", "1=1"),
    ] {
        assert_eq!(one(words), written, "{words}");
    }
}

#[test]
fn figures_have_their_unit_in_the_heading_and_times_are_iso() {
    let at: Timestamp = "2026-11-22T06:30:00.5Z".parse().unwrap();
    let day = jiff::civil::date(2026, 11, 2);
    let rows = [
        Cell::None,
        Cell::Count(-3),
        Cell::Seconds(7_800),
        Cell::Share(1, 3),
        Cell::Share(0, 0),
        Cell::Day(day),
        Cell::Moment(at),
    ];
    let rows = rows.map(|cell| vec![Cell::Text("x".into()), cell]).to_vec();
    let csv = table(rows).csv();
    let cells: Vec<&str> = csv.lines().skip(1).map(|line| line.strip_prefix("x,").unwrap()).collect();
    assert_eq!(cells, ["", "-3", "2.17", "33.3", "", "2026-11-02", "2026-11-22T06:30:00Z"]);
}

#[test]
fn people_read_lengths_and_shares() {
    for (cell, shown) in [
        (Cell::Seconds(0), "0 min"),
        (Cell::Seconds(29), "0 min"),
        (Cell::Seconds(2_700), "45 min"),
        (Cell::Seconds(7_800), "2 h 10 min"),
        (Cell::Seconds(86_400), "24 h"),
        (Cell::Seconds(3_600_000), "1,000 h"),
        (Cell::Share(2, 3), "67%"),
        (Cell::Share(0, 0), "–"),
        (Cell::Count(1_234_567), "1,234,567"),
        (Cell::Count(-12), "−12"),
        (Cell::Day(jiff::civil::date(2026, 11, 2)), "2 Nov 2026"),
        (Cell::None, "–"),
    ] {
        assert_eq!(cell.shown(&TimeZone::UTC), shown);
    }
}

#[test]
fn a_time_is_shown_by_the_readers_clock() {
    let cell = Cell::Moment("2026-11-22T23:30:00Z".parse().unwrap());
    assert_eq!(cell.shown(&TimeZone::get("Europe/Berlin").unwrap()), "23 Nov 2026, 00:30");
}

#[test]
fn lines_of_text_have_their_columns_below_each_other() {
    let rows = vec![
        vec![Cell::Text("anna".into()), Cell::Count(3)],
        vec![Cell::Text("x".repeat(60)), Cell::Count(1_000)],
    ];
    let lines = table(rows).plain(&TimeZone::UTC);
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{lines:#?}");
    assert!(lines[2].contains('…') && lines[1].ends_with("     3"), "{lines:#?}");
}

#[test]
fn json_has_numbers_as_numbers() {
    let json = table(vec![vec![Cell::Text("=x".into()), Cell::Seconds(5_400)]]).json();
    assert_eq!(json, json!([{ "name": "=x", "waited_hours": 1.5 }]));
}

#[test]
fn a_heading_stands_as_its_figures_do() {
    let view = table(vec![
        vec![Cell::Text("a".into()), Cell::None],
        vec![Cell::Ticket(7, "DG-7".into()), Cell::Count(1)],
    ])
    .view(&TimeZone::UTC);
    assert_eq!(view.heads.iter().map(|head| head.number).collect::<Vec<_>>(), [false, true]);
    assert_eq!(view.rows[1][0].ticket, Some(7));
}
