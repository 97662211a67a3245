//! What shipped goes towards closed, and customers are asked for a last look.

use std::{path::Path, process::Command};

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received, wait_for},
};

/// Tickets 1 to 4 of anna's: verified, resolved, accepted, closed.
fn with_tickets() -> (Desk, Postbox) {
    let mut desk = Desk::prepare().with("[limits]\nautomatic_per_recipient_hour = 100");
    desk.run();
    let anna = desk.customer("anna");
    for (number, subject) in (1..).zip(["Printer", "Basket", "Login", "Search"]) {
        desk.receives(&Letter::new(&anna.address, subject, COMPLETE));
        desk.settled(number);
    }
    for number in 1..=3 {
        desk.set(number, &["--status", "accepted", "--severity", "3"]);
    }
    for number in 1..=2 {
        desk.set(number, &["--status", "resolved"]);
    }
    desk.set(1, &["--status", "verified"]);
    desk.set(4, &["--status", "closed"]);
    desk.settled(4);
    (desk, anna)
}

fn git(repo: &Path, words: &[&str]) {
    let ran = Command::new("git")
        .arg("-C")
        .arg(repo)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
        .args(words)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn repository(folder: &Path) {
    git(folder, &["init", "--quiet", "."]);
    git(folder, &["commit", "--quiet", "--allow-empty", "-m", "start (DG-4)"]);
    git(folder, &["tag", "v1"]);
    for message in
        ["printer: prints\n\nFixes DG-1", "basket: right sum (dg-2)", "Fixes #3, see PR #99", "DG-77"]
    {
        git(folder, &["commit", "--quiet", "--allow-empty", "-m", message]);
    }
}

fn notices(desk: &Desk, notice: &str) -> usize {
    desk.sql(&format!("select count(*) from outbox where notice = '{notice}'")).parse().unwrap()
}

#[test]
fn a_release_promises_no_end_where_silence_leads_to_none() {
    let (desk, _) = with_tickets();
    let planned = || desk.cli(&["release", "2026.11", "--tickets", "1", "--dry-run"]).stdout;
    let closes = "it closes when nobody says that it fails in production";
    assert!(planned().contains(closes), "{}", planned());
    // Nobody reported it who could say anything.
    desk.sql("update tickets set requester_id = null where id = 1");
    let told = planned();
    assert!(
        told.contains("live; it is verified until somebody closes it") && !told.contains(closes),
        "{told}"
    );
}

#[test]
fn a_release_from_git_tells_who_waits_for_it_and_leaves_the_rest_alone() {
    let (desk, anna) = with_tickets();
    let repo = tempfile::tempdir().unwrap();
    repository(repo.path());
    let folder = repo.path().to_string_lossy().into_owned();
    let command = ["release", "2026.11", "--from-git", "v1..HEAD", "--repo", &folder, "--json"];
    let planned = desk.json(&[&command[..], &["--dry-run"]].concat());
    let outcomes = |release: &serde_json::Value| -> Vec<String> {
        let each = release["tickets"].as_array().unwrap().iter();
        each.map(|it| format!("{} {}", it["id"], it["outcome"].as_str().unwrap_or("unknown"))).collect()
    };
    let expected = ["1 live", "2 live", "3 not-resolved", "77 unknown"];
    assert_eq!(outcomes(&planned), expected);
    assert_eq!((desk.count("releases"), notices(&desk, "live")), (0, 0), "a dry run keeps nothing");

    let shipped = desk.json(&command);
    assert_eq!(outcomes(&shipped), expected);
    desk.settled(4);
    assert_eq!(notices(&desk, "live"), 2);
    let told = anna.wait_for("both words", |mails| {
        mails.iter().filter(|mail| mail.text().contains("is in production now")).count() == 2
    });
    let of = |subject: &str| {
        told.iter().rev().find(|mail| mail.subject() == subject).unwrap_or_else(|| panic!("{subject}")).text()
    };
    assert!(of("[DG-1] Printer").contains("It came with release 2026.11."), "{}", of("[DG-1] Printer"));
    assert!(of("[DG-1] Printer").contains("within 7 days"));
    assert!(!of("[DG-2] Basket").contains("within 7 days"));
    assert_eq!(desk.ticket(3)["status"], "accepted");

    // Once more, and under another name: nobody is told again.
    let again = desk.json(&command);
    assert_eq!(
        (outcomes(&again), &again["tickets"][0]["again"]),
        (expected.map(str::to_owned).to_vec(), &true.into())
    );
    desk.json(&["release", "2026.12", "--tickets", "DG-1,2", "--json"]);
    assert_eq!(notices(&desk, "live"), 2);
    let shown = desk.json(&["release", "show", "2026.11", "--json"]);
    assert_eq!(shown["tickets"].as_array().unwrap().len(), 3);
    assert_eq!(desk.json(&["release", "list", "--json"]).as_array().unwrap().len(), 2);
}

#[test]
fn silence_closes_what_was_verified_and_a_word_does_not() {
    let (desk, anna) = with_tickets();
    desk.receives(&Letter::new(&anna.address, "Fonts", COMPLETE));
    desk.settled(5);
    for status in ["accepted", "resolved", "verified"] {
        desk.set(5, &["--status", status]);
    }
    desk.json(&["release", "2026.11", "--tickets", "1,5", "--json"]);
    desk.settled(5);
    let told = anna.wait_for("the last word", |mails| {
        mails
            .iter()
            .any(|mail| mail.subject() == "[DG-5] Fonts" && mail.text().contains("is in production now"))
    });
    let fonts = told
        .iter()
        .find(|mail| mail.subject() == "[DG-5] Fonts" && mail.text().contains("is in production now"))
        .unwrap();
    desk.receives(&Letter::reply(&anna, fonts, "Which of the two fonts do you mean?\n"));
    desk.settled(6);
    let hint = "The ticket stays verified, and silence no longer ends it";
    desk.agent.wait_for("the question", |mails| mails.iter().any(|mail| mail.text().contains(hint)));

    // Who says nothing is reminded once, who asked something is not.
    assert_eq!(
        desk.sql("select ticket_id from timers where kind = 'trial-reminder' and ticket_id in (1, 5)"),
        "1"
    );
    desk.sql("update timers set due_at = now() where kind = 'trial-reminder' and ticket_id = 1");
    let reminders = anna.wait_for("the reminder", |mails| {
        mails
            .iter()
            .any(|mail| mail.text().contains("we wrote that the fix for what you reported is in production"))
    });
    let reminder = reminders.iter().find(|mail| mail.text().contains("A few days ago")).unwrap();
    assert_eq!(reminder.subject(), "[DG-1] Printer");
    assert!(reminder.text().contains("then we close your report"), "{}", reminder.text());
    assert!(reminder.text().contains("We wait for your answer until"), "{}", reminder.text());
    assert_eq!(notices(&desk, "trial-reminder"), 1);
    desk.sql("update timers set due_at = now() where kind = 'last-look-silence'");

    wait_for("the end of the silence", || (desk.ticket(1)["status"] == "closed").then_some(()));
    wait_for("both timers", || {
        (desk.sql("select count(*) from timers where kind = 'last-look-silence'") == "0").then_some(())
    });
    assert_eq!(
        (&desk.ticket(1)["closed_as"], &desk.ticket(5)["status"]),
        (&"done".into(), &"verified".into())
    );
}

#[test]
fn works_by_a_reply_to_the_word_about_the_release_is_the_last_look() {
    let (desk, anna) = with_tickets();
    desk.json(&["release", "2026.11", "--tickets", "DG-1", "--json"]);
    let is_live = |mail: &&Received| mail.text().contains("is in production now");
    let live = anna.wait_for("the word", |mails| mails.iter().any(|mail| is_live(&mail)));
    let live = live.iter().find(is_live).unwrap();
    desk.receives(&Letter::reply(&anna, live, "Thanks, it works!\n"));
    desk.settled(5);
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["status"], &ticket["closed_as"]), (&"closed".into(), &"done".into()));
    assert_eq!(
        desk.sql("select count(*) from timers where kind ~ '^(trial|last-look)' and ticket_id = 1"),
        "0"
    );
    let last = desk.notices_to(&anna.address);
    assert_eq!(last.last().map(String::as_str), Some("closed"));
}

#[test]
fn what_is_verified_in_production_is_done_at_once() {
    let (desk, _) = with_tickets();
    desk.json(&["release", "2026.11", "--tickets", "DG-2", "--json"]);
    desk.set(2, &["--status", "verified"]);
    assert_eq!(desk.ticket(2)["status"], "closed");
}

#[test]
fn staff_say_by_mail_that_a_ticket_is_live() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let notice = desk.agent.wait_for_one();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#release 1.2\n#accept\n#resolve\n#release 1.2\n"));
    desk.settled(2);
    let told = desk.agent.wait_for("the transcript", |mails| mails.len() == 2).pop().unwrap().text();
    assert!(told.contains("> #release 1.2\nDone: not resolved: it is new, and was left alone"), "{told}");
    assert!(told.contains("Done: live; the customer is asked to try it in production"), "{told}");
    anna.wait_for("the word", |mails| {
        mails.iter().any(|mail| mail.text().contains("It came with release 1.2."))
    });
}

#[test]
fn what_is_no_range_or_no_repository_is_said_in_plain_words() {
    let desk = Desk::prepare();
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().to_string_lossy().into_owned();
    for (words, says) in [
        (vec!["release", "1", "--from-git=--output=/tmp/x"], "is no range of commits"),
        (
            vec!["release", "1", "--from-git", "v1..v2", "--repo", &folder],
            "git says: fatal: not a git repository",
        ),
        (vec!["release", "1", "--tickets", "x"], "`x` is no ticket; write DG-17 or 17"),
        (vec!["release", "1"], "a release needs tickets"),
        (vec!["release", "show", "1"], "there is no release `1`"),
    ] {
        let ran = desk.cli(&words);
        assert!(ran.code == Some(1) && ran.stderr.contains(says), "{words:?}: {}", ran.stderr);
    }
}
