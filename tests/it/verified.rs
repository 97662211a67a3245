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

/// Lets mails that were put off come due now.
fn hurry(desk: &Desk) {
    let due =
        "update inbound set due_at = now() where state = 'waiting' and leased_until is null and put_off > 0";
    desk.sql(due);
    desk.sql("notify deskgate_inbound");
}

fn wait_until_put_off(desk: &Desk, mails: usize) {
    let put_off =
        "select count(*) from inbound where state = 'waiting' and leased_until is null and put_off > 0";
    let wanted = mails.to_string();
    wait_for("the mails to be put off", || (desk.sql(put_off) == wanted).then_some(()));
}

#[test]
fn the_senders_of_a_batch_are_checked_together() {
    let names = Names::serve();
    let key = Ed25519Key::generate_pkcs8().unwrap();
    let selectors: Vec<String> = (1..=6).map(|number| format!("s{number}")).collect();
    let asked: Vec<String> =
        selectors.iter().map(|selector| format!("{selector}._domainkey.customer.test")).collect();
    asked.iter().for_each(|name| names.say(name, &desk_key(&key)));
    // Whoever checks one mail after another waits for an answer that does not come.
    names.quiet_until_asked(&asked);
    let verify = format!("verify = {{ dns = \"{}\", time_limit = \"30s\" }}", names.address);
    let mut desk = Desk::prepare().configured("authserv_id = \"mx.desk.test\"", &verify);
    let anna = desk.customer("anna");
    for (number, selector) in selectors.iter().enumerate() {
        let mail = letter(&anna, number).bytes();
        desk.support.append(signed_by(selector, "customer.test", &ALL, &key, &mail));
    }
    desk.run();
    wait_for("the mails in the ledger", || (desk.count("inbound") == selectors.len()).then_some(()));
    desk.settled(selectors.len());
    let proven = "select count(*) from inbound where why::text like '%The author is proven%' and put_off = 0";
    assert_eq!(desk.sql(proven), "6", "{}", desk.sql("select put_off, why from inbound"));
}

#[test]
fn a_mail_about_which_nobody_could_be_asked_waits_and_its_reply_waits_behind_it() {
    let names = Names::serve();
    let (desk, key) = desk_that_checks(&names, "");
    names.fail("s1._domainkey.customer.test");
    names.say("s2._domainkey.customer.test", &desk_key(&key));
    let anna = desk.customer("anna");
    desk.support.append(signed(&key, &letter(&anna, 1).bytes()));
    wait_until_put_off(&desk, 1);
    let told = desk.sql("select error from inbound");
    assert!(told.contains("the name servers of customer.test could not be asked"), "{told}");
    let reply = letter(&anna, 2).with("In-Reply-To", "<1@customer.test>").bytes();
    let all = [ALL.as_slice(), &["In-Reply-To"]].concat();
    desk.support.append(signed_by("s2", "customer.test", &all, &key, &reply));
    wait_until_put_off(&desk, 2);
    assert_eq!(desk.count("tickets"), 0, "the reply does not overtake");

    names.say("s1._domainkey.customer.test", &desk_key(&key));
    hurry(&desk);
    desk.settled(2);
    let became = "select string_agg(outcome || ' ' || failures, ', ' order by id) from inbound";
    assert_eq!(desk.sql(became), "opened 0, joined 0");
    let proven = desk.sql("select count(*) from inbound where why::text like '%The author is proven%'");
    assert_eq!(proven, "2", "{}", desk.sql("select why from inbound"));
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
    wait_until_put_off(&desk, 1);
    // A stranger's name server holds nobody else up.
    desk.support.append(letter(&anna, 2).bytes());
    wait_for("the mail behind it", || (desk.count("tickets") == 1).then_some(()));
    wait_for("the mail to be taken in unproven", || {
        hurry(&desk);
        (desk.count("tickets") == 2).then_some(())
    });
    let told = desk.sql("select why::text || failures from inbound order by id limit 1");
    assert!(
        told.contains("The author is not proven: our own check: the name servers of customer.test"),
        "{told}"
    );
    assert!(told.contains("it was put off 5 times for that") && told.ends_with("]0"), "{told}");
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
