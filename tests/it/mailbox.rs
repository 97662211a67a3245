//! What happens in the mailbox, and to it.

use crate::{
    first_mail::COMPLETE,
    helpers::{Certificate, Desk, Letter, PostOffice, wait_for},
};

fn letter(desk: &Desk, name: &str) -> Letter {
    Letter::new(&desk.customer(name).address, &format!("Mail of {name}"), COMPLETE)
}

#[test]
fn a_stored_mail_is_marked_as_read() {
    let desk = Desk::start();
    desk.receives(&letter(&desk, "anna"));
    desk.support.wait_for("a mail marked as read", |mails| mails.len() == 1 && mails[0].is_seen());
    assert_eq!(desk.count("inbound where marked_at is null"), 0);
}

#[test]
fn a_stored_mail_is_moved_where_the_configuration_says_so() {
    let mut desk = Desk::prepare().configured("after = \"seen\"", "after = \"move:Processed\"");
    desk.run();
    for name in ["anna", "ben", "carl"] {
        desk.receives(&letter(&desk, name));
    }
    wait_for("three mails in Processed", || (desk.support.mails_in("Processed").len() == 3).then_some(()));
    desk.support.wait_for("an empty INBOX", |mails| mails.is_empty());
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened"; 3]);
}

#[test]
fn a_mailbox_that_is_to_be_left_alone_is_left_alone() {
    let mut desk = Desk::prepare().configured("after = \"seen\"", "after = \"nothing\"");
    desk.run();
    desk.receives(&letter(&desk, "anna"));
    desk.settled(1);
    desk.stop();
    desk.run();
    desk.receives(&letter(&desk, "ben"));
    desk.settled(2);
    assert!(desk.support.mails().iter().all(|mail| !mail.is_seen()));
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}

#[test]
fn mail_that_somebody_read_before_is_taken_all_the_same() {
    let mut desk = Desk::prepare();
    for name in ["anna", "ben"] {
        desk.support.append(letter(&desk, name).bytes());
    }
    let mut webmail = desk.support.imap();
    webmail.run("SELECT INBOX");
    webmail.run("UID STORE 1:* +FLAGS.SILENT (\\Seen)");
    drop(webmail);
    desk.run();
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}

#[test]
fn a_mailbox_with_much_in_it_is_taken_whole() {
    let mut desk = Desk::prepare();
    let mut session = desk.support.imap();
    for number in 0..250 {
        let mail = Letter::new(&format!("c{number}@customer.test"), "Many", "Hello, how much is it?\n");
        session.append("INBOX", &mail.bytes());
    }
    desk.run();
    desk.settled(250);
    assert_eq!(desk.count("tickets"), 250);
    assert_eq!(desk.count("outbox where notice = 'acknowledged' and state = 'sent'"), 250);
}

#[test]
fn a_folder_that_is_made_anew_gives_no_mail_a_second_ticket() {
    let mut desk = Desk::prepare().configured("folder = \"INBOX\"", "folder = \"Desk\"");
    let old: Vec<Letter> = ["anna", "ben", "carl"].iter().map(|name| letter(&desk, name)).collect();
    let mut webmail = desk.support.imap();
    webmail.run("CREATE Desk");
    for mail in &old {
        webmail.append("Desk", &mail.bytes());
    }
    desk.run();
    desk.settled(3);
    let before = desk.sql("select uidvalidity from mailboxes");
    desk.stop();

    webmail.run("DELETE Desk");
    webmail.run("CREATE Desk");
    for mail in &old {
        webmail.append("Desk", &mail.bytes());
    }
    webmail.append("Desk", &letter(&desk, "dora").bytes());
    desk.run();
    desk.settled(7);
    assert_ne!(desk.sql("select uidvalidity from mailboxes"), before);
    let outcomes = desk.outcomes();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "opened").count(), 4, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "duplicate").count(), 3, "{outcomes:?}");
    assert_eq!(desk.count("outbox where notice = 'acknowledged'"), 4);
}

#[test]
fn a_restart_of_the_imap_server_is_survived() {
    let office = PostOffice::own(Certificate::Good);
    let mut desk = Desk::prepare_at(office);
    desk.run();
    desk.receives(&letter(&desk, "anna"));
    desk.settled(1);

    office.stop_dovecot();
    let health = desk.wait_for_health(503);
    assert!(health["trouble"][0].as_str().unwrap().contains("support"), "{health}");
    office.start_dovecot("");
    desk.wait_for_health(200);
    let ben = desk.customer("ben");
    desk.receives(&letter(&desk, "ben"));
    ben.wait_for_one();
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}

#[test]
fn tls_from_the_first_byte_and_starttls_both_work() {
    let office = PostOffice::start();
    for (tls, port) in [("tls", office.imaps), ("starttls", office.imap)] {
        let ca = office.ca_file();
        let mut desk = Desk::prepare().configured(
            &format!("imap = {{ host = \"127.0.0.1\", port = {}, tls = \"none\"", office.imap),
            &format!(
                "imap = {{ host = \"localhost\", port = {port}, tls = \"{tls}\", ca_file = \"{}\"",
                ca.display()
            ),
        );
        desk.run();
        desk.receives(&letter(&desk, "anna"));
        desk.settled(1);
        assert_eq!(desk.outcomes(), ["opened"]);
    }
}
