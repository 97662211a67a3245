//! The figures as lines for people.

use crate::{
    domain::{Slot, Word},
    report::score::{Figures, Score, SlotFigures},
};

/// One line for each row of figures, below a heading that explains them.
pub fn lines(rows: &[(String, Score)]) -> Vec<String> {
    let rows: Vec<(&str, Figures)> =
        rows.iter().map(|(name, score)| (name.as_str(), score.figures())).collect();
    let rows: Vec<_> = rows.into_iter().filter(|(_, figures)| figures.reports + figures.others > 0).collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut lines = vec![
        "F1, found: of what is missing. asked: of what is there, asked for needlessly. words: evidence right."
            .to_owned(),
        format!(
            "{:width$}          all │ steps                  │ actual                 │ expected               │ reports │ others",
            ""
        ),
        format!(
            "{:width$}      n right │{PART}│{PART}│{PART}│  missed │    n quiet",
            ""
        ),
    ];
    lines.extend(rows.iter().map(|(name, figures)| line(name, width, figures)));
    lines
}

const PART: &str = "   F1 found asked words ";

fn line(name: &str, width: usize, figures: &Figures) -> String {
    let parts: Vec<String> =
        Slot::ALL.iter().map(|&slot| figures.of(slot).map(part).unwrap_or_default()).collect();
    format!(
        "{name:width$} {:>6} {:>5} │{}│ {:>7} │ {:>4} {:>5}",
        figures.reports,
        share(figures.all_right),
        parts.join("│"),
        share(figures.overlooked),
        figures.others,
        share(figures.quiet)
    )
}

fn part(slot: &SlotFigures) -> String {
    let [f1, found, asked, words] = [slot.f1, slot.recall, slot.false_ask, slot.evidence_right].map(share);
    format!("{f1:>5} {found:>5} {asked:>5} {words:>5} ")
}

fn share(share: Option<f64>) -> String {
    match share {
        Some(share) => format!("{share:.3}"),
        None => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Verdict, score::Case};

    #[test]
    fn every_column_stands_below_its_heading() {
        let mut score = Score::default();
        let report = Case::read(r#"{"id":"a","text":"","s2r":false,"ob":true,"eb":false}"#).unwrap();
        let verdict = Verdict { problem_report: true, ..Verdict::default() };
        score.add(&report, &verdict, |_| Vec::new());
        let empty = Score::default();
        let lines = lines(&[("gold firefox".to_owned(), score), ("none".to_owned(), empty)]);
        assert_eq!(lines.len(), 4, "a row of nothing is left out: {lines:#?}");
        let bars = |line: &str| -> Vec<usize> {
            line.chars().enumerate().filter(|(_, c)| *c == '│').map(|(at, _)| at).collect()
        };
        assert_eq!(bars(&lines[1]), bars(&lines[2]));
        assert_eq!(bars(&lines[2]), bars(&lines[3]));
        assert!(lines[3].starts_with("gold firefox      1 0.000 │1.000 1.000     –     – │"), "{}", lines[3]);
    }
}
