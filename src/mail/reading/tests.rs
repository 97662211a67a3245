use proptest::prelude::*;

use super::super::read;
use super::*;

fn mail(raw: &str) -> InboundMail {
    read(raw.as_bytes(), &Ours::nobody())
}

fn addresses_of(named: &[NamedAddress]) -> Vec<&str> {
    named.iter().map(|named| named.address.as_str()).collect()
}

fn authors_of(field: &str) -> Vec<String> {
    let read = mail(&format!("{field}\nSubject: x\n\nHello\n"));
    read.from.iter().map(|from| from.address.to_string()).collect()
}

#[test]
fn fields_are_read_and_made_safe() {
    let read = mail(
        "Return-Path: <>\nFrom: =?utf-8?q?Al=0D=0ABcc=3A_v=40example.org?= <Alice@Example.org>\nTo: support@desk.test, Bob <b@example.org>\n\
         Delivered-To: support@desk.test\nSubject: =?utf-8?q?Hi=00=0D=0Athere?=\nDate: Sat, 21 Nov 2026 12:00:00 +0100\n\
         Message-ID: <1@example.org>\nIn-Reply-To: <a@x>\nReferences: <a@x> <b@x>\n\nHello\r\nWorld\n",
    );
    assert_eq!(read.from[0].name, "Al Bcc: v@example.org");
    assert_eq!(addresses_of(&read.from), ["alice@example.org"]);
    assert_eq!(addresses_of(&read.to), ["support@desk.test", "b@example.org"]);
    assert_eq!(read.delivered_to.len(), 1);
    assert_eq!(read.envelope_sender, EnvelopeSender::Null);
    assert_eq!(read.subject, "Hi there");
    assert_eq!(read.date.unwrap().to_string(), "2026-11-21T11:00:00Z");
    assert_eq!(read.references.len(), 2);
    assert_eq!(read.text, "Hello\nWorld\n");
}

#[test]
fn all_mailboxes_of_all_from_fields_count() {
    assert_eq!(
        authors_of("From: m@attacker.test, <agent@desk.test>"),
        ["m@attacker.test", "agent@desk.test"]
    );
    assert_eq!(authors_of("From: m@attacker.test\nFrom: agent@desk.test").len(), 2);
    assert_eq!(authors_of("From: Smith, John <john@example.org>"), ["john@example.org"]);
}

#[test]
fn no_address_comes_out_of_a_name_a_comment_or_an_encoded_word() {
    for field in [
        "From: =?utf-8?q?agent=40desk.test=3E=20?=@attacker.test",
        "From: =?utf-8?q?agent=40desk.test?= (x)",
        "From: =?utf-8?q?agent=40desk.test?= (agent@desk.test)",
        "From: \"agent@desk.test\"",
        "From: \"a>,<victim@victim.test\"@example.org",
        "From: mallory @ @, <agent@desk.test>",
    ] {
        assert_eq!(authors_of(field), [""; 0], "{field}");
    }
    assert_eq!(authors_of("From: \"agent@desk.test\" <m@attacker.test>"), ["m@attacker.test"]);
}

#[test]
fn html_alone_gives_the_text_and_stays_as_it_is() {
    let read = mail("From: a@example.org\nContent-Type: text/html\n\n<p>Hello</p><p>World</p>\n");
    assert_eq!(read.text.trim(), "Hello\n\nWorld");
    assert!(read.html.unwrap().contains("<p>Hello</p>"));
}

const MIXED: &str = "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee files\n\
    --b\nContent-Type: text/csv; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\
    Content-Disposition: attachment; filename*0=\"../data\"; filename*1=\".csv\"\n\n5A0K\n\
    --b\nContent-Type: image/png\nContent-ID: <pic@x>\n\nPNG\n\
    --b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQpIaQ==\n\
    --b\nContent-Type: text/plain; name=notes.txt\n\nlater\n--b--\n";

#[test]
fn attachments_keep_their_bytes_and_get_safe_names() {
    let read = mail(MIXED);
    let files: Vec<_> =
        read.attachments.iter().map(|a| (a.name.as_str(), a.mime.as_str(), a.inline)).collect();
    assert_eq!(
        files,
        [
            ("data.csv", "text/csv", false),
            ("attachment.png", "image/png", true),
            ("x.eml", "message/rfc822", false),
            ("notes.txt", "text/plain", false),
        ]
    );
    assert_eq!(read.attachments[0].bytes, b"\xe4\r\n");
    assert_eq!(read.attachments[1].content_id.as_deref(), Some("pic@x"));
    assert_eq!(read.attachments[2].bytes, b"Subject: x\r\n\r\nHi");
    assert_eq!(read.text.trim(), "see files");
}

#[test]
fn a_forwarded_mail_is_a_file_and_its_text_is_not_ours() {
    let read = mail(
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nlook\n--b\n\
         Content-Type: message/rfc822\n\nFrom: v@example.org\n\nsecret\n--b--\n",
    );
    assert_eq!(read.text.trim(), "look");
    assert_eq!(read.attachments[0].bytes, b"From: v@example.org\n\nsecret");
}

#[test]
fn broken_structures_keep_their_text() {
    for raw in [
        "From: a@example.org\nContent-Type: multipart/mixed\n\n--b\n\nvisible\n--b--\n",
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nvisible",
        "no header here, but visible\n",
        "\n\nvisible\n",
    ] {
        assert!(mail(raw).text.contains("visible"), "{raw:?}");
    }
    assert_eq!(mail("").kind, Kind::Malformed);
    assert_eq!(mail("no header here\n").kind, Kind::Malformed);
}

#[test]
fn bare_carriage_returns_are_line_ends() {
    assert_eq!(mail("From: a@example.org\rSubject: x\r\rHello\rWorld").text, "Hello\nWorld");
}

#[test]
fn undeclared_bytes_are_read_and_headers_with_them_do_no_harm() {
    let read =
        read(b"From: J\xfcrgen <j@example.org>\nSubject: Gr\xfc\xdfe\n\nGr\xfc\xdfe\n", &Ours::nobody());
    assert_eq!(read.text, "Grüße\n");
    assert_eq!(addresses_of(&read.from), ["j@example.org"]);
}

#[test]
fn a_mark_of_utf_8_before_the_header_is_no_part_of_it() {
    assert_eq!(authors_of("\u{feff}From: a@example.org"), ["a@example.org"]);
}

#[test]
fn limits_are_kept_and_named() {
    let many: String = (0..300).map(|n| format!("a{n}@example.org, ")).collect();
    let refs: String = (0..300).map(|n| format!("<{n}@x>\n ")).collect();
    let read = mail(&format!(
        "From: a@example.org\nTo: {many}\nReferences: {refs}<last@x>\n\n{}",
        "x".repeat(2 << 20)
    ));
    assert_eq!(read.to.len(), MAX_ADDRESSES);
    assert_eq!(read.references.len(), MAX_REFERENCES);
    assert_eq!(read.references[0].as_str(), "0@x");
    assert_eq!(read.references[MAX_REFERENCES - 1].as_str(), "last@x");
    assert_eq!(read.text.len(), MAX_TEXT_BYTES);
    assert_eq!(read.defects.len(), 2);
}

#[test]
fn forwards_within_forwards_exhaust_neither_stack_nor_memory() {
    let nested = format!("{}\n\nend\n", "Content-Type: message/rfc822\n\n".repeat(100_000));
    assert_eq!(mail(&format!("From: a@example.org\n{nested}")).attachments.len(), 1);
    let encoded = data_encoding::BASE64.encode(nested.as_bytes());
    let read = mail(&format!(
        "From: a@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{encoded}\n"
    ));
    assert_eq!(read.attachments[0].bytes, nested.as_bytes());
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(raw: Vec<u8>) {
        let _ = read(&raw, &Ours::nobody());
    }

    #[test]
    fn no_structure_makes_it_fail(pieces in proptest::collection::vec(prop_oneof![
        Just("From: a@example.org\n"), Just("Content-Type: multipart/mixed; boundary=b\n"), Just("\n"), Just("--b\n"),
        Just("--b--\n"), Just("Content-Type: message/rfc822\n"), Just("Content-Transfer-Encoding: base64\n"),
        Just("Content-Type: text/html\n"), Just("aGVsbG8=\n"), Just("> quoted\n"), Just("-- \n"), Just("=?utf-8?q?=00?="),
        Just("Authentication-Results: x; dmarc=(\n"), Just("References: <a@x> <\n"),
    ], 0..30)) {
        let read = mail(&pieces.concat());
        prop_assert!(!read.text.contains('\0') && !read.subject.contains('\n'));
    }
}

#[test]
fn a_date_is_read_and_takes_no_other_field_with_it() {
    let dates = [
        ("Sat, 22 Apr 2006 17:14:50 UT", Some("2006-04-22T17:14:50Z")),
        ("Sat, 22 Apr 2006 17:14:50 EST", Some("2006-04-22T22:14:50Z")),
        ("22 Apr 06 17:14 -0530 (half past)", Some("2006-04-22T22:44:00Z")),
        ("yesterday", None),
        ("", None),
    ];
    for (value, expected) in dates {
        let read = mail(&format!("Date: {value}\nFrom: Anna <anna@example.org>\nSubject: x\n\nHello\n"));
        assert_eq!(read.date.map(|date| date.to_string()).as_deref(), expected, "{value}");
        assert_eq!(addresses_of(&read.from), ["anna@example.org"], "{value}");
    }
}

#[test]
fn a_hidden_from_field_leaves_no_author() {
    let bloat = "\n         ".repeat(8000);
    let hidden = format!("From:{bloat} mallory@customer.test");
    for fields in [
        format!(":From: anna@customer.test\n{hidden}"),
        format!("From: anna@customer.test\n{hidden}"),
        ":From: anna@customer.test\nFrom: mallory@customer.test".to_owned(),
        "From : anna@customer.test".to_owned(),
        "From:\nFrom: anna@customer.test".to_owned(),
        "From: Anna\nFrom: anna@customer.test".to_owned(),
        hidden.clone(),
    ] {
        let read = mail(&format!("{fields}\nSubject: x\n\nHello\n"));
        assert!(read.author().is_none(), "{:?}", read.from);
        assert!(read.defects.iter().any(|defect| defect.ends_with("it has no author")), "{:?}", read.defects);
    }
}

#[test]
fn a_field_counts_under_exactly_its_name() {
    let read = mail(
        ":Subject: [DG-1]\n:Cc: m@evil.test\nTo : m@evil.test\n:Reply-To: m@evil.test\nFrom: a@b.test\nSubject: Lunch\n\nHello\n",
    );
    assert_eq!(read.subject, "Lunch");
    assert!(read.cc.is_empty() && read.to.is_empty() && read.reply_to.is_empty());
}
