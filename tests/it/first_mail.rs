//! A mail comes in, an answer goes out.

use crate::helpers::{Desk, Letter};

/// Says what was done and what happened, but not what was expected.
pub const LACKS_EXPECTED: &str = "Steps to reproduce:\n1. Open the monthly report.\n2. Press Print.\n\n\
                                  Actual result: The printer gives blank pages.\n";
/// Says everything.
pub const COMPLETE: &str = "Steps to reproduce:\n1. Open the monthly report.\n2. Press Print.\n\n\
                            Actual result: The printer gives blank pages.\n\n\
                            Expected result: The report on paper.\n";

#[test]
fn a_mail_becomes_a_ticket_and_its_answer_asks_for_what_is_missing() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter =
        Letter::new(&format!("Anna Example <{}>", anna.address), "Printer gives blank pages", LACKS_EXPECTED);
    desk.receives(&letter);

    let answer = anna.wait_for_one();
    assert_eq!(answer.subject(), "[DG-1] Printer gives blank pages");
    let text = answer.text();
    assert!(text.contains("Anna Example"), "{text}");
    assert!(
        text.contains("> 1. Open the monthly report.") || text.contains("> Open the monthly report."),
        "{text}"
    );
    assert!(text.contains("The printer gives blank pages."), "{text}");
    assert!(text.contains("Expected result:"), "{text}");
    assert!(!text.contains("Actual result:"), "asked for what was said: {text}");

    desk.settled(1);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["reference"], "DG-1");
    assert_eq!(ticket["subject"], "Printer gives blank pages");
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["source"], "customer");
    assert_eq!(ticket["waiting_on"], "customer");
    assert_eq!(ticket["requester"]["name"], "Anna Example");
    assert_eq!(ticket["requester"]["address"], anna.address);
    assert_eq!(ticket["gate"]["steps"]["verdict"], "present");
    assert_eq!(ticket["gate"]["expected"]["verdict"], "missing");
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
}

#[test]
fn the_answer_carries_the_headers_that_an_automatic_answer_owes() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter = Letter::new(&anna.address, "Printer", LACKS_EXPECTED)
        .with("References", "<older@customer.test> <old@customer.test>");
    desk.receives(&letter);

    let answer = anna.wait_for_one();
    let header = |name: &str| answer.header(name).unwrap_or_else(|| panic!("{name} is missing"));
    assert_eq!(header("Auto-Submitted"), "auto-replied");
    assert_eq!(header("In-Reply-To"), letter.id);
    assert!(header("References").ends_with(&letter.id));
    assert!(answer.message_id().starts_with("<dg.") && answer.message_id().ends_with("@desk.test>"));
    let (local, domain) = desk.support.address.split_once('@').unwrap();
    let reply_to = header("Reply-To");
    assert!(reply_to.starts_with(&format!("{local}+")) && reply_to.ends_with(domain), "{reply_to}");
    assert!(header("From").contains(&desk.support.address));
    assert!(header("To").contains(&anna.address));
    assert!(header("Date").contains("20"));
}

#[test]
fn the_answer_has_a_text_and_an_html_alternative() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));

    let answer = anna.wait_for_one();
    assert!(answer.header("Content-Type").unwrap().starts_with("multipart/alternative"));
    assert_eq!((answer.message().text_body_count(), answer.message().html_body_count()), (1, 1));
    let html = answer.html();
    assert!(html.starts_with("<!doctype html>") && html.contains("The printer gives blank pages."), "{html}");
    assert!(answer.raw.split(|&byte| byte == b'\n').all(|line| line.len() <= 998), "a line is too long");
}

#[test]
fn a_german_mail_is_answered_in_german() {
    let desk = Desk::start();
    let weber = desk.customer("weber");
    let body = "Guten Tag,\n\nSchritte zum Nachstellen:\n1. Auf \"Adresse ändern\" klicken.\n2. Eine neue Straße eintragen.\n\n\
                Tatsächliches Ergebnis: Es erscheint nur eine weiße Seite mit \"Fehler 500\".\n";
    desk.receives(&Letter::new(&weber.address, "Fehler beim Speichern", body));

    let answer = weber.wait_for_one();
    let text = answer.text();
    assert!(text.contains("vielen Dank") && text.contains("Erwartetes Ergebnis:"), "{text}");
    assert!(text.contains("Eine neue Straße eintragen") || text.contains("Adresse ändern"), "{text}");
    assert!(!text.contains("Kind regards"), "{text}");
    assert_eq!(answer.header("Content-Language").as_deref(), Some("de"));
}

#[test]
fn a_complete_report_is_answered_and_asked_nothing() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));

    let text = anna.wait_for_one().text();
    assert!(text.contains("The report on paper."), "{text}");
    assert!(!text.contains("What would help us"), "{text}");
    desk.settled(1);
    assert_eq!(desk.ticket(1)["waiting_on"], serde_json::Value::Null);
}

#[test]
fn a_question_is_no_problem_report_and_is_asked_nothing() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(
        &anna.address,
        "Opening hours",
        "Hello, until when are you open on Fridays?\n",
    ));

    let text = anna.wait_for_one().text();
    assert!(!text.contains("Expected result") && !text.contains("Actual result"), "{text}");
    desk.settled(1);
    assert_eq!(desk.ticket(1)["gate"]["problem_report"], false);
}

#[test]
fn a_japanese_mail_in_its_old_charset_is_read_and_answered_in_japanese() {
    let desk = Desk::start();
    let ken = desk.customer("ken");
    // こんにちは。印刷できません。 in ISO-2022-JP.
    let body = "\u{1b}$B$3$s$K$A$O!#0u:~$G$-$^$;$s!#\u{1b}(B\n";
    let letter = Letter::new(&ken.address, "=?iso-2022-jp?B?GyRCMHU6fhsoQg==?=", body)
        .with("Content-Type", "text/plain; charset=iso-2022-jp")
        .with("Content-Transfer-Encoding", "7bit");
    desk.receives(&letter);

    let answer = ken.wait_for_one();
    assert_eq!(answer.header("Content-Language").as_deref(), Some("ja"));
    assert_eq!(answer.subject(), "[DG-1] 印刷");
    desk.settled(1);
    let own = desk.ticket(1)["messages"][0]["own_text"].as_str().unwrap().to_owned();
    assert!(own.contains("こんにちは。印刷できません。"), "{own}");
}

#[test]
fn mails_without_any_field_are_tickets_of_their_own_and_get_no_answer() {
    let desk = Desk::start();
    desk.support.append("\r\nThe first of two.\r\n");
    desk.support.append("\r\nThe second of two.\r\n");
    desk.support.append("Subject: only a header\r\n\r\n");

    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened"; 3]);
    assert_eq!(desk.count("tickets"), 3);
    assert_eq!(desk.sql("select count(*) from outbox where notice = 'acknowledged'"), "0");
}

#[test]
fn every_mail_that_is_done_can_say_why_it_became_what_it_became() {
    let desk = Desk::start();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", LACKS_EXPECTED));
    desk.settled(1);

    let ran = desk.cli(&["inbox", "explain", "1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("Mail 1 is done: opened, ticket 1"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("Kind human") && ran.stdout.contains("asks for what is missing"),
        "{}",
        ran.stdout
    );
}
