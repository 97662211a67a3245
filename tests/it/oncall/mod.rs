//! Severity 1: people are called until somebody answers, news are promised and kept, shifts are planned.

mod pager;
mod shifts;

use crate::{
    clocks::{fire, older},
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Manner, PostOffice, Postbox, Relay, postbox::Received, wait_for},
    loops::bounce,
};

/// A desk with ann, bob and carol on the staff, and these keys of [oncall].
pub fn with_watch(keys: &str) -> (Desk, [Postbox; 3]) {
    let desk = Desk::prepare();
    let people = ["ann", "bob", "carol"].map(|name| desk.mailbox(name, "desk.test"));
    let staff: String = people
        .iter()
        .zip(["Ann Example", "Bob Example", "Carol Example"])
        .map(|(one, name)| {
            let role = if name.starts_with("Carol") { "lead" } else { "agent" };
            format!("[[staff]]\nname = \"{name}\"\nemail = \"{}\"\nrole = \"{role}\"\nnotify = false\nzone = \"Europe/Berlin\"\n", one.address)
        })
        .collect();
    let chain: Vec<String> = people.iter().map(|one| format!("\"{}\"", one.address)).collect();
    let boss = desk.mailbox("boss", "desk.test");
    let stakeholder = format!("[[stakeholder]]\nemail = \"{}\"\nwants = [\"sev1\"]\n", boss.address);
    let desk = desk.with(&format!("{staff}{stakeholder}[oncall]\nchain = [{}]\n{keys}", chain.join(", ")));
    (desk, people)
}

/// Ticket 1 of anna's, which is severity 1 from now on.
pub fn goes_down(desk: &Desk) -> Postbox {
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Shop is down", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--severity", "1"]);
    anna
}

/// The first mail whose subject contains this.
pub fn mail_about(postbox: &Postbox, words: &str) -> Received {
    let mails = postbox.wait_for(words, |mails| mails.iter().any(|mail| mail.subject().contains(words)));
    mails.into_iter().find(|mail| mail.subject().contains(words)).expect("it is there")
}

/// What is set for a later time happens at the next tick.
pub fn is_due(desk: &Desk, timer: &str) {
    let moved = desk.sql(&format!("update timers set due_at = now() where kind = '{timer}' returning 1"));
    assert!(moved.starts_with('1'), "no timer {timer}");
}

pub fn events(desk: &Desk, event: &str) -> Vec<serde_json::Value> {
    let ticket = desk.ticket(1);
    let journal = ticket["journal"].as_array().unwrap();
    journal.iter().filter(|entry| entry["event"] == event).cloned().collect()
}

/// Waits until something was written to the journal so often.
fn happened(desk: &Desk, event: &str, times: usize) -> serde_json::Value {
    wait_for(event, || {
        let found = desk.sql(&format!("select count(*) from journal where event = '{event}'"));
        (found == times.to_string()).then_some(())
    });
    events(desk, event).pop().expect("it is there")
}

#[test]
fn a_ticket_called_spam_calls_nobody_on_and_its_stakeholders_hear_that_it_ended() {
    let (mut desk, [ann, bob, _]) = with_watch("escalate_every = \"1h\"");
    desk.run();
    goes_down(&desk);
    mail_about(&ann, "SEV 1 [DG-1] Shop is down");
    let told = |times: usize| {
        wait_for("a word to stakeholders", || {
            (desk.count("outbox where notice = 'stakeholder-update'") == times).then_some(())
        });
    };
    told(1);

    let ran = desk.cli(&["ticket", "spam", "1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    told(2);
    happened(&desk, "incident-ended", 1);
    mail_about(&ann, "Shop is down");
    assert_eq!(desk.notices_to(&ann.address), ["page", "page-taken"]);
    assert_eq!(desk.notices_to(&bob.address), [""; 0]);
    wait_for("its last timers", || (desk.count("timers where ticket_id = 1") == 0).then_some(()));
    assert_eq!(desk.count("clocks where met_at is null"), 0, "nothing is owed of spam");
}

#[test]
fn nobody_answers_so_the_whole_chain_is_called_and_then_everybody() {
    let (mut desk, [ann, bob, carol]) = with_watch("escalate_every = \"1s\"");
    desk.run();
    let anna = goes_down(&desk);

    let page = mail_about(&ann, "SEV 1 [DG-1] Shop is down");
    let text = page.text();
    assert!(text.starts_with("You are called: Shop is down. Reply #ack and it is yours.\n"), "{text}");
    assert!(text.contains(&anna.address) && text.contains("Without an answer: Bob Example at "), "{text}");
    assert!(text.contains("> Actual result: The printer gives blank pages."), "{text}");
    assert_eq!(page.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    mail_about(&bob, "SEV 1 [DG-1]");
    mail_about(&carol, "SEV 1 [DG-1]");
    for one in [&ann, &bob, &carol] {
        mail_about(one, "SEV 1 UNANSWERED [DG-1]");
    }
    assert!(mail_about(&desk.agent, "Nobody answers for DG-1").text().contains("deskgate ticket ack 1"));
    let called: Vec<String> =
        events(&desk, "paged").iter().take(4).map(|it| it["detail"]["to"].to_string()).collect();
    let addresses = [&ann, &bob, &carol].map(|one| format!("\"{}\"", one.address));
    assert_eq!(called[..3], addresses.clone().map(|one| format!("[{one}]")));
    assert_eq!(called[3], format!("[{}]", addresses.join(",")));

    // Bob wakes up.
    desk.receives(&Letter::reply(&bob, &mail_about(&bob, "UNANSWERED"), "Ok.\n"));
    mail_about(&ann, "Bob Example has it");
    mail_about(&carol, "Bob Example has it");
    let answer = mail_about(&bob, "Shop is down");
    assert!(answer.subject().contains("SEV 1"));
    let ticket = desk.ticket(1);
    assert_eq!(ticket["assignee"], bob.address);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'escalate'"), "0");
    let now = desk.json(&["oncall", "--json"]);
    assert_eq!(now["tickets"][0]["acknowledged_by"], bob.address);
    assert_eq!(now["chain"][0][1][0], ann.address);
}

#[test]
fn who_is_away_is_passed_over_and_where_nobody_is_there_the_desk_looks_again() {
    let (mut desk, [ann, bob, carol]) = with_watch("");
    let away = |desk: &Desk, who: &Postbox| {
        assert_eq!(desk.cli(&["staff", "away", &who.address]).code, Some(0));
    };
    away(&desk, &ann);
    away(&desk, &carol);
    desk.run();
    goes_down(&desk);
    let page = mail_about(&bob, "SEV 1 [DG-1]").text();
    assert!(page.contains("Passed over: Ann Example is away"), "{page}");
    // Behind bob there is only carol, who is away: all are called together, and that is bob.
    assert!(page.contains("Without an answer: everybody on call at "), "{page}");
    assert_eq!(events(&desk, "paged")[0]["detail"]["passed_over"][0], "Ann Example is away");

    away(&desk, &bob);
    is_due(&desk, "escalate");
    let alarm = mail_about(&desk.agent, "Nobody is there to be called for DG-1").text();
    let why = "Ann Example is away; Bob Example is away; Carol Example is away";
    assert!(alarm.contains("nobody of the chain is there: Ann Example is away;"), "{alarm}");
    assert_eq!(happened(&desk, "nobody-to-page", 1)["detail"]["why"], why);

    // It goes on where it was: ann was passed over, and carol is behind bob.
    assert_eq!(desk.cli(&["staff", "back", &carol.address]).code, Some(0));
    is_due(&desk, "escalate");
    let page = mail_about(&carol, "SEV 1 [DG-1]").text();
    assert!(!page.contains("Passed over"), "{page}");
    assert!(desk.notices_to(&ann.address).is_empty());
}

#[test]
fn only_a_proven_answer_stops_the_calls() {
    let (mut desk, [ann, bob, _]) = with_watch("");
    desk.run();
    goes_down(&desk);
    let page = mail_about(&ann, "SEV 1 [DG-1]");

    // Somebody else writes ann's name into From; bob has the page that ann got.
    desk.receives_judged(&Letter::reply(&ann, &page, "#ack\n"), Some("dmarc=fail header.from=desk.test"));
    desk.receives_judged(&Letter::reply(&ann, &page, "ack\n"), None);
    desk.receives(&Letter::reply(&bob, &page, "ack\n"));
    desk.receives(&Letter::reply(&ann, &page, "I cannot, I am on a train.\n"));
    desk.settled(5);
    assert_eq!(events(&desk, "page-acknowledged").len(), 0);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'escalate'"), "1");

    desk.receives(&Letter::reply(&ann, &page, "ack\n"));
    let done = happened(&desk, "page-acknowledged", 1);
    assert_eq!(done["actor"], ann.address);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'escalate'"), "0");

    // Ann gives it back: the next in the chain is called, not ann. A call out of turn does not wait for that.
    desk.receives(&Letter::reply(&ann, &page, "#unack\n"));
    mail_about(&bob, "SEV 1 [DG-1]");
    assert_eq!(desk.ticket(1)["assignee"], ann.address);
    let paged = desk.cli(&["oncall", "page", "1", "carol"]);
    assert_eq!(paged.stdout, "Ticket 1: Carol Example is called.\n", "{}", paged.stderr);
    let acked = desk.cli(&["ticket", "ack", "1", "--as", &bob.address]);
    assert_eq!(acked.stdout, "Ticket 1: it is yours, and nobody else is called.\n", "{}", acked.stderr);
    desk.set(1, &["--severity", "2", "--reason", "the old shop is back"]);
    let none = desk.cli(&["oncall", "now"]);
    assert_eq!(none.stdout, "No ticket has anybody called.\n");
    assert!(desk.cli(&["ticket", "ack", "1"]).stderr.contains("nobody is called for ticket 1"));
    assert_eq!(desk.sql("select count(*) from timers where ticket_id = 1 and kind in ('escalate', 'update-due', 'update-missed', 'propose-shifts')"), "0");
}

#[test]
fn whoever_takes_the_ticket_has_it_and_a_call_that_bounced_goes_on_at_once() {
    let (mut desk, [ann, bob, _]) = with_watch("");
    desk.run();
    goes_down(&desk);
    let page = mail_about(&ann, "SEV 1 [DG-1]");
    desk.receives(&bounce(&page, &ann.address, "failed", "5.1.1"));

    let page = mail_about(&bob, "SEV 1 [DG-1]");
    desk.receives(&Letter::reply(&bob, &page, "#take\n"));
    assert_eq!(happened(&desk, "page-acknowledged", 1)["actor"], bob.address);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'escalate'"), "0");
}

#[test]
fn a_call_that_the_mail_server_refuses_goes_on_at_once() {
    let relay = Relay::start();
    let (desk, [ann, bob, _]) = with_watch("");
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {}", PostOffice::start().smtp);
    let through = format!("smtp = {{ host = \"127.0.0.1\", port = {}", relay.port);
    let mut desk = desk.configured(&smtp, &through);
    relay.treats(&ann.address, Manner::Say("550 5.1.1 no such user"));
    desk.run();
    goes_down(&desk);
    wait_for("bob's call", || (relay.took(&bob.address) == 1).then_some(()));
    assert_eq!(events(&desk, "escalated")[0]["detail"]["recipient"], ann.address);
    assert_eq!(events(&desk, "paged").len(), 2);
}

#[test]
fn an_address_that_bounces_does_not_have_everybody_called_without_a_pause() {
    let (mut desk, [ann, ..]) = with_watch("");
    desk = desk.configured("chain = [", &format!("chain = [\"{}\"]\n#[", ann.address));
    desk.run();
    goes_down(&desk);
    let page = mail_about(&ann, "SEV 1 [DG-1]");
    desk.receives(&bounce(&page, &ann.address, "failed", "5.1.1"));
    let again = mail_about(&ann, "SEV 1 UNANSWERED [DG-1]");
    desk.receives(&bounce(&again, &ann.address, "failed", "5.1.1"));
    happened(&desk, "bounced", 2);
    // The clock has ticked since.
    is_due(&desk, "forget");
    wait_for("the tick", || {
        let due = "select count(*) from timers where kind = 'forget' and due_at <= now()";
        (desk.sql(due) == "0").then_some(())
    });
    assert_eq!(events(&desk, "paged").len(), 2);
    let later = "select due_at > now() + interval '5 minutes' from timers where kind = 'escalate'";
    assert_eq!(desk.sql(later), "t");
}

#[test]
fn staff_hear_of_a_chain_that_means_nobody_and_it_is_looked_at_again() {
    let (desk, [ann, ..]) = with_watch("");
    let rota =
        format!("[[rota]]\nname = \"later\"\nmembers = [\"{}\"]\nfrom = \"2099-01-01\"\n", ann.address);
    let mut desk = desk.configured("chain = [", "chain = [\"later\"]\n#[").with(&rota);
    desk.run();
    goes_down(&desk);
    let alarm = mail_about(&desk.agent, "Nobody is there to be called for DG-1").text();
    assert!(alarm.contains("nobody of later is on duty"), "{alarm}");
    is_due(&desk, "escalate");
    wait_for("the next look", || {
        let set = "select count(*) from timers where kind = 'escalate' and due_at > now()";
        (desk.sql(set) == "1").then_some(())
    });
    assert_eq!(events(&desk, "nobody-to-page").len(), 1, "it is told once an hour");
}

#[test]
fn what_the_configuration_no_longer_covers_ends_at_the_next_call() {
    let (mut desk, [ann, bob, _]) = with_watch("");
    desk.run();
    goes_down(&desk);
    mail_about(&ann, "SEV 1 [DG-1]");
    desk.sql("update tickets set severity = 2 where id = 1");
    is_due(&desk, "escalate");
    happened(&desk, "incident-ended", 1);
    mail_about(&ann, "Nobody is needed");
    assert!(desk.notices_to(&bob.address).is_empty());
    let left = "select count(*) from timers where kind in ('escalate', 'update-due', 'update-missed', 'propose-shifts')";
    assert_eq!(desk.sql(left), "0");
}

#[test]
fn who_owes_promised_news_is_warned_once_and_not_by_the_clock_as_well() {
    let (mut desk, [ann, _, _]) = with_watch("");
    desk.run();
    goes_down(&desk);
    let page = mail_about(&ann, "SEV 1 [DG-1]");
    desk.receives(&Letter::reply(&ann, &page, "ack"));
    happened(&desk, "page-acknowledged", 1);
    desk.set(1, &["--status", "accepted"]);
    desk.stop();

    // Long after the next update was due: the other clocks are told of as ever.
    older(&desk, "3 hours", "true");
    fire(&desk);
    let told = "select string_agg(distinct detail ->> 'clock', ' ') from journal where event in ('due-soon', 'breached')";
    assert_eq!(desk.sql(told), "");
    desk.sql("update timers set due_at = now() where kind in ('update-due', 'update-missed')");
    fire(&desk);
    let told = desk.notices_to(&ann.address);
    let of = |notice: &str| told.iter().filter(|each| *each == notice).count();
    assert_eq!((of("update-missed"), of("staff-due"), of("staff-breached")), (1, 0, 0), "{told:?}");
    // Where nothing is promised the clock warns.
    desk.sql("update incidents set update_due_at = null");
    desk.sql(
        "insert into timers (kind, ticket_id, subject, due_at, detail) values ('clocks', 1, '', now(), '{}')",
    );
    fire(&desk);
    assert_eq!(desk.sql("select detail ->> 'clock' from journal where event = 'breached'"), "next-update");
}

#[test]
fn news_are_promised_and_a_missed_promise_is_told_once() {
    let (mut desk, [ann, _, carol]) = with_watch("");
    desk.run();
    let anna = goes_down(&desk);
    let boss = desk.mailbox("boss", "desk.test");
    let told = boss.wait_for_one();
    assert!(told.text().contains("The next news come by "), "{}", told.text());
    let page = mail_about(&ann, "SEV 1 [DG-1]");
    desk.receives(&Letter::reply(&ann, &page, "ack"));
    happened(&desk, "page-acknowledged", 1);

    is_due(&desk, "update-due");
    let reminder = mail_about(&ann, "News by ");
    let promised = desk.sql("select update_due_at from incidents");
    desk.receives(&Letter::reply(&ann, &reminder, "The database is back.\n\nOrders are still slow.\n"));
    happened(&desk, "update", 1);
    let news = |mails: &[Received]| mails.iter().any(|mail| mail.text().contains("Orders are still slow."));
    boss.wait_for("the news", news);
    anna.wait_for("the news", news);
    assert_ne!(desk.sql("select update_due_at from incidents"), promised);

    is_due(&desk, "update-missed");
    let missed = mail_about(&ann, "WE MISSED the news");
    assert!(missed.text().starts_with("We promised news by "), "{}", missed.text());
    mail_about(&carol, "WE MISSED the news");
    happened(&desk, "update-missed", 1);
    assert_eq!(desk.sql("select count(*) from timers where kind = 'update-missed' and due_at > now()"), "1");

    let ran = desk.cli(&["oncall", "update", "1", "All is well again.", "--as", &ann.address]);
    assert_eq!(
        ran.stdout,
        "Ticket 1: the news go to 1 person on the customer's side, and to all who follow the ticket.\n"
    );
    desk.settled(3);
    for one in [&ann, &carol] {
        let told = desk.notices_to(&one.address);
        assert_eq!(told.iter().filter(|notice| *notice == "update-missed").count(), 1, "{told:?}");
    }
}
