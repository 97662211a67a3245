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
        if let Some(from) =
            self.mail.from.iter().find(|from| SPEAKERS.contains(&&*bare(from.address.local())))
        {
            return Some(format!("nobody writes as {}", from.address));
        }
        // Postmasters are people, too, and answer.
        let is_daemon = self.is_daemon();
        let is_transcript = is_daemon && bounce::tells_a_conversation(&bounce::said(self.mail));
        if self.is_answer() && self.answers() && !self.has_empty_path() && !is_transcript {
            return None;
        }
        if !is_daemon && (self.is_answer() || self.speaks_for_a_person()) {
            return None;
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

    /// Signs of a failure notice. People write about mail, parcels and orders that did
    /// not arrive, so that words prove nothing without a sign in the structure of the
    /// mail. The empty return path, which vacation notes have, too, asks for a subject or
    /// for two more signs, a part of a mail system for both its subject and its words.
    fn bounce_signs(&self, is_daemon: bool) -> Option<Vec<&'static str>> {
        let said = bounce::said(self.mail);
        let structure = named(&self.structure(&said));
        let subject = self.mail.subject.to_lowercase();
        let start = text::prefix(&said, START_BYTES).to_lowercase();
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        let by_subject = any(BOUNCE_SUBJECTS, &subject) || any(STILL_TRYING, &subject);
        let by_words = any(BOUNCE_PHRASES, &start) || any(STILL_TRYING, &start);
        let words = named(&[(by_subject, "its subject"), (by_words, "its first words")]);
        let refuses = bounce::refuses_somebody(&said);
        let enough = match () {
            _ if is_daemon => {
                self.is_from_nobody() || !structure.is_empty() && !words.is_empty() || refuses && by_subject
            }
            _ if self.returns_to_nobody() || self.fields.has("X-Failed-Recipients") => {
                by_subject || by_words && (structure.len() >= 2 || refuses)
            }
            _ if self.is_mail_machine() => words.len() == 2 && (!structure.is_empty() || refuses),
            // Parcels cannot be delivered, either.
            _ if self.is_no_reply() => !words.is_empty() && self.returns_a_mail(),
            // Whoever is called by no name, and draws a frame around words.
            _ => words.len() == 2 && self.returns_a_mail() && self.is_framed() && self.is_nameless(),
        };
        let sender = named(&[(is_daemon, "sent by a mail system"), (refuses, "a refused address")]);
        enough.then(|| [sender, structure, words].concat())
    }

    /// What only programs write.
    fn structure(&self, said: &str) -> [(bool, &'static str); 7] {
        [
            (bounce::tells_a_conversation(said), "an SMTP conversation"),
            (self.machine_words() >= 2, "an address of a program"),
            (self.returns_to_nobody(), "empty return path"),
            (self.auto_submitted().is_some(), "Auto-Submitted"),
            (self.fields.has("X-Failed-Recipients"), "X-Failed-Recipients"),
            (self.has_part("message/delivery-status"), "a delivery status part"),
            (self.returns_a_mail() || bounce::returns_header(said), "a returned mail"),
        ]
    }

    /// Whether it is written by no address at all or returned to none, as a program's.
    fn is_from_nobody(&self) -> bool {
        self.returns_to_nobody() || self.fields.all("From").any(|from| from.ends_with("<>"))
    }

    /// The empty path, or the mail system's own for it.
    fn returns_to_nobody(&self) -> bool {
        self.has_empty_path()
            || matches!(&self.mail.envelope_sender, EnvelopeSender::Address(path) if SPEAKERS.contains(&&*bare(path.local())))
    }

    fn returns_a_mail(&self) -> bool {
        self.has_part("message/rfc822") || self.has_part("text/rfc822-headers")
    }

    /// A mail system by its address or name. It may write `From: MAILER-DAEMON` or
    /// `From: <>`, which are no addresses at all.
    fn is_daemon(&self) -> bool {
        let is_name = |name: &str| {
            let name = name.split(['<', '(']).next().unwrap_or_default();
            DAEMON_NAMES.contains(&name.trim_matches(['"', ' ']).to_lowercase().as_str())
        };
        // Some write what is no address: `<Postmaster\@example.com@example.net>`.
        let is_broken = |from: &str| {
            let local = from.rsplit('<').next().unwrap_or_default().split(['@', '\\']).next();
            local.is_some_and(|local| DAEMONS.contains(&&*bare(&local.to_lowercase())))
        };
        let is_address = |local: &str| DAEMONS.contains(&&*bare(local));
        let mail = self.mail;
        let returns =
            matches!(&mail.envelope_sender, EnvelopeSender::Address(path) if is_address(path.local()));
        let written = mail.from.iter().any(|from| is_address(from.address.local()) || is_name(&from.name));
        returns
            || written
            || self.fields.all("From").any(|from| is_name(&from) || is_broken(&from) || from.ends_with("<>"))
    }

    fn machine_words(&self) -> usize {
        let count =
            |local: &str| local.split(['-', '_', '.']).filter(|word| MAIL_MACHINES.contains(word)).count();
        self.mail.author().map_or(0, |from| count(from.address.local()))
    }

    /// Gateways and scanners, by the words of the address or by what X.400 writes.
    fn is_mail_machine(&self) -> bool {
        self.machine_words() > 0
            || self
                .fields
                .first("Message-Type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("delivery report"))
    }

    /// People have names.
    fn is_nameless(&self) -> bool {
        let is_nameless = self.mail.author().is_some_and(|from| from.name.is_empty());
        is_nameless && !self.fields.has("User-Agent") && !self.answers()
    }

    /// Whether the first line is framed, as programs do: `****** Message from ... ******`.
    fn is_framed(&self) -> bool {
        let first = self.mail.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let frame = |edge: &str| edge.len() == 3 && edge.chars().all(|c| "*-=#".contains(c));
        first.get(..3).is_some_and(frame) && first.get(first.len().wrapping_sub(3)..).is_some_and(frame)
    }
}

/// The names of the signs that are there.
fn named(signs: &[(bool, &'static str)]) -> Vec<&'static str> {
    signs.iter().filter_map(|(is, sign)| is.then_some(*sign)).collect()
}
