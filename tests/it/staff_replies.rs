//! Staff answer customers by mail: their words go out, or are held, or stay inside.

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

fn with_words(postbox: &Postbox, words: &str) -> Received {
    let has = |mail: &Received| mail.text().contains(words);
    let mails = postbox.wait_for(words, |mails| mails.iter().any(has));
    mails.into_iter().find(has).expect("it is there")
}

#[test]
fn a_reply_goes_to_the_customer_without_signature_and_quotation() {
    let (desk, anna, notice) = with_a_ticket();
    let words = "Please take the new driver.\n\nOn Friday the desk wrote:\n> #close\n> secret\n\n-- \nBob, room 7\n#close\n";
    desk.receives(&Letter::reply(&desk.agent, &notice, words).with_files(&[("filename=fix.txt", b"fixed")]));

    let got = with_words(&anna, "new driver");
    for inside in ["secret", "room 7", "#close"] {
        assert!(!got.text().contains(inside), "{}", got.text());
    }
    assert_eq!(got.message().attachment_count(), 1);
    assert_eq!(got.header("Auto-Submitted"), None);
    let told = with_words(&desk.agent, "your words went to");
    assert!(told.text().contains(&anna.address) && told.text().contains("with fix.txt"), "{}", told.text());
    assert_eq!(desk.ticket(1)["status"], "new");
}

#[test]
fn a_note_stays_inside() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#note\nShe is wrong.\n"));
    with_words(&desk.agent, "your words stay among staff");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn words_beside_a_command_stand_in_its_mail() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#accept\n\nWe know this one.\n"));
    with_words(&anna, "We know this one.");
    with_words(&desk.agent, "your words went to");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "accepted"]);
}

#[test]
fn words_beside_a_line_that_is_no_command_are_held() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#nte\n#send\n\nShe is wrong.\n"));
    let held = with_words(&desk.agent, "Your words were NOT sent").text();
    assert!(held.contains("did you mean #note?"), "{held}");
    assert!(held.contains("> #send\nNOT done: your words are held all the same"), "{held}");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn a_forged_or_unproven_reply_is_a_note() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives_judged(&Letter::reply(&desk.agent, &notice, "Pay to this account.\n"), None);
    with_words(&desk.agent, "your words went to nobody");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn what_somebody_overtook_is_held_and_sent_by_one_word() {
    let (desk, anna, notice) = with_a_ticket();
    let acknowledged = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &acknowledged, "It works again since noon.\n"));
    with_words(&desk.agent, "works again since noon");
    desk.receives(&Letter::reply(&desk.agent, &notice, "#take\n\nPlease switch it off.\n"));

    let held = with_words(&desk.agent, "Your words were NOT sent");
    for part in ["It works again since noon.", "Please switch it off.", "Done: assigned to"] {
        assert!(held.text().contains(part), "{part} is not in\n{}", held.text());
    }
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.ticket(1)["held"][0]["words"], "Please switch it off.");

    desk.receives(&Letter::reply(&desk.agent, &held, "#send\n"));
    with_words(&anna, "Please switch it off.");
    with_words(&desk.agent, "your words went to");
    assert_eq!(desk.ticket(1)["held"][0]["settled_as"], "sent");
}

#[test]
fn an_out_of_office_note_of_staff_reaches_nobody_and_commands_nothing() {
    let (desk, anna, notice) = with_a_ticket();
    let away = Letter::reply(&desk.agent, &notice, "#close\nI am away until Monday.\n");
    desk.receives(&away.with("Auto-Submitted", "auto-replied"));
    desk.settled(2);
    assert_eq!(desk.ticket(1)["status"], "new");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"]);
}

#[test]
fn a_merged_ticket_takes_its_later_answers_along() {
    let (desk, anna, _) = with_a_ticket();
    let first = anna.wait_for_one();
    desk.receives(&Letter::new(&anna.address, "Printer again", COMPLETE));
    let mails = desk.agent.wait_for("two notices", |mails| mails.len() == 2);
    let notice = mails.iter().find(|mail| mail.subject().contains("DG-1]")).expect("about the first");
    desk.receives(&Letter::reply(&desk.agent, notice, "#merge DG-2\n"));
    with_words(&desk.agent, "DG-1 is part of DG-2 now");
    desk.receives(&Letter::reply(&anna, &first, "One more thing about the first.\n"));
    with_words(&desk.agent, "One more thing about the first.");

    assert_eq!(desk.ticket(1)["merged_into"], 2);
    let thread = desk.ticket(2)["messages"].to_string();
    assert!(thread.contains("One more thing about the first."), "{thread}");
    assert_eq!(desk.count("tickets"), 2);
}

#[test]
fn what_is_resolved_is_reopened_before_it_is_made_a_part_of_another() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::new(&anna.address, "Printer again", COMPLETE));
    desk.settled(2);
    desk.set(1, &["--status", "accepted"]);
    desk.set(1, &["--status", "resolved"]);
    desk.receives(&Letter::reply(&desk.agent, &notice, "#merge 2\n#duplicate 2\n"));
    let told = with_words(&desk.agent, "#duplicate 2").text();
    for command in ["#merge 2", "#duplicate 2"] {
        assert!(
            told.contains(&format!("> {command}\nNOT done: DG-1 is resolved; reopen it first")),
            "{told}"
        );
    }
    assert_eq!(desk.ticket(1)["status"], "resolved");
}

#[test]
fn tickets_of_different_people_stay_apart() {
    let (desk, _anna, notice) = with_a_ticket();
    let carl = desk.customer("carl");
    desk.receives(&Letter::new(&carl.address, "Printer", COMPLETE));
    desk.agent.wait_for("two notices", |mails| mails.len() == 2);
    desk.receives(&Letter::reply(&desk.agent, &notice, "#merge 2\n"));
    with_words(&desk.agent, "takes no part in DG-2");
    assert_eq!(desk.ticket(1)["status"], "new");
}

#[test]
fn another_matter_becomes_a_ticket_of_its_own() {
    let (desk, anna, _) = with_a_ticket();
    let first = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &first, "The scanner is broken, too.\n"));
    let notice = with_words(&desk.agent, "scanner is broken");
    desk.receives(&Letter::reply(&desk.agent, &notice, "#split Scanner\n"));
    with_words(&desk.agent, "the mail is DG-2 now");
    let ticket = desk.ticket(2);
    assert_eq!(
        (&ticket["subject"], &ticket["requester"]["address"]),
        (&"Scanner".into(), &anna.address.clone().into())
    );
    assert!(ticket["messages"].to_string().contains("scanner is broken"));
}

#[test]
fn spam_is_closed_in_silence_and_its_sender_blocked() {
    let (desk, anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#spam\n#block\n"));
    with_words(&desk.agent, "is set aside from now on");
    desk.receives(&Letter::new(&anna.address, "Buy this", COMPLETE));
    desk.settled(3);
    assert_eq!(desk.ticket(1)["status"], "closed");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    assert_eq!(desk.count("tickets"), 1);
    assert!(desk.cli(&["block", "list"]).stdout.contains(&anna.address));
}

#[test]
fn what_is_written_to_spam_is_read_by_staff_and_answered_by_nobody() {
    let (desk, anna, notice) = with_a_ticket();
    let first = anna.wait_for_one();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#spam\n"));
    with_words(&desk.agent, "closed as spam");
    desk.receives(&Letter::reply(&anna, &first, "Is anybody there?\n"));
    let told = with_words(&desk.agent, "Is anybody there?");
    assert!(told.text().contains("#reopen takes the mark away"), "{}", told.text());
    assert_eq!(desk.ticket(1)["status"], "closed");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
    desk.receives(&Letter::reply(&desk.agent, &told, "#reopen\n\nSorry, we are.\n"));
    with_words(&anna, "Sorry, we are.");
    assert_eq!(desk.ticket(1)["spam"], false);
}

#[test]
fn who_came_later_does_not_read_what_was_said_before_in_another_ticket_either() {
    let (desk, anna, _) = with_a_ticket();
    let carl = desk.customer("carl");
    let first = anna.wait_for_one();
    desk.receives(&Letter::new(&anna.address, "Printer again", COMPLETE).with("Cc", &carl.address));
    desk.settled(2);
    desk.receives(&Letter::reply(&anna, &first, "Now with Carl.\n").with("Cc", &carl.address));
    desk.settled(3);
    let said = desk.cli(&["ticket", "merge", "1", "2", "--as", &desk.agent.address]);
    assert!(said.stdout.contains("for staff only"), "{said:?}");
    assert_eq!(
        desk.count("messages where ticket_id = 2 and own_text ~ 'Now with Carl' and not staff_only"),
        0
    );
}

#[test]
fn a_snoozed_ticket_comes_back_when_its_time_is_over() {
    let (desk, _anna, notice) = with_a_ticket();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#snooze 1h\n"));
    with_words(&desk.agent, "snoozed until");
    desk.sql("update timers set due_at = now() where kind = 'wake'");
    with_words(&desk.agent, "This ticket is back");
    assert_eq!(desk.ticket(1)["snoozed"], false);
}
