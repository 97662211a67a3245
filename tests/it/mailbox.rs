//! What happens in the mailbox, and to it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    first_mail::COMPLETE,
    helpers::{Certificate, Desk, Letter, PostOffice, program::signal, script, wait_for},
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

/// A desk that reads the mailbox of another server, which speaks no TLS.
fn at_server(desk: Desk, port: u16) -> Desk {
    let imap = PostOffice::start().imap;
    desk.configured(&format!("port = {imap}"), &format!("port = {port}"))
}

/// How often a word stands at the beginning of a line of the log about this mailbox.
fn told(desk: &Desk, level: &str, words: &str) -> usize {
    desk.log().lines().filter(|line| line.contains(level) && line.contains(words)).count()
}

#[test]
fn a_mail_over_the_limit_becomes_a_ticket_of_its_header_and_its_sender_is_asked_for_a_smaller_one() {
    let mut desk = Desk::prepare().with("[limits]\nmail_bytes = 65536");
    let anna = desk.customer("anna");
    let letter = |subject: &str| Letter::new(&anna.address, subject, COMPLETE);
    let large = [("filename=a.bin", vec![b'x'; 100_000].leak() as &[u8])];
    desk.receives(&letter("Much").with_files(&large));
    desk.run();
    desk.settled(1);
    let answer = anna.wait_for_one();
    assert_eq!(answer.subject(), "[DG-1] Much");
    assert!(answer.text().contains("larger than we can take (64 kB at most)"), "{}", answer.text());
    assert!(!answer.text().contains("What would help us"), "{}", answer.text());
    assert_eq!(desk.sql("select length(own_text), subject from messages where direction = 'in'"), "0|Much");
    assert!(desk.sql("select why from inbound").contains("Only its header was taken"));
    assert!(desk.count("inbound where size_bytes < 65536") == 1);

    // A reply that is too large is part of its ticket, and answered in the same way.
    desk.receives(&Letter::reply(&anna, &answer, "Here is the file.\n").with_files(&large));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    assert_eq!(desk.notices_to(&anna.address), ["acknowledged", "acknowledged"]);
    let answers = anna.wait_for_mails(2);
    assert!(answers.iter().all(|answer| answer.text().contains("64 kB at most")));
}

#[test]
fn an_unproven_sender_of_too_large_a_mail_is_told_without_a_word_of_theirs() {
    let desk = Desk::prepare().with("[limits]\nmail_bytes = 65536");
    let anna = desk.customer("anna");
    let large = [("filename=a.bin", vec![b'x'; 100_000].leak() as &[u8])];
    desk.receives_judged(&Letter::new(&anna.address, "Buy now", COMPLETE).with_files(&large), None);
    let mut desk = desk;
    desk.run();
    let answer = anna.wait_for_one();
    assert!(answer.text().contains("64 kB at most"), "{}", answer.text());
    assert!(!format!("{}{}", answer.subject(), answer.text()).contains("Buy now"));
}

#[test]
fn a_folder_that_is_missing_has_a_name_is_told_once_and_recovers_when_it_is_there() {
    let mut desk =
        Desk::prepare().configured("folder = \"INBOX\"", "folder = \"Desk\"").configured("60s", "1s");
    desk.run_sick();
    let health = desk.wait_for_health(503);
    assert_eq!(health["mailboxes"][0]["state"], "folder-missing", "{health}");
    let sentence = health["trouble"][0].as_str().unwrap().to_owned();
    assert!(desk.log().contains(&sentence), "{sentence} is not in the log");
    let check = desk.cli(&["check"]).stdout;
    let (_, rest) = sentence.split_once("): ").unwrap();
    assert!(check.contains(&format!("FAIL  support: imap: folder-missing: {rest}")), "{check}");

    let mut webmail = desk.support.imap();
    webmail.run("CREATE Desk");
    webmail.append("Desk", &letter(&desk, "anna").bytes());
    desk.settled(1);
    desk.wait_for_health(200);
    assert_eq!((told(&desk, "ERROR", "folder-missing"), told(&desk, "INFO", "is fetched again")), (1, 1));

    // Deleted under our eyes, and made anew with the same mail and another.
    webmail.run("DELETE Desk");
    // The server may end the session first, and say at the next one that it is not there.
    wait_for("the folder to be missed", || {
        let health = desk.wait_for_health(503);
        (health["mailboxes"][0]["state"] == "folder-missing").then_some(())
    });
    webmail.run("CREATE Desk");
    webmail.append("Desk", &letter(&desk, "ben").bytes());
    desk.settled(2);
    desk.wait_for_health(200);
}

#[test]
fn an_outage_is_told_once_however_often_it_is_tried() {
    let away = Arc::new(AtomicBool::new(true));
    let down = away.clone();
    let (port, heard) = script::mailbox(&[1], move |command| {
        (down.load(Ordering::SeqCst) && command.starts_with("SELECT")).then(String::new)
    });
    let mut desk = at_server(Desk::prepare(), port);
    desk.run_sick();
    let tries = || heard.lock().unwrap().iter().filter(|line| line.contains("SELECT")).count();
    wait_for("the fourth try", || (tries() >= 4).then_some(()));
    assert_eq!(desk.wait_for_health(503)["mailboxes"][0]["state"], "closed");
    away.store(false, Ordering::SeqCst);
    desk.settled(1);
    desk.wait_for_health(200);
    assert_eq!(told(&desk, "ERROR", "(closed)"), 1, "{}", desk.log());
    assert_eq!(told(&desk, "INFO", "is fetched again"), 1, "{}", desk.log());
}

/// Sizes as a server tells them of mails 1 to 4, the second beyond every limit.
fn sizes_with_a_large_one(command: &str) -> String {
    let size = |uid| if uid == 2 { u32::MAX } else { 100 };
    let told = (1..=4).filter(|uid| script::names(command, *uid));
    told.map(|uid| format!("* 1 FETCH (UID {uid} RFC822.SIZE {})\r\n", size(uid))).collect::<String>()
        + "{tag} OK\r\n"
}

#[test]
fn a_mail_at_which_the_connection_breaks_keeps_back_no_other() {
    for asked in ["BODY.PEEK[]", "RFC822.SIZE", "BODY.PEEK[HEADER]"] {
        let (port, _) = script::mailbox(&[1, 2, 3, 4], move |command| {
            if command.contains(asked) && script::names(command, 2) {
                return Some(String::new());
            }
            (asked.contains("HEADER") && command.contains("RFC822.SIZE"))
                .then(|| sizes_with_a_large_one(command))
        });
        let mut desk = at_server(Desk::prepare(), port).configured("\"seen\"", "\"nothing\"");
        desk.run_sick();
        wait_for("the three others", || {
            (desk.sql("select string_agg(uid::text, ' ' order by uid) from inbound") == "1 3 4").then_some(())
        });
        wait_for("the name of the fourth", || {
            (desk.sql("select state from mailboxes") == "incomplete").then_some(())
        });
        let health = desk.wait_for_health(503);
        let trouble = health["trouble"][0].as_str().unwrap();
        assert!(trouble.contains("mail 2 and does not hand it over"), "{asked}: {health}");
    }
}

#[test]
fn a_mail_that_the_server_refuses_keeps_back_no_other_and_is_told() {
    for asked in ["BODY.PEEK", "RFC822.SIZE"] {
        let (port, _) = script::mailbox(&[1, 2, 3], move |command| {
            let refused = command.contains(asked) && script::names(command, 2);
            refused.then(|| "{tag} NO disk error\r\n".to_owned())
        });
        let mut desk = at_server(Desk::prepare(), port);
        desk.run_sick();
        let health = wait_for("the name of the trouble", || {
            let health = desk.wait_for_health(503);
            (health["mailboxes"][0]["state"] == "incomplete").then_some(health)
        });
        let sentence = health["trouble"][0].as_str().unwrap();
        assert!(sentence.contains("mail 2 and does not hand it over (disk error)"), "{asked}: {sentence}");
        assert_eq!(desk.sql("select string_agg(uid::text, ' ' order by uid) from inbound"), "1 3");
    }
}

#[test]
fn a_refused_mail_of_a_folder_made_anew_while_we_were_away_is_another_mail() {
    let anew = Arc::new(AtomicBool::new(false));
    let made_anew = anew.clone();
    let (port, _) = script::mailbox(&[1, 2, 3], move |command| match made_anew.load(Ordering::SeqCst) {
        false if command.contains("BODY.PEEK") && script::names(command, 2) => {
            Some("{tag} NO disk error\r\n".to_owned())
        }
        true if command == "NOOP" => Some(String::new()),
        true if command.starts_with("SELECT") => {
            Some("* 3 EXISTS\r\n* OK [UIDVALIDITY 8] anew\r\n{tag} OK\r\n".to_owned())
        }
        _ => None,
    });
    let mut desk = at_server(Desk::prepare(), port).configured("60s", "1s");
    desk.run_sick();
    wait_for("the name of the trouble", || {
        (desk.sql("select state from mailboxes") == "incomplete").then_some(())
    });
    anew.store(true, Ordering::SeqCst);
    wait_for("the three mails of the new folder", || {
        (desk.count("inbound where uidvalidity = 8") == 3).then_some(())
    });
}

#[test]
fn mail_that_is_announced_and_never_there_does_not_keep_us_busy() {
    let (port, heard) = script::mailbox(&[1], |command| {
        (command.starts_with("UID SEARCH") || command == "NOOP")
            .then(|| "* 9 EXISTS\r\n* SEARCH 1\r\n{tag} OK\r\n".to_owned())
    });
    let mut desk = at_server(Desk::prepare(), port);
    let start = Instant::now();
    desk.run();
    wait_for("ten looks", || {
        let looks = heard.lock().unwrap().iter().filter(|line| line.contains("SEARCH")).count();
        (looks >= 10).then_some(())
    });
    assert!(start.elapsed() > Duration::from_secs(1), "ten looks in {:?}", start.elapsed());
}

#[test]
fn a_row_that_vanished_from_the_ledger_is_fetched_again() {
    let mut desk = Desk::prepare();
    for name in ["anna", "ben", "carl"] {
        desk.support.append(letter(&desk, name).bytes());
    }
    desk.run();
    desk.settled(3);
    desk.stop();
    desk.sql("delete from inbound where uid = 2");
    desk.run();
    desk.settled(3);
    let outcome = desk.sql("select uid, outcome from inbound order by id desc limit 1");
    assert_eq!(outcome, "2|duplicate", "one ticket all the same");
    assert!(desk.log().contains("were missed before"));
}

#[test]
fn the_same_bytes_under_new_numbers_are_known_whatever_this_version_reads_in_them() {
    let mut desk = Desk::prepare().configured("folder = \"INBOX\"", "folder = \"Desk\"");
    let mails: Vec<Letter> = ["anna", "ben", "carl"].iter().map(|name| letter(&desk, name)).collect();
    let mut webmail = desk.support.imap();
    for round in 0..2 {
        webmail.run("CREATE Desk");
        for mail in &mails {
            webmail.append("Desk", &mail.bytes());
        }
        desk.run();
        desk.settled(3 * (round + 1));
        desk.stop();
        webmail.run("DELETE Desk");
        // As if another version had read them.
        desk.sql("update messages set fingerprint = sha256(fingerprint) where fingerprint is not null");
    }
    let outcomes = desk.outcomes();
    assert_eq!(outcomes, ["opened", "opened", "opened", "duplicate", "duplicate", "duplicate"]);
    assert!(desk.sql("select why from inbound where outcome = 'duplicate' limit 1").contains("same bytes"));
    assert_eq!(desk.count("tickets"), 3);
    assert_eq!(desk.count("inbound where outcome = 'duplicate' and ticket_id is null"), 0);
}

#[test]
fn a_node_that_lost_the_right_to_fetch_keeps_nothing() {
    let mut desk = Desk::prepare().configured("60s", "1s");
    desk.run();
    wait_for("the first look", || (desk.sql("select state from mailboxes") == "ok").then_some(()));
    desk.sql("update mailboxes set holder = 'elsewhere:1:x', held_until = now() + interval '1 hour'");
    desk.receives(&letter(&desk, "anna"));
    wait_for("word of it", || desk.log().contains("another node fetches").then_some(()));
    assert_eq!(desk.sql("select count(*), (select last_uid from mailboxes) from inbound"), "0|0");
    desk.sql("update mailboxes set holder = null, held_until = null");
    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
}

#[test]
fn a_node_that_sleeps_through_the_end_of_its_right_stores_nothing_a_second_time() {
    let mut desk = Desk::prepare().configured("60s", "1s");
    desk.run();
    desk.run_beside();
    let holder = || desk.sql("select holder from mailboxes");
    let first = wait_for("a holder", || Some(holder()).filter(|holder| !holder.is_empty()));
    let process: u32 = first.split(':').nth(1).unwrap().parse().unwrap();
    signal("STOP", process);
    // As if its right had run out meanwhile.
    desk.sql("update mailboxes set held_until = now() - interval '1 minute'");
    wait_for("another holder", || (holder() != first).then_some(()));
    desk.receives(&letter(&desk, "anna"));
    desk.settled(1);
    signal("CONT", process);
    wait_for("word of it", || desk.log().contains("another node fetches").then_some(()));
    desk.receives(&letter(&desk, "ben"));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
    assert_ne!(holder(), first);
}
