//! What the trusted server proves about the author (RFC 8601, RFC 7489).
//!
//! Only the Authentication-Results fields of the configured authserv-id count: the
//! receiving server writes them on every mail and removes forged ones (RFC 8601 §5).
//! It may write one line for each method. Of each method the topmost line counts; a
//! lower one with another result means that one of the two is forged, so the answer
//! is a failure.
//!
//! * `dmarc=pass` for exactly the From domain is a proof; `dmarc=fail` is a
//!   refutation. A pass for any other domain is neither.
//! * Without a DMARC verdict an aligned `dkim=pass` or `spf=pass` is a proof, too.
//!   Aligned means equal: to accept a parent domain one would need the list of
//!   public suffixes, and a wrong guess there hands `a.co.uk` to `b.co.uk`.
//! * A failed DKIM or SPF alone refutes nothing. Mailing lists break the one and
//!   forwarding the other every day, and neither speaks for the From domain.
//! * More or fewer than one From mailbox can never be proven (RFC 7489 §6.6.1).
//! * A second result of one method in one line proves nothing: a comment may have
//!   been ended by the address in it. Only signatures may be several.
//! * Where a field that may stand once stands twice, nothing is proven: the server
//!   may have judged the one and we read the other.

use std::collections::BTreeSet;

use super::{
    Ours,
    auth_results::{AuthResults, MethodResult, parse},
    fields::Fields,
};
use crate::domain::{EmailAddress, Proof, text};

/// The proof for `author`, the single From mailbox, where there is exactly one, and
/// its grounds as a sentence for people.
pub(super) fn prove(fields: Fields<'_>, author: Option<&EmailAddress>, ours: &Ours) -> (Proof, String) {
    let Some(trusted) = &ours.authserv_id else {
        return (Proof::None, "no server is configured whose Authentication-Results are believed".to_owned());
    };
    let mut lines = fields
        .all("Authentication-Results")
        .filter_map(|value| parse(&value))
        .filter(|line| line.authserv_id.eq_ignore_ascii_case(trusted))
        .peekable();
    if lines.peek().is_none() {
        return (Proof::None, format!("the mail has no Authentication-Results of {trusted}"));
    }
    let Some(told) = merged(trusted, lines) else {
        let reason = format!("the results of {trusted} contradict each other");
        return (Proof::Fail { reason: reason.clone() }, reason);
    };
    match verdict(&told, author.map(EmailAddress::domain)) {
        (Proof::Pass { .. }, _) if fields.is_cut("Authentication-Results") => {
            (Proof::None, "an Authentication-Results field is too long to be read whole".to_owned())
        }
        (proof @ Proof::Pass { .. }, why) => match fields.unclear() {
            Some(name) => (Proof::None, why_unclear(name)),
            None => (proof, why),
        },
        other => other,
    }
}

/// Why a mail with this field in doubt ([`InboundMail::unclear_field`](crate::domain::InboundMail)) proves
/// nothing, whoever checks it.
pub fn why_unclear(name: &str) -> String {
    format!("the {name} field stands twice or under a name that is not exactly its own, so nothing is proven")
}

/// What the lines of one server say together. `None` where a lower line has another
/// result of a method than the topmost line with that method.
fn merged(by: &str, lines: impl Iterator<Item = AuthResults>) -> Option<AuthResults> {
    let mut told = AuthResults { authserv_id: by.to_owned(), results: Vec::new() };
    for line in lines {
        let (again, new): (Vec<_>, Vec<_>) = line
            .results
            .into_iter()
            .partition(|result| told.results.iter().any(|r| r.method == result.method));
        let agrees = |result: &MethodResult| {
            outcomes(&told.results, &result.method) == outcomes(&again, &result.method)
        };
        if !again.iter().all(agrees) {
            return None;
        }
        told.results.extend(new);
    }
    Some(told)
}

/// The results of one method.
fn outcomes<'r>(results: &'r [MethodResult], method: &str) -> BTreeSet<&'r str> {
    results.iter().filter(|result| result.method == method).map(|result| result.result.as_str()).collect()
}

/// Whether a method other than DKIM has two results: whose, nobody can say.
fn is_doubled(results: &[MethodResult]) -> bool {
    let mut seen = BTreeSet::new();
    results.iter().filter(|r| r.method != "dkim").any(|result| !seen.insert(result.method.as_str()))
}

/// What one line says about the From domain, and why.
fn verdict(line: &AuthResults, from_domain: Option<&str>) -> (Proof, String) {
    let by = text::line(&line.authserv_id);
    let dmarc: Vec<_> = line.results.iter().filter(|r| r.method == "dmarc").collect();
    if dmarc.iter().any(|r| r.result == "fail") {
        let reason = format!("{by} says that DMARC failed");
        return (Proof::Fail { reason: reason.clone() }, reason);
    }
    let Some(domain) = from_domain else {
        return (Proof::None, "the From field does not name exactly one author".to_owned());
    };
    if is_doubled(&line.results) {
        return (Proof::None, format!("{by} gives two results of one method"));
    }
    let pass = |method: &str| {
        let proof = Proof::Pass { domain: domain.to_owned(), method: method.to_owned() };
        (proof, format!("{by} says {method}=pass for {domain}"))
    };
    let mut passed_for =
        dmarc.iter().filter(|r| r.result == "pass").filter_map(|r| r.property("header.from")).peekable();
    if passed_for.peek().is_some() {
        return match passed_for.find(|other| !same_domain(other, domain)) {
            None => pass("dmarc"),
            Some(other) => (
                Proof::None,
                format!("{by} says dmarc=pass for {}, and the author is of {domain}", text::line(other)),
            ),
        };
    }
    let aligned =
        |method: &&str| line.results.iter().any(|r| r.method == *method && is_aligned_pass(r, domain));
    match ["dkim", "spf"].iter().find(|method| aligned(method)) {
        Some(method) => pass(method),
        None => (Proof::None, format!("{by} vouches for no domain that equals {domain}")),
    }
}

/// A pass of DKIM or SPF for exactly this domain.
fn is_aligned_pass(result: &MethodResult, domain: &str) -> bool {
    // `header.i` may name a sub-domain of the one that signs, whose users the signer may speak for or not.
    let name = if result.method == "dkim" { "header.d" } else { "smtp.mailfrom" };
    result.result == "pass" && result.property(name).is_some_and(|value| same_domain(value, domain))
}

/// Compares a domain, or the domain of an address, as A-labels.
fn same_domain(value: &str, domain: &str) -> bool {
    let given = value.rsplit('@').next().unwrap_or_default().trim_end_matches('.');
    idna::domain_to_ascii_strict(given).is_ok_and(|ascii| !ascii.is_empty() && ascii == domain)
}

#[cfg(test)]
mod tests;
