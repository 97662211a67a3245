use super::{
    ticks::{grouped, ticks},
    *,
};

fn count(svg: &str, what: &str) -> usize {
    svg.matches(what).count()
}

#[test]
fn level_lines_are_round_and_hold_the_highest() {
    for (high, unit, lines) in [
        (0.0, Unit::Count, vec![0.0, 1.0]),
        (1.0, Unit::Count, vec![0.0, 1.0]),
        (3.0, Unit::Count, vec![0.0, 1.0, 2.0, 3.0]),
        (4.0, Unit::Count, vec![0.0, 1.0, 2.0, 3.0, 4.0]),
        (7.0, Unit::Count, vec![0.0, 2.0, 4.0, 6.0, 8.0]),
        (100.0, Unit::Count, vec![0.0, 50.0, 100.0]),
        (437.0, Unit::Count, vec![0.0, 200.0, 400.0, 600.0]),
        (0.3, Unit::Hours, vec![0.0, 0.1, 0.2, 0.3]),
        (63.0, Unit::Percent, vec![0.0, 25.0, 50.0, 75.0, 100.0]),
    ] {
        let drawn: Vec<f64> =
            ticks(0.0, high, unit).iter().map(|tick| (tick * 1000.0).round() / 1000.0).collect();
        assert_eq!(drawn, lines, "{high} {unit:?}");
    }
    assert_eq!(ticks(-3.0, 7.0, Unit::Count), [-5.0, 0.0, 5.0, 10.0]);
}

#[test]
fn any_figure_has_level_lines() {
    for high in [f64::NAN, f64::INFINITY, -5.0, 1e300, 1e-300, 2.000_000_1, 999_999_999.0] {
        let lines = ticks(0.0, high, Unit::Count);
        assert!((2..=7).contains(&lines.len()), "{high}: {lines:?}");
    }
}

#[test]
fn figures_are_written_short() {
    for (value, unit, text) in [
        (1234.0, Unit::Count, "1,234"),
        (12.0, Unit::Percent, "12%"),
        (12.34, Unit::Percent, "12.3%"),
        (2.5, Unit::Hours, "2.5 h"),
        (0.0, Unit::Hours, "0 h"),
        (27.4, Unit::Hours, "27 h"),
    ] {
        assert_eq!(unit.short(value), text);
    }
    assert_eq!((grouped(999), grouped(-1000)), ("999".into(), "−1,000".into()));
}

fn chart(kind: Kind) -> Chart {
    Chart { title: "Open <tickets>".into(), says: "Most on \"Monday\".".into(), kind }
}

fn columns(steps: usize, way: Way, value: impl Fn(usize) -> Vec<f64>) -> Chart {
    let series = vec![Series::new("Opened", Tone::Main), Series::new("Closed", Tone::Second)];
    let steps = (0..steps).map(|step| (format!("{} Nov", step + 1), value(step))).collect();
    chart(Kind::Columns(Columns { unit: Unit::Count, way, series, steps }))
}

fn lines(values: &[[Option<f64>; 2]]) -> Chart {
    let series = vec![Series::new("Median", Tone::Main), Series::new("90 %", Tone::Second)];
    let steps = values.iter().enumerate().map(|(at, values)| (format!("{at}"), values.to_vec())).collect();
    chart(Kind::Lines(Lines { unit: Unit::Hours, series, steps }))
}

fn bars(bars: &[(&str, [f64; 2])]) -> Chart {
    let series = vec![Series::new("Before", Tone::Step(0)), Series::new("New", Tone::Step(2))];
    let bar = |(name, values): &(&str, [f64; 2])| Bar {
        name: (*name).to_owned(),
        values: values.to_vec(),
        says: format!("{} tickets", values[0] + values[1]),
    };
    chart(Kind::Bars(Bars { series, bars: bars.iter().map(bar).collect() }))
}

fn several() -> Vec<Chart> {
    vec![
        columns(0, Way::Stacked, |_| vec![]),
        columns(1, Way::Stacked, |_| vec![5.0, 0.0]),
        columns(30, Way::UpAndDown, |step| vec![step as f64, 30.0 - step as f64]),
        columns(366, Way::Stacked, |step| vec![(step % 70) as f64 * 1000.0, 3.0]),
        lines(&[]),
        lines(&[[Some(2.0), Some(2.05)]]),
        lines(&[[None, Some(2.0)], [Some(1.0), Some(40.0)], [None, Some(41.0)], [Some(40.5), Some(41.0)]]),
        bars(&[]),
        bars(&[("support", [0.0, 0.0])]),
        bars(&[
            ("a very long name of a customer that nobody has room for on any paper", [1e9, 1.0]),
            ("b", [1.0, 0.0]),
        ]),
    ]
}

#[test]
fn a_chart_says_what_it_shows_to_who_cannot_see_it() {
    for (at, chart) in several().iter().enumerate() {
        let svg = draw(chart, "open", Width::Wide);
        assert!(svg.contains("role=\"img\" aria-labelledby=\"open-wide-t open-wide-d\""), "{at}: {svg}");
        assert!(svg.contains("<title id=\"open-wide-t\">Open &lt;tickets&gt;</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"open-wide-d\">Most on &quot;Monday&quot;.</desc>"), "{svg}");
        assert!(!svg.contains("style="), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{at}: {svg}");
    }
}

/// Every text with its box: left, right, and the line on which it stands.
fn texts(svg: &str) -> Vec<(f64, f64, f64, String)> {
    let value = |element: &str, name: &str| {
        let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let each = |element: &str| {
        let words = element.split('>').nth(1).unwrap().replace("&lt;", "<").replace("&amp;", "&");
        let (x, y): (f64, f64) = (value(element, "x").parse().unwrap(), value(element, "y").parse().unwrap());
        let width = paper::width(&words);
        let left = match value(element, "text-anchor").as_str() {
            "start" => x,
            "middle" => x - width / 2.0,
            _ => x - width,
        };
        (left, left + width, y, words)
    };
    svg.split("<text").skip(1).map(|rest| each(rest.split("</text>").next().unwrap())).collect()
}

#[test]
fn no_text_lies_on_another_or_beyond_the_paper() {
    for (at, chart) in several().iter().enumerate() {
        for width in [Width::Wide, Width::Narrow] {
            let texts = texts(&draw(chart, "x", width));
            for (place, (left, right, y, words)) in texts.iter().enumerate() {
                assert!(
                    *left >= -0.5 && *right <= width.pixels() + 0.5,
                    "{at} {width:?}: {words} is at {left} to {right}"
                );
                for (other_left, other_right, other_y, other) in &texts[place + 1..] {
                    let beside = right <= other_left || other_right <= left;
                    assert!(
                        beside || (y - other_y).abs() >= 11.0,
                        "{at} {width:?}: {words:?} lies on {other:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_there_is_seen_and_what_is_not_is_not() {
    let svg = draw(
        &columns(2, Way::Stacked, |step| vec![if step == 0 { 100_000.0 } else { 1.0 }, 0.0]),
        "x",
        Width::Wide,
    );
    // A square of the legend for each series, the two grounds and stripes of a pattern, a column each.
    assert_eq!(count(&svg, "<rect class=\"main\""), 3, "{svg}");
    assert!(svg.contains("height=\"1\""), "{svg}");
    assert_eq!(count(&svg, "fill=\"url(#x-wide-second)\""), 1, "{svg}");
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for chart in [columns(3, Way::UpAndDown, |_| vec![0.0, 0.0]), lines(&[[None, None]]), bars(&[])] {
        assert!(draw(&chart, "x", Width::Narrow).contains("Nothing in this period"));
    }
}

#[test]
fn each_series_has_a_look_of_its_own_beside_its_colour() {
    let tones = [Tone::Second, Tone::Third, Tone::Fourth, Tone::Alarm];
    let series: Vec<Series> = tones.iter().map(|tone| Series::new("x", *tone)).collect();
    let steps = vec![("1".to_owned(), vec![1.0; 4])];
    let columns = Columns { unit: Unit::Count, way: Way::Stacked, series, steps };
    let svg = draw(&chart(Kind::Columns(columns)), "x", Width::Wide);
    assert_eq!(count(&svg, "<pattern "), 4);
    for tone in tones {
        assert_eq!(count(&svg, &format!("fill=\"url(#x-wide-{})\"", tone.class())), 2, "{svg}");
    }
}

#[test]
fn a_gap_in_a_line_stays_a_gap() {
    let svg = draw(
        &lines(&[[Some(1.0), None], [Some(2.0), None], [None, None], [Some(3.0), None], [Some(1.0), None]]),
        "x",
        Width::Wide,
    );
    // Two pieces, and the one in the legend for each of both.
    assert_eq!(count(&svg, "<path class=\"line main\""), 3, "{svg}");
    assert_eq!(count(&svg, "<path class=\"line second\""), 1, "{svg}");
}

#[test]
fn a_name_is_cut_where_it_has_no_room() {
    let name = "x".repeat(500);
    let svg = draw(&bars(&[(&name, [1.0, 0.0])]), "x", Width::Wide);
    assert!(texts(&svg).iter().any(|(.., words)| words.ends_with('…')));
}

proptest::proptest! {
    #[test]
    fn any_figures_are_drawn(values in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY), 0..40)) {
        let columns = columns(values.len(), Way::UpAndDown, |step| vec![values[step].0, values[step].1]);
        let lines = lines(&values.iter().map(|(one, other)| [Some(*one), Some(*other)]).collect::<Vec<_>>());
        for chart in [columns, lines] {
            draw(&chart, "x", Width::Narrow);
        }
    }
}
