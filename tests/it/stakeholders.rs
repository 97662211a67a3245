//! Who does not work on tickets hears how they stand: as it happens or in digests, and only what changed for them.

use mail_parser::MimeHeaders;

use crate::{
    first_mail::COMPLETE,
    helpers::{
        Desk, Letter, Postbox,
        postbox::Received,
        servers::{http_answer, http_post},
        wait_for,
    },
    leaving::way_out,
};

/// A desk that does not run yet, with stakeholders: name and wants.
fn prepared<const N: usize>(stakeholders: [(&str, &str); N]) -> (Desk, [Postbox; N]) {
    let mut desk =
        Desk::prepare().configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    let boxes = stakeholders.map(|(name, _)| desk.mailbox(name, "desk.test"));
    for ((_, wants), postbox) in stakeholders.iter().zip(&boxes) {
        desk = desk.with(&format!("[[stakeholder]]\nemail = \"{}\"\n{wants}", postbox.address));
    }
    (desk, boxes)
}

/// Sends the digests that are set now.
pub fn digests_are_due(desk: &Desk) {
    desk.sql(
        "update timers set due_at = date_trunc('second', now()) + interval '1 second' where kind = 'digest'",
    );
}

/// Every mark is worked off.
fn all_told(desk: &Desk) {
    wait_for("stakeholders to be told", || (desk.count("timers where kind = 'tell'") == 0).then_some(()));
}

fn changed_in(mail: &Received) -> String {
    let text = mail.text();
    text.split("Where it stands now").next().unwrap_or_default().to_owned()
}

#[test]
fn two_of_different_cadence_follow_a_severity_1_and_no_password_reaches_them() {
    let (mut desk, [boss, cfo]) =
        prepared([("boss", "wants = [\"sev1\"]"), ("cfo", "wants = [\"sev1 daily\"]")]);
    desk.run();
    let anna = desk.customer("anna");
    let words = format!("{COMPLETE}\nMy log-in is anna, password: hunter2.\n");
    desk.receives(&Letter::new(&anna.address, "Shop down, password: hunter2", &words));
    desk.settled(1);
    desk.set(1, &["--status", "accepted", "--severity", "1"]);

    let first = boss.wait_for_one();
    assert_eq!(first.subject(), "[DG-1] Shop down, password: [masked: password]");
    let text = first.text();
    assert!(text.contains("Status: new → accepted") && text.contains("Severity: 1"), "{text}");
    assert!(text.contains("> My log-in is anna, password: [masked: password]."), "{text}");
    assert!(text.contains("because you follow severity 1"), "{text}");
    assert_eq!(first.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    // Staff have it as it was written.
    assert!(desk.agent.wait_for_one().text().contains("hunter2"));

    desk.set(1, &["--status", "resolved", "--reason", "Please try again. password: hunter2"]);
    let second = boss.wait_for_mails(2).remove(1);
    assert!(changed_in(&second).contains("Status: accepted → resolved"), "{}", second.text());
    assert!(!changed_in(&second).contains("Severity"), "what they know is not said again: {}", second.text());
    assert!(
        changed_in(&second).contains("> Please try again. password: [masked: password]"),
        "{}",
        second.text()
    );
    assert_eq!(second.subject(), first.subject());
    assert_eq!(second.header("In-Reply-To"), Some(first.message_id()));

    assert_eq!(desk.notices_to(&cfo.address), [""; 0]);
    digests_are_due(&desk);
    let digest = cfo.wait_for_one();
    assert_eq!(digest.subject(), "Daily digest: 1 open at severity 1, 1 opened, 0 closed");
    assert!(digest.text().contains("DG-1 · Sev 1 · Shop down"), "{}", digest.text());
    for mail in [&first, &second, &digest] {
        assert!(!String::from_utf8_lossy(&mail.raw).contains("hunter2") && !mail.html().contains("hunter2"));
    }
}

#[test]
fn several_changes_are_one_mail_and_a_way_that_ends_where_it_began_is_none() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"all\"]")]);
    desk.run_roles("fetch,process,deliver");
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted", "--severity", "3"]);
    desk.set(1, &["--severity", "2"]);
    desk.set(1, &["--status", "resolved"]);
    desk.set(1, &["--status", "verified"]);
    desk.run_roles("clock");
    let mail = boss.wait_for_one();
    let changed = changed_in(&mail);
    assert!(changed.contains("Status: new → accepted → resolved → verified\n"), "{changed}");
    assert!(changed.contains("Severity: 2\n"), "{changed}");

    // Up and down again is nothing new to them. The clock stands still meanwhile.
    desk.stop();
    desk.set(1, &["--severity", "1"]);
    desk.set(1, &["--severity", "2", "--reason", "There is a workaround."]);
    desk.run_roles("clock");
    all_told(&desk);
    assert_eq!(desk.notices_to(&boss.address), ["stakeholder-update"]);
    desk.run_roles("deliver");
    desk.set(1, &["--status", "closed"]);
    let end = boss.wait_for_mails(2).remove(1);
    assert!(changed_in(&end).contains("Status: verified → closed (done)\n"), "{}", end.text());
    assert!(changed_in(&end).contains("> There is a workaround."), "{}", end.text());
    assert!(!changed_in(&end).contains("Severity"), "{}", end.text());
}

#[test]
fn a_daily_digest_has_the_figures_the_picture_and_the_way_out() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"digest\"]\nzone = \"Europe/Berlin\"")]);
    desk.run();
    let anna = desk.customer("anna");
    for subject in ["First", "Second", "Third", "Fourth"] {
        desk.receives(&Letter::new(&anna.address, subject, COMPLETE));
    }
    desk.settled(4);
    desk.set(1, &["--status", "accepted", "--severity", "1"]);
    desk.set(2, &["--status", "accepted", "--severity", "3"]);
    desk.set(2, &["--status", "resolved"]);
    desk.set(3, &["--status", "closed", "--reason", "See the manual."]);
    digests_are_due(&desk);

    let digest = boss.wait_for_one();
    assert_eq!(digest.subject(), "Daily digest: 1 open at severity 1, 4 opened, 1 closed");
    let text = digest.text();
    for line in [
        "Opened: 4 (0 in the day before)",
        "Closed: 1 (0 in the day before)",
        "Open now: 3",
        "Waiting for the customer: 1",
        "Severity 1: 1 (≤ 1 day 1, ≤ 7 days 0, ≤ 28 days 0, older 0)",
        "Severity 3: 1 (",
        "Not rated: 1 (",
        "opened; new → accepted; severity 1",
        "opened; new → accepted → resolved; severity 3",
        "opened; new → closed (answered)",
        "because you follow all tickets",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
    let places: Vec<_> =
        ["DG-1 ", "DG-2 ", "DG-4 "].map(|reference| text.find(reference).expect("listed")).into();
    assert!(places.is_sorted(), "the gravest first: {text}");
    // Today's column: one of each severity, four opened, one closed.
    assert!(text.lines().any(|line| line.ends_with("1      0      1          1       4       1")), "{text}");

    let picture = digest.message().attachments().next().expect("a picture");
    assert!(picture.contents().starts_with(b"\x89PNG") && picture.contents().len() < 40_000);
    let id = picture.content_id().expect("an id");
    assert!(digest.html().contains(&format!("src=\"cid:{id}\"")), "{}", digest.html());
    assert_eq!(digest.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));

    // Where nothing happens there is none.
    digests_are_due(&desk);
    wait_for("the next timer", || {
        (desk.count("timers where kind = 'digest' and due_at > now()") == 1).then_some(())
    });
    assert_eq!(desk.notices_to(&boss.address), ["stakeholder-digest"]);
}

#[test]
fn one_click_ends_it_and_neither_time_nor_the_configuration_brings_it_back() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"all\", \"all weekly\"]")]);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    let path = way_out(&boss.wait_for_one());
    let shown = http_answer(desk.web, &path).unwrap();
    assert!(
        shown.contains("mails about single changes")
            && shown.contains("<button name=\"leave\" value=\"yes\">Unsubscribe</button>"),
        "{shown}"
    );
    assert_eq!(desk.count("subscriptions where ended_at is not null"), 0);

    let (status, done) = http_post(desk.web, &path, "List-Unsubscribe=One-Click").unwrap();
    assert!(status == 200 && done.contains("You are unsubscribed"), "{done}");
    desk.set(1, &["--status", "resolved"]);
    all_told(&desk);
    assert_eq!(desk.notices_to(&boss.address), ["stakeholder-update"], "nothing more, and no word about it");
    let ended = "select ended_by from subscriptions where cadence = 'immediate'";
    assert_eq!(desk.sql(ended), boss.address);

    // The weekly digest goes on; staff may begin the rest again.
    digests_are_due(&desk);
    let digest = boss.wait_for_mails(2).remove(1);
    assert!(digest.subject().starts_with("Weekly digest: "), "{}", digest.subject());
    let said = desk.cli(&["subscription", "add", &boss.address, "all"]);
    assert_eq!(
        said.stdout,
        format!("{} gets each change of all tickets.\n", boss.address),
        "{}",
        said.stderr
    );
    desk.set(1, &["--status", "verified"]);
    let back = boss.wait_for_mails(3).remove(2);
    assert!(changed_in(&back).contains("Status: accepted → resolved → verified"), "{}", back.text());
}

#[test]
fn a_digest_is_ended_by_the_mail_that_a_mail_program_writes() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"digest\", \"all weekly\"]")]);
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    desk.sql("update timers set due_at = now() where kind = 'digest' and subject like '% daily'");
    let digest = boss.wait_for_one();
    let field = digest.header("List-Unsubscribe").unwrap();
    let mailto = field.split(['<', '>']).find_map(|part| part.strip_prefix("mailto:")).unwrap().to_owned();
    let (address, subject) = mailto.split_once("?subject=").unwrap();
    let off = Letter::new(&boss.address, &subject.replace("%20", " "), "");
    // Nothing but the address proves who wrote it.
    desk.receives_judged(&off.with("To", address).to(address), None);
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "answer"]);
    assert_eq!(
        desk.sql("select string_agg(cadence, ',') from subscriptions where ended_at is null"),
        "weekly"
    );

    // A question to the desk is one, also below a digest.
    desk.receives(&Letter::reply(&boss, &digest, "Why is this one still open?\n"));
    desk.settled(3);
    assert_eq!(desk.outcomes().last().map(String::as_str), Some("opened"));
}

/// The mail with these words, once it is there.
fn mail_with(postbox: &Postbox, words: &str) -> Received {
    let is_it = |mail: &Received| mail.text().contains(words);
    let mails = postbox.wait_for(words, |mails| mails.iter().any(is_it));
    mails.into_iter().find(is_it).expect("it is there")
}

#[test]
fn a_reply_ends_one_ticket_and_only_with_proof_begins_it_again() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"all\"]")]);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    let update = boss.wait_for_one();
    desk.receives_judged(&Letter::reply(&boss, &update, "#unsubscribe\n"), None);
    mail_with(&boss, "hears no more of DG-1");
    desk.receives_judged(&Letter::reply(&boss, &update, "#subscribe\n"), None);
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "answer", "opened"]);
    desk.set(1, &["--status", "resolved"]);
    all_told(&desk);
    desk.receives(&Letter::new(&anna.address, "Another", COMPLETE));
    desk.settled(4);
    let other = desk.sql("select id from tickets where subject = 'Another'").parse().unwrap();
    desk.set(other, &["--status", "accepted"]);
    boss.wait_for("the other ticket", |mails| mails.iter().any(|mail| mail.subject().contains("Another")));

    desk.receives(&Letter::reply(&boss, &update, "#subscribe\n"));
    mail_with(&boss, "gets each change of DG-1");
    desk.set(1, &["--status", "verified"]);
    let back = mail_with(&boss, "Status: accepted → resolved → verified");
    assert_eq!(
        back.header("In-Reply-To"),
        Some(update.message_id()),
        "nothing of the time in between was sent"
    );
}

#[test]
fn an_answer_to_a_digest_changes_how_often_and_never_what_somebody_follows() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"customer:customer.test daily\"]")]);
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    digests_are_due(&desk);
    let digest = boss.wait_for_one();
    desk.receives(&Letter::reply(&boss, &digest, "#subscribe weekly\n"));
    mail_with(&boss, "gets a weekly digest of customer customer.test");
    let going_on = "select string_agg(what || ' ' || cadence, ',') from subscriptions where ended_at is null";
    assert_eq!(desk.sql(going_on), "customer weekly");

    // Whom staff took off the list comes back by no old mail.
    desk.sql("update subscriptions set ended_by = 'configuration', ended_at = now()");
    desk.receives(&Letter::reply(&boss, &digest, "#subscribe daily\n"));
    mail_with(&boss, "NOT done: you follow nothing here any more");
    assert_eq!(desk.sql(going_on), "");
}

#[test]
fn a_customers_domain_is_followed_and_no_other() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"customer:customer.test\"]")]);
    desk.run();
    let anna = desk.customer("anna");
    let eve = desk.mailbox("eve", "notcustomer.test");
    desk.receives(&Letter::new(&eve.address, "Not theirs", COMPLETE));
    desk.receives(&Letter::new(&anna.address, "Theirs", COMPLETE));
    desk.settled(2);
    let of = |subject: &str| {
        desk.sql(&format!("select id from tickets where subject = '{subject}'")).parse().unwrap()
    };
    desk.set(of("Not theirs"), &["--status", "accepted"]);
    all_told(&desk);
    desk.set(of("Theirs"), &["--status", "accepted"]);
    let mail = boss.wait_for_one();
    assert!(mail.subject().contains("Theirs") && !mail.subject().contains("Not"), "{}", mail.subject());
    assert!(mail.text().contains("because you follow customer customer.test"), "{}", mail.text());
    desk.settled(2);
    assert_eq!(desk.notices_to(&boss.address), ["stakeholder-update"]);
}

#[test]
fn what_nobody_on_the_staff_has_looked_at_is_told_to_nobody() {
    let (mut desk, [boss]) = prepared([("boss", "wants = [\"all\"]")]);
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Buy now", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--level", "1"]);
    all_told(&desk);
    assert_eq!(desk.notices_to(&boss.address), [""; 0]);
    let listed = desk.json(&["subscription", "list", "--json"]);
    assert_eq!(listed[0]["email"], boss.address);
    assert_eq!((&listed[0]["what"], &listed[0]["cadence"]), (&"all".into(), &"immediate".into()));
}
