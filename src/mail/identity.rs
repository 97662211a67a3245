//! What the trusted server proves about the author (RFC 8601, RFC 7489).
//!
//! Only the topmost Authentication-Results field of the configured authserv-id
//! counts: the receiving server writes it on every mail and removes forged ones
//! (RFC 8601 §5). A lower line of the same id that says something else means that
//! one of the two is forged, so the answer is a failure.
//!
//! * `dmarc=pass` for exactly the From domain is a proof; `dmarc=fail` is a
//!   refutation. A pass for any other domain is neither.
//! * Without a DMARC verdict an aligned `dkim=pass` or `spf=pass` is a proof, too.
//!   Aligned means equal: to accept a parent domain one would need the list of
//!   public suffixes, and a wrong guess there hands `a.co.uk` to `b.co.uk`.
//! * A failed DKIM or SPF alone refutes nothing. Mailing lists break the one and
//!   forwarding the other every day, and neither speaks for the From domain.
//! * More or fewer than one From mailbox can never be proven (RFC 7489 §6.6.1).

use std::mem::discriminant;

use super::{
    Ours,
    auth_results::{AuthResults, MethodResult, parse},
    fields::Fields,
};
use crate::domain::{EmailAddress, Proof};

/// The proof for `author`, the single From mailbox, where there is exactly one.
pub(super) fn prove(fields: Fields<'_>, author: Option<&EmailAddress>, ours: &Ours) -> Proof {
    let Some(trusted) = &ours.authserv_id else { return Proof::None };
    let from_domain = author.map(EmailAddress::domain);
    let mut verdicts = fields
        .all("Authentication-Results")
        .filter_map(|value| parse(&value))
        .filter(|line| line.authserv_id.eq_ignore_ascii_case(trusted))
        .map(|line| verdict(&line, from_domain));
    let Some(first) = verdicts.next() else { return Proof::None };
    let differs = |later: &Proof| discriminant(later) != discriminant(&first);
    if verdicts.any(|later| later != Proof::None && differs(&later)) {
        return Proof::Fail { reason: format!("the results of {trusted} contradict each other") };
    }
    first
}

/// What one line says about the From domain.
fn verdict(line: &AuthResults, from_domain: Option<&str>) -> Proof {
    let dmarc: Vec<_> = line.results.iter().filter(|r| r.method == "dmarc").collect();
    if dmarc.iter().any(|r| r.result == "fail") {
        return Proof::Fail { reason: format!("{} says that DMARC failed", line.authserv_id) };
    }
    let Some(domain) = from_domain else { return Proof::None };
    let pass = |method: &str| Proof::Pass { domain: domain.to_owned(), method: method.to_owned() };
    let passed_for = dmarc.iter().filter(|r| r.result == "pass").find_map(|r| r.property("header.from"));
    match passed_for {
        Some(other) if same_domain(other, domain) => pass("dmarc"),
        Some(_) => Proof::None,
        None => ["dkim", "spf"]
            .into_iter()
            .find(|method| line.results.iter().any(|r| r.method == *method && is_aligned_pass(r, domain)))
            .map_or(Proof::None, pass),
    }
}

/// A pass of DKIM or SPF for exactly this domain.
fn is_aligned_pass(result: &MethodResult, domain: &str) -> bool {
    let names: &[&str] = if result.method == "dkim" { &["header.d", "header.i"] } else { &["smtp.mailfrom"] };
    let mut values = names.iter().filter_map(|name| result.property(name));
    result.result == "pass" && values.next().is_some_and(|value| same_domain(value, domain))
}

/// Compares a domain, or the domain of an address, as A-labels.
fn same_domain(value: &str, domain: &str) -> bool {
    let given = value.rsplit('@').next().unwrap_or_default().trim_end_matches('.');
    idna::domain_to_ascii_strict(given).is_ok_and(|ascii| !ascii.is_empty() && ascii == domain)
}

#[cfg(test)]
mod tests {
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
            with("mx.desk.test; dmarc=none; dkim=pass header.i=@example.org"),
            pass("example.org", "dkim")
        );
        assert_eq!(
            with("mx.desk.test; spf=pass smtp.mailfrom=bounce@example.org"),
            pass("example.org", "spf")
        );
        assert_eq!(with("mx.desk.test; dkim=pass header.d=attacker.test header.i=@example.org"), Proof::None);
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
    fn nobody_else_is_believed() {
        assert_eq!(with("mx.attacker.test; dmarc=pass header.from=example.org"), Proof::None);
        let line = "Authentication -Results: mx.desk.test; dmarc=pass header.from=example.org";
        assert_eq!(proof(&format!("{ALICE}{line}")), Proof::None);
        let mail = format!(
            "{ALICE}Authentication-Results: mx.desk.test; dmarc=pass header.from=example.org\r\n\r\nx"
        );
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
    fn two_authors_are_never_proven_but_may_be_refuted() {
        let results = "Authentication-Results: mx.desk.test; dmarc=";
        for from in [
            "From: mallory@attacker.test, <agent@desk.test>\r\n",
            "From: mallory@attacker.test\r\nFrom: agent@desk.test\r\n",
        ] {
            for domain in ["attacker.test", "desk.test"] {
                assert_eq!(proof(&format!("{from}{results}pass header.from={domain}")), Proof::None);
            }
            assert!(matches!(
                proof(&format!("{from}{results}fail header.from=desk.test")),
                Proof::Fail { .. }
            ));
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
}
