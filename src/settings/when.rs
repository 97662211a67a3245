//! `[[severity.when]]`: which new tickets have a severity at once.

use super::mailbox::Mailbox;
use super::reader::Reader;
use super::severity::{Severities, number};
use crate::domain::Sender;
use crate::ticket::Severity;
use crate::triage::Rule;

/// All rules, in their order. Each names mailboxes or senders: words alone are anybody's to write.
pub(super) fn read_all(t: &mut Reader<'_>, severities: &Severities, mailboxes: &[Mailbox]) -> Vec<Rule> {
    t.each("when", |t| {
        let rule = Rule {
            severity: known(t, severities),
            mailboxes: t.or("mailboxes", Vec::new()),
            from: senders(t),
            words: t.or("words", Vec::new()),
        };
        if rule.mailboxes.is_empty() && rule.from.is_empty() && !t.refused("from") {
            let path = t.path();
            let why = "or anybody could write what rates a ticket and calls people";
            t.refuse("words", format!("`{path}` needs mailboxes or from, {why}"));
        }
        into_known(t, &rule, mailboxes);
        rule
    })
}

fn known(t: &mut Reader<'_>, severities: &Severities) -> Severity {
    let Some(severity) = number(t, "number") else {
        t.missing("number", "it takes the number of a severity, from 1 to 4");
        return Severity::One;
    };
    if !severities.has(severity) {
        let (key, known) = (t.name("number"), severities.known());
        t.refuse("number", format!("`{key}` is {severity}; expected one of {known}"));
    }
    severity
}

fn senders(t: &mut Reader<'_>) -> Vec<Sender> {
    let mut senders = Vec::new();
    for text in t.or("from", Vec::<String>::new()) {
        match text.parse() {
            Ok(sender) => senders.push(sender),
            Err(error) => {
                let key = t.name("from");
                t.refuse("from", format!("`{key}` cannot be used: {error}"));
            }
        }
    }
    senders
}

/// Its mailboxes are there, and where it names senders somebody says who a sender is.
fn into_known(t: &Reader<'_>, rule: &Rule, mailboxes: &[Mailbox]) {
    if let Some(unknown) = rule.mailboxes.iter().find(|name| mailboxes.iter().all(|it| it.name != **name)) {
        let key = t.name("mailboxes");
        t.refuse("mailboxes", format!("`{key}` has `{unknown}`, and no [[mailbox]] has this name"));
        return;
    }
    let here = |mailbox: &&Mailbox| rule.mailboxes.is_empty() || rule.mailboxes.contains(&mailbox.name);
    if !rule.from.is_empty() && !mailboxes.iter().filter(here).any(Mailbox::has_proof) {
        let key = t.name("from");
        t.refuse(
            "from",
            format!(
                "`{key}` counts only for senders who are proven, and its mailboxes have neither `authserv_id` nor \
                 `verify`: it would never count"
            ),
        );
    }
}
