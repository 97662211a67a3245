//! `deskgate inspect`: what is read, without configuration, database or network.

use serde_json::Value;

use crate::{
    first_mail::LACKS_EXPECTED,
    helpers::{
        Letter,
        program::{Ran, SMALLEST, run_program, run_program_in},
    },
};

/// Runs it in an empty folder, so that no configuration is found.
fn inspect(words: &[&str], input: &[u8]) -> Ran {
    let empty = tempfile::tempdir().unwrap();
    run_program_in(empty.path(), &[&["inspect"], words].concat(), input)
}

fn objects(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

fn sample() -> Vec<u8> {
    let body = format!("{LACKS_EXPECTED}\n> an older line\n\n-- \nAnna\nPhone 123\n");
    Letter::new("Anna Example <anna@customer.test>", "Printer", &body)
        .with("Message-ID", "<one@customer.test>")
        .with("In-Reply-To", "<zero@customer.test>")
        .with("References", "<minus@customer.test> <zero@customer.test>")
        .with_files(&[("filename=\"a.txt\"", b"abc")])
        .bytes()
}

#[test]
fn one_object_a_mail_has_every_promised_field() {
    let seen = objects(&inspect(&["--jsonl", "-"], &sample())).remove(0);
    let keys = [
        "file",
        "message_id",
        "from",
        "subject",
        "date",
        "kind",
        "reply_text",
        "quoted_text",
        "signature_text",
        "language",
        "attachments",
        "in_reply_to",
        "references",
        "proof",
        "gate",
        "would",
    ];
    for key in keys {
        assert!(seen.get(key).is_some(), "{key} is missing in {seen:#}");
    }
    assert_eq!(seen["file"], "-");
    assert_eq!(seen["message_id"], "one@customer.test");
    assert_eq!(seen["from"], serde_json::json!({ "name": "Anna Example", "address": "anna@customer.test" }));
    assert_eq!(seen["kind"], "human");
    assert_eq!(seen["language"], "en");
    assert!(seen["signature_text"].as_str().unwrap().contains("Phone 123"), "{seen:#}");
    assert!(seen["quoted_text"].as_str().unwrap().contains("an older line"), "{seen:#}");
    assert!(!seen["reply_text"].as_str().unwrap().contains("Phone 123"), "{seen:#}");
    assert_eq!(seen["in_reply_to"], serde_json::json!(["zero@customer.test"]));
    assert_eq!(seen["references"].as_array().unwrap().len(), 2);
    let file = &seen["attachments"][0];
    assert_eq!((&file["name"], &file["size"], &file["inline"]), (&"a.txt".into(), &3.into(), &false.into()));
    assert_eq!(file["sha256"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert!(file["mime"].is_string());
}

#[test]
fn the_evidence_points_into_the_senders_own_words() {
    let seen = objects(&inspect(&["--jsonl", "-"], &sample())).remove(0);
    let (gate, own) = (&seen["gate"], seen["reply_text"].as_str().unwrap());
    assert_eq!(gate["problem_report"], true);
    for (slot, verdict) in [("steps", "present"), ("actual", "present"), ("expected", "missing")] {
        let slot = &gate[slot];
        assert_eq!(slot["verdict"], verdict, "{gate:#}");
        assert_eq!(slot["present"], verdict == "present");
        for evidence in slot["evidence"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
            assert_eq!(&own[at("start")..at("end")], evidence["text"].as_str().unwrap());
        }
    }
}

#[test]
fn what_would_be_done_depends_on_whose_word_is_believed() {
    let judged = [
        b"Authentication-Results: mx.desk.test; dmarc=pass header.from=customer.test\r\n".as_slice(),
        &sample(),
    ]
    .concat();
    let seen = objects(&inspect(&["--jsonl", "-"], &judged)).remove(0);
    assert_eq!((&seen["would"]["ticket"], &seen["would"]["auto_reply"]), (&"new".into(), &"neutral".into()));
    let seen = objects(&inspect(&["--jsonl", "--authserv-id", "mx.desk.test", "-"], &judged)).remove(0);
    assert_eq!(seen["would"]["auto_reply"], "ask");
    assert_eq!(seen["proof"]["verdict"], "pass");
    assert_eq!(seen["proof"]["why"], "mx.desk.test says dmarc=pass for customer.test");
    let why = seen["would"]["why"].to_string();
    assert!(why.contains("The author is proven: mx.desk.test says dmarc=pass"), "{why}");
    assert!(seen["would"]["why"].as_array().unwrap().iter().all(Value::is_string));
}

#[test]
fn every_kind_has_its_word() {
    for (field, value, kind) in [
        ("X-Nothing", "1", "human"),
        ("Auto-Submitted", "auto-replied", "auto-reply"),
        ("Auto-Submitted", "auto-generated", "alert"),
        ("List-Id", "<l.lists.test>", "list"),
        ("X-Failed-Recipients", "a@b.test", "bounce"),
    ] {
        // One sign alone makes no bounce of a person's mail.
        let subject =
            if kind == "bounce" { "Mail delivery failed: returning message to sender" } else { "Printer" };
        let mail = Letter::new("anna@customer.test", subject, "Hello\n").with(field, value).bytes();
        let seen = objects(&inspect(&["--jsonl", "-"], &mail)).remove(0);
        assert_eq!(seen["kind"], kind, "{field}: {value}");
    }
}

#[test]
fn a_folder_is_one_line_a_mail_in_order_and_an_unreadable_file_is_one_too() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("1.eml"), sample()).unwrap();
    std::fs::write(dir.path().join("2.eml"), b"").unwrap();
    std::fs::write(dir.path().join("3.eml"), [0xff; 300]).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", dir.path().join("4.eml")).unwrap();
    let missing = dir.path().join("missing.eml");
    let seen = objects(&inspect(&["--jsonl", dir.path().to_str().unwrap(), missing.to_str().unwrap()], b""));
    let files: Vec<&str> =
        seen.iter().map(|o| o["file"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["1.eml", "2.eml", "3.eml", "4.eml", "missing.eml"]);
    for unreadable in &seen[3..] {
        assert_eq!(unreadable["kind"], "malformed");
        assert_eq!(unreadable["would"]["ticket"], Value::Null);
        assert!(unreadable["would"]["why"][0].as_str().unwrap().contains("cannot read"), "{unreadable}");
    }
}

#[test]
fn for_people_it_prints_the_words_and_the_reasons() {
    let told = inspect(&["-"], &sample()).stdout;
    assert!(told.contains("Anna Example <anna@customer.test>") && told.contains("blank pages"), "{told}");
    assert!(told.contains("would") && told.contains("a.txt"), "{told}");
}

#[test]
fn an_mbox_is_a_line_for_each_of_its_mails() {
    let one = String::from_utf8(sample()).unwrap().replace("\r\n", "\n");
    let mbox = format!(
        "From a@b Sat Nov 21 10:00:00 2026\n{one}\nFrom a@b Sat Nov 21 10:00:00 2026\nSubject: two\n\nx\n"
    );
    let seen = objects(&inspect(&["--jsonl", "-"], mbox.as_bytes()));
    assert_eq!(seen.iter().map(|o| o["file"].as_str().unwrap()).collect::<Vec<_>>(), ["-#1", "-#2"]);
}

#[test]
fn inspect_without_a_path_is_wrong_use() {
    assert_eq!(run_program(&["inspect"], &[], b"").code, Some(2));
}

#[test]
fn under_verify_it_says_that_the_sender_is_checked_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("deskgate.toml");
    std::fs::write(&config, format!("{SMALLEST}verify = {{}}\n")).unwrap();
    let words = ["--config", config.to_str().unwrap(), "inspect", "--jsonl", "-"];
    let seen = objects(&run_program(&words, &[], &sample())).remove(0);
    let why = seen["proof"]["why"].as_str().unwrap();
    assert_eq!(why, "under `verify` the sender is checked only by `deskgate run` and `deskgate ingest`");
}
