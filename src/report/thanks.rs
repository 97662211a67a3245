//! A short word of thanks, which ends a conversation and opens nothing.

use super::fold::{fold, unspaced};

/// Longer texts say something else as well.
const MOST_WORDS: usize = 14;
/// The same for scripts that leave no space between words, in characters.
const MOST_CHARS: usize = 30;

/// Thanks in ten languages, as [`fold`] spells them.
const THANKS: [&str; 26] = [
    "thank",
    "thanks",
    "thx",
    "cheers",
    "danke",
    "dank",
    "dankeschoen",
    "merci",
    "remercie",
    "gracias",
    "agradezco",
    "obrigado",
    "obrigada",
    "agradeco",
    "grazie",
    "ringrazio",
    "bedankt",
    "dankjewel",
    "dankuwel",
    "dzieki",
    "dziekuje",
    "dziekujemy",
    "ありがとう",
    "感謝",
    "谢谢",
    "感谢",
];

/// Words after which thanks are only politeness.
const BUT: [&str; 36] = [
    "but",
    "not",
    "still",
    "again",
    "however",
    "please",
    "aber",
    "nicht",
    "immer",
    "wieder",
    "bitte",
    "leider",
    "mais",
    "pas",
    "toujours",
    "encore",
    "pero",
    "no",
    "sigue",
    "todavia",
    "mas",
    "nao",
    "ainda",
    "ma",
    "non",
    "ancora",
    "maar",
    "niet",
    "nog",
    "ale",
    "nie",
    "nadal",
    "まだ",
    "しかし",
    "但",
    "还",
];

/// Whether somebody only says thanks: short, no question, nothing that is still wrong.
pub fn is_thanks(own: &str) -> bool {
    if own.len() > 400 || own.contains(['?', '？']) {
        return false;
    }
    let folded = fold(own);
    let words: Vec<&str> = folded.split(' ').collect();
    let without_spaces = folded.chars().filter(|&c| unspaced(c)).count();
    let says = |list: &[&str]| {
        list.iter().any(|each| match each.chars().any(unspaced) {
            true => folded.contains(each),
            false => words.contains(each) || words.iter().any(|word| word.ends_with("n't") && *each == "not"),
        })
    };
    words.len() <= MOST_WORDS && without_spaces <= MOST_CHARS && says(&THANKS) && !says(&BUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_are_known_in_ten_languages() {
        for own in [
            "Thanks!",
            "Thank you, works perfectly now.\n\nAnna",
            "Vielen Dank für die schnelle Hilfe!",
            "Merci beaucoup",
            "Muchas gracias por la ayuda.",
            "Muito obrigado!",
            "Grazie mille",
            "Hartelijk bedankt!",
            "Dziękuję bardzo",
            "ありがとうございました。",
            "非常感谢！",
        ] {
            assert!(is_thanks(own), "{own}");
        }
    }

    #[test]
    fn thanks_with_a_but_a_question_or_a_story_are_no_mere_thanks() {
        for own in [
            "Thanks, but it still fails.",
            "Thanks. It doesn't work.",
            "Danke, aber es geht immer noch nicht.",
            "Thank you. When will it be live?",
            "Merci, mais ça ne marche pas",
            "",
            "It broke again",
            "谢谢，但是还不行",
            "Thanks for that. Today I opened the monthly report and pressed the print button, and out came nothing at all on any printer.",
        ] {
            assert!(!is_thanks(own), "{own}");
        }
    }
}
