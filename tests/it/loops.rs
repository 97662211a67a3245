//! Machines write, too. None of them is answered.

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

fn desk_with_question() -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    let answer = anna.wait_for_one();
    desk.settled(1);
    (desk, anna, answer)
}

/// A delivery status notification (RFC 3464) of a mail that we sent.
pub fn bounce(of: &Received, to: &str, action: &str, status: &str) -> Letter {
    let body = format!(
        "--=_b\nContent-Type: text/plain\n\nThe mail could not be delivered.\n\n\
         --=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.test\n\n\
         Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n\
         Diagnostic-Code: smtp; 550 {status} no such user\n\n\
         --=_b\nContent-Type: message/rfc822-headers\n\nMessage-ID: {}\nSubject: {}\n\n--=_b--\n",
        of.message_id(),
        of.subject()
    );
    let mut letter = Letter::new("MAILER-DAEMON@customer.test", "Undelivered Mail Returned to Sender", &body)
        .with("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"=_b\"")
        .to(&of.header("Return-Path").unwrap().replace(['<', '>'], ""));
    letter.from = String::new();
    letter
}

#[test]
fn a_vacation_reply_is_kept_among_staff_and_answered_by_nobody() {
    let (desk, anna, answer) = desk_with_question();
    let vacation =
        Letter::reply(&anna, &answer, "I am away until Monday.\n").with("Auto-Submitted", "auto-replied");
    desk.receives(&vacation);
    let old_style = Letter::reply(&anna, &answer, "I am still away.\n").with("X-Autoreply", "yes");
    desk.receives(&old_style);

    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "noted", "noted"]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["waiting_on"], "customer", "a machine does not answer for her");
    assert_eq!(ticket["messages"][2]["staff_only"], true);
}

#[test]
fn a_vacation_reply_does_not_reopen_a_closed_ticket() {
    let (desk, anna, answer) = desk_with_question();
    desk.set(1, &["--status", "closed"]);
    desk.receives(&Letter::reply(&anna, &answer, "I am away.\n").with("Auto-Submitted", "auto-replied"));

    desk.settled(2);
    assert_eq!(desk.ticket(1)["status"], "closed");
}

#[test]
fn list_posts_alerts_and_machines_open_tickets_quietly() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    for (name, value) in
        [("Auto-Submitted", "auto-generated"), ("List-Id", "<security.lists.test>"), ("Precedence", "bulk")]
    {
        desk.receives(&Letter::new(&anna.address, name, COMPLETE).with(name, value));
    }

    desk.settled(3);
    assert_eq!(
        desk.sql("select source from tickets order by subject"),
        "system\nsecurity-list\nsecurity-list"
    );
    assert_eq!(desk.notices_to(&anna.address), [""; 0]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"; 3]);
}

#[test]
fn a_read_receipt_changes_nothing() {
    let (desk, anna, answer) = desk_with_question();
    let body = format!(
        "--=_b\nContent-Type: text/plain\n\nYour mail was displayed.\n\n\
         --=_b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{}\n\
         Original-Message-ID: {}\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--=_b--\n",
        anna.address,
        answer.message_id()
    );
    let receipt = Letter::reply(&anna, &answer, &body)
        .with("Content-Type", "multipart/report; report-type=disposition-notification; boundary=\"=_b\"");
    desk.receives(&receipt);

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "noted"]);
    assert_eq!(desk.count("tickets"), 1);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.ticket(1)["waiting_on"], "customer");
}

#[test]
fn a_bounce_marks_the_mail_that_came_back_and_tells_staff() {
    let (desk, anna, answer) = desk_with_question();
    desk.receives(&bounce(&answer, &anna.address, "failed", "5.1.1"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "bounce"]);
    assert_eq!(desk.count("tickets"), 1);
    let out = desk.json(&["outbox", "list", "--json"]);
    let marked: Vec<&str> = out
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| !line["bounced_at"].is_null())
        .map(|line| line["notice"].as_str().unwrap())
        .collect();
    assert_eq!(marked, ["acknowledged"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-undeliverable"]);
    let told = desk.agent.wait_for_mails(2).remove(1).text();
    assert!(told.contains(&anna.address) && told.contains("no such user"), "{told}");
    assert!(told.contains("user unknown (hard, 5.1.1)"), "{told}");
    assert_eq!(desk.sql("select count(*) from outbox where recipient ilike 'mailer-daemon%'"), "0");
}

#[test]
fn a_delay_is_written_down_and_alarms_nobody() {
    let (desk, anna, answer) = desk_with_question();
    desk.receives(&bounce(&answer, &anna.address, "delayed", "4.4.1"));

    desk.settled(2);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
    assert_eq!(desk.sql("select count(*) from journal where event = 'delayed'"), "1");
    assert_eq!(desk.sql("select count(*) from outbox where bounced_at is not null"), "0");
}

#[test]
fn a_report_that_a_mail_arrived_marks_nothing() {
    let (desk, anna, answer) = desk_with_question();
    desk.receives(&bounce(&answer, &anna.address, "delivered", "2.0.0"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "bounce"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
    assert_eq!(desk.sql("select count(*) from journal where event in ('bounced', 'delayed')"), "0");
    assert_eq!(desk.sql("select count(*) from outbox where bounced_at is not null"), "0");
}

#[test]
fn a_bounce_of_a_staff_notice_is_not_told_by_another() {
    let (desk, _anna, _answer) = desk_with_question();
    let notice = desk.agent.wait_for_one();
    desk.receives(&bounce(&notice, &desk.agent.address, "failed", "5.1.1"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "bounce"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
}

#[test]
fn a_bounce_of_somebody_elses_mail_is_set_aside() {
    let (desk, anna, answer) = desk_with_question();
    let mut stray = bounce(&answer, &anna.address, "failed", "5.1.1").to(&desk.support.address);
    let text = String::from_utf8(stray.bytes())
        .unwrap()
        .replace(answer.message_id().as_str(), "<nobody@customer.test>");
    stray.from = String::new();
    desk.support.append(text);

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "set-aside"]);
    assert_eq!(desk.count("tickets"), 1);
}

#[test]
fn our_own_mail_that_comes_back_is_set_aside() {
    let (desk, _anna, answer) = desk_with_question();
    desk.support.deliver(&answer.raw);
    desk.receives(&Letter::new(&desk.support.address, "To ourselves", COMPLETE));

    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "set-aside", "set-aside"]);
    assert_eq!(desk.count("tickets"), 1);
}

#[test]
fn an_empty_envelope_sender_asks_for_no_answer() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let mut letter = Letter::new(&anna.address, "Printer", COMPLETE);
    letter.from = String::new();
    desk.receives_judged(&letter, Some("dmarc=pass header.from=customer.test"));

    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
    assert_eq!(desk.notices_to(&anna.address), [""; 0]);
}

#[test]
fn a_flood_from_one_sender_is_kept_whole_and_answered_in_bounds() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    for number in 1..=30 {
        desk.receives(&Letter::new(&anna.address, &format!("Number {number}"), COMPLETE));
    }

    desk.settled(30);
    assert_eq!(desk.outcomes(), ["opened"; 30]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"; 10]);
    // Twenty mails were not answered; staff hear of it once.
    let alarms = desk.notices_to(&desk.agent.address).into_iter().filter(|notice| notice == "staff-alarm");
    assert_eq!(alarms.count(), 1);
}

#[test]
fn a_ticket_that_machines_keep_busy_goes_quiet() {
    let mut desk = Desk::prepare().with("[limits]\nautomatic_per_ticket_hour = 4");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let answer = anna.wait_for_one();
    for number in 1..=6 {
        desk.receives(&Letter::reply(&anna, &answer, &format!("Another thing, number {number}.\n")));
    }

    desk.settled(7);
    // The agent is told four times in the hour and of the silence once; the customer was answered once.
    assert_eq!(
        desk.notices_to(&desk.agent.address),
        ["staff-new", "staff-reply", "staff-reply", "staff-reply", "staff-alarm"]
    );
    let told: Vec<String> = desk.agent.wait_for_mails(5).iter().map(Received::text).collect();
    let alarm = told.iter().find(|text| text.contains("about DG-1 within an hour"));
    assert!(alarm.is_some_and(|text| text.contains("automatic mails")), "{told:?}");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert!(desk.sql("select count(*) from journal where event = 'quieted'").parse::<u32>().unwrap() >= 3);

    // What was held comes back to who wrote it all the same.
    let mails = desk.agent.wait_for_mails(5);
    let notice =
        mails.iter().find(|mail| mail.text().contains("number 1")).expect("the first reply was told");
    desk.receives(&Letter::reply(&desk.agent, notice, "#nte\n\nShe is wrong.\n"));
    let has = |mail: &Received| mail.text().contains("Your words were NOT sent");
    desk.agent.wait_for("what was held", |mails| mails.iter().any(has));
}
