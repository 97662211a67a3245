//! The page of a ticket behind its link.

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{
        Desk, Letter, Postbox,
        postbox::Received,
        servers::{http_answer, http_post},
    },
};

/// Anna's resolved ticket with Carl on Cc, who was brought in by her first mail.
pub fn resolved() -> (Desk, Postbox, Postbox, [String; 2]) {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &carl.address));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.cli(&["ticket", "note", "1", "She is a big customer."]);
    desk.set(1, &["--status", "resolved"]);
    desk.settled(1);
    let hers = page_of(&anna.wait_for_mails(3)[2]);
    let his = page_of(&carl.wait_for_mails(2)[1]);
    (desk, anna, carl, [hers, his])
}

pub fn page_of(mail: &Received) -> String {
    let text = mail.text();
    let (_, rest) = text.split_once("https://desk.example.org").expect("a link to the page");
    let path = rest.split_whitespace().next().unwrap();
    path[path.find("/page/").unwrap()..].to_owned()
}

fn status(desk: &Desk) -> String {
    desk.sql("select status from tickets where id = 1")
}

#[test]
fn it_shows_what_is_public_and_opening_it_changes_nothing() {
    let (desk, _anna, carl, [hers, his]) = resolved();
    let before =
        desk.sql("select count(*), max(changed_at) from tickets") + &desk.sql("select count(*) from journal");
    let mut shown = String::new();
    for path in [&hers, &his, &hers] {
        shown = http_answer(desk.web, path).unwrap();
        assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
    }
    for said in [
        "Ready to try",
        "It works",
        "It still fails",
        "We wait for your answer until",
        "reported it",
        "on copy",
    ] {
        assert!(shown.contains(said), "{said}:\n{shown}");
    }
    assert!(!shown.contains("big customer"), "{shown}");
    assert!(
        shown.matches("<script").count() == 1 && shown.contains("<script src=\"/static/page."),
        "{shown}"
    );
    assert!(!shown.contains("See where it stands"), "the end of our mails is not repeated:\n{shown}");
    assert!(!shown.contains("desk.example.org/page/"), "nobody's link stands on it:\n{shown}");
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-robots-tag: noindex",
        "form-action 'self'",
    ] {
        assert!(shown.to_lowercase().contains(header), "{header}:\n{shown}");
    }
    // A scanner that sends every form without a click sends no act along.
    assert!(
        !shown.contains("type=\"hidden\"") && shown.contains("<button name=\"act\" value=\"works\">"),
        "{shown}"
    );
    let for_carl = http_answer(desk.web, &his).unwrap();
    assert!(!for_carl.contains("value=\"works\"") && for_carl.contains("value=\"leave\""), "{for_carl}");
    let after =
        desk.sql("select count(*), max(changed_at) from tickets") + &desk.sql("select count(*) from journal");
    assert_eq!(before, after);
    drop(carl);
}

#[test]
fn a_link_that_a_mail_program_wrapped_is_nobody_elses() {
    let (desk, anna, _carl, [hers, his]) = resolved();
    let token = hers.rsplit('/').next().unwrap();
    let asked = anna.wait_for_mails(3).remove(2);
    let wrapped = format!(
        "It is slow now.\n\n> https://safe.example/?url=https%3A%2F%2Fdesk.example.org%2Fpage%2F{token}&d=1\n"
    );
    desk.receives(&Letter::reply(&anna, &asked, &wrapped));
    desk.settled(2);
    let page = desk.get(&his).1;
    assert!(page.contains("It is slow now.") && page.contains("safe.example"), "{page}");
    assert!(!page.contains(token.rsplit('-').next().unwrap()), "{page}");
}

#[test]
fn the_links_of_a_ticket_that_was_merged_lead_to_the_other() {
    let (desk, anna, carl, [hers, his]) = resolved();
    desk.receives(&Letter::new(&anna.address, "Printer again", COMPLETE));
    desk.settled(2);
    desk.set(1, &["--status", "accepted"]);
    let merged = desk.cli(&["ticket", "merge", "1", "2", "--as", &desk.agent.address]);
    assert_eq!(desk.ticket(1)["merged_into"], 2, "{merged:?}");
    assert!(desk.get(&hers).1.contains("DG-2"));
    assert_eq!(http_post(desk.web, &hers, "act=say&words=About+both.").unwrap().0, 303);
    assert_eq!(desk.sql("select ticket_id from messages order by id desc limit 1"), "2");
    // What is part of another is not opened again, neither by the page nor by staff.
    let refused = desk.cli(&["ticket", "set", "1", "--status", "accepted", "--as", &desk.agent.address]);
    assert!(refused.stderr.contains("DG-1 is part of DG-2 now"), "{refused:?}");
    assert_eq!(desk.ticket(1)["status"], "closed");
    // Carl, who came along, leaves both by one click.
    assert_eq!(http_post(desk.web, &his, "act=leave").unwrap().0, 200);
    assert_eq!(
        desk.sql("select removed_by from participants where ticket_id = 2 and role = 'cc'"),
        carl.address
    );
}

#[test]
fn works_and_still_broken_are_buttons_of_who_reported_it() {
    let (desk, anna, _carl, [hers, his]) = resolved();
    assert_eq!(http_post(desk.web, &his, "act=works").unwrap().0, 303);
    assert_eq!(status(&desk), "resolved", "Carl did not report it");
    let (code, answer) = http_post(desk.web, &hers, "act=fails&words=The+window+%3Cb%3Ecloses.").unwrap();
    assert!(code == 303 && answer.to_lowercase().contains("\r\nlocation: "), "{answer}");
    assert_eq!(status(&desk), "accepted");
    let told = desk.agent.wait_for("the words", |mails| {
        mails.iter().any(|mail| mail.text().contains("The window <b>closes."))
    });
    drop(told);
    assert_eq!(desk.notices_to(&anna.address).last().unwrap(), "heard");
    let page = desk.get(&hers).1;
    assert!(page.contains("The window &lt;b&gt;closes."), "{page}");
    assert!(!page.contains("value=\"works\""), "there is nothing to be tried:\n{page}");
    // What the workflow does not allow now is not done.
    assert_eq!(http_post(desk.web, &hers, "act=works").unwrap().0, 303);
    assert_eq!(status(&desk), "accepted");

    desk.set(1, &["--status", "resolved"]);
    assert_eq!(http_post(desk.web, &hers, "act=works").unwrap().0, 303);
    assert_eq!(status(&desk), "verified");
    let by = desk.sql("select string_agg(detail->>'by', ' ') from journal where event = 'tried'");
    assert_eq!(by, "page page");
}

#[test]
fn words_become_an_entry_and_too_many_do_not() {
    let (desk, _anna, _carl, [hers, his]) = resolved();
    assert_eq!(http_post(desk.web, &his, "act=say&words=I+see+it%2C+too.").unwrap().0, 303);
    let entry = desk.sql("select direction, kind, own_text from messages order by id desc limit 1");
    assert_eq!(entry, "in|page|I see it, too.");
    assert_eq!(
        desk.sql("select count(*) from timers where kind ~ '^(trial|last-look)'"),
        "0",
        "whoever says anything is silent no longer"
    );
    for _ in 1..10 {
        assert_eq!(http_post(desk.web, &his, "act=say&words=more").unwrap().0, 303);
    }
    let (code, told) = http_post(desk.web, &his, "act=say&words=more").unwrap();
    assert!(code == 429 && told.contains("it was not kept") && !told.contains("nothing is lost"), "{told}");
    assert_eq!(http_post(desk.web, &hers, "act=close").unwrap().0, 400);
    let long = format!("act=say&words={}", "a".repeat(200_000));
    let (code, told) = http_post(desk.web, &hers, &long).unwrap();
    assert!(code == 413 && told.contains("it was not kept") && !told.contains("nothing is lost"), "{told}");
    assert_eq!(desk.count("messages where kind = 'page'"), 10);
}

#[test]
fn words_bring_what_the_report_lacks_as_those_of_a_reply_do() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", LACKS_EXPECTED));
    desk.settled(1);
    desk.set(1, &["--level", "3"]);
    assert_eq!(desk.cli(&["ticket", "snooze", "1", "2d"]).code, Some(0));
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["waiting_on"], &ticket["snoozed"]), (&"customer".into(), &true.into()));

    let hers = page_of(&anna.wait_for_one());
    let said = "act=say&words=Expected+result%3A+The+report+on+paper.";
    assert_eq!(http_post(desk.web, &hers, said).unwrap().0, 303);
    let ticket = desk.ticket(1);
    let expected = &ticket["gate"]["expected"];
    assert_eq!(
        (&expected["verdict"], &expected["evidence"][0]["text"]),
        (&"present".into(), &"The report on paper.".into())
    );
    assert_eq!((&ticket["waiting_on"], &ticket["snoozed"]), (&serde_json::Value::Null, &false.into()));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "completed"]);
    let entry = desk
        .sql("select kind from report_slots join messages m on m.id = message_id where slot = 'expected'");
    assert_eq!(entry, "page", "the evidence names the entry");
    let told = desk
        .agent
        .wait_for("the words", |mails| mails.iter().any(|mail| mail.text().contains("It came by the page")));
    let told = told.iter().find(|mail| mail.text().contains("It came by the page")).unwrap().text();
    assert!(
        told.contains("> The report on paper.") && told.contains("The report is complete now."),
        "{told}"
    );
}

#[test]
fn what_is_in_production_is_no_longer_in_a_test_environment() {
    let (desk, _anna, _carl, [hers, _]) = resolved();
    // Above what was written, where earlier mails stand.
    let top = || desk.get(&hers).1.split("What was written").next().unwrap_or_default().to_owned();
    assert!(top().contains("test environment"));
    desk.json(&["release", "2026.11", "--tickets", "1", "--json"]);
    let page = top();
    assert!(page.contains("is in production now") && !page.contains("test environment"), "{page}");
    assert!(page.contains("value=\"works\""), "it can be tried still:\n{page}");
}

#[test]
fn who_leaves_or_is_taken_out_has_a_link_to_nothing() {
    let (desk, _anna, carl, [hers, his]) = resolved();
    let (code, left) = http_post(desk.web, &his, "act=leave").unwrap();
    assert!(code == 200 && left.contains("You have left"), "{left}");
    assert_eq!(desk.sql("select removed_by from participants where role = 'cc'"), carl.address);
    let gone = desk.get(&his);
    assert_eq!(gone.0, 404);
    // Nobody leaves their own ticket.
    http_post(desk.web, &hers, "act=leave").unwrap();
    assert_eq!(desk.get(&hers).0, 200);
    // Another ticket's number, another person's, another purpose, anything.
    let token = hers.rsplit('/').next().unwrap();
    let seal = token.rsplit('-').next().unwrap();
    for path in [
        format!("/page/2-1-{seal}"),
        format!("/page/1-2-{seal}"),
        format!("/leave/ticket/{token}"),
        "/page/x".to_owned(),
    ] {
        assert_eq!(desk.get(&path), gone, "{path}");
        assert_eq!(http_post(desk.web, &path, "act=say&words=x").unwrap().0, 404, "{path}");
    }
}

#[test]
fn a_closed_ticket_is_shown_for_as_long_as_it_may_be_opened_again() {
    let (desk, _anna, _carl, [hers, _his]) = resolved();
    desk.set(1, &["--status", "verified"]);
    desk.set(1, &["--status", "closed"]);
    assert_eq!(desk.get(&hers).0, 200);
    assert_eq!(http_post(desk.web, &hers, "act=say&words=It+is+back.").unwrap().0, 303);
    assert_eq!(status(&desk), "accepted");
    desk.sql(
        "update tickets set status = 'closed', closed_as = 'done', closed_at = now() - interval '15 days'",
    );
    assert_eq!(desk.get(&hers).0, 404);
}

#[test]
fn an_unproven_requester_gets_no_link() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives_judged(&Letter::new(&anna.address, "Printer", COMPLETE), None);
    desk.settled(1);
    desk.set(1, &["--status", "accepted", "--reason", "Seen here."]);
    desk.settled(1);
    for mail in anna.wait_for_mails(2) {
        assert!(!mail.text().contains("https://"), "{}", mail.text());
    }
}
