//! What is looked for, and how near tickets are; the labelled set stands in `tests/similar/`, since it needs PostgreSQL.

use std::collections::{HashMap, HashSet};

use super::{
    marks::marks,
    score::{ALIKE, Commonness, Profile, alike, similarity},
    traits,
    words::telling,
};
use crate::domain::Language;

/// A ticket whose lexemes are its words as they stand.
fn profile(subject: &str, own: &str, language: Language) -> Profile {
    let found = traits(subject, own, language);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let in_subject: HashSet<String> = words(&found.subject).into_iter().collect();
    let mut lexemes = words(&found.words);
    lexemes.extend(in_subject.iter().cloned().chain(found.marks));
    lexemes.sort();
    lexemes.dedup();
    Profile { lexemes, in_subject, subject: found.subject, product: None }
}

fn near(one: (&str, &str), other: (&str, &str)) -> f64 {
    let none = Commonness::new(HashMap::new(), 2.0);
    alike(&profile(one.0, one.1, Language::En), &profile(other.0, other.1, Language::En), &none)
}

#[test]
fn pleas_and_thanks_tell_nothing() {
    for (text, language) in [
        ("Urgent!!! Please help", Language::En),
        ("Thank you very much, kind regards", Language::En),
        ("DRINGEND: Bitte um Hilfe", Language::De),
        ("Merci, cordialement", Language::Fr),
        ("Ayuda urgente por favor", Language::Es),
        ("Ajuda urgente", Language::Pt),
        ("Richiesta urgente, grazie mille", Language::It),
        ("Dringend hulp nodig", Language::Nl),
        ("Pilne, proszę o pomoc", Language::Pl),
        ("お世話になっております。よろしくお願いいたします。", Language::Ja),
        ("您好，请问，谢谢", Language::Zh),
    ] {
        let telling = telling(text, language);
        assert!(telling.iter().all(|word| word.len() <= 3), "{text}: {telling:?}");
    }
    assert!(
        near(("Help", "Please help, it is urgent. Thank you!"), ("Urgent", "Thank you, please help!")) < 0.1
    );
}

#[test]
fn eastern_text_gives_pairs_and_polish_words_are_cut() {
    assert_eq!(telling("登录页面", Language::Zh), ["登录", "录页", "页面"]);
    assert_eq!(telling("CSVを出力", Language::Ja), ["csv", "出力"]);
    assert_eq!(telling("logowanie logowania", Language::Pl), ["logowa", "logowa"]);
}

#[test]
fn codes_are_found_and_what_looks_like_one_is_not() {
    for (text, mark) in [
        ("It says ORA-00942.", "code:ora-00942"),
        ("(E1042)", "code:e1042"),
        ("ERR_CONNECTION_RESET in the browser", "code:err_connection_reset"),
        ("code 0x80070057", "code:0x80070057"),
        ("java.lang.NullPointerException at", "code:nullpointerexception"),
        ("HTTP 502 again", "code:http-502"),
        ("Fehler 500", "code:http-500"),
        ("status code: 404", "code:http-404"),
    ] {
        assert!(marks(text).contains(&mark.to_owned()), "{text}: {:?}", marks(text));
    }
    for text in [
        "version 4.2.1",
        "on 2026-11-20 at 14:05",
        "room 404",
        "mp3 and utf-8",
        "PLEASE",
        "a@b.example",
        "500 users",
    ] {
        assert_eq!(marks(text), [""; 0], "{text}");
    }
}

#[test]
fn quoted_messages_are_the_same_whatever_their_numbers() {
    let one = marks("Es erscheint „Disk 3 is full, 17 MB missing“.");
    let other = marks("I see \"disk 12 is full, 9 MB missing\"");
    assert!(one.contains(&"said:disk # is full # mb missing".to_owned()), "{one:?}");
    assert_eq!(one, other);
    assert!(
        marks("Error: connection refused by peer").contains(&"said:connection refused by peer".to_owned())
    );
    assert!(marks("エラー：「ファイルが見つかりません」").iter().any(|mark| mark.starts_with("said:")));
    assert_eq!(marks("He said \"thank you\" and \"ok\""), [""; 0]);
}

#[test]
fn the_same_error_text_is_alike_across_languages() {
    let german = profile(
        "Export bricht ab",
        "Beim Speichern kommt „The remote server returned an unexpected reply“ und nichts passiert.",
        Language::De,
    );
    let french = profile(
        "Sauvegarde impossible",
        "Le message « The remote server returned an unexpected reply » s'affiche.",
        Language::Fr,
    );
    let none = Commonness::new(HashMap::new(), 2.0);
    assert!(alike(&german, &french, &none) >= ALIKE, "{}", alike(&german, &french, &none));
}

#[test]
fn the_same_fault_in_other_words_is_nearer_than_another_fault() {
    let one =
        ("Invoice export hangs at 80 %", "I click on export in the invoice list and the bar stops at 80 %.");
    let kin = ("Export of invoices hangs", "The invoice export stops, the bar does not move beyond 80 %.");
    let other = ("Avatar is turned by 90 degrees", "I upload a photo from my phone and it lies on its side.");
    assert!(near(one, kin) >= ALIKE, "{}", near(one, kin));
    assert!(near(one, other) < ALIKE / 2.0, "{}", near(one, other));
}

#[test]
fn a_word_that_half_of_all_tickets_have_makes_none_alike() {
    let counts =
        HashMap::from([("invoice".to_owned(), 0.5), ("export".to_owned(), 0.4), ("rare".to_owned(), 0.0002)]);
    let common = Commonness::new(counts, 8000.0);
    let one = profile("Invoice export", "The column for discounts is empty.", Language::En);
    let other = profile("Invoice export", "Umlauts are shown as question marks.", Language::En);
    let rare = Commonness::new(HashMap::new(), 8000.0);
    assert!(alike(&one, &other, &common) < alike(&one, &other, &rare));
}

#[test]
fn one_product_helps_only_what_has_something_in_common() {
    let of = |subject: &str, product: &str| Profile {
        product: Some(product.to_owned()),
        ..profile(subject, "", Language::En)
    };
    let none = Commonness::default();
    let near = |one: &Profile, other: &Profile| alike(one, other, &none);
    let (shop, same, bank) =
        (of("broken basket total", "shop"), of("broken basket sum", "shop"), of("broken basket sum", "bank"));
    assert!(near(&shop, &same) > near(&shop, &bank));
    assert_eq!(near(&shop, &of("printer jam", "shop")), near(&shop, &of("printer jam", "bank")));
}

#[test]
fn similarity_is_that_of_pg_trgm() {
    // select similarity('word', 'two words') = 0.36363637
    assert!((similarity("word", "two words") - 4.0 / 11.0).abs() < 1e-9);
    assert_eq!(similarity("", ""), 0.0);
    assert_eq!(similarity("login", "login"), 1.0);
}

#[test]
fn any_text_takes_time_in_proportion() {
    for text in ["\"", "「", "Error: ", "A1-", "„“", "の", "a b "] {
        let long = text.repeat(200_000 / text.len());
        let found = traits(&long, &long, Language::Ja);
        assert!(found.marks.len() <= 24 && found.marks.iter().all(|mark| mark.len() < 700));
    }
}
