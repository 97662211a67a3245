//! Files come through byte for byte and are kept once.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter},
};

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[test]
fn names_and_bytes_of_files_are_kept() {
    let desk = Desk::start();
    let all_bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let letter = Letter::new(&desk.customer("anna").address, "Printer", COMPLETE).with_files(&[
        ("filename=\"all bytes.bin\"", &all_bytes),
        ("filename*=UTF-8''Pr%C3%BCfbericht%20%E2%82%AC.txt", b"text\r\nwith both\nline ends\r"),
        ("filename=\"empty.log\"", b""),
    ]);
    desk.receives(&letter);

    desk.settled(1);
    let files = desk.ticket(1)["messages"][0]["attachments"].clone();
    let seen: Vec<(String, u64, String)> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["name"].as_str().unwrap().into(),
                f["size"].as_u64().unwrap(),
                f["sha256"].as_str().unwrap().into(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("all bytes.bin".into(), 100_000, sha256(&all_bytes)),
            ("Prüfbericht €.txt".into(), 26, sha256(b"text\r\nwith both\nline ends\r")),
            ("empty.log".into(), 0, sha256(b"")),
        ]
    );
    assert_eq!(desk.sql("select encode(sha256(bytes), 'hex') = encode(sha256, 'hex') from blobs"), "t\nt\nt");
    assert!(desk.agent.wait_for_one().text().contains("Prüfbericht €.txt"), "staff read of the files");
}

#[test]
fn a_file_that_comes_again_is_kept_once() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let same: &[u8] = b"the same screenshot";
    desk.receives(
        &Letter::new(&anna.address, "One", COMPLETE)
            .with_files(&[("filename=\"a.png\"", same), ("filename=\"b.png\"", same)]),
    );
    desk.receives(&Letter::new(&anna.address, "Two", COMPLETE).with_files(&[("filename=\"c.png\"", same)]));

    desk.settled(2);
    assert_eq!((desk.count("attachments"), desk.count("blobs")), (3, 1));
    assert_eq!(desk.sql("select string_agg(name, ' ' order by name) from attachments"), "a.png b.png c.png");
}

#[test]
fn a_name_that_leads_elsewhere_becomes_a_base_name() {
    let desk = Desk::start();
    let names: [(&str, &[u8]); 8] = [
        ("filename=\"../../../../tmp/pwned.txt\"", b"1"),
        ("filename=\"/tmp/pwned.txt\"", b"2"),
        ("filename=\"..\\\\..\\\\pwned.txt\"", b"3"),
        ("filename=\"C:\\\\pwned.txt\"", b"4"),
        ("filename*=UTF-8''..%2F..%2Fpwned.txt", b"5"),
        ("filename=\"=?utf-8?q?=2E=2E=2Fpwned=2Etxt?=\"", b"6"),
        ("filename*=UTF-8''x%0D%0AX-Injected%3A%20yes%22.txt", b"7"),
        ("filename*0=\"invoice.pdf\"; filename*1=\".exe\"", b"8"),
    ];
    desk.receives(&Letter::new(&desk.customer("anna").address, "Files", COMPLETE).with_files(&names));

    desk.settled(1);
    let stored = desk.sql("select name from attachments order by position");
    let stored: Vec<&str> = stored.lines().collect();
    assert_eq!(stored.len(), names.len(), "a name of two lines: {stored:?}");
    for name in &stored {
        assert!(
            !name.contains(['/', '\\', '\r', '"']) && !name.contains("..") && !name.is_empty(),
            "{stored:?}"
        );
    }
    assert_eq!(stored[7], "invoice.pdf.exe");
    let notice = desk.agent.wait_for_one();
    assert_eq!(notice.header("X-Injected"), None);
}

#[test]
fn a_forwarded_mail_is_kept_as_a_file() {
    let desk = Desk::start();
    let body = "--=_f\nContent-Type: text/plain\n\nSee the mail below.\n\n--=_f\nContent-Type: message/rfc822\n\n\
                From: ceo@customer.test\nSubject: Inner\n\nThe inner text.\n\n--=_f--\n";
    let letter = Letter::new(&desk.customer("anna").address, "Fwd: Inner", body)
        .with("Content-Type", "multipart/mixed; boundary=\"=_f\"");
    desk.receives(&letter);

    desk.settled(1);
    let message = desk.ticket(1)["messages"][0].clone();
    assert_eq!(message["attachments"][0]["mime"], "message/rfc822");
    assert!(message["own_text"].as_str().unwrap().contains("See the mail below."));
}
