//! Threads whose ids were rewritten, lost or came in the wrong order.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

/// A desk with Anna's ticket, and the answer she got.
fn desk_with_ticket() -> (Desk, Postbox, Received) {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(
        &Letter::new(&anna.address, "Printer", COMPLETE).with("Message-ID", "<First-1@Mail.Customer.test>"),
    );
    let answer = anna.wait_for_one();
    desk.settled(1);
    (desk, anna, answer)
}

/// A reply to the desk's public address, without subject tag and footer.
fn plain_reply(desk: &Desk, from: &Postbox, words: &str) -> Letter {
    Letter::new(&from.address, "Re: Printer", words).to(&desk.support.address)
}

#[test]
fn a_provider_that_rewrites_our_message_id_breaks_no_thread() {
    let (desk, anna, answer) = desk_with_ticket();
    // Her program puts what our mail referred to before the id that it has now.
    let theirs = answer.header("References").unwrap();
    let rewritten = "<0102018f6d-000000@eu-west-1.amazonses.com>";
    desk.receives(
        &plain_reply(&desk, &anna, "It is the upper tray.\n")
            .with("In-Reply-To", rewritten)
            .with("References", &format!("{theirs} {rewritten}")),
    );
    desk.settled(2);
    // Another program names only the id that nobody here ever saw; by now it is known.
    desk.receives(&plain_reply(&desk, &anna, "And the lower one, too.\n").with("In-Reply-To", rewritten));
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "joined", "joined"]);
}

#[test]
fn ids_are_found_whatever_became_of_their_case_and_brackets() {
    let (desk, anna, answer) = desk_with_ticket();
    for (number, written) in [
        "<first-1@mail.customer.test>".to_owned(),
        "First-1@Mail.Customer.test".to_owned(),
        "<First-1@Mail.Customer.test>; from anna on Monday".to_owned(),
        "<First-1@\n Mail.Customer.test> (message from Anna)".to_owned(),
        answer.message_id().to_uppercase(),
    ]
    .iter()
    .enumerate()
    {
        desk.receives(&plain_reply(&desk, &anna, &format!("Word {number}.\n")).with("In-Reply-To", written));
        desk.settled(number + 2);
    }
    assert_eq!(desk.outcomes(), ["opened", "joined", "joined", "joined", "joined", "joined"]);
}

#[test]
fn a_reply_that_quotes_our_footer_and_lost_all_else_finds_its_ticket_when_proven() {
    let (desk, anna, answer) = desk_with_ticket();
    let quoted: String = answer.text().lines().map(|line| format!("> {line}\n")).collect();
    let letter = Letter::new(
        &anna.address,
        "About that",
        &format!("It works again.\n\nOn Monday Support wrote:\n{quoted}"),
    )
    .to(&desk.support.address);
    let ben = desk.customer("ben");
    desk.receives(&letter);
    desk.receives(&letter.clone().with("From", &ben.address).with("Message-ID", "<ben@customer.test>"));
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "joined", "opened"]);
}

#[test]
fn a_mail_that_its_own_answer_overtook_joins_that_ticket() {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    let answer = Letter::new(&anna.address, "Re: Printer", COMPLETE)
        .with("In-Reply-To", "<late@customer.test>")
        .with("Cc", &carl.address);
    desk.receives(&answer);
    desk.settled(1);
    desk.receives(
        &Letter::new(&carl.address, "Printer", "Does it print for you?\n")
            .with("Message-ID", "<late@customer.test>"),
    );
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
}

#[test]
fn a_subject_alone_joins_nothing() {
    let (desk, anna, _answer) = desk_with_ticket();
    let mallory = desk.mailbox("mallory", "stranger.test");
    desk.receives(&plain_reply(&desk, &anna, "A reply by its subject only.\n"));
    desk.receives(&Letter::new(&mallory.address, "Re: [DG-1] Printer", "Send it to me.\n"));
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "opened", "opened"]);
}
