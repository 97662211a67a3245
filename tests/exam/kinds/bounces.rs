//! What the bounces of the corpora say, held against what their own projects read in
//! them: whom they name, the codes, why, and whether it lasts.

use std::collections::{BTreeMap, BTreeSet};

use deskgate::domain::{Action, BounceReport, Word};

use super::Case;
use crate::share;

/// For each corpus and question: how many were right, of how many.
#[derive(Default)]
struct Score(BTreeMap<(String, &'static str), (usize, usize)>);

impl Score {
    fn add(&mut self, case: &Case, question: &'static str, right: bool) {
        let (rights, whole) = self.0.entry((case.word("corpus").to_owned(), question)).or_default();
        *rights += usize::from(right);
        *whole += 1;
    }

    /// Prints a mail that is read otherwise, with both answers.
    fn compare(&mut self, case: &Case, question: &'static str, theirs: &str, ours: &str) {
        self.add(case, question, theirs == ours);
        if theirs != ours {
            tell!("bounce: {} {question}: theirs {theirs}, ours {ours}", case.word("file"));
        }
    }

    fn share_of(&self, corpus: &str, question: &'static str) -> f64 {
        let (rights, whole) = self.0[&(corpus.to_owned(), question)];
        share(rights, whole)
    }
}

#[test]
fn bounces_name_who_failed_and_why() {
    let Some(cases) = Case::all() else { return };
    let mut score = Score::default();
    let mut named = (0, 0);
    for case in &cases {
        if !["bounce", "delay-dsn"].contains(&case.word("kind")) {
            continue;
        }
        let Some(report) = &case.mail.bounce else { continue };
        named.0 += usize::from(!report.failed.is_empty());
        named.1 += 1;
        score.add(case, "somebody named", !report.failed.is_empty());
        compare_recipients(&mut score, case, report);
        compare_first(&mut score, case, report);
        compare_std_reason(&mut score, case, report);
    }
    for ((corpus, question), (rights, whole)) in &score.0 {
        tell!("bounce: {corpus:<18} {question:<24} {rights} of {whole}");
    }
    tell!("bounce: somebody named in {} of {}", named.0, named.1);
    assert!(share(named.0, named.1) >= 0.99);
    for (corpus, question, least) in [
        ("flufl-bounce", "exactly who failed", 0.98),
        ("flufl-bounce", "failed or delayed", 0.99),
        ("sisimai", "how many failed", 0.995),
        ("sisimai", "status", 0.975),
        ("sisimai", "reply code", 0.97),
        ("sisimai", "reason", 0.84),
        ("sisimai", "hard or soft", 0.90),
        ("perl-bounceparser", "reason", 0.94),
    ] {
        assert!(score.share_of(corpus, question) >= least, "{corpus}: {question}");
    }
}

fn compare_recipients(score: &mut Score, case: &Case, report: &BounceReport) {
    let Some(failed) = case.index["failed_recipients"].as_array() else { return };
    let theirs: BTreeSet<String> = failed.iter().filter_map(|a| Some(a.as_str()?.to_lowercase())).collect();
    let ours: BTreeSet<String> = report.failed.iter().map(|address| address.as_str().to_owned()).collect();
    score.compare(case, "exactly who failed", &format!("{theirs:?}"), &format!("{ours:?}"));
    let is_delay = case.index["temporary"] == true;
    score.add(case, "failed or delayed", is_delay == (report.action == Action::Delayed));
}

/// Sisimai's first recipient. Its status codes 5.0.9xx are its own; where a mail
/// confirms a delivery or carries a complaint there is no reason to compare.
fn compare_first(score: &mut Score, case: &Case, report: &BounceReport) {
    let Some(bounces) = case.index["bounces"].as_array() else { return };
    let Some(first) = bounces.first() else { return };
    let word = |key: &str| first[key].as_str().unwrap_or_default();
    let Some(reason) = reason_of_sisimai(word("reason")) else { return };
    score.add(case, "how many failed", report.failed.len() == bounces.len());
    if !word("status").is_empty() && !word("status")[1..].starts_with(".0.9") {
        score.compare(case, "status", word("status"), report.status.as_deref().unwrap_or("none"));
    }
    if let Ok(theirs) = word("replycode").parse::<u16>() {
        score.add(case, "reply code", report.reply_code == Some(theirs));
    }
    let ours = report.reason.as_str();
    // Theirs calls an unknown user `filtered` where that was said after DATA.
    let ours = if (reason, ours) == ("refused", "user-unknown") { reason } else { ours };
    score.compare(case, "reason", reason, ours);
    score.add(case, "hard or soft", first["hardbounce"] == report.hard);
}

/// Our word for a reason of Sisimai.
fn reason_of_sisimai(word: &str) -> Option<&'static str> {
    Some(match word {
        "userunknown" => "user-unknown",
        "filtered" => "refused",
        "mailboxfull" => "mailbox-full",
        "suspend" => "mailbox-disabled",
        "hasmoved" => "moved",
        "hostunknown" => "host-unknown",
        "notaccept" => "takes-no-mail",
        "networkerror" => "unreachable",
        "expired" => "expired",
        "mesgtoobig" | "exceedlimit" => "too-big",
        "blocked" | "requireptr" | "badreputation" => "blocked",
        "spamdetected" => "spam",
        "virusdetected" => "virus",
        "authfailure" => "authentication",
        "rejected" => "sender-refused",
        "norelaying" => "relaying",
        "policyviolation" | "securityerror" => "policy",
        "notcompliantrfc" | "contenterror" => "content",
        "speeding" | "toomanyconn" => "too-many",
        "systemerror" | "systemfull" | "mailererror" => "system",
        "undefined" | "onhold" => "unknown",
        _ => return None,
    })
}

/// Mail::DeliveryStatus::BounceParser knows five reasons; each is several of ours.
fn compare_std_reason(score: &mut Score, case: &Case, report: &BounceReport) {
    let of_theirs: &[&str] = match case.word("std_reason") {
        "spam" => &["spam", "blocked", "policy", "authentication"],
        "domain_error" => &["host-unknown", "relaying", "takes-no-mail", "unreachable"],
        "user_unknown" => &["user-unknown", "mailbox-disabled", "refused"],
        "over_quota" => &["mailbox-full"],
        "message_too_large" => &["too-big"],
        _ => return,
    };
    let right = of_theirs.contains(&report.reason.as_str());
    score.add(case, "reason", right);
    if !right {
        tell!(
            "bounce: {} reason: theirs {}, ours {}",
            case.word("file"),
            case.word("std_reason"),
            report.reason
        );
    }
}
