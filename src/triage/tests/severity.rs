//! Who rates a new ticket by its mail.

use super::*;
use crate::{domain::Sender, ticket::Severity};

fn rule(mailboxes: &[&str], from: &[&str], words: &[&str]) -> Rule {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let from = from.iter().map(|from| from.parse::<Sender>().unwrap()).collect();
    Rule { severity: Severity::One, mailboxes: owned(mailboxes), from, words: owned(words) }
}

fn mail(subject: &str) -> InboundMail {
    InboundMail { subject: subject.into(), ..proven("ops@c.test") }
}

fn by_rule(rule: Rule, mailbox: &str, mail: &InboundMail) -> bool {
    rated(mail, Source::Customer, mailbox, None, &[rule]).is_some()
}

#[test]
fn a_rule_counts_where_all_that_it_names_fits() {
    let (support, down) = (&["support", "emergency"][..], &["production down", "nobody can log in"][..]);
    for (rule, mailbox, subject, fits) in [
        (rule(&["emergency"], &[], &[]), "emergency", "Hello", true),
        (rule(&["emergency"], &[], &[]), "support", "Production down", false),
        (rule(support, &[], down), "support", "[EXT] PRODUCTION-DOWN!", true),
        (rule(support, &[], down), "support", "production is down", false),
        (rule(&[], &["ops@c.test"], &[]), "support", "Hello", true),
        (rule(&[], &["@c.test"], &[]), "support", "Hello", true),
        (rule(&[], &["boss@c.test", "@d.test"], &[]), "support", "Hello", false),
        (rule(&[], &["@test"], &[]), "support", "Hello", false),
        (rule(&[], &["@c.test"], down), "support", "Hello", false),
        (rule(&["emergency"], &["@c.test"], down), "emergency", "Nobody can log in", true),
        (rule(&["emergency"], &["@d.test"], down), "emergency", "Nobody can log in", false),
    ] {
        let said = format!("{rule:?} {mailbox} {subject}");
        assert_eq!(by_rule(rule, mailbox, &mail(subject)), fits, "{said}");
    }
}

#[test]
fn a_sender_counts_only_when_proven_and_what_is_forged_or_automatic_never() {
    let by_sender = || rule(&[], &["ops@c.test"], &[]);
    let by_mailbox = || rule(&["support"], &[], &[]);
    let unproven = mail_from("ops@c.test");
    assert!(!by_rule(by_sender(), "support", &unproven));
    assert!(by_rule(by_mailbox(), "support", &unproven));
    let forged = InboundMail { proof: Proof::Fail { reason: "dmarc=fail".into() }, ..unproven };
    assert!(!by_rule(by_mailbox(), "support", &forged));
    for (kind, fits) in
        [(Kind::Human, true), (Kind::Alert, true), (Kind::List, true), (Kind::AutoReply, false)]
    {
        assert_eq!(by_rule(by_sender(), "support", &InboundMail { kind, ..mail("Down") }), fits, "{kind}");
    }
}

#[test]
fn the_first_rule_that_fits_counts_and_is_named() {
    let other = Rule { severity: Severity::Three, ..rule(&["support"], &[], &[]) };
    let rules = [rule(&["emergency"], &[], &[]), other, rule(&["support"], &[], &[])];
    let rated = rated(&mail("Hello"), Source::Customer, "support", None, &rules).unwrap();
    assert_eq!(
        (rated.severity, rated.why.as_str()),
        (Severity::Three, "Its severity is 3 by the second of [[severity.when]].")
    );
}

#[test]
fn a_product_owner_rates_a_ticket_and_nobody_else_does() {
    let said = Some(Severity::Two);
    let by = |mail: &InboundMail, source| rated(mail, source, "support", said, &[]).map(|it| it.severity);
    assert_eq!(by(&mail("A wish"), Source::ProductOwner), said);
    assert_eq!(by(&mail("A wish"), Source::Customer), None);
    assert_eq!(by(&mail("A wish"), Source::System), None);
    // What they pass on may be a customer's line.
    let mut handed_on = mail("Fwd: A wish");
    handed_on.body.handed_on = true;
    assert_eq!(by(&handed_on, Source::ProductOwner), None);
    // Their own word comes before the rules.
    let rules = [rule(&["support"], &[], &[])];
    let first = rated(&mail("A wish"), Source::ProductOwner, "support", said, &rules).unwrap();
    assert_eq!(first.severity, Severity::Two);
}
