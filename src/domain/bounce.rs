//! What a delivery report says (RFC 3464, RFC 3463), in words of our own where
//! mail systems have a hundred.

use serde::Serialize;

use super::{Detail, EmailAddress, MessageId, Word, words::word};

/// What a bounce tells us about a mail of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BounceReport {
    /// The recipients it is about, as we wrote them where the report says so.
    pub failed: Vec<EmailAddress>,
    /// What became of the mail.
    pub action: Action,
    /// The enhanced status code, `5.1.1` (RFC 3463).
    pub status: Option<String>,
    /// What the server answered, `550` (RFC 5321 §4.2).
    pub reply_code: Option<u16>,
    /// Why.
    pub reason: Reason,
    /// Nothing will ever arrive at this address. Otherwise another mail, or the same
    /// one later, may get through.
    pub hard: bool,
    /// The diagnostic text, one line.
    pub diagnostic: String,
    /// The mail system that reports.
    pub reporting_mta: Option<String>,
    /// Message-IDs of the returned mail, which may be ours.
    pub original_ids: Vec<MessageId>,
}

impl BounceReport {
    /// What sort of bounce it is.
    pub fn detail(&self) -> Detail {
        match self.action {
            Action::Failed => Detail::Failure,
            Action::Delayed => Detail::Delay,
            Action::Delivered => Detail::Delivery,
        }
    }

    /// For staff: `mailbox full (soft, 5.2.2)`.
    pub fn summary(&self) -> String {
        let hardness = if self.hard { "hard" } else { "soft" };
        let code = self.status.clone().or(self.reply_code.map(|code| code.to_string()));
        let code = code.map(|code| format!(", {code}")).unwrap_or_default();
        format!("{} ({hardness}{code})", self.reason.as_str().replace('-', " "))
    }
}

/// What became of a mail (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It did not arrive.
    #[default]
    Failed,
    /// It has not arrived yet, and the server still tries.
    Delayed,
    /// It arrived, or went on to where no more is reported (delivered, relayed, expanded).
    Delivered,
}

word!(Action, "action of a delivery report", {
    Failed => "failed",
    Delayed => "delayed",
    Delivered => "delivered",
});

/// Why a mail did not arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// There is no such mailbox.
    UserUnknown,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox is there, and locked, disabled or unused.
    MailboxDisabled,
    /// The mailbox is now elsewhere.
    Moved,
    /// There is no such domain or host.
    HostUnknown,
    /// The domain takes no mail at all (RFC 7505, RFC 7504).
    TakesNoMail,
    /// No way to the host: connection, route or name service failed, or a loop.
    Unreachable,
    /// It was tried for too long.
    Expired,
    /// The mail is too large.
    TooBig,
    /// Our server's address, name or reputation is refused.
    Blocked,
    /// It was taken for spam.
    Spam,
    /// It was taken for a virus.
    Virus,
    /// SPF, DKIM or DMARC do not vouch for us.
    Authentication,
    /// Our sender address is refused.
    SenderRefused,
    /// The server does not relay for us.
    Relaying,
    /// A rule of the site forbids it.
    Policy,
    /// Its form or content cannot be taken.
    Content,
    /// Too many mails, recipients or connections.
    TooMany,
    /// The other mail system is at fault.
    System,
    /// The recipient's own settings refuse it.
    Refused,
    /// The report does not say.
    #[default]
    Unknown,
}

impl Reason {
    /// Whether it lies in the address itself, so that no other mail would fare better.
    pub fn is_about_the_address(self) -> bool {
        matches!(self, Self::UserUnknown | Self::Moved | Self::HostUnknown | Self::TakesNoMail)
    }
}

word!(Reason, "reason of a bounce", {
    UserUnknown => "user-unknown",
    MailboxFull => "mailbox-full",
    MailboxDisabled => "mailbox-disabled",
    Moved => "moved",
    HostUnknown => "host-unknown",
    TakesNoMail => "takes-no-mail",
    Unreachable => "unreachable",
    Expired => "expired",
    TooBig => "too-big",
    Blocked => "blocked",
    Spam => "spam",
    Virus => "virus",
    Authentication => "authentication",
    SenderRefused => "sender-refused",
    Relaying => "relaying",
    Policy => "policy",
    Content => "content",
    TooMany => "too-many",
    System => "system",
    Refused => "refused",
    Unknown => "unknown",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_read_the_reason_and_whether_it_lasts() {
        let mut report = BounceReport { reason: Reason::MailboxFull, ..BounceReport::default() };
        assert_eq!(report.summary(), "mailbox full (soft)");
        report.reply_code = Some(552);
        assert_eq!(report.summary(), "mailbox full (soft, 552)");
        report.status = Some("5.2.2".to_owned());
        assert_eq!(report.summary(), "mailbox full (soft, 5.2.2)");
        report = BounceReport { reason: Reason::UserUnknown, hard: true, ..report };
        assert_eq!(report.summary(), "user unknown (hard, 5.2.2)");
    }
}
