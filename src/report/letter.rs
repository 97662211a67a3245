//! Whether somebody wrote a letter: to somebody, and with their name below it.
//!
//! A letter tells what was done in a clause and leaves it at that. A report to a
//! tracker is longer, more exact, and holds a hint of everything.

use super::signals::Read;

/// A name and what somebody is: "Ann Lee, bakery in York".
const WORDS_OF_A_NAME: usize = 6;

/// A greeting, a word of thanks, or a name below.
pub(super) fn is_letter(own: &str, body: &[Read]) -> bool {
    body.iter().any(|read| read.courteous) || is_signed(own)
}

/// Whether the last line is a name: short beside the rest, no sentence, and
/// nothing technical.
fn is_signed(own: &str) -> bool {
    let last = own.trim_end().rsplit('\n').next().unwrap_or_default().trim();
    let plain = |c: char| c.is_alphabetic() || " ,&.'-–—()".contains(c);
    let words = last.split(' ').count();
    let enough = own.split_whitespace().take(2 * WORDS_OF_A_NAME + 1).count() > 2 * words;
    let initial = words > 1 && last.rsplit(' ').next().is_some_and(|word| word.chars().count() == 2);
    words <= WORDS_OF_A_NAME
        && enough
        && last.trim_start_matches(['-', ' ', '–', '—']).starts_with(char::is_alphabetic)
        && last.chars().all(plain)
        && (!last.ends_with('.') || initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_below_makes_a_letter() {
        for own in [
            "The page stays blank since Monday.\nAnn Lee, bakery in York",
            "The page stays blank since Monday.\n\n- piotr, night shift",
            "The page stays blank since Monday.\nB. Holm",
            "The page stays blank since Monday.\nMary P.",
        ] {
            assert!(is_signed(own), "{own}");
        }
    }

    #[test]
    fn a_sentence_a_version_or_a_path_is_no_name() {
        for own in [
            "The page stays blank. It never loads.",
            "The page stays blank since Monday.\nVersion 4.2",
            "The page stays blank since Monday.\nC:\\temp\\log",
            "Blank page",
            "",
        ] {
            assert!(!is_signed(own), "{own}");
        }
    }
}
