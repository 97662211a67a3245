//! Machines that write on their own account, and what comes through lists.

use super::{
    Evidence,
    words::{ALERT_SUBJECTS, CAMPAIGN_FIELDS, LIST_FIELDS, LIST_NAMES, MACHINES, MONITORS, SOURCE_FIELDS},
};
use crate::{
    domain::{Detail, NamedAddress},
    mail::parts,
};

impl Evidence<'_> {
    /// Somebody called a mail of ours spam (RFC 5965); nobody waits for an answer.
    pub(super) fn complaint(&self) -> Option<(Option<Detail>, String)> {
        let why = if parts::is_report(self.message, "feedback-report") {
            "it is a feedback report (RFC 5965)"
        } else if self.notification.as_ref().is_some_and(|told| told.is_complaint()) {
            "it is a complaint that Amazon SES passes on"
        } else {
            return None;
        };
        Some((Some(Detail::Complaint), why.to_owned()))
    }

    /// A monitoring system or a tracker, by its fields, its address or the form of
    /// its subject.
    pub(super) fn known_source(&self) -> Option<String> {
        if let Some(name) = self.fields.any_of(SOURCE_FIELDS) {
            return Some(format!("it has {name}"));
        }
        let from = self.mail.author()?;
        let subject = self.mail.subject.to_lowercase();
        let form = ALERT_SUBJECTS.iter().find(|form| subject.starts_with(*form));
        if is_monitor(from) || names_monitor(from.address.local()) && self.is_sent_by_a_program() {
            return Some(format!("{} is a monitoring system", from.address));
        }
        let is_machine = MACHINES.contains(&from.address.local()) || names_monitor(from.address.local());
        form.filter(|_| is_machine).map(|form| format!("{} writes `{form}` in its subject", from.address))
    }

    fn is_sent_by_a_program(&self) -> bool {
        self.auto_submitted().is_some_and(|value| value != "auto-replied")
            || self.has_empty_path()
            || self.precedence(&["bulk", "junk"]).is_some()
    }

    pub(super) fn list(&self) -> Option<String> {
        // List-Unsubscribe is none of them: many a sender adds it to people's mail.
        for name in LIST_NAMES {
            if self.fields.all(name).any(|value| !self.names_us(&value)) {
                return Some(format!("it has {name}"));
            }
        }
        if self.is_through_our_list() {
            return None;
        }
        if let Some(name) = self.fields.any_of(LIST_FIELDS) {
            return Some(format!("it has {name}"));
        }
        if let Some(value) = self.precedence(&["list"]) {
            return Some(format!("Precedence: {value}"));
        }
        let unsubscribe = self.fields.has("List-Unsubscribe");
        let campaign = self.fields.any_of(CAMPAIGN_FIELDS).filter(|_| unsubscribe)?;
        Some(format!("it has List-Unsubscribe and {campaign}"))
    }

    /// Whatever says that it was sent automatically, or that nobody reads answers. A
    /// contact form writes as no-reply, too, but names a person in Reply-To.
    pub(super) fn alert(&self) -> Option<String> {
        if let Some(value) = self.auto_submitted() {
            return Some(format!("Auto-Submitted: {value} (RFC 3834)"));
        }
        let from = self.mail.author()?;
        let elsewhere = self.mail.reply_to.iter().any(|reply_to| reply_to.address != from.address);
        let alone = self.is_no_reply() && !elsewhere && self.precedence(&["bulk", "junk"]).is_none();
        alone.then(|| format!("{} takes no answers", from.address))
    }

    /// Whether our own address is a list or group: then it is only the way by which
    /// mail reaches us, and each must be judged by the rest.
    fn is_through_our_list(&self) -> bool {
        LIST_NAMES.iter().any(|name| self.fields.has(name))
    }

    /// Whether a list field names one of our addresses: `<support.desk.test>`,
    /// `<mailto:support@desk.test>`, `list support@desk.test; contact ...`.
    fn names_us(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        let mut words = value.split(|c: char| !c.is_alphanumeric() && !".@+-_".contains(c));
        words.any(|word| {
            self.ours
                .addresses
                .iter()
                .any(|ours| word == ours.as_str() || word == ours.as_str().replace('@', "."))
        })
    }

    /// Old lists and newsletters have nothing but this field.
    pub(super) fn bulk(&self) -> Option<String> {
        if self.is_through_our_list() {
            return None;
        }
        self.precedence(&["bulk", "junk"]).map(|value| format!("Precedence: {value}"))
    }
}

/// A monitoring system by its name or a machine's address, in the domain of its makers
/// or of whoever has one running. People and companies bear such names, too.
fn is_monitor(from: &NamedAddress) -> bool {
    let (local, domain) = (from.address.local(), from.address.domain());
    let is_machine = MACHINES.contains(&local);
    names_monitor(domain) && (is_machine || names_monitor(local))
        || is_machine && names_monitor(&from.name.to_lowercase())
}

fn names_monitor(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| MONITORS.contains(&word))
}
