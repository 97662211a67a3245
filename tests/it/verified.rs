//! Our own check of senders, where the receiving server says nothing about them.

use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter},
    dkim::DkimSigner,
};

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Names, Postbox, wait_for},
};

/// A desk that asks this name server, and a key whose public half customer.test publishes.
fn desk_that_checks(names: &Names, more: &str) -> (Desk, Vec<u8>) {
    let key = Ed25519Key::generate_pkcs8().unwrap();
    let public = data_encoding::BASE64.encode(&Ed25519Key::from_pkcs8_der(&key).unwrap().public_key());
    names.say("s1._domainkey.customer.test", &format!("v=DKIM1; k=ed25519; p={public}"));
    let verify = format!("verify = {{ dns = \"{}\"{more} }}", names.address);
    let mut desk = Desk::prepare().configured("authserv_id = \"mx.desk.test\"", &verify);
    desk.run();
    (desk, key)
}

fn signed_for(domain: &str, fields: &[&str], key: &[u8], mail: &[u8]) -> Vec<u8> {
    signed_by("s1", domain, fields, key, mail)
}

fn signed_by(selector: &str, domain: &str, fields: &[&str], key: &[u8], mail: &[u8]) -> Vec<u8> {
    let signer =
        DkimSigner::from_key(Ed25519Key::from_pkcs8_der(key).unwrap()).domain(domain).selector(selector);
    let signature = signer.headers(fields.iter().copied()).sign(mail).unwrap().to_header();
    [signature.as_bytes(), mail].concat()
}

/// What ordinary signers list.
const ALL: [&str; 6] = ["From", "To", "Cc", "Subject", "Date", "Message-ID"];

fn signed(key: &[u8], mail: &[u8]) -> Vec<u8> {
    signed_for("customer.test", &ALL, key, mail)
}

/// The verdict about the newest mail, as `inbox explain` tells it.
fn verdict(desk: &Desk, mails: usize) -> String {
    wait_for("the mail in the ledger", || (desk.count("inbound") == mails).then_some(()));
    desk.settled(mails);
    desk.sql("select why::text from inbound order by id desc limit 1")
}

fn letter(from: &Postbox, number: usize) -> Letter {
    Letter::new(&from.address, "Printer", LACKS_EXPECTED)
        .with("Message-ID", &format!("<{number}@customer.test>"))
}

#[test]
fn a_good_signature_of_the_authors_domain_proves_the_author() {
    let names = Names::serve();
    let (desk, key) = desk_that_checks(&names, "");
    let anna = desk.customer("anna");
    desk.support.append(signed(&key, &letter(&anna, 1).bytes()));
    let told = verdict(&desk, 1);
    assert!(
        told.contains("The author is proven: our own check: the signature of customer.test is good"),
        "{told}"
    );
    let answer = anna.wait_for_one();
    assert!(answer.text().contains("Expected result"), "who is proven is asked: {}", answer.text());

    let checked = desk.cli(&["check"]);
    assert!(
        checked
            .stdout
            .contains(&format!("support: proof: our own check of senders; {} answers", names.address)),
        "{}",
        checked.stdout
    );
}

#[test]
fn whatever_is_not_a_whole_good_signature_of_that_domain_proves_nothing() {
    let names = Names::serve();
    let (desk, key) = desk_that_checks(&names, "");
    let public = desk_key(&key);
    names.say("s1._domainkey.stranger.test", &public);
    names.say("s1._domainkey.mail.customer.test", &public);
    names.say("s2._domainkey.customer.test", &public.replace("k=", "t=y; k="));
    let anna = desk.customer("anna");
    let mail = |number| letter(&anna, number).bytes();
    let changed = |bytes: Vec<u8>, from: &str, to: &str| {
        String::from_utf8(bytes).unwrap().replacen(from, to, 1).into_bytes()
    };
    let cases = [
        ("unsigned", mail(1)),
        ("another word", changed(signed(&key, &mail(2)), "blank", "black")),
        ("another author", changed(signed(&key, &mail(3)), "From: anna", "From: boss")),
        ("another domain's", signed_for("stranger.test", &ALL, &key, &mail(4))),
        ("a sub-domain's", signed_for("mail.customer.test", &ALL, &key, &mail(5))),
        ("no key published", signed_for("nowhere.test", &ALL, &key, &mail(6))),
        ("From is not signed", signed_for("customer.test", &["To", "Subject"], &key, &mail(7))),
        ("the subject is not signed", {
            signed_for("customer.test", &["From", "To", "Cc", "Message-ID"], &key, &mail(11))
        }),
        ("somebody is brought in", [b"Cc: m@evil.test\r\n".as_slice(), &signed(&key, &mail(12))].concat()),
        ("another subject is put on top", {
            [b"Subject: Re: [DG-1] Printer\r\n".as_slice(), &signed(&key, &mail(13))].concat()
        }),
        ("another of the domain is put on top", {
            let bloat = "\r\n         ".repeat(8000);
            changed(
                signed(&key, &mail(14)),
                "\r\nFrom: ",
                &format!("\r\n:From: boss@customer.test\r\nFrom:{bloat} "),
            )
        }),
        ("a key that is tried out", signed_by("s2", "customer.test", &ALL, &key, &mail(8))),
        ("a server's word that nobody asked for", {
            [
                b"Authentication-Results: mx.desk.test; dmarc=pass header.from=customer.test\r\n".as_slice(),
                &mail(9),
            ]
            .concat()
        }),
    ];
    for (number, (what, bytes)) in cases.iter().enumerate() {
        desk.support.append(bytes);
        let told = verdict(&desk, number + 1);
        assert!(told.contains("The author is not proven"), "{what}: {told}");
    }
    // The same desk and the same key, with nothing wrong.
    names.say("s3._domainkey.customer.test", &public);
    desk.support.append(signed_by("s3", "customer.test", &ALL, &key, &mail(10)));
    let told = verdict(&desk, cases.len() + 1);
    assert!(told.contains("The author is proven"), "{told}");
}

fn desk_key(key: &[u8]) -> String {
    let public = data_encoding::BASE64.encode(&Ed25519Key::from_pkcs8_der(key).unwrap().public_key());
    format!("v=DKIM1; k=ed25519; p={public}")
}

#[test]
fn the_client_that_our_server_saw_proves_or_refutes_the_domain() {
    let names = Names::serve();
    let (desk, _key) = desk_that_checks(&names, ", received_by = \"mx.desk.test\"");
    names.say("customer.test", "v=spf1 ip4:192.0.2.1 -all");
    names.say("_dmarc.customer.test", "v=DMARC1; p=reject");
    names.say("_dmarc.open.test", "v=DMARC1; p=reject; sp=none");
    names.say("lax.test", "v=spf1 ip4:192.0.2.1 -all");
    let anna = desk.customer("anna");
    let lax = desk.mailbox("ben", "lax.test");
    let below = desk.mailbox("sam", "sub.open.test");
    let by_way_of = |from: &Postbox, client: &str, number| {
        let trace = format!(
            "Return-Path: <{}>\r\nReceived: from x ([{client}])\r\n\tby mx.desk.test with ESMTP id 1; Sat, 21 Nov 2026 10:00:00 +0100\r\n\
             Received: from y ([192.0.2.1]) by mx.desk.test with ESMTP; Sat, 21 Nov 2026 09:00:00 +0100\r\n",
            from.address
        );
        [trace.into_bytes(), letter(from, number).bytes()].concat()
    };
    for (number, (from, client, wanted)) in [
        (&anna, "192.0.2.1", "The author is proven: our own check: customer.test names the server"),
        (&anna, "198.51.100.9", "The author is forged: our own check: nothing vouches for customer.test"),
        (
            &below,
            "198.51.100.9",
            "The author is not proven: our own check: nothing vouches for sub.open.test",
        ),
        (&lax, "198.51.100.9", "The author is not proven: our own check: nothing vouches for lax.test"),
    ]
    .into_iter()
    .enumerate()
    {
        desk.support.append(by_way_of(from, client, number));
        let told = verdict(&desk, number + 1);
        assert!(told.contains(wanted), "{told}");
    }
}

#[test]
fn a_name_server_that_is_silent_costs_the_proof_and_no_mail() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let verify = format!("verify = {{ dns = \"{}\", time_limit = \"1s\" }}", silent.local_addr().unwrap());
    let mut desk = Desk::prepare().configured("authserv_id = \"mx.desk.test\"", &verify);
    desk.run();
    let anna = desk.customer("anna");
    let key = Ed25519Key::generate_pkcs8().unwrap();
    desk.support.append(signed(&key, &Letter::new(&anna.address, "Printer", COMPLETE).bytes()));
    let told = verdict(&desk, 1);
    assert!(told.contains("The author is not proven"), "{told}");
    let checked = desk.cli(&["check"]);
    assert!(checked.code == Some(1) && checked.stdout.contains("FAIL  support: proof"), "{}", checked.stdout);
}

#[test]
fn one_judge_is_enough() {
    let desk = Desk::prepare()
        .configured("authserv_id = \"mx.desk.test\"", "authserv_id = \"mx.desk.test\"\nverify = {}");
    let told = desk.cli(&["check"]);
    assert!(told.stdout.contains("use one of them"), "{}", told.stdout);
}
