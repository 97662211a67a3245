//! What sort of mail this is, with the evidence in one sentence.
//!
//! The first that fits decides, in the order in which a mistake costs most: our
//! own mail and bounces would make a loop, a person taken for a machine only
//! waits. No single weak sign makes a machine: a subject needs a second sign, and
//! `X-Auto-Response-Suppress`, which Exchange puts on people's mail, is none alone.

use mail_parser::Message;

use super::{
    Ours,
    bounce::STILL_TRYING,
    fields::Fields,
    kind_words::{
        BOUNCE_PHRASES, BOUNCE_SUBJECTS, DAEMON_NAMES, DAEMONS, MACHINES, MONITORS, REPLIER_FIELDS, SPEAKERS,
        VACATION_SUBJECTS,
    },
    parts,
};
use crate::domain::{EnvelopeSender, InboundMail, Kind, text};

/// Says what kind of mail this is and why.
pub(super) fn kind(
    mail: &InboundMail,
    message: &Message<'_>,
    fields: Fields<'_>,
    ours: &Ours,
) -> (Kind, String) {
    let evidence = Evidence { mail, message, fields, ours };
    let found = |kind: Kind, why: Option<String>| why.map(|why| (kind, why));
    found(Kind::Own, evidence.own())
        .or_else(|| found(Kind::Bounce, evidence.bounce()))
        .or_else(|| found(Kind::AutoReply, evidence.auto_reply()))
        .or_else(|| found(Kind::List, evidence.list()))
        .or_else(|| found(Kind::Alert, evidence.alert()))
        .unwrap_or_else(|| (Kind::Human, "nothing in it speaks of a machine".to_owned()))
}

struct Evidence<'m> {
    mail: &'m InboundMail,
    message: &'m Message<'m>,
    fields: Fields<'m>,
    ours: &'m Ours,
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

    fn bounce(&self) -> Option<String> {
        if parts::is_report(self.message, "delivery-status") {
            return Some("it is a delivery status notification (RFC 3464)".to_owned());
        }
        if self.is_answer()
            || self.auto_submitted().is_some_and(|value| value == "auto-replied") && !self.is_daemon()
        {
            return None;
        }
        if let Some(from) = self.mail.from.iter().find(|from| SPEAKERS.contains(&from.address.local())) {
            return Some(format!("nobody writes as {}", from.address));
        }
        let signs = self.bounce_signs();
        (signs.len() >= 2).then(|| format!("it reads as a failure notice: {}", signs.join(", ")))
    }

    /// Signs of a failure notice, of which two are enough. A person may attach a
    /// report that came back and write about it: the words and the attachment
    /// prove nothing without a sign of the sender's.
    fn bounce_signs(&self) -> Vec<&'static str> {
        let subject = self.mail.subject.to_lowercase();
        let start = text::prefix(&self.mail.text, 2048).to_lowercase();
        let any = |words: &[&str], text: &str| words.iter().any(|words| text.contains(words));
        let signs = [
            (self.is_daemon(), "sent by a mail system"),
            (self.mail.envelope_sender == EnvelopeSender::Null, "empty return path"),
            (self.fields.has("X-Failed-Recipients"), "X-Failed-Recipients"),
            (self.has_part("message/delivery-status"), "a delivery status part"),
            (any(BOUNCE_SUBJECTS, &subject) || any(STILL_TRYING, &subject), "its subject"),
            (any(BOUNCE_PHRASES, &start) || any(STILL_TRYING, &start), "its first words"),
        ];
        let by_sender = signs.iter().take(3).any(|(is, _)| *is);
        signs.into_iter().filter_map(|(is, sign)| (is && by_sender).then_some(sign)).collect()
    }

    /// A mail system by its address or name. It may write `From: MAILER-DAEMON`,
    /// which is no address at all.
    fn is_daemon(&self) -> bool {
        let is_name = |name: &str| {
            let name = name.trim_matches(['"', '<', ' ', '(']).to_lowercase();
            DAEMON_NAMES.iter().any(|daemon| name.starts_with(daemon))
        };
        let mail = self.mail;
        let returns =
            matches!(&mail.envelope_sender, EnvelopeSender::Address(path) if DAEMONS.contains(&path.local()));
        let written =
            mail.from.iter().any(|from| DAEMONS.contains(&from.address.local()) || is_name(&from.name));
        returns || written || self.fields.all("From").any(|from| is_name(&from))
    }

    fn auto_reply(&self) -> Option<String> {
        if parts::is_report(self.message, "disposition-notification") {
            return Some("it is a read receipt (RFC 8098)".to_owned());
        }
        let submitted = self.auto_submitted();
        if submitted.as_deref() == Some("auto-replied") {
            return Some("Auto-Submitted: auto-replied (RFC 3834)".to_owned());
        }
        if let Some(name) = REPLIER_FIELDS.iter().find(|name| self.affirms(name)) {
            return Some(format!("it has {name}"));
        }
        if let Some(value) = self.precedence(&["auto_reply", "auto-reply", "autoreply"]) {
            return Some(format!("Precedence: {value}"));
        }
        let subject = self.mail.subject.to_lowercase();
        let vacation = VACATION_SUBJECTS.iter().find(|words| subject.starts_with(*words))?;
        let sign = self.second_sign(submitted.as_deref())?;
        Some(format!("its subject begins with `{vacation}` and {sign}"))
    }

    /// What makes a vacation subject more than a subject.
    fn second_sign(&self, submitted: Option<&str>) -> Option<&'static str> {
        let mail = self.mail;
        let signs = [
            (submitted.is_some(), "it was submitted automatically"),
            (mail.envelope_sender == EnvelopeSender::Null, "its return path is empty"),
            (self.fields.has("X-Auto-Response-Suppress"), "it asks for no automatic response"),
            (self.precedence(&["bulk", "junk"]).is_some(), "it has a bulk Precedence"),
            (!mail.in_reply_to.is_empty() || !mail.references.is_empty(), "it answers a mail"),
        ];
        signs.into_iter().find_map(|(is, sign)| is.then_some(sign))
    }

    fn list(&self) -> Option<String> {
        // List-Unsubscribe is none of them: many a sender adds it to people's mail.
        if let Some(name) = self.fields.any_of(&["List-Id", "List-Post", "Mailing-List"]) {
            return Some(format!("it has {name}"));
        }
        self.precedence(&["list"]).map(|value| format!("Precedence: {value}"))
    }

    fn alert(&self) -> Option<String> {
        if let Some(value) = self.auto_submitted() {
            return Some(format!("Auto-Submitted: {value} (RFC 3834)"));
        }
        if let Some(value) = self.precedence(&["bulk", "junk"]) {
            return Some(format!("Precedence: {value}"));
        }
        if parts::is_report(self.message, "feedback-report") {
            return Some("it is a feedback report (RFC 5965)".to_owned());
        }
        self.machine_sender()
    }

    /// A monitoring system, or a sender that says nobody reads answers. A contact
    /// form writes as no-reply, too, but names a person in Reply-To.
    fn machine_sender(&self) -> Option<String> {
        let from = self.mail.author()?;
        let (local, domain) = (from.address.local(), from.address.domain());
        let name = from.name.to_lowercase();
        let is_monitor =
            |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| MONITORS.contains(&word));
        let local_says = MACHINES.contains(&local);
        if is_monitor(local) || local_says && (is_monitor(domain) || is_monitor(&name)) {
            return Some(format!("{} is a monitoring system", from.address));
        }
        let elsewhere = self.mail.reply_to.iter().any(|reply_to| reply_to.address != from.address);
        let nobody = local.replace(['-', '_', '.'], "").contains("noreply")
            || local.replace(['-', '_', '.'], "") == "donotreply";
        (nobody && !elsewhere).then(|| format!("{} takes no answers", from.address))
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
        let values: Vec<_> = self.fields.all("Precedence").map(|value| value.to_lowercase()).collect();
        wanted.iter().copied().find(|wanted| values.iter().any(|value| value == wanted))
    }

    fn affirms(&self, name: &str) -> bool {
        self.fields.all(name).any(|value| !["no", "false", "0"].contains(&value.to_lowercase().as_str()))
    }

    fn has_part(&self, mime: &str) -> bool {
        self.mail.attachments.iter().any(|part| part.mime == mime)
    }

    /// Whether the subject begins as answers and forwards by people do.
    fn is_answer(&self) -> bool {
        let subject = self.mail.subject.to_lowercase();
        let prefixes =
            ["re:", "aw:", "fwd:", "fw:", "wg:", "sv:", "tr:", "rv:", "odp:", "antw:", "res:", "rif:"];
        prefixes.iter().any(|prefix| subject.starts_with(prefix)) && !self.is_daemon()
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::domain::{TicketId, reference::SigningKey};

    fn ours() -> Ours {
        Ours {
            addresses: vec!["support@desk.test".parse().unwrap()],
            key: SigningKey::new(vec![7; 32]),
            ..Ours::nobody()
        }
    }

    fn kind_of(fields: &str) -> Kind {
        let from = if fields.contains("From:") { "" } else { "From: Alice <alice@example.org>\n" };
        let subject = if fields.contains("Subject:") { "" } else { "Subject: Printer\n" };
        read(format!("{from}{subject}{fields}\n\nHello, it is broken.\n").as_bytes(), &ours()).kind
    }

    #[track_caller]
    fn all_are(kind: Kind, cases: &[&str]) {
        for fields in cases {
            assert_eq!(kind_of(fields), kind, "{fields}");
        }
    }

    #[test]
    fn people_stay_people() {
        all_are(
            Kind::Human,
            &[
                "To: support@desk.test",
                "Auto-Submitted: no",
                "X-Auto-Response-Suppress: All",
                "Precedence: never-bounce",
                "Subject: Out of office replies are sent twice",
                "Subject: Undeliverable mail, what shall I do?",
                "Subject: Re: Undeliverable: your order\nReturn-Path: <>",
                "Subject: Re: Out of office\nIn-Reply-To: <a@x>",
                "X-Autoreply: no",
                "From: jane@sentry.io",
                "From: no-reply@example.org\nReply-To: alice@example.org",
                "X-Deskgate-Ticket: 17",
                "List-Unsubscribe: <https://example.org/u>",
                "X-Failed-Recipients: bob@example.org",
            ],
        );
    }

    #[test]
    fn automatic_replies() {
        all_are(
            Kind::AutoReply,
            &[
                "Auto-Submitted: auto-replied (vacation)",
                "Auto-Submitted: Auto-Replied; owner=x",
                "X-Autorespond: yes",
                "Precedence: never-bounce\nPrecedence: auto_reply",
                "Subject: Automatische Antwort: Drucker\nX-Auto-Response-Suppress: All",
                "Subject: 自動応答: x\nIn-Reply-To: <a@x>",
                "Subject: Automatic reply: x\nAuto-Submitted: auto-generated",
                "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            ],
        );
    }

    #[test]
    fn lists_and_alerts() {
        all_are(Kind::List, &["List-Id: <users.example.org>", "Precedence: list", "List-Post: <mailto:a@b>"]);
        all_are(
            Kind::Alert,
            &[
                "Auto-Submitted: auto-generated",
                "Auto-Submitted: auto-notified",
                "Precedence: never-bounce\nPrecedence: bulk",
                "From: Sentry <noreply@md.getsentry.com>",
                "From: nagios@example.org",
                "From: \"(Cron Daemon)\" <root@example.org>",
                "From: no-reply@example.org",
            ],
        );
    }

    #[test]
    fn bounces_also_the_sloppy_ones() {
        all_are(
            Kind::Bounce,
            &[
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "From: MAILER-DAEMON@example.org\nSubject: failure notice",
                "From: Mail Delivery System <x@example.org>\nSubject: Warning: message delayed 24 hours",
                "Return-Path: <>\nSubject: Unzustellbar: Antwort",
                "X-Failed-Recipients: bob@example.org\nSubject: Mail delivery failed",
                "From: MAILER-DAEMON <>\nSubject: Mail delivery failed",
                "From: postmaster@example.org\nReturn-Path: <>",
            ],
        );
    }

    #[test]
    fn a_delivery_status_part_alone_makes_no_bounce_of_a_persons_mail() {
        let with_part = |fields: &str| {
            let raw = format!(
                "{fields}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat does this mean?\n\
                 --b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b--\n"
            );
            read(raw.as_bytes(), &ours()).kind
        };
        assert_eq!(with_part("From: alice@example.org\nSubject: Printer"), Kind::Human);
        assert_eq!(with_part("From: alice@example.org\nSubject: Undelivered mail returned"), Kind::Human);
        assert_eq!(with_part("From: MAILER-DAEMON@example.org\nSubject: x"), Kind::Bounce);
    }

    #[test]
    fn our_own_mail_comes_back() {
        assert_eq!(kind_of("From: support@desk.test"), Kind::Own);
        assert_eq!(kind_of("From: Support <support+tag@desk.test>"), Kind::Own);
        let id = ours().key.unwrap().message_id(TicketId(1), 1, "desk.test");
        assert_eq!(kind_of(&format!("Message-ID: {id}")), Kind::Own);
        assert_eq!(kind_of("Message-ID: <dg.1.x.y@desk.test>"), Kind::Human);
    }
}
