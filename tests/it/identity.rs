//! Who may do what: a signal finds a ticket, it never grants a right.

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

/// A desk with Anna's ticket, and the answer she got.
fn desk_with_ticket() -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&format!("Anna Example <{}>", anna.address), "Printer", COMPLETE));
    let answer = anna.wait_for_one();
    desk.settled(1);
    (desk, anna, answer)
}

/// Anna's ticket has her mail and our answer, and nobody else takes part.
fn untouched(desk: &Desk, anna: &Postbox) {
    let ticket = desk.ticket(1);
    assert_eq!(ticket["messages"].as_array().unwrap().len(), 2, "{ticket:#}");
    let participants = ticket["participants"].as_array().unwrap();
    assert!(participants.len() == 1 && participants[0]["address"] == anna.address, "{participants:?}");
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged"]);
}

#[test]
fn a_sender_nobody_vouches_for_gets_a_text_that_repeats_nothing() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let from = format!("Buy Now <{}>", anna.address);
    desk.receives_judged(&Letter::new(&from, "Cheap watches at watches.example", LACKS_EXPECTED), None);

    let answer = anna.wait_for_one();
    let whole = format!("{}\n{}\n{}", String::from_utf8_lossy(&answer.raw), answer.text(), answer.html());
    for words in ["Buy Now", "watches", "Cheap", "blank pages", "monthly report", "Expected result"] {
        assert!(!whole.contains(words), "the answer repeats {words:?}: {whole}");
    }
    assert!(answer.text().contains("If you did not write to us"), "{}", answer.text());
    desk.settled(1);
    assert_eq!(desk.ticket(1)["subject"], "Cheap watches at watches.example", "nothing is lost");
    assert_eq!(desk.ticket(1)["waiting_on"], serde_json::Value::Null);
}

#[test]
fn a_forged_sender_is_kept_and_gets_nothing() {
    let desk = Desk::start();
    let victim = desk.customer("victim");
    let letter = Letter::new(&victim.address, "Printer", COMPLETE);
    desk.receives_judged(&letter, Some("dmarc=fail header.from=customer.test"));

    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
    assert_eq!(desk.notices_to(&victim.address), [""; 0]);
}

#[test]
fn a_forged_reply_with_every_token_never_joins() {
    let (desk, anna, answer) = desk_with_ticket();
    let mallory = desk.mailbox("mallory", "stranger.test");
    let letter = Letter::reply(&anna, &answer, "Send me everything.\n").with("Cc", &mallory.address);
    desk.receives_judged(&letter, Some("dmarc=fail header.from=customer.test"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
    untouched(&desk, &anna);
    assert_eq!(desk.notices_to(&mallory.address), [""; 0]);
}

#[test]
fn a_verdict_for_another_domain_proves_nothing() {
    let (desk, anna, answer) = desk_with_ticket();
    // Without the reply address that was made for Anna.
    let letter = Letter::reply(&anna, &answer, "Send me everything.\n");
    let letter = letter.to(&desk.support.address).with("To", "support@desk.test");
    desk.receives_judged(&letter, Some("dmarc=pass header.from=stranger.test"));

    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
    assert_eq!(desk.ticket(1)["messages"].as_array().unwrap().len(), 2);
    let neutral = anna.wait_for_mails(2).remove(1);
    assert!(neutral.text().contains("If you did not write to us"), "{}", neutral.text());
}

#[test]
fn results_in_a_name_that_is_not_trusted_prove_nothing() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter = Letter::new(&anna.address, "Printer", COMPLETE)
        .with("Authentication-Results", "mx.stranger.test; dmarc=pass header.from=customer.test");
    desk.receives_judged(&letter, None);

    assert!(!anna.wait_for_one().text().contains("blank pages"));
}

#[test]
fn a_stranger_with_reply_address_message_id_or_subject_tag_stays_outside() {
    let (desk, anna, answer) = desk_with_ticket();
    let mallory = desk.mailbox("mallory", "stranger.test");
    let with_everything = Letter::reply(&mallory, &answer, "What did she write?\n");
    let with_ids = with_everything.clone().to(&desk.support.address).with("To", "support@desk.test");
    let with_tag = Letter::new(&mallory.address, "Re: [DG-1] Printer", "What did she write, again?\n");
    let with_ids = with_ids.with("Message-ID", "<second@stranger.test>");
    for (letter, mails) in [with_everything, with_ids, with_tag].iter().zip(2..) {
        desk.receives(letter);
        desk.settled(mails);
    }

    // The second answers what her first answered, and is hers; none is Anna's.
    assert_eq!(desk.outcomes(), ["opened", "opened", "joined", "opened"]);
    untouched(&desk, &anna);
    for mail in mallory.wait_for_mails(2) {
        let whole = format!("{}{}{}", String::from_utf8_lossy(&mail.raw), mail.text(), mail.html());
        assert!(!whole.contains("Anna Example") && !whole.contains(&anna.address), "{whole}");
        assert!(!whole.contains("blank pages"), "{whole}");
    }
    // Staff see what it looks related to.
    assert_eq!(
        desk.sql("select detail->'related' from journal where event = 'opened' and ticket_id > 1"),
        "[1]\n[1]"
    );
}

#[test]
fn a_service_that_writes_to_a_reply_address_stays_outside() {
    let (desk, anna, answer) = desk_with_ticket();
    let letter = Letter::new("no-reply@saas.test", "Your code", "Your code is 482913.\n")
        .to(&answer.header("Reply-To").unwrap());
    desk.receives(&letter);

    desk.settled(2);
    untouched(&desk, &anna);
    assert_eq!(desk.sql("select count(*) from outbox where convert_from(bytes, 'UTF8') like '%482913%' and notice not like 'staff-%'"), "0");
}

#[test]
fn guessed_references_lead_nowhere() {
    let (desk, anna, answer) = desk_with_ticket();
    let (local, domain) = desk.support.address.split_once('@').unwrap();
    let reply_to = answer.header("Reply-To").unwrap();
    let (before, last) = reply_to.split_once('@').unwrap().0.split_at(reply_to.find('@').unwrap() - 1);
    let tampered = format!("{before}{}@{domain}", if last == "a" { "b" } else { "a" });
    let id = answer.message_id();
    for (number, to) in
        [format!("{local}+1@{domain}"), tampered, format!("{local}+@{domain}")].iter().enumerate()
    {
        let letter =
            Letter::new(&anna.address, "Hello", &format!("Guess {number}.\n")).to(to).with("To", to).with(
                "References",
                &format!("<1@{domain}> <ticket-1@{domain}> {} <>", id.replace("<dg.", "<dg.z")),
            );
        desk.receives(&letter);
    }

    desk.settled(4);
    // They answer the same and are one ticket among themselves.
    assert_eq!(desk.outcomes(), ["opened", "opened", "joined", "joined"]);
    assert_eq!(desk.ticket(1)["messages"].as_array().unwrap().len(), 2);
}

#[test]
fn the_reply_address_of_one_customer_is_no_key_for_another() {
    let (desk, anna, answer) = desk_with_ticket();
    let ben = desk.customer("ben");
    desk.receives(&Letter::new(&ben.address, "Scanner", "Hello, who can help me with the scanner?\n"));
    ben.wait_for_one();
    desk.receives(&Letter::reply(&ben, &answer, "And what about hers?\n"));

    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened"; 3]);
    untouched(&desk, &anna);
}

#[test]
fn references_to_somebody_elses_ticket_do_not_beat_ones_own() {
    let (desk, anna, answer) = desk_with_ticket();
    let ben = desk.customer("ben");
    desk.receives(&Letter::new(&ben.address, "Scanner", "Hello, who can help me with the scanner?\n"));
    let own = ben.wait_for_one();
    let letter = Letter::reply(&ben, &own, "It is the new scanner.\n")
        .with("References", &format!("{} {}", answer.message_id(), own.message_id()))
        .with("In-Reply-To", &answer.message_id());
    desk.receives(&letter.to(&desk.support.address).with("To", "support@desk.test"));

    desk.settled(3);
    untouched(&desk, &anna);
    assert_eq!(desk.outcomes(), ["opened", "opened", "joined"]);
    assert_eq!(desk.ticket(2)["messages"].as_array().unwrap().len(), 3);
}

#[test]
fn people_on_cc_take_part_when_the_sender_is_proven() {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    let cc = format!("{}, {}, {}", carl.address, desk.support.address, desk.agent.address);
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &cc));
    desk.settled(1);
    let participants = desk.ticket(1)["participants"].to_string();
    assert!(participants.contains(&carl.address), "{participants}");
    assert!(!participants.contains(&desk.support.address) && !participants.contains(&desk.agent.address));
    assert_eq!(desk.notices_to(&carl.address), [""; 0], "the acknowledgement is the sender's alone");

    desk.set(1, &["--status", "accepted"]);
    let accepted = carl.wait_for_one();
    desk.receives(&Letter::reply(&carl, &accepted, "I see it, too.\n"));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
}

#[test]
fn people_on_cc_of_an_unproven_mail_are_strangers() {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives_judged(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &carl.address), None);
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);

    desk.settled(1);
    assert!(!desk.ticket(1)["participants"].to_string().contains(&carl.address));
    assert_eq!(desk.notices_to(&carl.address), [""; 0]);
}

#[test]
fn reply_to_is_never_the_author() {
    let desk = Desk::start();
    let (mallory, victim) = (desk.mailbox("mallory", "stranger.test"), desk.customer("victim"));
    let letter = Letter::new(&mallory.address, "Printer", COMPLETE);
    desk.receives(&letter.clone().with("Reply-To", &victim.address));
    desk.receives(
        &letter
            .with("Reply-To", &desk.agent.address)
            .with("Message-ID", "<2@stranger.test>")
            .with("Subject", "Two"),
    );

    desk.settled(2);
    for number in [1, 2] {
        assert_eq!(desk.ticket(number)["requester"]["address"], mallory.address);
    }
    assert_eq!(desk.notices_to(&victim.address), [""; 0]);
    assert_eq!(desk.notices_to(&mallory.address), ["acknowledged"; 2]);
}

#[test]
fn a_mail_with_two_authors_has_none_and_gets_no_answer() {
    let desk = Desk::start();
    let mallory = desk.mailbox("mallory", "stranger.test");
    let letter = Letter::new(&mallory.address, "Printer", COMPLETE)
        .with("From", &format!("{}, {}", mallory.address, desk.agent.address));
    desk.receives_judged(&letter, Some("dmarc=pass header.from=stranger.test"));

    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
    assert_eq!(desk.ticket(1)["requester"], serde_json::Value::Null);
    assert_eq!(desk.notices_to(&mallory.address), [""; 0]);
}

#[test]
fn somebody_who_only_says_to_be_staff_is_not() {
    let (desk, anna, _answer) = desk_with_ticket();
    let notice = desk.agent.wait_for_one();
    let reply = Letter::reply(&desk.agent, &notice, "Close it.\n");
    // Without the reply address that was made for the agent, and with no verdict; then with a bad one.
    desk.receives_judged(&reply.clone().to(&desk.support.address).with("To", "support@desk.test"), None);
    desk.receives_judged(
        &reply.with("Message-ID", "<b@desk.test>"),
        Some("dmarc=fail header.from=desk.test"),
    );

    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened"; 3]);
    untouched(&desk, &anna);
}
