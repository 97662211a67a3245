//! Staff overrule the gate by one word, and what they say is kept.

use serde_json::{Value, json};

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, postbox::Received, wait_for},
};

/// No report of a problem.
const NO_PROBLEM: &str =
    "Dear Sirs, please deliver 40 pcs of article 118-B to our Rotterdam depot in week 23.\n";

/// A desk with ticket 1 of anna's, and the notice that the agent got about it.
fn with_a_ticket(words: &str) -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", words));
    let notice = desk.agent.wait_for_one();
    anna.wait_for_one();
    (desk, anna, notice)
}

/// What the desk answers to a mail of the agent's.
fn commanded(desk: &Desk, notice: &Received, words: &str) -> String {
    let transcripts = |mails: &[Received]| -> Vec<String> {
        let texts = mails.iter().map(Received::text);
        texts.filter(|text| text.contains("What became of your commands")).collect()
    };
    let before = transcripts(&desk.agent.mails()).len();
    desk.receives(&Letter::reply(&desk.agent, notice, words));
    let mails = desk.agent.wait_for("the transcript", |mails| transcripts(mails).len() > before);
    transcripts(&mails).pop().unwrap()
}

/// `part: gate → staff`, in the order in which it was said.
fn examples(desk: &Desk) -> Vec<String> {
    let rows = desk.sql("select part, gate_said, staff_say from gate_examples order by id");
    rows.lines().map(|row| row.replace('|', " ")).collect()
}

#[test]
fn staff_say_that_nothing_is_missing_and_nobody_is_asked_again() {
    let (desk, anna, notice) = with_a_ticket(LACKS_EXPECTED);
    assert!(notice.text().contains("If that is wrong, reply with #complete"), "{}", notice.text());
    let text = commanded(&desk, &notice, "#complete\n");
    assert!(text.contains("> #complete\nDone: the report is complete"), "{text}");
    desk.settled(2);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["gate"]["expected"]["verdict"], "present");
    assert_eq!(ticket["gate"]["expected"]["decided_by"], desk.agent.address);
    assert_eq!(ticket["gate"]["actual"]["decided_by"], "gate");
    assert_eq!(ticket["waiting_on"], Value::Null);
    assert_eq!(
        examples(&desk),
        ["steps present present", "actual present present", "expected missing present"]
    );

    assert!(commanded(&desk, &notice, "#complete\n").contains("Done: it is so already"));
    let question = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &question, "Which report do you mean?\n"));
    desk.settled(4);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    desk.set(1, &["--status", "accepted"]);
}

#[test]
fn staff_ask_for_what_the_gate_took_as_there() {
    let (desk, anna, notice) = with_a_ticket(COMPLETE);
    let text = commanded(&desk, &notice, "#ask expected\n");
    assert!(text.contains("Done: the customer is asked for expected\n"), "{text}");

    let question = anna.wait_for_mails(2).remove(1);
    let words = question.text();
    assert!(words.contains("\nExpected result:\n") && !words.contains("Actual result:\n"), "{words}");
    assert!(words.contains("> The printer gives blank pages."), "{words}");
    assert!(!words.contains("on paper"), "what is asked for is not thanked for: {words}");
    desk.settled(2);
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["gate"]["asks"], &ticket["waiting_on"]), (&json!(1), &json!("customer")));
    assert_eq!(examples(&desk), ["expected present missing"]);

    desk.receives(&Letter::reply(&anna, &question, "Expected result: Ink on each page.\n"));
    anna.wait_for_mails(3);
    desk.settled(3);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "asked", "completed"]);
    assert_eq!(desk.ticket(1)["gate"]["expected"]["decided_by"], "gate");
}

#[test]
fn staff_may_ask_more_often_than_the_desk_and_are_told_so() {
    let (desk, anna, notice) = with_a_ticket(LACKS_EXPECTED);
    let second = commanded(&desk, &notice, "#ask\n");
    assert!(second.contains("Done: the customer is asked for expected\n"), "{second}");
    let third = commanded(&desk, &notice, "#ask expected steps\n");
    assert!(
        third.contains("steps and expected (question 3; by itself the desk asks 2 times at most)"),
        "{third}"
    );
    anna.wait_for_mails(3);
    desk.settled(3);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "asked", "asked"]);
    assert_eq!(desk.ticket(1)["gate"]["asks"], 3);
}

#[test]
fn who_is_not_proven_is_not_asked_and_staff_hear_why() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives_judged(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED), None);
    let notice = desk.agent.wait_for_one();
    let text = commanded(&desk, &notice, "#ask\n");
    assert!(text.contains("NOT done: the customer of ticket 1 is not asked: nothing proves"), "{text}");
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!((desk.ticket(1)["gate"]["asks"].clone(), examples(&desk).len()), (json!(0), 0));

    // Once they answer by the address that was made for them, they may be.
    let answer = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &answer, "Is anybody there?\n"));
    desk.settled(3);
    let asked = commanded(&desk, &notice, "#ask\n");
    assert!(asked.contains("Done: the customer is asked for"), "{asked}");
}

#[test]
fn machines_and_tickets_of_severity_1_are_asked_nothing() {
    let desk = Desk::start();
    let alert =
        Letter::new("nagios@customer.test", "** PROBLEM alert - db1/disk is CRITICAL **", LACKS_EXPECTED)
            .with("Auto-Submitted", "auto-generated");
    desk.receives(&alert);
    desk.settled(1);
    let refused = desk.cli(&["ticket", "ask", "1", "expected"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("a machine or a list wrote it"), "{}", refused.stderr);
    assert_eq!(desk.notices_to("nagios@customer.test"), [""; 0]);

    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    anna.wait_for_one();
    desk.set(2, &["--severity", "1"]);
    let refused = desk.cli(&["ticket", "ask", "2"]);
    assert!(refused.stderr.contains("at severity 1 nobody is held up"), "{}", refused.stderr);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn what_is_no_report_lacks_nothing_and_the_other_way_round() {
    let (desk, anna, _) = with_a_ticket(LACKS_EXPECTED);
    let said = desk.cli(&["ticket", "no-report", "1"]).stdout;
    assert!(said.contains("Ticket 1: it is no problem report."), "{said}");
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["gate"]["problem_report"], &ticket["waiting_on"]), (&json!(false), &Value::Null));
    desk.set(1, &["--status", "accepted"]);
    assert_eq!(examples(&desk), ["problem-report present missing"]);

    desk.receives(&Letter::new(&anna.address, "Order 40 pcs", NO_PROBLEM));
    desk.settled(2);
    assert_eq!(desk.ticket(2)["gate"]["problem_report"], false);
    let said = desk.cli(&["ticket", "ask", "2", "actual"]).stdout;
    assert!(said.contains("it is a problem report, the customer is asked for actual"), "{said}");
    assert_eq!(desk.ticket(2)["gate"]["problem_report"], true);
    let said = examples(&desk);
    assert_eq!(said[1], "problem-report missing present");
    assert!(said[2].starts_with("actual ") && said[2].ends_with(" missing") && said.len() == 3, "{said:?}");
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "acknowledged", "asked"]);
}

#[test]
fn to_go_on_without_it_is_no_word_about_what_is_there() {
    let (desk, ..) = with_a_ticket(LACKS_EXPECTED);
    assert!(desk.cli(&["ticket", "set", "1", "--status", "accepted"]).stderr.contains("give a reason"));
    assert_eq!(examples(&desk).len(), 0);
    desk.set(1, &["--status", "accepted", "--reason", "known fault"]);
    assert_eq!(examples(&desk), ["expected missing enough"]);
    assert_eq!(desk.ticket(1)["gate"]["expected"]["verdict"], "missing");
}

#[test]
fn what_staff_said_is_printed_as_labelled_data() {
    let (desk, anna, _) = with_a_ticket(LACKS_EXPECTED);
    desk.cli(&["ticket", "complete", "1", "expected"]);
    let question = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &question, "Ink on every page, like last week.\n"));
    desk.settled(2);
    desk.cli(&["ticket", "ask", "1", "steps"]);
    desk.cli(&["ticket", "no-report", "1"]);
    desk.receives(&Letter::new(&anna.address, "Scanner", LACKS_EXPECTED));
    desk.settled(3);
    desk.set(2, &["--status", "accepted", "--reason", "known fault"]);

    let printed = desk.cli(&["gate", "examples"]).stdout;
    let lines: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{printed}");
    let first = &lines[0];
    assert_eq!((&first["lang"], &first["subject"]), (&json!("en"), &json!("Printer")));
    assert_eq!((&first["problem_report"], &first["eb"]), (&json!(true), &json!(true)));
    assert_eq!((&first["ob"], &first["s2r"]), (&Value::Null, &Value::Null), "nobody spoke of them");
    let text = first["text"].as_str().unwrap();
    assert!(text.contains("blank pages") && !text.contains("like last week"), "{text}");
    let second = &lines[1];
    assert!(second["text"].as_str().unwrap().ends_with("\n\nInk on every page, like last week."), "{second}");
    for part in ["problem_report", "ob", "eb", "s2r"] {
        assert_eq!(second[part], false, "no report has none: {second}");
    }
    assert_eq!((&lines[2]["problem_report"], &lines[2]["eb"]), (&json!(true), &Value::Null));
    assert_ne!(lines[0]["id"], lines[1]["id"]);
}

#[test]
fn who_does_not_answer_is_given_up_once() {
    let (mut desk, anna, _) = with_a_ticket(LACKS_EXPECTED);
    desk.receives(&Letter::new(&anna.address, "Order 40 pcs", NO_PROBLEM));
    desk.settled(2);
    let days_pass = |desk: &Desk| {
        desk.sql("update messages set created_at = created_at - interval '4 days'");
        desk.sql("update tickets set last_asked_at = last_asked_at - interval '4 days'");
    };
    let told = |desk: &Desk| {
        let notices = desk.notices_to(&desk.agent.address);
        notices.iter().filter(|notice| *notice == "staff-incomplete").count()
    };
    assert_eq!(told(&desk), 0);
    days_pass(&desk);
    let is_told = |mail: &Received| mail.text().contains("has not answered for 3 days");
    let mails = desk.agent.wait_for("the word to staff", |mails| mails.iter().any(is_told));
    let text = mails.iter().find(|mail| is_told(mail)).unwrap().text();
    for part in ["Expected result is missing.", "> The printer gives blank pages.", "#complete", "#no-report"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["gate"]["incomplete"], &ticket["waiting_on"]), (&json!(true), &Value::Null));

    // The clock ticks for another customer's ticket, and says nothing more about the first.
    desk.receives(&Letter::new(&desk.customer("bert").address, "Scanner", LACKS_EXPECTED));
    desk.settled(3);
    desk.stop();
    days_pass(&desk);
    desk.run();
    wait_for("the word about the other", || (told(&desk) == 2).then_some(()));
    assert_eq!(desk.ticket(2)["gate"]["incomplete"], false, "it was asked nothing");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "acknowledged"]);
}

#[test]
fn a_ticket_of_a_mailbox_that_is_gone_keeps_no_other_from_being_given_up() {
    let (mut desk, ..) = with_a_ticket(LACKS_EXPECTED);
    desk.receives(&Letter::new(&desk.customer("bert").address, "Scanner", LACKS_EXPECTED));
    desk.settled(2);
    desk.stop();
    desk.sql(
        "insert into mailboxes (name, source, address) values ('old', '', 'old@desk.test');
         update tickets set mailbox_id = (select id from mailboxes where name = 'old') where id = 1;
         update messages set created_at = created_at - interval '5 days';
         update tickets set last_asked_at = last_asked_at - interval '4 days' - interval '1 hour' * (3 - id)",
    );
    desk.run();
    let incomplete = || desk.sql("select string_agg(incomplete::text, ' ' order by id) from tickets");
    wait_for("the mark on both", || (incomplete().trim() == "true true").then_some(()));
    let told = desk.notices_to(&desk.agent.address);
    assert_eq!(told.iter().filter(|notice| *notice == "staff-incomplete").count(), 1, "{told:?}");
}

#[test]
fn whom_somebody_answered_since_is_not_given_up() {
    let (mut desk, anna, _) = with_a_ticket(LACKS_EXPECTED);
    desk.cli(&["ticket", "reply", "1", "We are looking into it."]);
    desk.receives(&Letter::new(&desk.customer("bert").address, "Scanner", LACKS_EXPECTED));
    anna.wait_for_mails(2);
    desk.settled(2);
    desk.stop();
    desk.sql("update tickets set last_asked_at = last_asked_at - interval '4 days'");
    desk.sql("update messages set created_at = created_at - interval '4 days' where ticket_id = 2");
    desk.run();
    wait_for("the word about the other", || (desk.ticket(2)["gate"]["incomplete"] == true).then_some(()));
    assert_eq!(desk.ticket(1)["gate"]["incomplete"], false);
}

#[test]
fn what_stands_within_a_quoted_notice_commands_nothing() {
    let (desk, _, notice) = with_a_ticket(LACKS_EXPECTED);
    let heading = "Steps to reproduce:\n";
    assert!(notice.text().contains(heading), "{}", notice.text());
    let filled = notice.text().replace(heading, &format!("{heading}#no-report\n"));
    let quoted: String = filled.lines().map(|line| format!("> {line}\n")).collect();
    let reply = format!("I see.\n\nOn Saturday Example Desk wrote:\n{quoted}");
    desk.receives(&Letter::reply(&desk.agent, &notice, &reply));
    desk.settled(2);
    assert_eq!(desk.ticket(1)["gate"]["problem_report"], true);
    let transcript = desk.agent.wait_for("where the words went", |mails| {
        mails.iter().any(|mail| mail.text().contains("your words went to"))
    });
    assert!(transcript.iter().all(|mail| !mail.text().contains("> #no-report")));
}
