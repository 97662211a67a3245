//! Which mail a read receipt speaks of (RFC 8098 §3.2.5).

use super::parts::lossy;
use crate::domain::{Attachment, MessageId};

/// As much of the notification as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 64 * 1024;

/// The Original-Message-ID of the notification among the parts of a receipt.
pub(super) fn original_id(parts: &[Attachment]) -> Option<MessageId> {
    let part = parts.iter().find(|part| part.mime == "message/disposition-notification")?;
    let body = lossy(&part.bytes, MAX_SCAN_BYTES);
    let unfolded = body.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let fields = unfolded.lines().filter_map(|line| line.split_once(':'));
    let mut ids = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case("Original-Message-ID"));
    MessageId::parse(ids.next()?.1.trim())
}

#[cfg(test)]
mod tests {
    use crate::mail::{Ours, read};

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
    fn a_receipt_without_in_reply_to_answers_the_mail_it_names() {
        let receipt = "multipart/report; report-type=disposition-notification";
        assert_eq!(answers("", receipt), ["1@desk.test"]);
        assert_eq!(answers("In-Reply-To: <2@desk.test>\n", receipt), ["2@desk.test"]);
        assert_eq!(answers("", "multipart/mixed"), [""; 0]);
    }
}
