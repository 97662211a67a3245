//! A short word of thanks, which ends a conversation and opens nothing.

use super::fold::{fold, unspaced};

/// Longer texts say something else as well, in bytes.
const MOST_BYTES: usize = 200;
/// The most characters of a script that leaves no space between words.
const MOST_UNSPACED: usize = 16;
/// The most words of a name below the thanks.
const WORDS_OF_A_NAME: usize = 3;

/// Thanks in ten languages, as [`fold`] spells them.
const THANKS: [&str; 25] = [
    "thank",
    "thanks",
    "thx",
    "cheers",
    "danke",
    "dank",
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

/// What people put around it, and nothing that could be a fault. A word that is in
/// neither list makes the text more than thanks: a ticket that is wrongly taken up
/// again costs a look, one that wrongly stays closed costs a fault.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "you", "u", "so", "very", "much", "a", "lot", "many", "again", "all", "for", "the", "your", "quick", "fast", "great", "kind",
    "help", "support", "reply", "answer", "response", "fix", "it", "that", "this", "is", "was", "works", "work", "working", "fine",
    "perfect", "perfectly", "now", "good", "solved", "fixed", "done", "everything", "everyone", "team", "hi", "hello", "best",
    "kind", "regards", "yes", "ok", "okay", "super", "guys", "folks", "i", "we", "appreciate", "really", "awesome",
    "vielen", "schoen", "sehr", "herzlichen", "besten", "fuer", "die", "der", "das", "schnelle", "hilfe", "ihre", "eure", "antwort",
    "es", "funktioniert", "geht", "laeuft", "jetzt", "alles", "gut", "bestens", "prima", "viele", "gruesse", "liebe", "freundliche",
    "mit", "freundlichen", "gruessen", "und", "hallo", "ja", "ihnen", "mfg", "lg",
    "beaucoup", "bien", "pour", "votre", "vous", "je", "l'aide", "aide", "reponse", "rapide", "ca", "marche", "fonctionne",
    "maintenant", "parfait", "tout", "est", "bon", "bonjour", "cordialement", "oui", "mille", "fois",
    "muchas", "mil", "por", "la", "su", "ayuda", "rapida", "respuesta", "funciona", "ahora", "todo", "perfecto", "bien", "saludos",
    "hola", "si", "vuestra",
    "muito", "muita", "pela", "pelo", "ajuda", "rapido", "resposta", "agora", "tudo", "certo", "perfeito", "ola", "sim", "bom",
    "mille", "tante", "per", "il", "vostro", "vostra", "suo", "aiuto", "l'aiuto", "veloce", "risposta", "funziona", "adesso", "ora",
    "tutto", "perfetto", "bene", "ciao", "saluti", "cordiali",
    "hartelijk", "heel", "erg", "voor", "uw", "jullie", "je", "de", "hulp", "snelle", "reactie", "het", "werkt", "nu", "weer",
    "goed", "prima", "groet", "groeten", "vriendelijke", "met", "wel",
    "bardzo", "serdecznie", "za", "szybka", "pomoc", "odpowiedz", "dziala", "teraz", "wszystko", "dobrze", "super", "pozdrawiam",
    "pozdrowienia", "tak",
];

/// Whether somebody only says thanks: short, no question, and no word that says
/// anything else. A name below it may stand.
pub fn is_thanks(own: &str) -> bool {
    if own.len() > MOST_BYTES || own.contains(['?', '？']) {
        return false;
    }
    let lines: Vec<(&str, String)> =
        own.lines().map(|line| (line, fold(line))).filter(|(_, line)| !line.is_empty()).collect();
    let said = match lines.as_slice() {
        [first @ .., (name, _)] if !first.is_empty() && is_a_name(name) => first,
        all => all,
    };
    let said: Vec<&str> = said.iter().map(|(_, line)| line.as_str()).collect();
    let unspaced_chars: usize = said.iter().map(|line| line.chars().filter(|&c| unspaced(c)).count()).sum();
    let words = || said.iter().flat_map(|line| line.split(' '));
    unspaced_chars <= MOST_UNSPACED
        && words().any(thanks)
        && words().all(|word| thanks(word) || AROUND.contains(&word))
}

/// `Anna`, `Anna van Dijk`; "one more thing" has a small letter where a family name has none.
pub(super) fn is_a_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(WORDS_OF_A_NAME + 1).collect();
    let ends_as_names_do = || words.last().is_some_and(|last| !last.starts_with(char::is_lowercase));
    words.len() <= WORDS_OF_A_NAME && (words.len() == 1 || ends_as_names_do())
}

/// Whether thanks are among these words, which are [folded](fold).
pub(super) fn gives_thanks(folded: &str) -> bool {
    folded.split(' ').any(thanks)
}

fn thanks(word: &str) -> bool {
    THANKS.iter().any(|each| if each.chars().any(unspaced) { word.contains(each) } else { word == *each })
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
            "Thanks\n\nAnna van Dijk",
            "thanks\nanna",
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
            "谢谢，但是还不行。现在页面打不开，请再看一下这个问题",
            "Thanks, the crash came back today.",
            "Thank you! Sadly the export crashed today.",
            "Merci, l'erreur est revenue.",
            "Danke, der Fehler ist zurück.",
            "Thanks!\nThe export crashed again this morning",
            "Thank you\nOne more question",
            "Danke\nnoch eine Sache dazu",
            "Thanks for that. Today I opened the monthly report and pressed the print button, and out came nothing at all on any printer.",
        ] {
            assert!(!is_thanks(own), "{own}");
        }
    }
}
