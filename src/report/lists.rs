//! The items of lists and their markers.
//!
//! Some lists one line alone does not give away: `1 Open the list` is counted
//! without a full stop: a number and a word alone say nothing ("2 errors"); lines that count on, 1 then 2 then 3, are a list,
//! whatever stands between them. `# Open the list` is an item where a wiki is
//! spoken: a line alone is a heading, two in a row are a list.

/// The lines of `own` that are items of such a list: where each starts, without
/// its indent, and how many bytes its marker takes.
pub fn counted_lines(own: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut number = None;
    let mut hash = None;
    let mut offset = 0;
    for raw in own.split_inclusive('\n') {
        let line = raw.trim_start();
        let start = offset + (raw.len() - line.len());
        offset += raw.len();
        if let Some(marker) = hash_marker(line) {
            follow(hash.replace((start, marker)), (start, marker), &mut found);
            continue;
        }
        hash = None;
        if let Some((this, marker)) = leading_number(line) {
            let before = number.filter(|(last, _)| *last + 1 == this).map(|(_, place)| place);
            number = Some((this, (start, marker)));
            follow(before, (start, marker), &mut found);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// An item that follows another makes both of them items.
fn follow(before: Option<(usize, usize)>, item: (usize, usize), found: &mut Vec<(usize, usize)>) {
    if let Some(before) = before {
        found.extend([before, item]);
    }
}

/// `# Words`, `## Words`: the bytes up to the word.
fn hash_marker(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches('#');
    let words = rest.trim_start_matches(' ');
    let hashes = line.len() - rest.len();
    ((1..=3).contains(&hashes) && words.len() < rest.len() && !words.trim_end().is_empty())
        .then(|| line.len() - words.len())
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

/// `-`, `*`, `**`, `•` and a space: the bytes of the marker.
pub fn bullet_marker(line: &str) -> Option<usize> {
    let nested = line.trim_start_matches('*');
    let after = match line.len() - nested.len() {
        0 => line.strip_prefix(['-', '•', '·', '‣', '–', '—', '・', '+', '●', '○'])?,
        _ => nested,
    };
    after.starts_with([' ', '\t', '\u{3000}']).then(|| line.len() - after.trim_start().len())
}

/// `1.`, `2)`, `(3)`, `#4`, `5 -`, `Step 6:`, `a)`, `①`, `1、`: the bytes of the marker.
pub fn number_marker(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some(first.len_utf8());
    }
    let bare = line.trim_start_matches(['(', '（', '#']);
    if let Some(after) =
        bare.strip_prefix(|c: char| c.is_ascii_lowercase()).and_then(|rest| rest.strip_prefix(") "))
    {
        return Some(line.len() - after.trim_start().len());
    }
    let unnamed = strip_step_word(bare);
    let is_named = unnamed.len() < bare.len();
    let bare = unnamed;
    let digits = bare.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let rest = &bare[digits..];
    let dash =
        rest.strip_prefix(" -").or_else(|| rest.strip_prefix(" –")).filter(|after| after.starts_with(' '));
    let after = rest
        .strip_prefix([')', '.', ':', '、', '．', '）', '：'])
        .or(dash)
        .or_else(|| rest.strip_prefix(' ').filter(|_| is_named))?;
    let spaced = after.is_empty() || after.starts_with(|c: char| !c.is_ascii_digit() && c != '.');
    (digits > 0 && digits < 3 && spaced).then(|| line.len() - after.trim_start().len())
}

fn strip_step_word(line: &str) -> &str {
    for word in ["Step ", "step ", "Schritt ", "Étape ", "Paso ", "Passo ", "Stap ", "Krok ", "手順", "步骤"]
    {
        if let Some(rest) = line.strip_prefix(word) {
            return rest.trim_start();
        }
    }
    line
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
    fn hashes_in_a_row_are_a_list_and_one_is_a_heading() {
        assert_eq!(counted_lines("# Open it\n# Press Save\n## twice\n"), [(0, 2), (10, 2), (23, 3)]);
        assert_eq!(counted_lines("# Steps\nOpen it.\n\n# Result\nA blank page."), []);
        assert_eq!(counted_lines("#\n#\n# \n#1 fan\n#2"), []);
    }

    #[test]
    fn markers_are_many() {
        for line in [
            "1. Open",
            "2) Open",
            "(3) Open",
            "#4: Open",
            "5 - Open",
            "Step 6 Open",
            "Step 7: Open",
            "a) Open",
            "① Open",
        ] {
            assert_eq!(
                number_marker(line).map(|length| &line[length..]).map(str::trim),
                Some("Open"),
                "{line}"
            );
        }
        for line in ["- Open", "* Open", "** Open", "• Open"] {
            assert_eq!(bullet_marker(line).map(|length| &line[length..]), Some("Open"), "{line}");
        }
        for line in ["3.5 is out", "12-14 May", "2 errors", "**bold** words", "-v", "a, b", "x"] {
            assert_eq!(number_marker(line).or(bullet_marker(line)), None, "{line}");
        }
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
