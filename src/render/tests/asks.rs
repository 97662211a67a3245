//! The question for what is missing, as customers read it: one page for each language in
//! `tests/golden/asks`, to be read by somebody who speaks it.

use super::{golden::golden_folder, *};

/// What was done, what happened and what was expected, as a customer would say it.
const SAID: [(Language, [&str; 3]); 10] = [
    (
        Language::En,
        [
            "I open the monthly report and press Print.",
            "Only blank pages come out.",
            "Last week the whole report came out.",
        ],
    ),
    (
        Language::De,
        [
            "Ich öffne den Monatsbericht und klicke auf Drucken.",
            "Es kommen nur leere Seiten heraus.",
            "Letzte Woche kam der ganze Bericht heraus.",
        ],
    ),
    (
        Language::Fr,
        [
            "J’ouvre le rapport mensuel et je clique sur Imprimer.",
            "Il ne sort que des pages blanches.",
            "La semaine dernière, le rapport sortait en entier.",
        ],
    ),
    (
        Language::Es,
        [
            "Abro el informe mensual y pulso Imprimir.",
            "Solo salen páginas en blanco.",
            "La semana pasada salía el informe entero.",
        ],
    ),
    (
        Language::Pt,
        [
            "Abro o relatório mensal e clico em Imprimir.",
            "Só saem páginas em branco.",
            "Na semana passada saía o relatório inteiro.",
        ],
    ),
    (
        Language::It,
        [
            "Apro il rapporto mensile e premo Stampa.",
            "Escono solo pagine bianche.",
            "La settimana scorsa usciva il rapporto intero.",
        ],
    ),
    (
        Language::Nl,
        [
            "Ik open het maandrapport en klik op Afdrukken.",
            "Er komen alleen lege pagina’s uit.",
            "Vorige week kwam het hele rapport eruit.",
        ],
    ),
    (
        Language::Pl,
        [
            "Otwieram raport miesięczny i klikam Drukuj.",
            "Wychodzą same puste strony.",
            "W zeszłym tygodniu drukował się cały raport.",
        ],
    ),
    (
        Language::Ja,
        [
            "月次レポートを開いて「印刷」を押しました。",
            "白紙しか出てきません。",
            "先週はレポート全体が印刷されました。",
        ],
    ),
    (Language::Zh, ["我打开月报，点了“打印”。", "出来的全是白纸。", "上周能打印出完整的月报。"]),
];

/// What is asked in which mail: the facts that are there, those that are unsure, those that are missing.
type Ask = (&'static str, Notice, &'static [Slot], &'static [Slot], &'static [Slot]);

const ASKS: [Ask; 5] = [
    ("one is missing", Notice::Acknowledged, &[Slot::Steps, Slot::Actual], &[], &[Slot::Expected]),
    ("two are missing", Notice::Acknowledged, &[Slot::Actual], &[], &[Slot::Steps, Slot::Expected]),
    (
        "one is unsure, one is missing",
        Notice::Acknowledged,
        &[Slot::Actual],
        &[Slot::Expected],
        &[Slot::Steps],
    ),
    ("the reply brought one of two", Notice::AskedAgain, &[Slot::Expected], &[], &[Slot::Steps]),
    ("somebody of staff asks", Notice::Asked, &[Slot::Actual], &[], &[Slot::Steps]),
];

fn ask(language: Language, said: &[&str; 3], (_, notice, there, unsure, missing): Ask) -> FinishedMail {
    let understood = |slots: &[Slot], unsure| -> Vec<Understood> {
        let quote = |slot: Slot| Slot::ALL.iter().zip(said).find(|(each, _)| **each == slot).unwrap().1;
        slots.iter().map(|&slot| Understood { slot, quote: (*quote(slot)).to_owned(), unsure }).collect()
    };
    let gate = GateView {
        understood: [understood(there, false), understood(unsure, true)].concat(),
        missing: missing.to_vec(),
    };
    let context =
        Context { gate: Some(gate), attachments: vec![], follow_up_of: None, ..usual(Notice::Acknowledged) };
    write(&Letter { language, ..letter(notice, context) })
}

fn matches(name: &str, now: &str) -> bool {
    let file = golden_folder().join("asks").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, now).unwrap();
    }
    fs::read_to_string(&file).is_ok_and(|golden| golden.replace("\r\n", "\n") == now)
}

#[test]
fn every_question_is_its_golden_text_in_every_language() {
    for (language, said) in &SAID {
        let page: String = ASKS
            .iter()
            .map(|&which| format!("==== {}\n\n{}\n", which.0, ask(*language, said, which).text))
            .collect();
        assert!(matches(&format!("{language}.txt"), &page), "the questions in {language} changed");
    }
    assert_eq!(SAID.map(|(language, _)| language).as_slice(), Language::ALL);
}

#[test]
fn the_question_is_its_golden_page() {
    for (language, said) in SAID.iter().filter(|(it, _)| [Language::En, Language::Ja].contains(it)) {
        let page = html(&ask(*language, said, ASKS[2]));
        assert!(matches(&format!("{language}.html"), &page), "the page in {language} changed");
    }
}

#[test]
fn what_is_there_is_thanked_for_and_quoted_and_only_what_is_missing_is_asked() {
    for (language, said) in &SAID {
        let [one, two, unsure, ..] = ASKS.map(|which| ask(*language, said, which).text);
        for (quote, there) in said.iter().zip([true, true, false]) {
            assert_eq!(one.contains(&format!("> {quote}\n")), there, "{language}: {one}");
        }
        let headings = |text: &str| text.matches("\n\n\n").count();
        assert_eq!((headings(&one), headings(&two), headings(&unsure)), (1, 2, 1), "{language}");
        assert!(unsure.contains(&format!("> {}\n", said[2])), "{language}: what is unsure is said back");
    }
}
