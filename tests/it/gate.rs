//! Missing facts are asked for, at most twice, and a reply brings them.

use serde_json::Value;

use crate::{
    first_mail::LACKS_EXPECTED,
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

/// Only says what happened; steps and expectation are missing.
const LACKS_TWO: &str = "Hello,\n\nActual result: The printer gives blank pages.\n";

fn without_cooldown() -> Desk {
    let mut desk = Desk::prepare().with("[limits]\nask_cooldown = \"0s\"");
    desk.run();
    desk
}

#[test]
fn the_reply_that_fills_the_gap_joins_the_ticket_and_closes_the_question() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &question, "Expected result: The report on paper.\n"));

    let mails = anna.wait_for_mails(2);
    assert!(mails[1].text().contains("now we have everything"), "{}", mails[1].text());
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["waiting_on"], Value::Null);
    assert_eq!(ticket["gate"]["expected"]["verdict"], "present");
    assert_eq!(ticket["gate"]["expected"]["evidence"][0]["text"], "The report on paper.");
    assert_eq!(ticket["gate"]["steps"]["verdict"], "present", "the other slots stay");
    assert_eq!(ticket["gate"]["incomplete"], false);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-reply"]);
}

#[test]
fn an_answer_in_plain_words_to_the_one_open_question_is_taken_as_the_answer() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &question, "Ink on every page, like last week.\n"));

    anna.wait_for_mails(2);
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"]);
    assert_eq!(desk.ticket(1)["gate"]["expected"]["verdict"], "unsure");
}

#[test]
fn an_answer_below_the_quoted_question_is_found() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    let quoted: String = question.text().lines().map(|line| format!("> {line}\n")).collect();
    let body = format!(
        "On Sat, 21 Nov 2026, Example Desk wrote:\n{quoted}\nExpected result: The report on paper.\n"
    );
    desk.receives(&Letter::reply(&anna, &question, &body));

    anna.wait_for_mails(2);
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"]);
    let own = desk.ticket(1)["messages"][2]["own_text"].to_string();
    assert!(own.contains("The report on paper.") && !own.contains("What would help us"), "{own}");
}

#[test]
fn an_answer_within_our_question_is_found_without_any_marks() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    let (above, below) =
        question.text().split_once("Expected result:\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let body = format!(
        "From: Example Desk\nSent: Saturday, 21 November 2026 10:12\nTo: Anna\nSubject: Printer\n\n\
         {above}Expected result:\nThe report on paper.\n{below}"
    );
    desk.receives(&Letter::reply(&anna, &question, &body));

    anna.wait_for_mails(2);
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"]);
    assert_eq!(desk.ticket(1)["messages"][2]["own_text"], "Expected result:\nThe report on paper.");
}

#[test]
fn a_customer_is_asked_twice_and_then_a_person_takes_over() {
    let desk = without_cooldown();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_TWO));
    let first = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &first, "Which report do you mean?\n"));
    let second = anna.wait_for_mails(2).remove(1);
    assert!(second.text().contains("last time we ask"), "{}", second.text());
    desk.receives(&Letter::reply(&anna, &second, "Is anybody there?\n"));

    let told = |desk: &Desk| {
        let notices = desk.notices_to(&desk.agent.address);
        notices.iter().filter(|notice| *notice == "staff-incomplete").count()
    };
    let is_told = |mail: &Received| mail.text().contains("was asked 2 times");
    let notices = desk.agent.wait_for("the word to staff", |mails| mails.iter().any(is_told));
    let notice = notices.into_iter().find(is_told).unwrap().text();
    for part in
        ["Expected result is missing.", "Steps to reproduce is missing.", "> The printer", "#ask [steps]"]
    {
        assert!(notice.contains(part), "{part} is not in\n{notice}");
    }
    desk.receives(&Letter::reply(&anna, &second, "Hello? Is there any news?\n"));
    desk.settled(4);
    assert_eq!(told(&desk), 1, "staff are told once");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "asked-again"]);
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["gate"]["incomplete"], &ticket["gate"]["asks"]), (&Value::Bool(true), &2.into()));
    assert_eq!(ticket["waiting_on"], Value::Null, "the next word is ours");
    let list = desk.json(&["ticket", "list", "--json"]);
    assert_eq!(list[0]["incomplete"], true);
    assert!(desk.cli(&["ticket", "list"]).stdout.contains("Printer (incomplete)"));
    assert!(desk.cli(&["ticket", "show", "1"]).stdout.contains(", incomplete\n"));
}

#[test]
fn nobody_is_asked_again_within_the_cool_down() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_TWO));
    let first = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &first, "Which report do you mean?\n"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.ticket(1)["gate"]["incomplete"], false);
}

#[test]
fn two_replies_fill_two_gaps_one_after_the_other() {
    let desk = without_cooldown();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_TWO));
    let first = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &first, "Expected result: The report on paper.\n"));
    let second = anna.wait_for_mails(2).remove(1);
    assert!(second.text().contains("Steps to reproduce:") && !second.text().contains("Expected result:"));
    desk.receives(&Letter::reply(
        &anna,
        &second,
        "Steps to reproduce:\n1. Open the report.\n2. Press Print.\n",
    ));

    anna.wait_for_mails(3);
    desk.settled(3);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "asked-again", "completed"]);
    let gate = desk.ticket(1)["gate"].clone();
    for slot in ["steps", "actual", "expected"] {
        assert_eq!(gate[slot]["verdict"], "present", "{gate}");
    }
}

#[test]
fn a_desk_that_may_not_ask_does_not() {
    let mut desk = Desk::prepare().with("[limits]\nasks = 0");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));

    let text = anna.wait_for_one().text();
    assert!(!text.contains("Expected result:"), "{text}");
    desk.settled(1);
    assert_eq!(desk.ticket(1)["waiting_on"], Value::Null);
}

/// A ticket whose expectation was answered in words of which the gate is unsure.
fn with_an_unsure_answer() -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &question, "Ink on every page, like last week.\n"));
    let thanks = anna.wait_for_mails(2).remove(1);
    desk.settled(2);
    assert_eq!(desk.ticket(1)["gate"]["expected"]["verdict"], "unsure");
    (desk, anna, thanks)
}

#[test]
fn better_words_take_the_place_of_those_that_were_unsure() {
    let (desk, anna, thanks) = with_an_unsure_answer();
    let before = desk.ticket(1)["gate"].clone();
    desk.receives(&Letter::reply(&anna, &thanks, "Expected result: The report on paper.\n"));
    desk.settled(3);
    let gate = desk.ticket(1)["gate"].clone();
    assert_eq!(gate["expected"]["verdict"], "present");
    assert_eq!(gate["expected"]["evidence"][0]["text"], "The report on paper.");
    assert_ne!(gate["expected"]["message"], before["expected"]["message"]);
    assert_eq!((&gate["steps"], &gate["actual"]), (&before["steps"], &before["actual"]));
}

#[test]
fn a_yes_makes_sure_what_was_unsure_and_its_words_stay_where_they_were() {
    let (desk, anna, thanks) = with_an_unsure_answer();
    let before = desk.ticket(1)["gate"]["expected"].clone();
    desk.receives(&Letter::reply(&anna, &thanks, "No.\n"));
    desk.settled(3);
    assert_eq!(desk.ticket(1)["gate"]["expected"], before);
    desk.receives(&Letter::reply(&anna, &thanks, "Hello,\n\nyes, that's right.\n"));
    desk.settled(4);
    let after = desk.ticket(1)["gate"]["expected"].clone();
    assert_eq!((&after["verdict"], &after["decided_by"]), (&"present".into(), &anna.address.clone().into()));
    assert_eq!((&after["evidence"], &after["message"]), (&before["evidence"], &before["message"]));
}

#[test]
fn at_severity_1_a_reply_is_not_answered_with_questions() {
    let desk = without_cooldown();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_TWO));
    let first = anna.wait_for_one();
    desk.set(1, &["--severity", "1"]);
    desk.receives(&Letter::reply(&anna, &first, "Which report do you mean?\n"));
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.ticket(1)["gate"]["incomplete"], false);
}

/// What a reply to the question about the printer, with this text, makes of the expectation.
fn expectation_in(reply: impl Fn(&Received) -> (String, &'static str)) -> Value {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let question = anna.wait_for_one();
    let (body, kind) = reply(&question);
    desk.receives(
        &Letter::reply(&anna, &question, &body).with("Content-Type", &format!("{kind}; charset=utf-8")),
    );
    desk.settled(2);
    let ticket = desk.ticket(1);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"], "{ticket:#}");
    ticket["gate"]["expected"].clone()
}

/// As mail programs quote: an attribution, and a mark before each line.
fn quoted(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("> {line}\n")).collect();
    format!("On Sat, 21 Nov 2026, Example Desk wrote:\n{lines}")
}

#[test]
fn an_answer_within_the_quoted_question_is_found_with_marks_and_without() {
    for answer in
        ["> Expected result:\n> The report on paper.\n", "> Expected result:\nThe report on paper.\n"]
    {
        let found = expectation_in(|question| {
            (quoted(&question.text()).replace("> Expected result:\n", answer), "text/plain")
        });
        assert_eq!(
            (&found["verdict"], &found["evidence"][0]["text"]),
            (&"present".into(), &"The report on paper.".into())
        );
    }
}

#[test]
fn an_answer_behind_our_heading_on_the_same_line_is_found() {
    let found = expectation_in(|question| {
        let filled = question.text().replace("Expected result:\n", "Expected result: The report on paper.\n");
        (format!("Hello, see below.\n\n{}", quoted(&filled)), "text/plain")
    });
    assert_eq!(
        (&found["verdict"], &found["evidence"][0]["text"]),
        (&"present".into(), &"The report on paper.".into())
    );
}

#[test]
fn an_answer_in_html_is_found_above_the_quote_and_within_it() {
    let above = expectation_in(|question| {
        let body = format!(
            "<html><body><div dir=\"ltr\">Expected result: The report on paper.</div><br><div class=\"gmail_quote\">\
             <div class=\"gmail_attr\">On Sat, 21 Nov 2026 at 10:12, Example Desk wrote:<br></div>\
             <blockquote class=\"gmail_quote\">{}</blockquote></div></body></html>",
            question.html()
        );
        (body, "text/html")
    });
    assert_eq!(
        (&above["verdict"], &above["evidence"][0]["text"]),
        (&"present".into(), &"The report on paper.".into())
    );
    let within = expectation_in(|question| {
        let filled = question.html().replacen("&nbsp;</p>", "The report on paper.</p>", 1);
        let body = format!(
            "<html><body><p>My answer is below.</p><div>On 21 Nov 2026, at 10:12, Example Desk wrote:</div>\
             <blockquote type=\"cite\">{filled}</blockquote></body></html>"
        );
        (body, "text/html")
    });
    assert_eq!(
        (&within["verdict"], &within["evidence"][0]["text"]),
        (&"present".into(), &"The report on paper.".into())
    );
}

#[test]
fn headings_of_ours_are_answered_in_german_and_japanese() {
    for (report, heading, answer) in [
        (
            "Guten Tag,\n\nSchritte zum Nachstellen:\n1. Den Monatsbericht öffnen.\n2. Auf Drucken klicken.\n\n\
             Tatsächliches Ergebnis: Es kommen nur leere Seiten heraus.\n",
            "Erwartetes Ergebnis:\n",
            "Der Bericht auf Papier.",
        ),
        (
            "再現手順：\n1. 月次レポートを開く。\n2. 印刷を押す。\n\n実際の結果：白紙が出てきます。\n",
            "期待した結果：\n",
            "レポートが紙に印刷される。",
        ),
    ] {
        let desk = Desk::start();
        let anna = desk.customer("anna");
        desk.receives(&Letter::new(&anna.address, "Drucker", report));
        let question = anna.wait_for_one();
        assert!(question.text().contains(heading), "{}", question.text());
        for filled in [format!("{heading}{answer}\n"), format!("{}{answer}\n", heading.trim())] {
            let text = question.text().replace(heading, &filled);
            let body = if filled.contains(heading) { quoted(&text) } else { format!("-----\n{text}") };
            desk.receives(&Letter::reply(&anna, &question, &body));
        }
        desk.settled(3);
        let ticket = desk.ticket(1);
        let found = &ticket["gate"]["expected"];
        assert_eq!(
            (&found["verdict"], &found["evidence"][0]["text"]),
            (&"present".into(), &answer.into()),
            "{ticket:#}"
        );
        let unmarked = ticket["messages"].as_array().unwrap().last().unwrap();
        assert!(unmarked["own_text"].as_str().unwrap().ends_with(answer), "{ticket:#}");
    }
}
