//! The gate as a whole: short reports in ten languages, headings, guards, limits.

use proptest::prelude::*;

use super::*;
use crate::domain::{InboundMail, Severed, Slot};

fn mail(subject: &str, own: &str) -> InboundMail {
    let body = Severed { own: own.to_owned(), ..Severed::default() };
    InboundMail { subject: subject.to_owned(), body, ..InboundMail::default() }
}

/// What the rules find by themselves, without the vote.
pub(in crate::report) fn by_rules(own: &str) -> Verdict {
    rules::verdict(own, &read(own), &[])
}

fn read_own(own: &str) -> Verdict {
    gate(&mail("", own))
}

fn verdicts(own: &str) -> [Presence; 3] {
    let verdict = read_own(own);
    [verdict.steps.verdict, verdict.actual.verdict, verdict.expected.verdict]
}

use Presence::{Missing, Present};

#[test]
fn complete_reports_are_understood_in_every_language() {
    let table = [
        "I opened the invoice list, ticked two rows and pressed Export. The file is empty. It should hold both invoices.",
        "Wenn ich auf Speichern klicke, stürzt das Programm ab. Es sollte die Datei sichern.",
        "Quand je clique sur Imprimer, la page reste vide. Elle devrait afficher la facture.",
        "Cuando abro el calendario y pulso Guardar, desaparece la cita. Debería quedar guardada.",
        "Quando clico em Enviar e fecho a janela, a mensagem some. Deveria ficar na caixa de saída.",
        "Quando apro il catalogo e premo Stampa, si blocca. Dovrebbe stampare una pagina.",
        "Als ik op Opslaan klik en het venster sluit, is de tekst weg. De tekst zou bewaard moeten blijven.",
        "Kiedy klikam Zapisz i zamykam okno, plik znika. Powinien zostać na dysku.",
        "一覧を開いて保存ボタンを押すと、画面が消えます。本来は一覧に戻るはずです。",
        "我打开列表，点击保存之后，页面变成空白。应该回到列表。",
    ];
    for own in table {
        let verdict = read_own(own);
        assert!(verdict.problem_report, "{own}");
        assert_eq!(verdict.missing(), [], "{own}");
        assert_eq!(verdict.steps.verdict, Present, "{own}");
    }
}

#[test]
fn the_expectation_is_asked_for_where_it_is_missing_in_every_language() {
    let table = [
        "I opened the invoice list and pressed Export. The file is empty.",
        "Wenn ich auf Speichern klicke, stürzt das Programm ab.",
        "Quand je clique sur Imprimer, la page reste vide.",
        "Cuando abro el calendario y pulso Guardar, desaparece la cita.",
        "Quando clico em Enviar e fecho a janela, a mensagem some.",
        "Quando apro il catalogo e premo Stampa, si blocca.",
        "Als ik op Opslaan klik en het venster sluit, is de tekst weg.",
        "Kiedy klikam Zapisz i zamykam okno, plik znika.",
        "一覧を開いて保存ボタンを押すと、画面が消えます。",
        "我打开列表，点击保存，页面变成空白。",
    ];
    for own in table {
        assert_eq!(read_own(own).missing(), [Slot::Expected], "{own}");
    }
}

#[test]
fn steps_are_asked_for_where_they_are_missing_in_every_language() {
    let table = [
        "The totals are wrong. They should match the till.",
        "Die Summen sind falsch. Sie sollten zur Kasse passen.",
        "Les totaux sont faux. Ils devraient correspondre à la caisse.",
        "Los totales están mal. Deberían coincidir con la caja.",
        "Os totais estão errados. Deveriam bater com o caixa.",
        "I totali sono sbagliati. Dovrebbero coincidere con la cassa.",
        "De totalen zijn verkeerd. Die zouden met de kassa moeten kloppen.",
        "Sumy są błędne. Powinny zgadzać się z kasą.",
        "合計がおかしいです。レジと同じ金額になるはずです。",
        "合计不对。应该跟收银机一样。",
    ];
    for own in table {
        assert_eq!(read_own(own).missing(), [Slot::Steps], "{own}");
    }
}

#[test]
fn other_errands_are_asked_nothing_in_every_language() {
    let table = [
        "How do I add a second user, and what does it cost?",
        "Wir bestellen 6 Kartons Papier. Auftragsbestätigung bitte per Mail.",
        "Pourriez-vous m'envoyer un devis pour dix licences ?",
        "Quisiera saber cuánto cuesta el plan anual. ¿Tienen descuento?",
        "Venho pedir um orçamento para três lojas. Quanto custa?",
        "Vorrei disdire il contratto. Potete mandarmi la conferma?",
        "Graag een offerte voor vijf stuks. Wat kost de levering?",
        "Proszę o fakturę za maj. Ile kosztuje dostawa?",
        "先月分の請求書を再発行していただけますか。",
        "请问年费多少钱？能开发票吗？",
        "Thank you so much for the quick help yesterday, great job!",
        "Do you ship to Norway?",
        "Hi,\n\nDo you ship to Norway? And to Iceland?\n\nAnna",
        "Liefern Sie auch nach Norwegen?",
    ];
    for own in table {
        assert!(!read_own(own).problem_report, "{own}");
        assert_eq!(read_own(own).missing(), [], "{own}");
    }
}

#[test]
fn headings_fill_their_slots() {
    let table = [
        "Steps to reproduce:\n1. open\n2. save\n\nActual result:\na blue page\n\nExpected result:\na green page",
        "## Steps to reproduce\nfoo, then bar\n## Actual\nbaz\n## Expected\nqux",
        "**What I did**\nfoo bar\n**What happened**\nbaz\n**What I expected**\nqux",
        "Schritte: A, dann B\nIst: rot\nSoll: grün",
        "【再現手順】\n一覧から入る\n【実際の動作】\n赤\n【期待する動作】\n緑",
        "重现步骤：甲，乙\n实际结果：红\n预期结果：绿",
    ];
    for own in table {
        assert_eq!(verdicts(own), [Present; 3], "{own}");
    }
}

#[test]
fn a_section_may_be_filled_by_a_quotation() {
    let table = [
        "Steps to reproduce:\n\"Reload\"\n\nActual result:\n\"Error 500\"\n\nExpected result:\n\"Order saved\"",
        "【再現手順】\n「再読込」\n【実際の動作】\n「白紙」\n【期待する動作】\n「保存しました」",
    ];
    for own in table {
        assert_eq!(verdicts(own), [Present; 3], "{own}");
    }
}

#[test]
fn what_stands_under_one_heading_fills_no_other() {
    let own = "Guten Tag,\n\nSchritte zum Nachstellen:\n1. Unter \"Mein Konto\" auf \"Adresse ändern\" klicken.\n\n\
               Tatsächliches Ergebnis: Es erscheint nur eine weiße Seite mit der Meldung\n\
               \"Fehler 500\", und die alte Adresse ist noch da.\n\nMit freundlichen Grüßen\nJürgen Weber\n";
    assert_eq!(read_own(own).missing(), [Slot::Expected]);
}

#[test]
fn an_empty_section_is_missing_unless_prose_fills_it() {
    for filler in ["", "n/a", "-", "none", "N/A.", "see above"] {
        let own = format!(
            "Steps to reproduce:\n{filler}\n\nActual result:\nblue page\n\nExpected result:\n{filler}\n"
        );
        assert_eq!(read_own(&own).missing(), [Slot::Steps, Slot::Expected], "{filler:?}");
    }
    assert_eq!(verdicts("Erwartetes Verhalten: keine\nErgebnis: rot")[2], Missing);
    assert_eq!(verdicts("期待する動作：なし\n結果：赤くなる")[2], Missing);
    assert_eq!(verdicts("Expected: n/a\n\nThe page is blank. It should list the orders.")[2], Present);
}

#[test]
fn words_of_others_are_no_expectation() {
    let table = [
        "The page says \"You should try again later\" and stays blank.",
        "Es erscheint „Wert sollte kleiner sein“ und dann nichts.",
        "画面に「数値であるべきです」と出て止まります。",
        "E-204: value should be positive",
        "It stops.\n2024-05-01 10:00:00 ERROR expected token, should be EQ\n  at desk.Parser.read(Parser.java:12)",
        "Then it shows this:\nvalue should be an integer",
        "> It should work after the update.\nIt is still blank.",
        "The screen is black. You should fix this.",
        "The screen is black. I expect your answer today.",
    ];
    for own in table {
        assert_eq!(verdicts(own)[2], Missing, "{own}");
    }
}

#[test]
fn steps_are_read_in_the_layouts_of_trackers() {
    let table = [
        "# Open the ledger\n# Press Save\n\nThe page is blank.",
        "1 Open the ledger\n2 Press Save\nThe page is blank.",
        "** Open the ledger\n** Press Save\n\nThe page is blank.",
        "Step 1 - Open the ledger\nStep 2 - Press Save\nThe page is blank.",
        "The following code stops the parser:\n{code:java}\nList list = new List();\nlist.add(null);\n{code}",
        "Here is my configuration:\n<Mill>\n  WheelSize 3\n  WheelSpeed 4\n</Mill>\nIt stops with wheel_count=2.",
        "When I rename the wheel_count and delete the mill, the page is blank.",
        "Create a mill_wheel. Select it. Turn on the lamp. It stays dark.",
    ];
    for own in table {
        assert_ne!(verdicts(own)[0], Missing, "{own}");
    }
}

#[test]
fn what_can_or_should_be_done_is_no_step() {
    let table = [
        "You can select one printer only. The setting PrinterList.default should hold several of them.",
        "Rules are applied twice by the mill_filter. That is wrong.",
        "The wheel_count is shown in red. A click on it should open the list, and the user could then select one.",
    ];
    for own in table {
        assert_eq!(verdicts(own)[0], Missing, "{own}");
    }
}

#[test]
fn a_hint_is_enough_in_a_letter() {
    let hint = "The lift stops when I press the bell, and the light of it goes out.";
    assert_eq!(verdicts(&format!("{hint}\n\nAnn Lee"))[0], Present);
    assert_eq!(verdicts(&format!("{hint} See lift_control.c in the source."))[0], Missing);
}

#[test]
fn words_in_an_address_were_not_said() {
    assert_eq!(
        verdicts("The page is blank: https://example.org/click/select/save?open=upload#i-press-export")[0],
        Missing
    );
}

#[test]
fn what_stands_in_brackets_before_a_sentence_or_a_colon_behind_it_takes_none_of_its_words() {
    for own in [
        "【至急】保存ボタンを押すと画面が真っ白になります。",
        "画面を開いて保存ボタンを押すと次のようになります：\n真っ白",
        "点击保存按钮后页面提示：\n系统繁忙",
    ] {
        assert_ne!(verdicts(own)[0], Missing, "{own}");
    }
}

#[test]
fn words_of_others_on_the_line_of_a_heading_are_no_expectation_either() {
    assert_eq!(verdicts("Actual: it says \"value should be positive\"")[2], Missing);
}

#[test]
fn what_the_rules_plainly_see_is_what_is_said_back() {
    let verdict = read_own("Al guardar un cliente me sale un error 500. Debería guardarse.");
    assert_eq!(verdict.expected.evidence[0].text, "Debería guardarse.");
}

#[test]
fn the_best_evidence_stands_first() {
    let verdict = read_own(
        "I clicked Save. It would be nice soon.\n\nSteps to reproduce:\nopen the list and press Save",
    );
    assert_eq!(verdict.steps.evidence[0].text, "open the list and press Save");
}

#[test]
fn nothing_written_is_asked_nothing() {
    assert!(!read_own("").problem_report);
    assert!(gate(&mail("Printer is broken", "")).problem_report);
    for (subject, own) in [("Fwd", "FYI"), ("", "See attached."), ("Bonjour", "Bonjour,\nMerci\nAnne")] {
        assert!(!gate(&mail(subject, own)).problem_report, "{own}");
    }
}

#[test]
fn a_megabyte_of_hostile_text_is_read_to_the_bound() {
    for piece in [
        "\"",
        "「",
        "when i ",
        "a. ",
        "1. ",
        "\n",
        "#",
        "why … not ",
        "should ",
        "(",
        "：",
        "`x",
        "> ",
        "i click ",
    ] {
        let own = piece.repeat(1024 * 1024 / piece.len());
        let verdict = read_own(&own);
        for slot in [Slot::Steps, Slot::Actual, Slot::Expected] {
            assert!(verdict.of(slot).evidence.iter().all(|each| each.end <= MOST_BYTES), "{piece:?}");
        }
    }
}

fn assert_spans(own: &str) {
    let verdict = read_own(own);
    for slot in [Slot::Steps, Slot::Actual, Slot::Expected] {
        let finding = verdict.of(slot);
        assert_eq!(finding.present, finding.verdict == Present);
        assert_eq!(finding.evidence.is_empty(), finding.verdict == Missing, "{own:?}");
        for each in &finding.evidence {
            assert_eq!(own.get(each.start..each.end), Some(each.text.as_str()), "{own:?}");
            assert!(!each.text.is_empty());
        }
    }
}

proptest! {
    #[test]
    fn spans_are_the_words_they_name(own: String) {
        assert_spans(&own);
    }

    #[test]
    fn spans_hold_for_texts_made_of_cues(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "Expected:", "期待：", "Steps to reproduce", "\n", "\n\n", " ", "1. ", "- ", "①", "「", "」", "\"", "“", "**", "##",
            "I click save.", "should", "压", "é", "İ", "…", "Error 12: x", "：", "n/a", "```", "> ", "\u{3000}", "\t", "wenn ich klicke",
        ]), 0..40)) {
        assert_spans(&pieces.concat());
    }
}

#[test]
fn the_quote_goes_on_to_the_next_step_and_stops_at_a_gap() {
    let own = "Steps:\n1. Open the page.\n2. Press Save.\n\nThen a break.\n\nSome other words here.\n";
    let stretch = |text: &str| {
        let start = own.find(text).unwrap();
        Evidence { start, end: start + text.len(), text: text.to_owned() }
    };
    let all = [stretch("Open the page."), stretch("Some other words here."), stretch("Press Save.")];
    assert_eq!(quote(&all), "Open the page.\nPress Save.");
    assert_eq!(quote(&all[1..]), "Some other words here.");
    assert_eq!(quote(&[]), "");
}
