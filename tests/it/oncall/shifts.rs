//! After a day: shifts round the clock, which a lead changes and confirms by reply.

use super::{events, goes_down, happened, is_due, mail_about, with_watch};
use crate::helpers::{Letter, postbox::Received};

fn is_in(words: &'static str) -> impl Fn(&Received) -> bool {
    move |mail| mail.subject().contains(words)
}

#[test]
fn a_plan_is_proposed_changed_and_confirmed_by_reply() {
    let (mut desk, [ann, bob, carol]) = with_watch("");
    desk.run();
    goes_down(&desk);
    let page = mail_about(&ann, "SEV 1 [DG-1]");
    desk.receives(&Letter::reply(&ann, &page, "ack"));
    happened(&desk, "page-acknowledged", 1);

    is_due(&desk, "propose-shifts");
    let plan = mail_about(&carol, "Shifts to be confirmed");
    let text = plan.text();
    assert!(text.starts_with("Reply \"yes\" and these shifts stand"), "{text}");
    assert!(text.contains("    9  ") && text.contains(" to ") && !text.contains("! "), "{text}");
    assert!(!desk.notices_to(&ann.address).contains(&"shift-plan".to_owned()));
    let whose = |number: u32| desk.sql(&format!("select who from shifts where number = {number}"));
    assert_ne!(whose(1), ann.address, "who worked until now rests first");

    // An agent decides nothing about shifts.
    desk.receives(&Letter::reply(&ann, &page, "#confirm\n"));
    desk.settled(3);
    for word in ["confirm", "decline"] {
        let denied = desk.cli(&["oncall", word, "1", "--as", &ann.address]);
        assert!(denied.stderr.contains("only a lead or an admin may do this"), "{}", denied.stderr);
    }
    assert_eq!(events(&desk, "shifts-confirmed").len() + events(&desk, "shifts-declined").len(), 0);

    desk.receives(&Letter::reply(&carol, &plan, "#shift 1 carol\n#swap 2 3\n#shift 77 bob\n"));
    happened(&desk, "shifts-changed", 2);
    assert_eq!(whose(1), carol.address);
    let mails = carol.wait_for("the changed plan", |mails| {
        mails.iter().filter(|it| is_in("to be confirmed")(it)).count() == 3
    });
    let transcript = carol.wait_for("the transcript", |mails| {
        mails.iter().any(|it| it.text().contains("the plan has no shift 77"))
    });
    assert!(transcript.len() > mails.len() - 3);
    let plan = mails.into_iter().rfind(is_in("to be confirmed")).expect("it is there");

    desk.receives(&Letter::reply(&carol, &plan, "Yes!\n"));
    happened(&desk, "shifts-confirmed", 1);
    let shifts = mail_about(&bob, "Your shifts");
    let raw = String::from_utf8_lossy(&shifts.raw).into_owned();
    assert!(raw.contains("text/calendar") && raw.contains("shifts.ics"), "{raw}");
    let calendar = shifts.message().attachment(0).expect("a file");
    let calendar = String::from_utf8_lossy(calendar.contents()).into_owned();
    let mine = desk.sql(&format!("select count(*) from shifts where who = '{}'", bob.address));
    assert_eq!(calendar.matches("BEGIN:VEVENT").count().to_string(), mine, "{calendar}");
    assert!(calendar.contains("METHOD:PUBLISH") && calendar.contains("STATUS:CONFIRMED"), "{calendar}");

    let shown = desk.json(&["oncall", "--json"]);
    assert_eq!(shown["tickets"][0]["plan"]["state"], "confirmed");
    assert_eq!(shown["tickets"][0]["plan"]["shifts"].as_array().unwrap().len(), 9);

    // Once carol's shift lasts she is called before anybody else.
    desk.sql("update shifts set starts_at = now() - interval '1 hour' where number = 1");
    desk.cli(&["oncall", "unack", "1", "--as", &ann.address]);
    let now = desk.json(&["oncall", "now", "--json"]);
    assert!(now["tickets"][0]["called"].as_array().unwrap().contains(&carol.address.clone().into()), "{now}");

    is_due(&desk, "shift-begins");
    let handover = mail_about(&carol, "Handover soon");
    assert!(handover.text().contains("has the next shift: "), "{}", handover.text());

    // The fix is there: nobody has to come.
    desk.set(1, &["--status", "accepted", "--reason", "seen"]);
    desk.set(1, &["--status", "resolved"]);
    let off = mail_about(&bob, "No more shifts");
    let calendar = off.message().attachment(0).expect("a file").contents().to_vec();
    assert!(String::from_utf8_lossy(&calendar).contains("STATUS:CANCELLED"));
}

#[test]
fn who_is_away_gets_no_shift_and_giving_them_one_is_warned_of() {
    let (mut desk, [ann, bob, carol]) = with_watch("");
    assert_eq!(desk.cli(&["staff", "away", &bob.address]).code, Some(0));
    desk.run();
    goes_down(&desk);
    is_due(&desk, "propose-shifts");
    mail_about(&carol, "Shifts to be confirmed");
    let whose = desk.sql("select distinct who from shifts order by 1");
    assert_eq!(whose, format!("{}\n{}", ann.address, carol.address));
    let given = desk.cli(&["oncall", "shift", "1", "1", "bob", "--as", &carol.address]);
    assert!(given.stdout.contains("Shift 1: Bob Example is away then."), "{}{}", given.stdout, given.stderr);
}

#[test]
fn where_nobody_leads_anybody_on_the_plan_confirms_it() {
    let (desk, [ann, bob, carol]) = with_watch("");
    let mut desk = desk.configured("role = \"lead\"", "role = \"agent\"");
    assert_eq!(desk.cli(&["staff", "away", &carol.address]).code, Some(0));
    desk.run();
    goes_down(&desk);
    is_due(&desk, "propose-shifts");
    mail_about(&ann, "Shifts to be confirmed");
    let plan = mail_about(&bob, "Shifts to be confirmed");
    desk.receives(&Letter::reply(&bob, &plan, "yes"));
    assert_eq!(happened(&desk, "shifts-confirmed", 1)["actor"], bob.address);
    // Who is on no shift, and whoever only hears of all, is not asked.
    for other in [&carol.address, &desk.agent.address] {
        assert!(!desk.notices_to(other).contains(&"shift-plan".to_owned()));
    }
}

#[test]
fn a_plan_that_nobody_confirms_is_asked_about_again() {
    let (mut desk, [_, _, carol]) = with_watch("");
    desk.run();
    goes_down(&desk);
    is_due(&desk, "propose-shifts");
    mail_about(&carol, "Shifts to be confirmed");

    is_due(&desk, "shifts-unanswered");
    let again = mail_about(&carol, "Shifts STILL to be confirmed");
    assert!(again.text().contains("waits for an answer since "), "{}", again.text());
    mail_about(&desk.agent, "The shifts for DG-1 are not confirmed");

    desk.receives(&Letter::reply(&carol, &again, "no"));
    happened(&desk, "shifts-declined", 1);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'shifts-unanswered'"), "0");
}
