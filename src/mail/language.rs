//! The language of the sender's own words.

use whatlang::{Detector, Lang};

use crate::domain::{Language, text};

/// Fewer letters than this are a greeting or a product name in any language.
const FEWEST_LETTERS: usize = 20;
/// As much as the detector needs, in bytes; more only costs time.
const ENOUGH_BYTES: usize = 4096;

const LANGUAGES: [(Lang, Language); 10] = [
    (Lang::Eng, Language::En),
    (Lang::Deu, Language::De),
    (Lang::Fra, Language::Fr),
    (Lang::Spa, Language::Es),
    (Lang::Por, Language::Pt),
    (Lang::Ita, Language::It),
    (Lang::Nld, Language::Nl),
    (Lang::Pol, Language::Pl),
    (Lang::Jpn, Language::Ja),
    (Lang::Cmn, Language::Zh),
];

/// The language of `own`, where that is certain; else what the mail declares.
pub(super) fn language(own: &str, declared: Option<&str>) -> Option<Language> {
    let own = text::prefix(own, ENOUGH_BYTES);
    by_script(own).or_else(|| by_letters(own)).or_else(|| {
        let first = declared?.split(',').next()?.trim();
        Language::from_tag(first).ok()
    })
}

/// Japanese by its kana, Chinese by characters without kana. A word or two of them
/// in another language's text does not count.
fn by_script(own: &str) -> Option<Language> {
    let letters = own.chars().filter(|c| c.is_alphabetic()).count();
    let kana = own.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}')).count();
    let han = own.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
    // Each of these characters says what takes a Latin script two or three letters.
    if kana + han < 4 || (kana + han) * 4 < letters {
        return None;
    }
    Some(if kana * 10 > han { Language::Ja } else { Language::Zh })
}

fn by_letters(own: &str) -> Option<Language> {
    if own.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS {
        return None;
    }
    let found = Detector::with_allowlist(LANGUAGES.map(|(lang, _)| lang).to_vec()).detect(own)?;
    let known = LANGUAGES.iter().find(|(lang, _)| *lang == found.lang())?.1;
    found.is_reliable().then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ten_are_told_apart() {
        for (own, want) in [
            ("When I press the button nothing happens and the program closes itself.", Language::En),
            ("Wenn ich auf den Knopf drücke, passiert nichts und das Programm schließt sich.", Language::De),
            (
                "Quand j'appuie sur le bouton, rien ne se passe et le programme se ferme tout seul.",
                Language::Fr,
            ),
            (
                "Cuando pulso el botón no pasa nada y el programa se cierra solo sin ningún aviso.",
                Language::Es,
            ),
            (
                "Quando carrego no botão não acontece nada e o programa fecha-se sozinho sem aviso.",
                Language::Pt,
            ),
            (
                "Quando premo il pulsante non succede nulla e il programma si chiude da solo senza avviso.",
                Language::It,
            ),
            (
                "Als ik op de knop druk gebeurt er helemaal niets en daarna sluit het programma zichzelf zonder waarschuwing af.",
                Language::Nl,
            ),
            (
                "Kiedy naciskam przycisk, nic się nie dzieje i program sam się zamyka bez ostrzeżenia.",
                Language::Pl,
            ),
            ("ボタンを押しても何も起こりません。", Language::Ja),
            ("按下按钮后什么也没有发生。", Language::Zh),
        ] {
            assert_eq!(language(own, None), Some(want), "{own}");
        }
    }

    #[test]
    fn a_short_text_is_what_the_mail_declares() {
        assert_eq!(language("OK!", None), None);
        assert_eq!(language("OK!", Some("pt-BR, en")), Some(Language::Pt));
        assert_eq!(language("OK!", Some("tlh")), None);
    }
}
