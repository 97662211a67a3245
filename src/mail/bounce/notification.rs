//! Amazon SES tells of bounces in JSON, by mail or inside another notification.

use serde::Deserialize;

/// As much of a text as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 64 * 1024;

/// `notificationType` (or `eventType`) and what belongs to it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::mail) struct Notification {
    #[serde(alias = "eventType")]
    notification_type: String,
    bounce: Option<Bounce>,
    delivery: Option<Delivery>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounced_recipients: Vec<Recipient>,
}

/// One recipient that failed; the fields of RFC 3464 under other names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Recipient {
    pub email_address: String,
    #[serde(default)]
    pub action: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub diagnostic_code: String,
}

#[derive(Debug, Deserialize)]
struct Delivery {
    #[serde(default)]
    recipients: Vec<String>,
    #[serde(default, rename = "smtpResponse")]
    smtp_response: String,
}

/// The envelope of Amazon SNS: the notification is a text in it.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Message")]
    message: String,
}

impl Notification {
    /// The notification at the start of a text; lines that were broken on the way
    /// are joined.
    pub fn of(text: &str) -> Option<Notification> {
        let text = crate::domain::text::prefix(text, MAX_SCAN_BYTES).trim_start();
        if !text.starts_with('{') {
            return None;
        }
        // Mail servers break long lines by `!`, a line end and a blank.
        let joined = text.replace("!\n ", "").replace("\n ", " ").replace('\n', " ");
        let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter().next()?.ok();
        first(&joined).or_else(|| {
            let mut envelopes = serde_json::Deserializer::from_str(&joined).into_iter::<Envelope>();
            serde_json::from_str(&envelopes.next()?.ok()?.message).ok()
        })
    }

    /// Whether it tells of a bounce or a delivery, and not of a complaint.
    pub fn is_report(&self) -> bool {
        matches!(self.notification_type.as_str(), "Bounce" | "Delivery")
    }

    /// Whether somebody called a mail of ours spam.
    pub fn is_complaint(&self) -> bool {
        self.notification_type == "Complaint"
    }

    /// Everybody it tells of.
    pub(super) fn recipients(self) -> Vec<Recipient> {
        if let Some(bounce) = self.bounce {
            return bounce.bounced_recipients;
        }
        let Some(delivery) = self.delivery else { return Vec::new() };
        let arrived = |email_address| Recipient {
            email_address,
            action: "delivered".to_owned(),
            status: String::new(),
            diagnostic_code: delivery.smtp_response.clone(),
        };
        delivery.recipients.iter().cloned().map(arrived).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNCE: &str = r#"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"a@example.org","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{}}"#;

    #[test]
    fn a_notification_is_read_bare_and_in_its_envelope() {
        let envelope = serde_json::json!({ "Type": "Notification", "Message": BOUNCE }).to_string();
        let with_footer = format!("{BOUNCE}\n\n--\nIf you wish to stop receiving ...");
        for text in
            [BOUNCE.to_owned(), envelope.clone(), with_footer, envelope.replace("failed", "fai!\n led")]
        {
            let notification = Notification::of(&text).expect("it is one");
            assert!(notification.is_report());
            let recipients = notification.recipients();
            assert_eq!(
                (recipients[0].email_address.as_str(), recipients[0].action.as_str()),
                ("a@example.org", "failed")
            );
        }
    }

    #[test]
    fn a_delivery_and_a_complaint_are_no_failures() {
        let delivery = r#"{"notificationType":"Delivery","delivery":{"recipients":["a@example.org"],"smtpResponse":"250 ok"}}"#;
        let recipients = Notification::of(delivery).expect("it is one").recipients();
        assert_eq!(recipients[0].action, "delivered");
        let complaint =
            Notification::of(r#"{"notificationType":"Complaint","complaint":{}}"#).expect("it is one");
        assert!(complaint.is_complaint() && !complaint.is_report());
        assert!(Notification::of("Hello, {\"notificationType\":\"Bounce\"}").is_none());
    }
}
