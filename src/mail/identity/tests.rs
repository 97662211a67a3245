use super::super::read;
use super::*;

fn proof(fields: &str) -> Proof {
    let ours = Ours { authserv_id: Some("mx.desk.test".to_owned()), ..Ours::nobody() };
    read(format!("{fields}\r\nSubject: x\r\n\r\nHello\r\n").as_bytes(), &ours).proof
}

fn pass(domain: &str, method: &str) -> Proof {
    Proof::Pass { domain: domain.to_owned(), method: method.to_owned() }
}

const ALICE: &str = "From: Alice <alice@example.org>\r\n";

fn with(results: &str) -> Proof {
    proof(&format!("{ALICE}Authentication-Results: {results}"))
}

#[test]
fn dmarc_proves_exactly_the_from_domain() {
    assert_eq!(with("MX.desk.test; dmarc=pass header.from=Example.ORG"), pass("example.org", "dmarc"));
    assert_eq!(
        with("mx.desk.test;\r\n\tdmarc=pass\r\n header.from=example.org"),
        pass("example.org", "dmarc")
    );
    assert_eq!(with("mx.desk.test; dmarc=pass header.from=attacker.test"), Proof::None);
    assert_eq!(
        with("mx.desk.test; dmarc=pass header.from=attacker.test; dkim=pass header.d=example.org"),
        Proof::None
    );
    assert!(matches!(with("mx.desk.test; dmarc=fail header.from=example.org"), Proof::Fail { .. }));
}

#[test]
fn without_dmarc_an_equal_domain_of_dkim_or_spf_will_do() {
    assert_eq!(with("mx.desk.test; dkim=pass header.d=example.org"), pass("example.org", "dkim"));
    assert_eq!(
        with("mx.desk.test; dmarc=none; dkim=pass header.d=example.org header.i=@example.org"),
        pass("example.org", "dkim")
    );
    assert_eq!(with("mx.desk.test; spf=pass smtp.mailfrom=bounce@example.org"), pass("example.org", "spf"));
    assert_eq!(with("mx.desk.test; dkim=pass header.d=attacker.test header.i=@example.org"), Proof::None);
    assert_eq!(with("mx.desk.test; dkim=pass header.i=@example.org"), Proof::None);
    assert_eq!(with("mx.desk.test; dkim=pass header.d=mail.example.org"), Proof::None);
    assert_eq!(with("mx.desk.test; spf=pass smtp.helo=example.org"), Proof::None);
}

#[test]
fn failures_of_dkim_and_spf_alone_refute_nothing() {
    assert_eq!(
        with("mx.desk.test; dkim=fail header.d=example.org; spf=fail smtp.mailfrom=example.org"),
        Proof::None
    );
    assert_eq!(with("mx.desk.test; none"), Proof::None);
}

#[test]
fn other_results_of_dmarc_are_neither_proof_nor_refutation() {
    for result in ["bestguesspass", "none", "temperror", "permerror", "policy"] {
        assert_eq!(
            with(&format!("mx.desk.test; dmarc={result} header.from=example.org")),
            Proof::None,
            "{result}"
        );
        let signed = format!("mx.desk.test; dmarc={result}; dkim=pass header.d=example.org");
        assert_eq!(with(&signed), pass("example.org", "dkim"), "{result}");
    }
    // A pass that does not say for whom.
    assert_eq!(with("mx.desk.test; dmarc=pass"), Proof::None);
    assert_eq!(with("mx.desk.test; dmarc=pass policy.header.from=example.org"), Proof::None);
    assert_eq!(with("mx.desk.test; arc=pass header.from=example.org header.d=example.org"), Proof::None);
    // Of several none may be for another.
    assert_eq!(
        with("mx.desk.test; dmarc=pass header.from=example.org; dmarc=pass header.from=attacker.test"),
        Proof::None
    );
}

#[test]
fn a_sub_domain_or_its_parent_is_another_domain() {
    for other in ["mail.example.org", "org", "example.org.attacker.test", "notexample.org"] {
        assert_eq!(with(&format!("mx.desk.test; dmarc=pass header.from={other}")), Proof::None, "{other}");
        assert_eq!(with(&format!("mx.desk.test; dkim=pass header.d={other}")), Proof::None, "{other}");
    }
    assert_eq!(with("mx.desk.test; dmarc=pass header.from=example.org."), pass("example.org", "dmarc"));
}

#[test]
fn every_verdict_says_why() {
    let why = |results: &str| {
        let ours = Ours { authserv_id: Some("mx.desk.test".to_owned()), ..Ours::nobody() };
        read(format!("{ALICE}{results}X: 1\r\n\r\nHello\r\n").as_bytes(), &ours).proof_why
    };
    let line = |rest: &str| why(&format!("Authentication-Results: mx.desk.test; {rest}\r\n"));
    assert_eq!(why(""), "the mail has no Authentication-Results of mx.desk.test");
    assert_eq!(line("dmarc=pass header.from=example.org"), "mx.desk.test says dmarc=pass for example.org");
    assert_eq!(line("spf=none"), "mx.desk.test vouches for no domain that equals example.org");
    assert!(line("dmarc=pass header.from=evil.test").contains("evil.test, and the author is of example.org"));
    assert!(line("dmarc=fail").contains("DMARC failed"));
}

#[test]
fn the_sender_field_and_a_group_prove_nobody() {
    let results = "Authentication-Results: mx.desk.test; dmarc=pass header.from=desk.test\r\n";
    let mallory = format!("From: mallory@attacker.test\r\nSender: agent@desk.test\r\n{results}X: 1");
    assert_eq!(proof(&mallory), Proof::None);
    for group in ["Team: agent@desk.test;", "Team: agent@desk.test, b@desk.test;", "undisclosed:;"] {
        let mail = read(
            format!("From: {group}\r\n{results}\r\nx").as_bytes(),
            &Ours { authserv_id: Some("mx.desk.test".to_owned()), ..Ours::nobody() },
        );
        assert!(mail.author().is_none() && mail.proof == Proof::None, "{group}: {:?}", mail.from);
    }
}

#[test]
fn nobody_else_is_believed() {
    assert_eq!(with("mx.attacker.test; dmarc=pass header.from=example.org"), Proof::None);
    let line = "Authentication -Results: mx.desk.test; dmarc=pass header.from=example.org";
    assert_eq!(proof(&format!("{ALICE}{line}")), Proof::None);
    let mail =
        format!("{ALICE}Authentication-Results: mx.desk.test; dmarc=pass header.from=example.org\r\n\r\nx");
    assert_eq!(read(mail.as_bytes(), &Ours::nobody()).proof, Proof::None);
}

#[test]
fn lines_of_the_trusted_server_must_agree() {
    let line = |result: &str| {
        format!("Authentication-Results: mx.desk.test; dmarc={result} header.from=example.org\r\n")
    };
    let agreeing = format!("{ALICE}{}Authentication-Results: mx.desk.test; arc=none", line("pass"));
    assert_eq!(proof(&agreeing), pass("example.org", "dmarc"));
    for (first, second) in [("none", "pass"), ("pass", "fail"), ("fail", "pass")] {
        let mail = format!("{ALICE}{}{}X-End: 1", line(first), line(second));
        let Proof::Fail { reason } = proof(&mail) else { panic!("{first} and {second} agree") };
        assert!(reason.contains("contradict"), "{reason}");
    }
}

#[test]
fn one_server_may_write_one_line_for_each_method() {
    let lines = |lines: &[&str]| {
        let lines: String =
            lines.iter().map(|line| format!("Authentication-Results: mx.desk.test; {line}\r\n")).collect();
        proof(&format!("{ALICE}{lines}X-End: 1"))
    };
    assert_eq!(
        lines(&["dmarc=none header.from=example.org", "dkim=pass header.d=example.org"]),
        pass("example.org", "dkim")
    );
    assert_eq!(lines(&["dkim=none", "spf=pass smtp.mailfrom=alice@example.org"]), pass("example.org", "spf"));
    assert_eq!(
        lines(&["dkim=fail header.d=example.org", "dmarc=pass header.from=example.org"]),
        pass("example.org", "dmarc")
    );
    // Of each method the topmost line counts.
    assert_eq!(
        lines(&["spf=pass smtp.mailfrom=evil.test", "spf=pass smtp.mailfrom=example.org"]),
        Proof::None
    );
    for (first, second) in [("dkim=none", "dkim=pass header.d=example.org"), ("spf=fail", "spf=pass")] {
        assert!(matches!(lines(&[first, "arc=none", second]), Proof::Fail { .. }), "{first} {second}");
    }
}

#[test]
fn two_results_of_one_method_prove_nothing() {
    let injected = "spf=pass (mx: domain of \"x); dmarc=pass header.from=example.org; spf=pass (\"@evil.test \
         designates) smtp.mailfrom=evil.test";
    assert_eq!(with(&format!("mx.desk.test; {injected}")), Proof::None);
    let signatures = "dkim=fail header.d=list.test; dkim=pass header.d=example.org";
    assert_eq!(with(&format!("mx.desk.test; {signatures}")), pass("example.org", "dkim"));
}

#[test]
fn a_field_that_may_stand_once_and_stands_twice_takes_the_proof() {
    let passed = "Authentication-Results: mx.desk.test; dmarc=pass header.from=example.org\r\n";
    let ours = Ours { authserv_id: Some("mx.desk.test".to_owned()), ..Ours::nobody() };
    let judged = |fields: &str| {
        let mail = format!(
            "{passed}{fields}{ALICE}To: support@desk.test\r\nCc: c@x.test\r\nSubject: x\r\n\
             Date: Sat, 21 Nov 2026 12:00:00 +0100\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <2@x>\r\n\
             References: <2@x>\r\nReply-To: r@x.test\r\nSender: s@x.test\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
        );
        read(mail.as_bytes(), &ours)
    };
    assert_eq!(judged("").proof, pass("example.org", "dmarc"));
    for name in [
        "To",
        "Cc",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Reply-To",
        "Sender",
        "Content-Type",
        "Subject ",
        ":Subject",
        ":Content-Type",
        "From",
    ] {
        let mail = judged(&format!("{name}: <alice@example.org>\r\n"));
        assert_eq!(mail.proof, Proof::None, "{name}");
        assert!(mail.unclear_field.is_some(), "{name}");
    }
    let mail = judged("Cc: mallory@evil.test\r\n");
    assert!(mail.proof_why.contains("the Cc field stands twice"), "{}", mail.proof_why);
}

#[test]
fn two_authors_are_never_proven_but_may_be_refuted() {
    let results = "Authentication-Results: mx.desk.test; dmarc=";
    for from in [
        "From: mallory@attacker.test, <agent@desk.test>\r\n",
        "From: mallory@attacker.test\r\nFrom: agent@desk.test\r\n",
    ] {
        for domain in ["attacker.test", "desk.test"] {
            assert_eq!(proof(&format!("{from}{results}pass header.from={domain}")), Proof::None);
        }
        assert!(matches!(proof(&format!("{from}{results}fail header.from=desk.test")), Proof::Fail { .. }));
    }
}

#[test]
fn a_look_alike_domain_is_proven_as_itself_only() {
    let from = "From: agent@desк.test\r\nAuthentication-Results: mx.desk.test; dmarc=pass header.from=";
    assert_eq!(proof(&format!("{from}desk.test")), Proof::None);
    assert!(
        matches!(proof(&format!("{from}desк.test")), Proof::Pass { domain, .. } if domain.starts_with("xn--"))
    );
}
