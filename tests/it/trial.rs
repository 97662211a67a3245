//! The fix is there to be tried: works, still fails, silence.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received, wait_for},
};

/// Anna's resolved ticket, with Carl on Cc and a boss who reads about everything; the mail that asks Anna.
fn resolved() -> (Desk, Postbox, Postbox, Received) {
    let desk = Desk::prepare();
    let boss = desk.mailbox("boss", "desk.test");
    let mut desk = desk.with(&format!("[[stakeholder]]\nemail = \"{}\"\nwants = [\"all\"]", boss.address));
    desk.run();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &carl.address));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.set(1, &["--status", "resolved", "--reason", "Try driver 1.2."]);
    let asked = anna.wait_for_mails(3).remove(2);
    desk.settled(1);
    (desk, anna, carl, asked)
}

fn status(desk: &Desk) -> String {
    desk.sql("select status from tickets where id = 1")
}

fn timers(desk: &Desk) -> String {
    desk.sql("select string_agg(kind, ' ' order by kind) from timers where ticket_id = 1 and kind ~ '^(trial|last-look)'")
}

/// Time goes on until this timer is due, and it fires.
fn let_pass(desk: &Desk, kind: &str) {
    assert_eq!(desk.sql(&format!("select count(*) from timers where kind = '{kind}'")), "1", "{kind} is set");
    desk.sql(&format!("update timers set due_at = now() where kind = '{kind}'"));
    wait_for(kind, || {
        (desk.sql(&format!("select count(*) from timers where kind = '{kind}' and due_at <= now()")) == "0")
            .then_some(())
    });
}

#[test]
fn works_by_reply_verifies_and_tells_those_who_want_to_know() {
    let (desk, anna, _carl, asked) = resolved();
    assert!(asked.text().contains("We wait for your answer until"), "{}", asked.text());
    assert_eq!(timers(&desk), "trial-reminder trial-silence");
    desk.receives(&Letter::reply(&anna, &asked, "Yes, it works now, thank you!\n\nAnna\n"));
    desk.settled(2);
    assert_eq!((status(&desk).as_str(), timers(&desk).as_str()), ("verified", ""));
    let step = desk.sql("select actor from journal where event = 'status' and detail->>'to' = 'verified'");
    assert_eq!(step, anna.address);
    let told = desk.agent.wait_for("the word about it", |mails| {
        mails.iter().any(|mail| mail.text().contains("says that the fix works"))
    });
    assert!(told.last().unwrap().text().contains("it works now"), "{}", told.last().unwrap().text());
    let boss = desk.mailbox("boss", "desk.test");
    boss.wait_for("the news", |mails| mails.iter().any(|mail| mail.text().contains("verified")));

    // Thanks once more change nothing, and neither do they after it is closed.
    desk.receives(&Letter::reply(&anna, &asked, "Thanks again!\n"));
    desk.settled(3);
    assert_eq!(status(&desk), "verified");
    desk.set(1, &["--status", "closed"]);
    desk.receives(&Letter::reply(&anna, &asked, "Yes, works perfectly.\n"));
    desk.settled(4);
    assert_eq!(status(&desk), "closed");
}

#[test]
fn a_short_thanks_is_a_yes() {
    let (desk, anna, _carl, asked) = resolved();
    desk.receives(&Letter::reply(&anna, &asked, "Thank you!\n"));
    desk.settled(2);
    assert_eq!(status(&desk), "verified");
}

#[test]
fn still_broken_goes_back_with_the_words_and_the_reporter_hears_that_we_heard() {
    let (desk, anna, carl, asked) = resolved();
    desk.receives(&Letter::reply(&anna, &asked, "Still broken.\n\nThe window closes at once.\n"));
    desk.settled(2);
    assert_eq!((status(&desk).as_str(), timers(&desk).as_str()), ("accepted", ""));
    let told = desk.agent.wait_for("the word about it", |mails| {
        mails.iter().any(|mail| mail.text().contains("This ticket is open again"))
    });
    assert!(told.last().unwrap().text().contains("> The window closes at once."));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "resolved", "heard"]);
    assert_eq!(desk.notices_to(&carl.address), ["accepted", "resolved"]);
    let words = desk
        .sql("select detail->>'reason' from journal where event = 'status' and detail->>'from' = 'resolved'");
    assert!(words.starts_with("Still broken."), "{words}");
    // A new fix is waited for anew.
    desk.set(1, &["--status", "resolved"]);
    assert_eq!(timers(&desk), "trial-reminder trial-silence");
}

#[test]
fn what_is_unsure_or_not_the_reporters_is_left_to_staff() {
    let (desk, anna, carl, asked) = resolved();
    let his = carl.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&carl, &his, "Works, thanks.\n"));
    desk.settled(2);
    assert_eq!(status(&desk), "resolved", "Carl did not report it");
    desk.receives(&Letter::reply(&anna, &asked, "Works on my phone but not on the desktop.\n"));
    desk.settled(3);
    desk.receives(&Letter::reply(&anna, &asked, "Does it work in 1.2 as well?\n"));
    desk.settled(4);
    // Another's words below a line of one's own prove nothing, and neither does a forged mail.
    let forged = Letter::new(&anna.address, "Re: [DG-1] Printer", "It works, thanks.\n");
    desk.receives_judged(&forged, Some("dmarc=fail header.from=customer.test"));
    desk.settled(5);
    assert_eq!(status(&desk), "resolved");
    let hints = desk.agent.wait_for("three hints", |mails| {
        mails.iter().filter(|mail| mail.text().contains("The ticket stays resolved")).count() == 3
    });
    for hint in
        ["not surely the word of who reported it", "or with a but", "does not say whether the fix works"]
    {
        assert!(hints.iter().any(|mail| mail.text().contains(hint)), "{hint}");
    }
    assert_eq!(timers(&desk), "", "whoever says anything is silent no longer");
}

#[test]
fn silence_is_reminded_once_and_ends_as_announced() {
    let (desk, anna, _carl, _asked) = resolved();
    let_pass(&desk, "trial-reminder");
    desk.settled(1);
    let reminder = anna.wait_for_mails(4).remove(3);
    assert!(reminder.text().contains("We wait for your answer until"), "{}", reminder.text());
    assert_eq!(status(&desk), "resolved");
    let_pass(&desk, "trial-silence");
    desk.settled(1);
    assert_eq!(status(&desk), "verified");
    assert_eq!(desk.sql("select actor from journal where event = 'silence'"), "system");
    let boss = desk.mailbox("boss", "desk.test");
    boss.wait_for("the news", |mails| mails.iter().any(|mail| mail.text().contains("none until")));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted", "resolved", "trial-reminder"]);
    assert_eq!(timers(&desk), "");
}

#[test]
fn the_day_that_is_named_is_waited_for_to_its_end_where_the_site_is() {
    let mut desk = Desk::prepare().configured("[site]", "[site]\nzone = \"Pacific/Auckland\"");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.set(1, &["--status", "resolved"]);
    let ends = "select to_char(due_at at time zone 'Pacific/Auckland', 'HH24:MI:SS'), \
                to_char(due_at at time zone 'Pacific/Auckland' - interval '1 day', 'FMDD FMMonth YYYY'), \
                due_at >= now() + interval '7 days' - interval '1 minute' \
                from timers where kind = 'trial-silence'";
    let ends = desk.sql(ends);
    let [midnight, day, whole] = ends.split('|').collect::<Vec<_>>()[..] else { panic!("{ends}") };
    assert_eq!((midnight, whole), ("00:00:00", "t"), "{ends}");
    let asked = anna.wait_for_mails(3).remove(2).text();
    assert!(asked.contains(&format!("We wait for your answer until {day}.")), "{day}: {asked}");
}

#[test]
fn a_question_that_bounced_ends_nothing() {
    let (desk, _anna, _carl, _asked) = resolved();
    desk.sql("update outbox set bounced_at = now() where notice = 'resolved'");
    let_pass(&desk, "trial-silence");
    desk.settled(1);
    assert_eq!(status(&desk), "resolved");
    assert_eq!(desk.count("journal where event = 'silence-void'"), 1);
    let told = desk.agent.wait_for("a word about it", |mails| {
        mails.iter().any(|mail| mail.text().contains("So their silence says nothing"))
    });
    drop(told);
    assert_eq!(timers(&desk), "", "nobody waits any more");
}

#[test]
fn a_desk_that_never_counts_silence_names_no_day() {
    let mut desk = Desk::prepare().with("[limits]\nverify_within = \"0s\"");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.set(1, &["--status", "resolved"]);
    let asked = anna.wait_for_mails(3).remove(2);
    assert!(!asked.text().contains("We wait"), "{}", asked.text());
    assert_eq!(timers(&desk), "");
}
