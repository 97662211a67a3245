//! The life of a ticket, driven from the terminal, and whom each change mails.

use serde_json::Value;

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, wait_for},
};

/// A desk with a ticket of Anna's.
fn desk_with_ticket(tables: &str, body: &str) -> (Desk, Postbox) {
    let mut desk = Desk::prepare().with(tables);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer gives blank pages", body));
    desk.settled(1);
    (desk, anna)
}

fn refusal(desk: &Desk, words: &[&str]) -> String {
    let ran = desk.cli(&[&["ticket", "set", "1"], words].concat());
    assert_eq!(ran.code, Some(1), "{words:?}: {}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, "");
    ran.stderr
}

#[test]
fn a_ticket_lives_from_new_to_closed_and_everybody_hears_their_part() {
    let mut desk = Desk::prepare();
    let [bob, boss, cfo] = ["bob", "boss", "cfo"].map(|name| desk.mailbox(name, "desk.test"));
    desk = desk.with(&format!(
        "[[staff]]\nname = \"Bob\"\nemail = \"{}\"\nnotify = false\n\
         [[stakeholder]]\nemail = \"{}\"\nwants = [\"all\"]\n[[stakeholder]]\nemail = \"{}\"\nwants = [\"sev1\"]",
        bob.address, boss.address, cfo.address
    ));
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer gives blank pages", COMPLETE));
    desk.settled(1);
    let agent = desk.agent.address.clone();
    let as_agent = ["--as", agent.as_str()];

    let said = desk.set(
        1,
        &[
            &["--status", "accepted", "--severity", "2", "--level", "3", "--assignee", &bob.address],
            &as_agent[..],
        ]
        .concat(),
    );
    assert!(said.contains("status is accepted") && said.contains("severity is 2"), "{said}");
    let ticket = desk.ticket(1);
    assert_eq!(
        (&ticket["status"], &ticket["severity"], &ticket["level"]),
        (&"accepted".into(), &2.into(), &3.into())
    );
    assert_eq!(ticket["assignee"], bob.address);
    desk.set(1, &[&["--status", "resolved", "--reason", "Try the new driver."], &as_agent[..]].concat());
    assert_eq!(desk.ticket(1)["waiting_on"], "customer");
    desk.set(1, &[&["--status", "verified"], &as_agent[..]].concat());
    desk.set(1, &[&["--status", "closed"], &as_agent[..]].concat());
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["status"], &ticket["closed_as"]), (&"closed".into(), &"done".into()));

    desk.settled(1);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "resolved", "closed"]);
    assert_eq!(desk.notices_to(&bob.address), ["staff-assigned"]);
    let told =
        boss.wait_for("the end", |mails| mails.iter().any(|mail| mail.text().contains("closed (done)")));
    assert!(told.iter().all(|mail| mail.subject() == "[DG-1] Printer gives blank pages"));
    assert!(desk.notices_to(&boss.address).iter().all(|notice| notice == "stakeholder-update"));
    assert_eq!(desk.notices_to(&cfo.address), [""; 0]);
    assert_eq!(desk.notices_to(&agent), ["staff-new"], "the actor is not told what they did");

    let mails = anna.wait_for_mails(4);
    assert!(mails[2].text().contains("Try the new driver."), "{}", mails[2].text());
    for mail in &mails[1..] {
        let references = mail.header("References").unwrap();
        assert!(references.contains(&mails[0].message_id()), "one thread: {references}");
        assert!(mail.header("Auto-Submitted").is_some());
    }
    let updates = boss.mails();
    assert!(updates[0].text().contains("Status"), "{}", updates[0].text());
    let events: Vec<String> = desk.ticket(1)["journal"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["event"] == "status")
        .map(|entry| {
            format!("{} {} {}", entry["actor"], entry["detail"]["from"], entry["detail"]["to"])
                .replace('"', "")
        })
        .collect();
    let step = |from_to: &str| format!("{agent} {from_to}");
    assert_eq!(
        events,
        [step("new accepted"), step("accepted resolved"), step("resolved verified"), step("verified closed")]
    );
}

#[test]
fn a_move_that_is_not_allowed_names_those_that_are() {
    let (desk, anna) = desk_with_ticket("", COMPLETE);
    for (to, said) in [
        (
            "resolved",
            "a ticket that is new cannot become resolved; from new it can become accepted or closed",
        ),
        ("verified", "from new it can become accepted or closed"),
        ("new", "the ticket is already new"),
    ] {
        let told = refusal(&desk, &["--status", to]);
        assert!(told.contains(said), "{told}");
    }
    let told = refusal(&desk, &["--status", "closed", "--closed-as", "done"]);
    assert!(told.contains("closed as answered, duplicate or declined"), "{told}");
    assert_eq!(desk.ticket(1)["status"], "new");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn a_refused_move_takes_the_other_changes_of_the_command_back() {
    let (desk, _anna) = desk_with_ticket("", COMPLETE);
    refusal(&desk, &["--severity", "1", "--level", "2", "--status", "verified"]);
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["severity"], &ticket["level"]), (&Value::Null, &Value::Null));
}

#[test]
fn an_incomplete_report_is_accepted_only_with_a_reason() {
    let (desk, anna) = desk_with_ticket("", LACKS_EXPECTED);
    let told = refusal(&desk, &["--status", "accepted"]);
    assert!(told.contains("incomplete; give a reason"), "{told}");
    desk.set(1, &["--status", "accepted", "--reason", "Seen here, too."]);
    desk.settled(1);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted"]);
    assert_eq!(desk.ticket(1)["waiting_on"], Value::Null);
}

#[test]
fn a_severity_is_lowered_only_with_a_reason_and_those_who_watched_it_hear_of_it() {
    let (desk, anna) =
        desk_with_ticket("[[stakeholder]]\nemail = \"cfo@severity.test\"\nwants = [\"sev1\"]", COMPLETE);
    desk.set(1, &["--status", "accepted", "--severity", "1"]);
    let updates = || desk.notices_to("cfo@severity.test");
    wait_for("the first update", || (updates() == ["stakeholder-update"]).then_some(()));
    let told = refusal(&desk, &["--severity", "2"]);
    assert!(told.contains("--reason") || told.contains("reason"), "{told}");
    assert_eq!(desk.ticket(1)["severity"], 1);
    desk.set(1, &["--severity", "2", "--reason", "There is a workaround."]);
    desk.settled(1);
    wait_for("the second one", || (updates() == ["stakeholder-update"; 2]).then_some(()));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "severity-changed"]);
    assert!(anna.wait_for_mails(3)[2].text().contains("There is a workaround."));
}

#[test]
fn a_duplicate_is_closed_with_the_number_of_the_other() {
    let (desk, _anna) = desk_with_ticket("", COMPLETE);
    let ben = desk.customer("ben");
    desk.receives(&Letter::new(&ben.address, "Blank pages", COMPLETE));
    desk.settled(2);
    desk.set(2, &["--status", "closed", "--duplicate-of", "1"]);

    let closing = ben.wait_for_mails(2).remove(1);
    assert!(closing.text().contains("DG-1"), "{}", closing.text());
    let ticket = desk.ticket(2);
    assert_eq!((&ticket["closed_as"], &ticket["duplicate_of"]), (&"duplicate".into(), &1.into()));
    let told = refusal(&desk, &["--status", "closed", "--duplicate-of", "1"]);
    assert!(told.contains("itself"), "{told}");
    let told = refusal(&desk, &["--status", "closed", "--duplicate-of", "99"]);
    assert!(told.contains("99"), "{told}");
}

#[test]
fn a_declined_ticket_tells_the_customer_why() {
    let (desk, anna) = desk_with_ticket("", COMPLETE);
    desk.set(1, &["--status", "closed", "--closed-as", "declined", "--reason", "This printer is too old."]);
    let closing = anna.wait_for_mails(2).remove(1);
    assert!(closing.text().contains("This printer is too old."), "{}", closing.text());
    assert_eq!(desk.ticket(1)["closed_as"], "declined");
}

#[test]
fn a_reply_to_a_closed_ticket_reopens_it() {
    let (desk, anna) = desk_with_ticket("", COMPLETE);
    desk.set(1, &["--status", "closed"]);
    let closing = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &closing, "It happens again.\n"));

    desk.settled(2);
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["status"], &ticket["closed_as"]), (&"accepted".into(), &Value::Null));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "closed", "reopened"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-reopened"]);
    assert_eq!(desk.count("tickets"), 1);
}

#[test]
fn a_reply_after_the_window_becomes_a_new_ticket_that_names_the_old() {
    let mut desk = Desk::prepare().configured("[site]\n", "[site]\nreopen_for = \"0s\"\n");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "closed"]);
    let closing = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &closing, "It happens again.\n"));

    desk.settled(2);
    assert_eq!(desk.ticket(1)["status"], "closed");
    assert_eq!(desk.ticket(2)["follow_up_of"], 1);
    let answer = anna.wait_for_mails(3).remove(2);
    assert!(answer.subject().contains("[DG-2]") && answer.text().contains("DG-1"), "{}", answer.text());
    assert_eq!(
        desk.sql("select detail->>'by' from journal where event = 'continued' and ticket_id = 1"),
        "2"
    );
    // A second answer to the old mail goes where the first went.
    desk.receives(&Letter::reply(&anna, &closing, "And again, on Tuesday.\n"));
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "opened", "joined"]);
    assert!(desk.ticket(2).to_string().contains("on Tuesday"));
}

#[test]
fn a_fix_that_fails_goes_back_to_its_assignee() {
    let (desk, anna) =
        desk_with_ticket("[[staff]]\nname = \"Bob\"\nemail = \"bob@fails.test\"\nnotify = false", COMPLETE);
    desk.set(1, &["--status", "accepted", "--assignee", "bob@fails.test"]);
    desk.set(1, &["--status", "resolved"]);
    desk.set(1, &["--status", "accepted", "--reason", "Still blank."]);
    desk.settled(1);
    assert_eq!(desk.notices_to("bob@fails.test"), ["staff-assigned", "staff-reopened"]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "resolved"]);
    assert_eq!(desk.ticket(1)["waiting_on"], Value::Null);
}

#[test]
fn who_takes_a_ticket_is_not_told_and_who_hands_it_out_names_staff() {
    let (desk, _anna) = desk_with_ticket("", COMPLETE);
    desk.set(1, &["--assignee", &desk.agent.address, "--as", &desk.agent.address]);
    assert_eq!(desk.ticket(1)["assignee"], desk.agent.address);
    desk.settled(1);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
    let told = refusal(&desk, &["--assignee", "stranger@customer.test"]);
    assert!(told.contains("stranger@customer.test"), "{told}");
    let told = refusal(&desk, &["--level", "1", "--as", "stranger@customer.test"]);
    assert!(told.contains("not on the staff list"), "{told}");
    desk.set(1, &["--assignee", "nobody"]);
    assert_eq!(desk.ticket(1)["assignee"], Value::Null);
}

#[test]
fn a_number_that_is_no_ticket_is_told_so() {
    let (desk, _anna) = desk_with_ticket("", COMPLETE);
    for words in [
        &["ticket", "show", "77"][..],
        &["ticket", "set", "77", "--level", "1"],
        &["ticket", "note", "77", "x"],
    ] {
        let ran = desk.cli(words);
        assert_eq!(ran.code, Some(1), "{words:?}");
        assert!(ran.stderr.contains("77"), "{}", ran.stderr);
    }
}

#[test]
fn a_desk_has_the_severities_of_its_configuration() {
    let (desk, _anna) = desk_with_ticket("", COMPLETE);
    let told = refusal(&desk, &["--severity", "4"]);
    assert!(told.contains("this desk has no severity 4, only 1, 2, 3"), "{told}");
    let (desk, anna) = desk_with_ticket("[severity]\npreset = \"four\"", COMPLETE);
    desk.set(1, &["--status", "accepted", "--severity", "4"]);
    assert_eq!(desk.ticket(1)["severity"], 4);
    desk.settled(1);
    assert!(anna.wait_for_mails(2)[1].text().contains("hinders nobody"), "the customer reads what 4 means");
}
