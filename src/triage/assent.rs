//! "Yes, that's right", in ten languages: the answer to what we said back.
//!
//! Only a plain yes counts. "Yes, but ...", a yes that is asked back, and whatever else could
//! be meant in two ways says nothing, and what was unsure stays so.

use crate::domain::text;

/// What the first words of a reply say to a question of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Yes,
    No,
    /// Neither, or not clearly.
    Neither,
}

/// A yes or a no stands at the beginning, or nowhere.
const LOOKED_AT: usize = 400;
/// So many short sentences may stand before it: a greeting, thanks.
const MOST_BEFORE: usize = 2;
/// A greeting is no longer than this, in words.
const WORDS_BEFORE: usize = 5;

/// Whole clauses, in lower case, that say yes.
#[rustfmt::skip] // one word a line would make the tables unreadable
const YES: &[&str] = &[
    "yes", "yep", "yeah", "that's right", "that is right", "this is right", "that's correct", "that is correct",
    "this is correct", "right", "correct", "exactly", "indeed", "it is", "you are right", "that's it",
    "ja", "das stimmt", "das ist richtig", "das ist korrekt", "stimmt", "stimmt genau", "genau", "genau so",
    "richtig", "korrekt", "so ist es", "jawohl",
    "oui", "c'est ça", "c'est cela", "c'est bien ça", "c'est bien cela", "c'est exact", "c'est correct",
    "c'est juste", "exact", "exactement", "tout à fait", "en effet",
    "sí", "si", "así es", "es así", "eso es", "correcto", "es correcto", "exacto", "exactamente", "efectivamente",
    "sim", "está certo", "está correto", "isso", "isso mesmo", "é isso", "é isso mesmo", "certo", "correto",
    "exato", "exatamente",
    "sì", "è corretto", "è giusto", "corretto", "giusto", "esatto", "esattamente", "proprio così", "è così",
    "dat klopt", "klopt", "klopt helemaal", "dat is juist", "dat is correct", "juist", "inderdaad", "precies",
    "tak", "tak jest", "zgadza się", "to się zgadza", "dokładnie", "dokładnie tak", "owszem",
    "はい", "はいそうです", "はいその通りです", "そうです", "その通りです", "そのとおりです", "間違いありません",
    "合っています", "それで合っています", "問題ありません",
    "是", "是的", "对", "对的", "没错", "正确", "是这样", "是这样的", "就是这样", "對", "對的", "沒錯", "正確",
];

/// Whole clauses, in lower case, that say no.
#[rustfmt::skip]
const NO: &[&str] = &[
    "no", "nope", "not quite", "not really", "not exactly", "that's wrong", "that is wrong", "that's not right",
    "that is not right", "wrong",
    "nein", "nicht ganz", "das stimmt nicht", "stimmt nicht", "falsch", "das ist falsch",
    "non", "pas tout à fait", "ce n'est pas ça", "ce n'est pas cela", "c'est faux",
    "no es así", "no exactamente", "incorrecto",
    "não", "não é isso", "não exatamente", "incorreto", "errado",
    "non è così", "non proprio", "non esattamente", "sbagliato",
    "nee", "niet helemaal", "dat klopt niet", "klopt niet", "onjuist",
    "nie", "nie do końca", "nie zgadza się", "to nieprawda",
    "いいえ", "違います", "いいえ違います", "ちがいます",
    "不", "不是", "不是的", "不对", "不對", "错",
];

/// What takes a yes half back.
#[rustfmt::skip]
const BUT: &[&str] = &[
    "but ", "except ", "only ", "not ", "although ",
    "aber ", "nur ", "allerdings ", "jedoch ", "nicht ",
    "mais ", "sauf ", "pas ", "pero ", "salvo ", "aunque ", "mas ", "porém ", "só ", "ma ", "però ", "tranne ",
    "maar ", "alleen ", "behalve ", "niet ", "ale ", "tylko ", "jednak ",
    "でも", "ですが", "ただ", "しかし", "但", "不过", "可是",
];

/// What a reply says to a question of ours, and the byte at which that is said and anything else begins.
pub(super) fn said(own: &str) -> (Said, usize) {
    let (mut before, mut found, mut end) = (0, Said::Neither, 0);
    for clause in clauses(text::prefix(own, LOOKED_AT)) {
        let words = plain(clause.text);
        if words.is_empty() {
            continue;
        }
        let means = meaning(&words, clause.asks);
        match (found, means) {
            (Said::Neither, Said::Neither) => {
                before += 1;
                if before > MOST_BEFORE || words.split(' ').count() > WORDS_BEFORE {
                    return (Said::Neither, 0);
                }
                continue;
            }
            (Said::Neither, said) => found = said,
            (Said::Yes, Said::Yes) | (Said::No, Said::No) => {}
            (Said::Yes, Said::No) | (Said::No, Said::Yes) => return (Said::Neither, 0),
            (Said::Yes, Said::Neither) if takes_back(&words) => return (Said::Neither, 0),
            (Said::Yes | Said::No, Said::Neither) => break,
        }
        end = clause.end;
    }
    (found, end)
}

fn meaning(words: &str, asks: bool) -> Said {
    let all_of = |list: &[&str]| {
        list.contains(&words)
            || words
                .split_once(' ')
                .is_some_and(|(first, rest)| list.contains(&first) && list.contains(&rest))
    };
    match asks {
        true => Said::Neither,
        false if all_of(NO) => Said::No,
        false if all_of(YES) => Said::Yes,
        false => Said::Neither,
    }
}

fn takes_back(words: &str) -> bool {
    BUT.iter().any(|but| words.starts_with(but))
}

/// A stretch between marks.
struct Clause<'t> {
    text: &'t str,
    /// Where the next one begins.
    end: usize,
    asks: bool,
}

fn clauses(text: &str) -> impl Iterator<Item = Clause<'_>> {
    let marks = [',', '，', '、', '.', '。', '!', '！', '?', '？', ';', '；', ':', '：', '–', '—', '…', '\n'];
    let mut end = 0;
    text.split_inclusive(marks).map(move |text| {
        end += text.len();
        Clause { text, end, asks: text.ends_with(['?', '？']) }
    })
}

/// In lower case, without marks and quotes, one space between words.
fn plain(clause: &str) -> String {
    let kept = clause.replace(['’', '‘'], "'").to_lowercase();
    let words = kept.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[rustfmt::skip]
    fn a_plain_yes_is_understood_in_ten_languages() {
        for own in [
            "Yes, that's right.", "yes", "Hello,\n\nyes that’s right.\n\nAnna", "Exactly!", "Ja, das stimmt.",
            "Guten Tag Frau Weber,\n\nja, genau.", "Stimmt.", "Oui, c’est bien cela.", "Tout à fait.",
            "Sí, así es.", "Correcto", "Sim, está certo.", "Isso mesmo!", "Sì, è corretto.", "Esatto.",
            "Ja, dat klopt.", "Klopt!", "Tak, zgadza się.", "Dokładnie tak.", "はい、その通りです。", "そうです。", "是的，没错。",
            "对",
        ] {
            assert_eq!(said(own).0, Said::Yes, "{own:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_no_is_no_yes_in_ten_languages() {
        for own in [
            "No.", "No, that's not right.", "Nein, das stimmt nicht.", "Non, ce n’est pas cela.",
            "No, no es así.", "Não, não é isso.", "No, non è così.", "Nee, dat klopt niet.",
            "Nie, nie do końca.", "いいえ、違います。", "不是的。", "Not quite: it was blue.",
        ] {
            assert_eq!(said(own).0, Said::No, "{own:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn what_can_be_meant_in_two_ways_says_neither() {
        for own in [
            "", "Yes, but only on Mondays.", "Yes. No.", "Right?", "Yes?", "Ja, aber nur montags.",
            "Oui, mais pas tout.", "是的，但是只有一次。", "はい、ただ昨日だけです。", "The report comes out on paper.",
            "Yesterday it worked.", "It is the monthly report that I print every Monday morning. Yes.",
            "Yes we print it every day",
        ] {
            assert_eq!(said(own).0, Said::Neither, "{own:?}");
        }
    }

    #[test]
    fn what_stands_behind_the_yes_is_left_for_others_to_read() {
        for (own, rest) in [
            ("Yes, that's right.", ""),
            ("Yes. I pressed Print twice.", " I pressed Print twice."),
            ("Ja, das stimmt, ich habe zweimal gedruckt.", " ich habe zweimal gedruckt."),
            ("I pressed Print.", "I pressed Print."),
        ] {
            let (_, end) = said(own);
            assert_eq!(&own[end..], rest, "{own:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_cut_between_characters(own: String) {
            let (said, end) = said(&own);
            prop_assert!(own.is_char_boundary(end));
            prop_assert!(said != Said::Neither || end == 0);
        }
    }
}
