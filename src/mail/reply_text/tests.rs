use proptest::prelude::*;

use super::*;

#[track_caller]
fn own(text: &str, want: &str) {
    assert_eq!(sever(text).own, want);
}

#[test]
fn quotes_go_and_answers_between_them_stay() {
    let severed =
        sever("On Friday support wrote:\n> Does it print?\nNo.\n> Does it hum?\nYes, loudly.\n-- \nAlice");
    assert_eq!(severed.own, "No.\nYes, loudly.");
    assert_eq!(severed.quoted, "On Friday support wrote:\n> Does it print?\n> Does it hum?");
    assert_eq!(severed.signature, "-- \nAlice");
}

#[test]
fn attributions_in_many_languages_begin_the_quote() {
    for line in [
        "On Wed, Sep 25, 2013 at 03:57 PM, Bob <bob@example.org> wrote:",
        "Am 21.04.2016 um 17:48 schrieb Bob <bob@example.org\n>:",
        "Bob <bob@example.org> schrieb am Di., 16. Aug. 2016\num 12:52 Uhr:",
        "Le jeu. 3 mars 2016 à 10:12, Bob <bob@example.org> a écrit :",
        "El jue, 3 mar 2016 a las 10:12, Bob (<bob@example.org>) escribió:",
        "Em qui., 3 de mar. de 2016 às 10:12, Bob <bob@example.org>\nescreveu:",
        "Il giorno gio 3 mar 2016 alle ore 10:12 Bob <bob@example.org> ha\nscritto:",
        "Op 13-02-2014 3:18 schreef Bob <bob@example.org>:",
        "W dniu 28 stycznia 2015 01:53 użytkownik Bob <bob@example.org>\nnapisał:",
        "2016年3月3日(木) 10:12 Bob <bob@example.org>:",
        "在 2016年3月3日，上午10:12，Bob <bob@example.org> 写道：",
        "2017-02-05 13:29 GMT+02:00 Bob <\nbob@example.org>:",
    ] {
        own(&format!("It works now.\n\n{line}\n\nDear Alice,\nplease try again."), "It works now.");
    }
}

#[test]
fn header_blocks_and_separators_begin_the_quote() {
    for block in [
        "From: Bob\nSent: Friday\nTo: Alice\nSubject: Printer",
        "________________________________\nVon: Bob <bob@example.org>\nGesendet: Freitag\nAn: Alice\nBetreff: Drucker",
        "*De :* Bob\n*Envoyé :* vendredi\n*À :* Alice\n*Objet :* x",
        "差出人: Bob\n送信日時: 2016年\n宛先: Alice\n件名: x",
        "-----Ursprüngliche Nachricht-----",
        "-------- Original Message --------",
        "---------- Forwarded message ---------",
    ] {
        own(&format!("It works now.\n\n{block}\n\nDear Alice, try again."), "It works now.");
    }
}

#[test]
fn phone_footers_are_signatures_and_sentences_are_not() {
    for footer in [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPad",
        "iPhoneから送信",
        "Get Outlook for iOS",
    ] {
        assert_eq!(sever(&format!("Hello\n\n{footer}")).signature, footer);
    }
    let prose = "Sent from my desk, is much easier than my mobile phone.";
    own(prose, prose);
}

#[test]
fn a_report_is_not_taken_for_a_mail_program() {
    for report in [
        "On my machine it fails.\nOn line 5 the program wrote: nothing",
        "From: Berlin\nTo: Hamburg\nThe route is wrong.",
        "Steps\n-----\n1. open\n2. print",
        &format!("Output\n--\n{}end", "File: a.html\n".repeat(40)),
        "At 10:15 I pressed start:\nnothing happened",
    ] {
        own(report, report);
    }
}

#[test]
fn words_that_are_only_quoted_are_never_own() {
    own("From: Bob <bob@example.org>\nSent: Friday\nTo: Alice\nSubject: x\n\n#status Resolved", "");
    own("On 3 March 2016 at 10:12, Bob wrote:\n\n#status Resolved", "");
}

proptest! {
    #[test]
    fn every_line_ends_up_in_exactly_one_place(lines in proptest::collection::vec(
        "(> ?)?(On Mon, 1 Jan 2020, a@b wrote:|-- |From: a@b|Sent: x|To: y|Subject: z|---+Original Message---|_{20}|Sent from my iPhone|[a-zäß ]{0,9}|.{0,20})",
        0..25,
    )) {
        let text = lines.join("\n");
        let severed = sever(&text);
        let sorted = |texts: &[&str]| {
            let mut lines: Vec<_> = texts.iter().flat_map(|t| t.lines()).filter(|l| !l.trim().is_empty()).map(str::to_owned).collect();
            lines.sort();
            lines
        };
        prop_assert_eq!(sorted(&[&severed.own, &severed.quoted, &severed.signature]), sorted(&[&text]));
    }
}
