//! Lines that somebody counted without a full stop: `1 Open the list`.
//!
//! A number and a word alone say nothing ("2 errors"); lines that count on,
//! 1 then 2 then 3, are a list, whatever stands between them.

/// The lines of `own` that count on from one another: where each starts, without
/// its indent, and how many bytes the number and the space behind it take.
pub fn counted_lines(own: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(u32, (usize, usize))> = None;
    let mut offset = 0;
    for raw in own.split_inclusive('\n') {
        let line = raw.trim_start();
        let start = offset + (raw.len() - line.len());
        offset += raw.len();
        let Some((number, marker)) = leading_number(line) else { continue };
        if let Some((_, before)) = last.filter(|(before, _)| before + 1 == number) {
            if found.last() != Some(&before) {
                found.push(before);
            }
            found.push((start, marker));
        }
        last = Some((number, (start, marker)));
    }
    found
}

/// `12 Words`: the number and the bytes up to the word.
fn leading_number(line: &str) -> Option<(u32, usize)> {
    let digits = line.bytes().take(3).take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let rest = &line[digits..];
    let words = rest.trim_start_matches([' ', '\t']);
    let worded = words.starts_with(|c: char| c.is_alphabetic() || "\"'“„«(<[`*".contains(c));
    (words.len() < rest.len() && worded)
        .then(|| (line[..digits].parse().unwrap_or(0), line.len() - words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_count_on_are_a_list() {
        let own = "1 Open it\n  2 Press Save\nNothing.\n3 Wait\n7 days later\n";
        let words: Vec<&str> =
            counted_lines(own).iter().map(|(start, marker)| &own[start + marker..][..4]).collect();
        assert_eq!(words, ["Open", "Pres", "Wait"]);
    }

    #[test]
    fn a_number_alone_is_no_list() {
        for own in [
            "2 errors were shown",
            "1 user\n1 printer",
            "3.2 is out\n4 days ago",
            "12:30 Lunch",
            "1\n2\n3",
            "",
        ] {
            assert_eq!(counted_lines(own), [], "{own}");
        }
    }
}
