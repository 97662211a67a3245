//! Staff command the desk by mail, with proof; nobody else does.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

/// A desk with ticket 1 of anna's, and the notice that the agent got about it.
fn with_a_ticket() -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let notice = desk.agent.wait_for_one();
    (desk, anna, notice)
}

fn transcript(desk: &Desk) -> Received {
    let is_one = |mail: &Received| mail.text().contains("What became of your commands");
    let mails = desk.agent.wait_for("the transcript", |mails| mails.iter().any(is_one));
    mails.into_iter().find(is_one).expect("it is there")
}

#[test]
fn a_reply_with_commands_is_carried_out_and_answered_line_by_line() {
    let (desk, anna, notice) = with_a_ticket();
    let words =
        "#accept\n#sev 2\n#asign me\n#take\n#resolve Please try driver 1.2.\n\n-- \nI looked at it.\n";
    desk.receives(&Letter::reply(&desk.agent, &notice, words));

    let answer = transcript(&desk);
    let text = answer.text();
    for line in [
        "> #accept\nDone: status is accepted",
        "> #sev 2\nDone: severity is 2",
        "> #asign me\nNOT done: there is no #asign; did you mean #assign?",
        "> #take\nDone: assigned to ",
        "> #resolve Please try driver 1.2.\nDone: status is resolved",
        "    #level 1|2|3\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(answer.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    let ticket = desk.ticket(1);
    assert_eq!((&ticket["status"], &ticket["severity"]), (&"resolved".into(), &2.into()));
    assert_eq!(ticket["assignee"], desk.agent.address);
    let moves: Vec<_> =
        ticket["journal"].as_array().unwrap().iter().filter(|it| it["event"] == "status").collect();
    assert!(moves.iter().all(|it| it["actor"] == desk.agent.address) && moves.len() == 2, "{moves:?}");
    let told = anna
        .wait_for("the word about the fix", |mails| mails.iter().any(|m| m.text().contains("driver 1.2")));
    assert!(
        told.iter().all(|mail| !mail.text().contains("I looked at it") && !mail.text().contains("#resolve"))
    );
}

#[test]
fn an_acceptance_tells_the_severity_wherever_it_stands_in_the_mail() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#accept\n#sev 2\n\nWe see it here, too.\n"));
    let text = transcript(&desk).text();
    let (accepted, rated) = (text.find("Done: status is accepted"), text.find("Done: severity is 2"));
    assert!(accepted.is_some() && accepted < rated, "told in the order of the mail: {text}");
    desk.settled(2);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted"]);
    let accepted = anna.wait_for_mails(2).remove(1).text();
    assert!(accepted.contains("Severity 2") && accepted.contains("We see it here, too."), "{accepted}");
}

#[test]
fn a_first_rating_after_the_acceptance_speaks_of_no_other() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#accept\n"));
    desk.settled(2);
    desk.receives(&Letter::reply(&desk.agent, &notice, "#sev 3\n"));
    desk.settled(3);
    desk.receives(&Letter::reply(&desk.agent, &notice, "#sev 2\n"));
    desk.settled(4);
    let mails = anna.wait_for_mails(4);
    assert!(mails[2].text().contains("rated how severe it is"), "{}", mails[2].text());
    assert!(mails[3].text().contains("now rate it differently"), "{}", mails[3].text());
}

#[test]
fn what_the_workflow_forbids_is_not_done_and_says_why() {
    let (desk, _anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#resolve\n#sev 9\n#assign somebody\n"));

    let text = transcript(&desk).text();
    assert!(text.contains("NOT done: a ticket that is new cannot become resolved"), "{text}");
    assert!(text.contains("NOT done: #sev goes like this: #sev 1|2|3|4 [why]"), "{text}");
    assert!(text.contains("NOT done: nobody on the staff list is called somebody"), "{text}");
    assert_eq!(desk.ticket(1)["status"], "new");
}

#[test]
fn without_proof_nothing_is_done_and_the_agent_hears_of_it() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives_judged(&Letter::reply(&desk.agent, &notice, "#close\n"), None);

    let text = transcript(&desk).text();
    assert!(text.contains("NOT done: the receiving server does not prove"), "{text}");
    desk.settled(2);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["status"], "new");
    assert!(ticket["journal"].as_array().unwrap().iter().any(|it| it["event"] == "command-refused"));
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn a_mail_that_answers_nothing_sent_to_this_person_commands_nothing() {
    let (desk, anna, _notice) = with_a_ticket();
    // The agent has what anna got, and answers that.
    let leaked = anna.wait_for_one();
    desk.receives(&Letter::reply(&desk.agent, &leaked, "#close\n"));

    let text = transcript(&desk).text();
    assert!(text.contains("NOT done: the mail answers nothing that was sent to you alone"), "{text}");
    assert_eq!(desk.ticket(1)["status"], "new");
}

#[test]
fn a_message_id_is_proof_enough_where_there_are_no_reply_addresses() {
    let mut desk = Desk::prepare().configured("reply_tag = true", "reply_tag = false");
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    let notice = desk.agent.wait_for_one();
    let mut reply = Letter::reply(&desk.agent, &notice, "#accept\n");
    reply.to = Some(desk.support.address.clone());
    desk.receives(&reply);

    assert!(transcript(&desk).text().contains("Done: status is accepted"));
    assert_eq!(desk.ticket(1)["status"], "accepted");
}

#[test]
fn commands_of_customers_and_in_quotations_are_words() {
    let (desk, anna, notice) = with_a_ticket();
    let acknowledged = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &acknowledged, "#close\n"));
    desk.settled(2);
    desk.receives(&Letter::reply(
        &desk.agent,
        &notice,
        "I see.\n\nOn Friday Anna wrote:\n> #close\n> #accept\n",
    ));
    desk.settled(3);

    assert_eq!(desk.ticket(1)["status"], "new");
    assert!(!desk.notices_to(&desk.agent.address).contains(&"staff-transcript".to_owned()));
}

#[test]
fn words_that_are_passed_on_with_nothing_above_them_command_nothing() {
    let (desk, _, notice) = with_a_ticket();
    let passed_on = "-----Original Message-----\nFrom: Anna <anna@example.org>\nSent: Friday\nTo: Desk\n\
                     Subject: Printer\n\n#close\n";
    desk.receives(&Letter::reply(&desk.agent, &notice, passed_on));

    assert!(transcript(&desk).text().contains("write commands above what you pass on"));
    assert_eq!(desk.ticket(1)["status"], "new");
}
