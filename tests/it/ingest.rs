//! Mails from pipes and files, through the same pipeline.

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, servers::free_port},
};

fn mail(number: usize) -> Vec<u8> {
    Letter::new("anna@ingest.test", &format!("Number {number}"), COMPLETE).bytes()
}

#[test]
fn a_piped_mail_is_stored_processed_and_told() {
    let desk = Desk::prepare();
    let ran = desk.cli_with_input(&["ingest", "-"], &mail(1));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout, "-: mail 1 opened ticket 1\n");
    let ran = desk.cli_with_input(&["ingest"], &mail(2));
    assert_eq!(ran.stdout, "-: mail 2 opened ticket 2\n", "{}", ran.stderr);
    assert_eq!(desk.ticket(1)["subject"], "Number 1");
}

#[test]
fn a_piped_mail_gets_its_answer_from_the_desk_that_runs() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let letter = Letter::new(&anna.address, "Printer", LACKS_EXPECTED);
    let judged = [
        b"Authentication-Results: mx.desk.test; dmarc=pass header.from=customer.test\r\n".as_slice(),
        &letter.bytes(),
    ]
    .concat();
    assert_eq!(desk.cli_with_input(&["ingest"], &judged).code, Some(0));
    assert!(anna.wait_for_one().text().contains("blank pages"));
}

#[test]
fn files_folders_and_mbox_files_are_taken_in_order() {
    let desk = Desk::prepare();
    let folder = desk.folder().join("mails");
    std::fs::create_dir_all(folder.join("deeper")).unwrap();
    std::fs::write(folder.join("1.eml"), mail(1)).unwrap();
    std::fs::write(folder.join("deeper/2.eml"), mail(2)).unwrap();
    let mbox: Vec<u8> = [3, 4]
        .iter()
        .flat_map(|&number| {
            let mail = String::from_utf8(mail(number)).unwrap().replace("\r\n", "\n");
            format!("From anna@ingest.test Sat Nov 21 10:00:00 2026\n{mail}\n").into_bytes()
        })
        .collect();
    let mbox_file = desk.folder().join("old.mbox");
    std::fs::write(&mbox_file, mbox).unwrap();
    let ran = desk.cli(&["ingest", folder.to_str().unwrap(), mbox_file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("old.mbox#2: mail 4 opened ticket 4"), "{}", ran.stdout);
    assert_eq!(
        desk.sql("select string_agg(subject, ',' order by id) from tickets"),
        "Number 1,Number 2,Number 3,Number 4"
    );

    let again = desk.cli(&["ingest", folder.to_str().unwrap()]);
    assert_eq!(again.code, Some(0));
    assert!(again.stdout.contains("duplicate ticket 1"), "{}", again.stdout);
    assert_eq!(desk.count("tickets"), 4);
}

#[test]
fn a_file_that_is_not_there_ends_with_66_and_keeps_the_others() {
    let desk = Desk::prepare();
    let there = desk.folder().join("there.eml");
    std::fs::write(&there, mail(1)).unwrap();
    let ran =
        desk.cli(&["ingest", desk.folder().join("gone.eml").to_str().unwrap(), there.to_str().unwrap()]);
    assert_eq!(ran.code, Some(66), "{}", ran.stdout);
    assert!(ran.stderr.contains("gone.eml"), "{}", ran.stderr);
    assert_eq!(desk.count("tickets"), 1);
}

#[test]
fn a_database_that_is_away_ends_with_75_so_that_the_mail_server_keeps_the_mail() {
    let desk = Desk::prepare();
    let url = format!("postgres://deskgate@127.0.0.1:{}/deskgate", free_port());
    let ran = desk.cli_with_variables(&["ingest"], &[("DESKGATE__DATABASE__URL", &url)]);
    assert_eq!(ran.code, Some(75), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("database"), "{}", ran.stderr);
    desk.database_goes_away();
    let ran = desk.cli_with_input(&["ingest"], &mail(1));
    desk.database_comes_back();
    assert_eq!(ran.code, Some(75), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(desk.count("inbound"), 0);
}

#[test]
fn with_several_mailboxes_one_has_to_be_named() {
    let desk = Desk::prepare().with(
        "[[mailbox]]\nname = \"sales\"\naddress = \"sales@desk.test\"\nsmtp = { host = \"127.0.0.1\", port = 1, tls = \"none\" }",
    );
    let ran = desk.cli_with_input(&["ingest"], &mail(1));
    assert_eq!(ran.code, Some(75));
    assert!(ran.stderr.contains("--mailbox"), "{}", ran.stderr);
    let ran = desk.cli_with_input(&["ingest", "--mailbox", "sails"], &mail(1));
    assert_eq!(ran.code, Some(75));
    assert!(ran.stderr.contains("sales"), "{}", ran.stderr);
    let ran = desk.cli_with_input(&["ingest", "--mailbox", "sales"], &mail(1));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(desk.sql("select m.name from inbound i join mailboxes m on m.id = i.mailbox_id"), "sales");
}
