//! Which mail a read receipt speaks of, and what became of it (RFC 8098 §3.2).

use super::parts::lossy;
use crate::domain::{Attachment, MessageId};

/// As much of the notification as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 64 * 1024;

/// The Original-Message-ID of the notification among the parts of a receipt.
pub(super) fn original_id(parts: &[Attachment]) -> Option<MessageId> {
    MessageId::parse(&field(parts, "Original-Message-ID")?)
}

/// Whether the mail was displayed to somebody: `manual-action/MDN-sent-manually;
/// displayed` (§3.2.6). Otherwise it was deleted or handled without being shown.
pub(super) fn was_shown(parts: &[Attachment]) -> bool {
    let disposition = field(parts, "Disposition").unwrap_or_default().to_ascii_lowercase();
    let kind = disposition.rsplit(';').next().unwrap_or_default();
    kind.split('/').next().unwrap_or_default().trim() == "displayed"
}

fn field(parts: &[Attachment], name: &str) -> Option<String> {
    let part = parts.iter().find(|part| part.mime == "message/disposition-notification")?;
    let body = lossy(&part.bytes, MAX_SCAN_BYTES);
    let unfolded = body.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let mut fields = unfolded.lines().filter_map(|line| line.split_once(':'));
    let found = fields.find(|(written, _)| written.trim().eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::Detail,
        mail::{Ours, read},
    };

    fn answers(fields: &str, root: &str) -> Vec<String> {
        let raw = format!(
            "From: a@example.org\n{fields}Content-Type: {root}; boundary=b\n\n--b\n\nIt was read.\n--b\n\
             Content-Type: message/disposition-notification\n\nReporting-UA: x\n\
             original-message-id:\n <1@desk.test>\nDisposition: manual-action\n--b--\n"
        );
        let mail = read(raw.as_bytes(), &Ours::nobody());
        mail.in_reply_to.iter().map(|id| id.as_str().to_owned()).collect()
    }

    #[test]
    fn a_receipt_says_whether_the_mail_was_shown() {
        let detail = |disposition: &str| {
            let raw = format!(
                "From: a@example.org\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n\
                 --b\n\nIt was read.\n--b\nContent-Type: message/disposition-notification\n\n\
                 Disposition: {disposition}\n--b--\n"
            );
            read(raw.as_bytes(), &Ours::nobody()).detail
        };
        assert_eq!(detail("manual-action/MDN-sent-manually; displayed"), Some(Detail::Read));
        assert_eq!(detail("automatic-action/MDN-sent-automatically;\n displayed/error"), Some(Detail::Read));
        assert_eq!(detail("automatic-action/MDN-sent-automatically; deleted"), Some(Detail::Deleted));
        assert_eq!(detail("manual-action"), Some(Detail::Deleted));
    }

    #[test]
    fn a_receipt_without_in_reply_to_answers_the_mail_it_names() {
        let receipt = "multipart/report; report-type=disposition-notification";
        assert_eq!(answers("", receipt), ["1@desk.test"]);
        assert_eq!(answers("In-Reply-To: <2@desk.test>\n", receipt), ["2@desk.test"]);
        assert_eq!(answers("", "multipart/mixed"), [""; 0]);
    }
}
