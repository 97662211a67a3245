//! What sort of mail this is, with the evidence in one sentence.
//!
//! The first that fits decides, in the order in which a mistake costs most: our
//! own mail and bounces would make a loop, a person taken for a machine only
//! waits. Sources that a desk is there for (monitoring, trackers, complaints) come
//! before automatic replies, since their mail says `Auto-Submitted`, too. No single
//! weak sign makes a machine: a subject needs a second sign, and
//! `X-Auto-Response-Suppress`, which Exchange puts on people's mail, is none alone.
//!
//! `failure` knows how reports on failed mail look, `reply` what answers for a
//! person, `source` machines on their own account and lists.

mod failure;
mod reply;
mod source;
mod words;

use mail_parser::Message;

use super::{Ours, bounce::notification::Notification, fields::Fields};
use crate::domain::{Detail, EnvelopeSender, InboundMail, Kind, text};

/// Says what kind of mail this is, what the kind leaves open, and why.
pub(super) fn kind(
    mail: &InboundMail,
    message: &Message<'_>,
    fields: Fields<'_>,
    ours: &Ours,
) -> (Kind, Option<Detail>, String) {
    let mail = Evidence { mail, message, fields, ours, notification: Notification::of(&mail.text) };
    let found = |kind: Kind, why: Option<String>| why.map(|why| (kind, None, why));
    let detailed =
        |kind: Kind, found: Option<(Option<Detail>, String)>| found.map(|(detail, why)| (kind, detail, why));
    found(Kind::Own, mail.own())
        .or_else(|| found(Kind::Bounce, mail.bounce()))
        .or_else(|| detailed(Kind::Alert, mail.complaint()))
        .or_else(|| found(Kind::Alert, mail.known_source()))
        .or_else(|| detailed(Kind::AutoReply, mail.auto_reply()))
        .or_else(|| found(Kind::List, mail.list()))
        .or_else(|| found(Kind::Alert, mail.alert()))
        .or_else(|| found(Kind::List, mail.bulk()))
        .unwrap_or_else(|| (Kind::Human, None, "nothing in it speaks of a machine".to_owned()))
}

struct Evidence<'m> {
    mail: &'m InboundMail,
    message: &'m Message<'m>,
    fields: Fields<'m>,
    ours: &'m Ours,
    /// What Amazon SES tells in JSON, if it does.
    notification: Option<Notification>,
}

impl Evidence<'_> {
    fn own(&self) -> Option<String> {
        if let Some(from) = self.mail.from.iter().find(|from| self.ours.is_ours(&from.address)) {
            return Some(format!("From is our own address {}", from.address));
        }
        let key = self.ours.key.as_ref()?;
        key.open_message_id(self.mail.message_id.as_ref()?)?;
        Some("we signed its Message-ID".to_owned())
    }

    /// The first Auto-Submitted value that is not `no`, without comments and
    /// parameters, in lower case.
    fn auto_submitted(&self) -> Option<String> {
        let values = self.fields.all("Auto-Submitted");
        let mut words =
            values.map(|value| value.split([';', ' ', '(']).next().unwrap_or_default().to_lowercase());
        words.find(|word| !word.is_empty() && word != "no").map(|word| text::line(&word))
    }

    fn precedence(&self, wanted: &[&'static str]) -> Option<&'static str> {
        let fields = ["Precedence", "X-Precedence", "Preference"];
        let values = fields.iter().flat_map(|name| self.fields.all(name));
        let values: Vec<_> = values.map(|value| value.trim().to_lowercase()).collect();
        wanted.iter().copied().find(|wanted| values.iter().any(|value| value == wanted))
    }

    fn affirms(&self, name: &str) -> bool {
        self.fields.all(name).any(|value| !["no", "false", "0"].contains(&value.to_lowercase().as_str()))
    }

    fn has_part(&self, mime: &str) -> bool {
        self.mail.attachments.iter().any(|part| part.mime == mime)
    }

    fn has_empty_path(&self) -> bool {
        self.mail.envelope_sender == EnvelopeSender::Null
    }

    fn answers(&self) -> bool {
        !self.mail.in_reply_to.is_empty() || !self.mail.references.is_empty()
    }

    /// Whether the subject begins as answers and forwards by people do.
    fn is_answer(&self) -> bool {
        let subject = self.mail.subject.to_lowercase();
        words::ANSWERS.iter().any(|prefix| subject.starts_with(prefix))
    }

    /// Whether the author's address says that nobody reads answers to it.
    fn is_no_reply(&self) -> bool {
        self.mail.author().is_some_and(|from| {
            let local = bare(from.address.local());
            local.contains("noreply") || local == "donotreply" || local == "notreply"
        })
    }
}

/// A local part without what separates its words.
fn bare(local: &str) -> String {
    local.replace(['-', '_', '.'], "")
}

/// Whether any of `words` stands in `text`; both in lower case.
fn any(words: &[&str], text: &str) -> bool {
    words.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests;
