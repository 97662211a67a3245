//! Many ask the same: staff open one ticket for the cause by one reply, and its resolution is told to all.

use crate::helpers::{Desk, Letter, Postbox, postbox::Received};

const BODIES: [(&str, &str); 6] = [
    ("Password reset mail does not arrive", "I clicked on Forgot password and the reset mail never arrives."),
    ("No password reset mail", "I forgot my password, and the reset mail does not arrive."),
    (
        "Password reset: no mail arrives",
        "The password reset says that a mail was sent, but no reset mail arrives.",
    ),
    ("Reset mail for my password missing", "The reset mail for my forgotten password never arrives."),
    ("Forgot password, no reset mail", "I use forgot password and no reset mail arrives."),
    ("The password reset mail is missing", "The reset mail for the password I forgot does not arrive."),
];

/// A desk with so many similar questions that were answered, and who asked.
fn asked(desk: &Desk, many: usize) -> Vec<Postbox> {
    let asking = BODIES.iter().take(many).enumerate().map(|(at, (subject, body))| {
        let customer = desk.customer(&format!("c{at}"));
        desk.receives(&Letter::new(&customer.address, subject, body));
        desk.settled(at + 1);
        desk.set(u32::try_from(at + 1).unwrap(), &["--level", "1"]);
        customer
    });
    asking.collect()
}

fn proposals(agent: &Postbox) -> Vec<Received> {
    let mut mails = agent.mails();
    mails.retain(|mail| mail.subject().contains("ask the same"));
    mails
}

#[test]
fn five_similar_questions_one_reply_one_cause_and_all_are_told() {
    let desk = Desk::start();
    let customers = asked(&desk, 4);
    assert_eq!(desk.count("clusters"), 0);
    let fifth = desk.customer("fifth");
    desk.receives(&Letter::new(&fifth.address, BODIES[4].0, BODIES[4].1));
    desk.settled(5);
    desk.set(5, &["--level", "1"]);

    let asks =
        |mails: &[Received]| mails.iter().any(|mail| mail.subject().contains("5 customers ask the same"));
    desk.agent.wait_for("the proposal", asks);
    let proposal = proposals(&desk.agent).remove(0);
    assert!(proposal.text().contains("* DG-3 Password reset: no mail arrives (new)"), "{}", proposal.text());
    desk.receives(&Letter::reply(&desk.agent, &proposal, "#open\n"));
    desk.settled(6);
    let cause = desk.ticket(6);
    assert_eq!(
        (&cause["status"], &cause["level"], &cause["source"]),
        (&"new".into(), &3.into(), &"system".into())
    );
    let told = desk.agent.wait_for("the transcript", |mails| {
        mails.iter().any(|mail| mail.text().contains("DG-6 is open at level 3, linked to 5 tickets"))
    });
    assert!(told.len() >= 7);

    // Saying it again opens nothing; what comes later is linked.
    desk.receives(&Letter::reply(&desk.agent, &proposal, "#open\n"));
    desk.settled(7);
    assert_eq!(desk.count("tickets"), 6);
    let sixth = desk.customer("sixth");
    desk.receives(&Letter::new(&sixth.address, BODIES[5].0, BODIES[5].1));
    desk.settled(8);
    desk.set(7, &["--level", "1"]);
    assert_eq!(desk.count("ticket_links"), 6);
    assert_eq!(proposals(&desk.agent).len(), 1);

    desk.set(6, &["--status", "accepted", "--reason", "known"]);
    desk.set(6, &["--status", "resolved"]);
    desk.settled(8);
    for customer in customers.iter().chain([&fifth, &sixth]) {
        let mails = customer.wait_for("the word", |mails| {
            mails.iter().any(|mail| mail.text().contains("We have found the cause"))
        });
        for mail in mails {
            assert!(!mail.text().contains("DG-6"), "{}", mail.text());
        }
    }
}

#[test]
fn a_cluster_that_was_dismissed_is_quiet_until_it_has_doubled() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2");
    desk.run();
    asked(&desk, 2);
    assert_eq!(desk.json(&["cluster", "list", "--json"])[0]["state"], "proposed");
    let said = desk.cli(&["cluster", "dismiss", "1"]);
    assert!(said.stdout.contains("dismissed"), "{}", said.stderr);
    let more = |at: usize| {
        desk.receives(&Letter::new(&desk.customer(&format!("d{at}")).address, BODIES[at].0, BODIES[at].1));
        desk.settled(at + 1);
        desk.set(u32::try_from(at + 1).unwrap(), &["--level", "1"]);
        desk.json(&["cluster", "list", "--json"])
    };
    let grown = more(2);
    assert_eq!((&grown[0]["state"], grown[0]["tickets"].as_array().unwrap().len()), (&"dismissed".into(), 3));
    let doubled = more(3);
    assert_eq!((&doubled[0]["state"], doubled.as_array().unwrap().len()), (&"proposed".into(), 1));
    desk.settled(4);
    desk.agent.wait_for("both proposals", |mails| {
        mails.iter().filter(|mail| mail.subject().contains("ask the same")).count() == 2
    });
}

#[test]
fn who_was_linked_to_the_cause_by_mistake_is_unlinked_and_not_told() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2");
    desk.run();
    asked(&desk, 2);
    desk.cli(&["cluster", "open", "1"]);
    assert_eq!(desk.count("ticket_links"), 2);
    let said = desk.cli(&["ticket", "unlink", "2", "3"]);
    assert!(said.stdout.contains("no longer linked with DG-3"), "{}{}", said.stdout, said.stderr);
    desk.set(3, &["--status", "accepted", "--reason", "known"]);
    desk.set(3, &["--status", "resolved"]);
    let told = "select string_agg(ticket_id::text, ' ') from outbox where notice = 'cause-fixed'";
    assert_eq!(desk.sql(told), "1");
}

#[test]
fn what_is_asked_again_after_its_cause_is_closed_is_a_cluster_of_its_own() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2");
    desk.run();
    asked(&desk, 2);
    desk.cli(&["cluster", "open", "1"]);
    desk.set(3, &["--status", "closed", "--closed-as", "declined", "--reason", "It is meant to be so."]);
    let more = |at: usize, clusters: usize| {
        desk.receives(&Letter::new(&desk.customer(&format!("d{at}")).address, BODIES[at].0, BODIES[at].1));
        desk.settled(at + 1);
        desk.set(u32::try_from(at + 2).unwrap(), &["--level", "1"]);
        let list = desk.json(&["cluster", "list", "--json"]);
        assert_eq!(list.as_array().unwrap().len(), clusters, "{list}");
        list[0]["tickets"].clone()
    };
    assert_eq!(more(2, 1), serde_json::json!(["DG-1", "DG-2"]));
    assert_eq!(more(3, 2), serde_json::json!(["DG-4", "DG-5"]));
    assert!(proposals(&desk.agent).iter().all(|mail| mail.subject().contains("2 customers ask the same")));
}

#[test]
fn while_such_questions_keep_coming_nobody_is_asked_anew() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2\nwindow = \"14d\"");
    desk.run();
    asked(&desk, 2);
    desk.cli(&["cluster", "open", "1"]);
    desk.receives(&Letter::new(&desk.customer("third").address, BODIES[2].0, BODIES[2].1));
    desk.settled(3);
    desk.set(4, &["--level", "1"]);
    // Three weeks later the first two are too old to count, the third is not.
    desk.sql("update clusters set proposed_at = proposed_at - interval '21 days'");
    desk.sql("update tickets set created_at = created_at - interval '21 days' where id <= 2");
    desk.receives(&Letter::new(&desk.customer("fourth").address, BODIES[3].0, BODIES[3].1));
    desk.settled(4);
    desk.set(5, &["--level", "1"]);
    let clusters = desk.json(&["cluster", "list", "--json"]);
    assert_eq!(clusters.as_array().unwrap().len(), 1, "{clusters}");
    assert_eq!(desk.count("ticket_links"), 4);
}

#[test]
fn who_is_not_on_the_staff_list_opens_nothing() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2");
    desk.run();
    let customers = asked(&desk, 2);
    desk.agent
        .wait_for("the proposal", |mails| mails.iter().any(|mail| mail.subject().contains("ask the same")));
    let proposal = proposals(&desk.agent).remove(0);
    desk.receives(&Letter::reply(&customers[0], &proposal, "#open\n"));
    desk.settled(3);
    assert_eq!(desk.json(&["cluster", "list", "--json"])[0]["state"], "proposed");
}

#[test]
fn what_stands_against_the_answer_is_said_and_the_mail_is_taken_in() {
    let mut desk = Desk::prepare().with("[clusters]\ncount = 2");
    desk.run();
    asked(&desk, 2);
    desk.agent
        .wait_for("the proposal", |mails| mails.iter().any(|mail| mail.subject().contains("ask the same")));
    let proposal = proposals(&desk.agent).remove(0);
    desk.sql("insert into mailboxes (name, source, address) values ('gone', '', 'gone@desk.test')");
    desk.sql("update tickets set mailbox_id = (select id from mailboxes where name = 'gone')");
    desk.receives(&Letter::reply(&desk.agent, &proposal, "#open\n"));
    desk.agent.wait_for("the transcript", |mails| {
        mails.iter().any(|mail| mail.text().contains("the mailbox `gone` is no longer in the configuration"))
    });
    desk.settled(3);
    assert_eq!(desk.count("tickets"), 2);
}
