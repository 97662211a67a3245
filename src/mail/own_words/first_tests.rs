//! First mails: logs, lists and forms that look like what mail programs write.

use super::*;

/// Nothing of a first mail is cut off.
#[track_caller]
fn whole(text: &str) {
    assert_eq!(sever(text, Answering::Nothing).own, text);
}

/// Nothing of a mail is cut off, whatever it answers.
#[track_caller]
fn whole_in_any(text: &str) {
    whole(text);
    assert_eq!(sever(text, Answering::Mail).own, text, "as an answer");
}

#[test]
fn lines_of_logs_are_no_attributions() {
    for line in [
        "2025-03-03 10:12:00 login denied for anna@example.org [403]",
        "2025-03-03 10:12:00 ERROR user <anna@example.org>",
        "2025-03-03 10:12:00 ERROR user <anna@example.org>:",
        "The log of 2024-03-01 10:15 writes:",
        "um 10:15 schreibt das Programm:",
    ] {
        whole_in_any(&format!("It fails.\n\n{line}\n\nThen the page stays white.\nPlease help."));
    }
}

#[test]
fn sentences_are_no_attributions_in_a_first_mail() {
    for line in [
        "El 3 de marzo de 2025 su técnico escribió:",
        "On Monday 3 March 2025 your colleague Bob wrote:",
        "Am 03.03.2025 um 10:12 schrieb das Programm:",
    ] {
        whole(&format!("It fails.\n\n{line}\n\nTry again.\n\nI did."));
    }
    let line = "On Mon, Nov 2, 2020 at 10:12 AM Bob <bob@example.org> wrote:";
    let severed = sever(&format!("It fails.\n\n{line}\n\nTry again."), Answering::Nothing);
    assert_eq!((severed.quoted.as_str(), severed.handed_on), (line, true));
    let severed = sever(&format!("It fails.\n\n{line}\n> Try again.\nI did."), Answering::Nothing);
    assert_eq!(severed.own, "It fails.\n\nI did.");
}

#[test]
fn paragraphs_of_people_are_no_notices() {
    for text in [
        "Hello,\n\nWhen a privileged user opens the report page, the server answers 401 Unauthorized.",
        "Bonjour,\n\nJ'ai envoyé par erreur une facture au mauvais destinataire, comment puis-je l'annuler ?",
        "Hallo,\n\nim Formular fehlt beim Handelsregister das Amtsgericht München",
        "The import from an external source fails since Monday\n\nPlease help.",
        "Hello,\n\nPlease consider the environment variable DESK_URL: it is empty.",
        "Hello,\n\nScanned by your app, the QR code leads nowhere.",
        "Hello,\n\nUnsubscribe here link in the newsletter gives 404",
        "The title is wrong:\n\nNotice\n\nIt should be confidential and say so.",
        "Why does it say that this email originated from outside of the organization?\n\nIt did not.",
        "It prints:\n\nIf you are not the intended recipient, please delete it from your system at once.\n\nIt should not.",
    ] {
        whole_in_any(text);
    }
    whole(
        "Hi,\n\nthe confidential report is shown to an unauthorized, privileged user. Any disclosure is bad.",
    );
}

#[test]
fn words_below_a_closing_or_a_rule_are_the_senders() {
    for text in [
        "It fails.\n\nThanks\n\nSteps:\n1. Open https://example.org/report\nExpected: a page\nActual: nothing",
        "It fails.\n\nKind regards\nAlice\nTel. +49 40 123456\n\nPS: it fails on the other machine too",
        "It fails.\n\nMany thanks\n\nMy address is bob@example.org\nPlease call 040 1234567 after noon because I am away",
        "grep -C 1 error log\na error\n--\nb error\n--\nc error",
        "It fails.\n--\nSteps:\n1. open\n2. print\n--\nExpected:\npaper",
        "It fails in\n\n-Chrome\n\n-Safari",
        "It fails in\n-Chrome\n-Safari",
        "The file:\n--\nvar d = new Date();\nActual Results:\n108",
        "The dash is too long\n—\n\nI should only see the em dash.",
    ] {
        whole_in_any(text);
    }
    whole("This page is empty:\n\n/Reports");
    let severed = sever("It fails.\n-- \nAlice\n\nIt fails on the other machine, too.", Answering::Nothing);
    assert!(severed.own.ends_with("other machine, too."), "{severed:?}");
    let severed = sever("It fails.\n--\nAlice\nExample Ltd\nTel.: +49 40 123456", Answering::Nothing);
    assert_eq!(severed.own, "It fails.");
}

#[test]
fn forms_are_no_headers_of_mails() {
    for text in [
        "The route is wrong:\n\nFrom: Berlin\nTo: Paris\nDate: 12.03.2025\n\nIt leads to Rome.",
        "Die Überweisung fehlt:\n\nVon: Konto 1234\nAn: Konto 5678\nBetreff: Miete\n\nBitte prüfen.",
    ] {
        whole_in_any(text);
    }
    for text in [
        "I sent this:\n\nFrom: anna@example.org\nSubject: test\n\nBut it never arrived",
        "I sent this:\n\nFrom: anna@example.org\nTo: bob@example.org\nSubject: test\n\nBut it never arrived",
        "Three things:\n\n## Original message lost\n\nIt is gone.",
        "The page says\n\nBegin forwarded message:\n\nand nothing else.",
        "The mail says\n\n##- Please type your reply above this line -##\n\nand nothing else.",
    ] {
        whole(text);
    }
    let mail = "From: Bob <bob@example.org>\nSent: 2 Nov 2020 10:12\nTo: Alice\nSubject: Printer\n\nIt hums.";
    assert_eq!(sever(&format!("Please look.\n\n{mail}"), Answering::Nothing).own, "Please look.");
}

#[test]
fn answers_between_marks_below_a_header_are_own() {
    for head in [
        "From: Bob <bob@example.org>\nSent: 2 Nov 2020 10:12\nTo: Alice\nSubject: Printer",
        "-----Original Message-----",
        "Gesendet: Montag, 02. November 2020 um 10:12 Uhr\nVon: \"Bob\" <bob@example.org>\nAn: alice@example.org\nBetreff: Printer",
    ] {
        let text = format!("See below.\n\n{head}\n\n> Does it print?\nNo.\n> Does it hum?\nYes, loudly.");
        let severed = sever(&text, Answering::Mail);
        let own: Vec<_> = severed.own.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(own, ["See below.", "No.", "Yes, loudly."]);
        assert!(!severed.handed_on);
    }
}

#[test]
fn phone_footers_stand_at_the_end() {
    for text in [
        "> Which mail program do you use?\n\nOutlook for Mac 16.80",
        "Hello,\n\nSent by registered mail\n\nbut not arrived.",
        "The letter is lost.\nSent by registered mail",
        "The footer says\nSent from my iPhone\nbut I have none.",
    ] {
        assert_eq!(sever(text, Answering::Nothing).own, text);
    }
    let asked =
        "On 2 Nov 2020 at 10:12, Bob wrote:\n> Which mail program do you use?\n\nOutlook for Mac 16.80";
    assert_eq!(sever(asked, Answering::Mail).own, "Outlook for Mac 16.80");
}

#[test]
fn what_a_first_mail_cites_is_own() {
    for text in [
        "I ran\ncat log\n| grep 500\n| sort\nand saw nothing.",
        "Form:\n| Steps: open\n| Expected: paper\nPlease help.",
        "I typed\nASA> enable\nASA> show\nand it hangs.",
        "I typed\n> npm install\n> npm start\nand it hangs.\n> npm stop",
    ] {
        whole(text);
    }
    assert!(sever("I typed\n> npm start\nand it hangs.", Answering::Nothing).handed_on);
    assert_eq!(sever("I typed\n > npm start\nand it hangs.", Answering::Mail).quoted, "");
}
