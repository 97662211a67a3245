//! Mails as people write them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Postbox, postbox::Received};

/// A mail to be sent: header fields in order, and a text.
#[derive(Clone)]
pub struct Letter {
    /// The envelope sender.
    pub from: String,
    /// The envelope recipient; the desk's own address where there is none.
    pub to: Option<String>,
    /// Its Message-ID, with the angle brackets.
    pub id: String,
    fields: Vec<(String, String)>,
    body: String,
}

impl Letter {
    /// A new mail from an address, or from `Name <address>`, to the desk.
    pub fn new(from: &str, subject: &str, body: &str) -> Letter {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let id = format!("<letter-{}@customer.test>", NEXT.fetch_add(1, Ordering::Relaxed));
        let address = from.rsplit_once('<').map_or(from, |(_, rest)| rest.trim_end_matches('>'));
        let fields = [
            ("From", from),
            ("To", "support@desk.test"),
            ("Subject", subject),
            ("Date", "Sat, 21 Nov 2026 10:00:00 +0100"),
            ("Message-ID", &id),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Letter { from: address.to_owned(), to: None, id, fields, body: body.to_owned() }
    }

    /// What a mail program makes of "reply" to a mail that came: to its Reply-To, with In-Reply-To and
    /// References.
    pub fn reply(from: &Postbox, mail: &Received, body: &str) -> Letter {
        let to = mail.header("Reply-To").unwrap_or_else(|| mail.header("From").expect("who wrote it"));
        let references = format!("{} {}", mail.header("References").unwrap_or_default(), mail.message_id());
        let mut letter = Letter::new(&from.address, &format!("Re: {}", mail.subject()), body)
            .with("To", &to)
            .with("In-Reply-To", &mail.message_id())
            .with("References", references.trim());
        letter.to = Some(to);
        letter
    }

    /// The same with this field, in the place of one of that name or behind the others.
    pub fn with(mut self, name: &str, value: &str) -> Letter {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        if name == "Message-ID" {
            self.id = value.to_owned();
        }
        self
    }

    /// The same without a field.
    pub fn without(mut self, name: &str) -> Letter {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// The same with another envelope recipient.
    pub fn to(mut self, address: &str) -> Letter {
        self.to = Some(address.to_owned());
        self
    }

    /// The same as `multipart/mixed` with files behind the text: name, as it goes behind
    /// `Content-Disposition: attachment; `, and content.
    pub fn with_files(self, files: &[(&str, &[u8])]) -> Letter {
        let mut body = format!("--=_part\nContent-Type: text/plain; charset=utf-8\n\n{}\n", self.body);
        for (name, content) in files {
            let content = data_encoding::BASE64_MIME.encode(content);
            body += &format!(
                "--=_part\nContent-Type: application/octet-stream\nContent-Disposition: attachment; {name}\nContent-Transfer-Encoding: base64\n\n{content}\n"
            );
        }
        body += "--=_part--\n";
        Letter { body, ..self }.with("Content-Type", "multipart/mixed; boundary=\"=_part\"")
    }

    /// The bytes, lines ending with CR LF.
    pub fn bytes(&self) -> Vec<u8> {
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let mail = format!("{fields}\n{}", self.body).replace("\r\n", "\n").replace('\n', "\r\n");
        mail.into_bytes()
    }
}
