//! Machines that write on their own account, and what comes through lists.

use super::{
    Evidence,
    words::{ALERT_SUBJECTS, CAMPAIGN_FIELDS, LIST_FIELDS, MACHINES, MONITORS, SOURCE_FIELDS},
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
        if is_monitor(from) {
            return Some(format!("{} is a monitoring system", from.address));
        }
        let form = ALERT_SUBJECTS.iter().find(|form| self.mail.subject.to_lowercase().starts_with(*form))?;
        MACHINES
            .contains(&from.address.local())
            .then(|| format!("{} writes `{form}` in its subject", from.address))
    }

    pub(super) fn list(&self) -> Option<String> {
        // List-Unsubscribe is none of them: many a sender adds it to people's mail.
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

    /// Old lists and newsletters have nothing but this field.
    pub(super) fn bulk(&self) -> Option<String> {
        self.precedence(&["bulk", "junk"]).map(|value| format!("Precedence: {value}"))
    }
}

/// A monitoring system by its own address, or by a machine's address in its domain
/// or under its name. People work there, too.
fn is_monitor(from: &NamedAddress) -> bool {
    let names_one =
        |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| MONITORS.contains(&word));
    let (local, domain) = (from.address.local(), from.address.domain());
    let local_says = MACHINES.contains(&local);
    names_one(local) || local_says && (names_one(domain) || names_one(&from.name.to_lowercase()))
}
