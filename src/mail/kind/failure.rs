//! Signs of a report on mail that did not arrive, or not yet, or that did (RFC 3464
//! and everybody who writes it otherwise).

use super::{
    Evidence, any, bare,
    words::{
        BOUNCE_PHRASES, BOUNCE_SUBJECTS, DAEMON_NAMES, DAEMONS, MAIL_MACHINES, SPEAKERS, VACATION_SUBJECTS,
    },
};
use crate::{
    domain::{EnvelopeSender, text},
    mail::{
        bounce::{self, words::STILL_TRYING},
        parts,
    },
};

/// As much of the text as is its start, in bytes.
const START_BYTES: usize = 2048;

impl Evidence<'_> {
    pub(super) fn bounce(&self) -> Option<String> {
        if self.is_status_report() {
            return Some("it is a delivery status notification (RFC 3464)".to_owned());
        }
        if parts::is_report(self.message, "disposition-notification") {
            return None;
        }
        if self.notification.as_ref().is_some_and(|told| told.is_report()) && self.is_from_amazon() {
            return Some("it is a delivery notification of Amazon SES".to_owned());
        }
        let is_daemon = self.is_daemon();
        if !is_daemon && (self.is_answer() || self.speaks_for_a_person()) {
            return None;
        }
        if let Some(from) =
            self.mail.from.iter().find(|from| SPEAKERS.contains(&&*bare(from.address.local())))
        {
            return Some(format!("nobody writes as {}", from.address));
        }
        let signs = self.bounce_signs(is_daemon)?;
        Some(format!("it reads as a failure notice: {}", signs.join(", ")))
    }

    /// multipart/report of a delivery status, also where the type of the report is
    /// missing or another (X.400 gateways); or the status alone.
    fn is_status_report(&self) -> bool {
        let is = |mime: &str| self.content_type().is_some_and(|given| given == mime);
        let has_status =
            self.has_part("message/delivery-status") || self.has_part("message/global-delivery-status");
        parts::is_report(self.message, "delivery-status")
            || is("multipart/report") && has_status
            || is("message/delivery-status")
    }

    /// The media type of the whole mail, in lower case.
    fn content_type(&self) -> Option<String> {
        let value = self.fields.first("Content-Type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_lowercase())
    }

    fn is_from_amazon(&self) -> bool {
        let domain = |domain: &str| domain == "sns.amazonaws.com" || domain.ends_with("amazonses.com");
        self.fields.has("X-Amz-Sns-Message-Id")
            || self.mail.author().is_some_and(|from| domain(from.address.domain()))
    }

    /// Vacation notes come with an empty return path, too.
    fn speaks_for_a_person(&self) -> bool {
        let subject = self.mail.subject.to_lowercase();
        self.auto_submitted().is_some_and(|value| value == "auto-replied")
            || VACATION_SUBJECTS.iter().any(|words| subject.starts_with(words))
    }

    /// Signs of a failure notice. A person may attach a report that came back and
    /// write about it: the words and the attachment prove nothing without a sign of
    /// the sender's. A mail system's needs one more, a part of one two more, a nameless
    /// sender the returned mail and the frame that programs draw around their words.
    fn bounce_signs(&self, is_daemon: bool) -> Option<Vec<&'static str>> {
        let senders = [
            (is_daemon, "sent by a mail system"),
            (self.has_empty_path(), "empty return path"),
            (self.fields.has("X-Failed-Recipients"), "X-Failed-Recipients"),
        ];
        let subject = self.mail.subject.to_lowercase();
        let said = bounce::said(self.mail);
        let start = text::prefix(&said, START_BYTES).to_lowercase();
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        let contents = [
            (self.has_part("message/delivery-status"), "a delivery status part"),
            (any(BOUNCE_SUBJECTS, &subject) || any(STILL_TRYING, &subject), "its subject"),
            (any(BOUNCE_PHRASES, &start) || any(STILL_TRYING, &start), "its first words"),
        ];
        let named = |signs: &[(bool, &'static str)]| -> Vec<_> {
            signs.iter().filter_map(|(is, sign)| is.then_some(*sign)).collect()
        };
        let (sender, content) = (named(&senders), named(&contents));
        let returned = self.has_part("message/rfc822") || self.has_part("text/rfc822-headers");
        let enough = match () {
            _ if !sender.is_empty() => sender.len() + content.len() >= 2,
            _ if self.is_mail_machine() => content.len() >= 2,
            // Parcels cannot be delivered, either.
            _ if self.is_no_reply() => !content.is_empty() && returned,
            _ => content.len() >= 2 && returned && self.is_framed() && self.is_nameless() && !self.answers(),
        };
        enough.then(|| [sender, content].concat())
    }

    /// A mail system by its address or name. It may write `From: MAILER-DAEMON` or
    /// `From: <>`, which are no addresses at all.
    fn is_daemon(&self) -> bool {
        let is_name = |name: &str| {
            let name = name.trim_matches(['"', '<', ' ', '(']).to_lowercase();
            DAEMON_NAMES.iter().any(|daemon| name.starts_with(daemon))
        };
        let is_address = |local: &str| DAEMONS.contains(&&*bare(local));
        let mail = self.mail;
        let returns =
            matches!(&mail.envelope_sender, EnvelopeSender::Address(path) if is_address(path.local()));
        let written = mail.from.iter().any(|from| is_address(from.address.local()) || is_name(&from.name));
        returns || written || self.fields.all("From").any(|from| is_name(&from) || from.ends_with("<>"))
    }

    /// Gateways and scanners, by the words of the address or by what X.400 writes.
    fn is_mail_machine(&self) -> bool {
        let is_machine = |local: &str| local.split(['-', '_', '.']).any(|word| MAIL_MACHINES.contains(&word));
        self.mail.author().is_some_and(|from| is_machine(from.address.local()))
            || self
                .fields
                .first("Message-Type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("delivery report"))
    }

    /// People have names.
    fn is_nameless(&self) -> bool {
        self.mail.author().is_some_and(|from| from.name.is_empty()) && !self.fields.has("User-Agent")
    }

    /// Whether the first line is framed: `****** Message from the virus wall ******`.
    fn is_framed(&self) -> bool {
        let first = self.mail.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let frame = |edge: &str| edge.len() == 3 && edge.chars().all(|c| "*-=#".contains(c));
        first.get(..3).is_some_and(frame) && first.get(first.len().wrapping_sub(3)..).is_some_and(frame)
    }
}
