//! `[[mailbox]]`: an address that customers write to.

use super::product::Product;
use super::reader::Reader;
use super::servers::{Imap, Smtp, Verify};
use crate::domain::EmailAddress;
use crate::domain::reference::SigningKey;

/// The longest local part of an address (RFC 5321 §4.5.3.1.1), in octets.
const MAX_LOCAL_OCTETS: usize = 64;

/// An address that customers write to and get answers from.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Its short name in commands, logs and variables.
    pub name: String,
    /// The address customers know.
    pub address: EmailAddress,
    /// The name beside the address in our mails; else the site's.
    pub display_name: Option<String>,
    /// Whose Authentication-Results are believed (RFC 8601 §2.5); nobody's
    /// without it.
    pub authserv_id: Option<String>,
    /// Our own check of senders, where the server writes no Authentication-Results.
    pub verify: Option<Verify>,
    /// Whether replies go to `support+tag@…`, which tells the ticket.
    pub reply_tag: bool,
    /// The product that its mail is about, when all of it is about one.
    pub product: Option<String>,
    /// Where it is read. Without it only `deskgate ingest` brings mail.
    pub imap: Option<Imap>,
    /// Where its answers are handed in.
    pub smtp: Smtp,
}

impl Mailbox {
    /// All mailboxes; at least one is needed.
    pub(super) fn read_all(t: &mut Reader<'_>, products: &[Product]) -> Vec<Mailbox> {
        let mut seen: Vec<Mailbox> = Vec::new();
        t.each("mailbox", |t| {
            let mailbox = Mailbox::read(t).about_a_known_product(t, products);
            mailbox.differs_from(&seen, t);
            seen.push(mailbox);
        });
        if !t.has("mailbox") || (seen.is_empty() && !t.refused("mailbox")) {
            t.refuse("mailbox", NONE.to_owned());
        }
        seen
    }

    fn read(t: &mut Reader<'_>) -> Mailbox {
        Mailbox {
            name: name(t),
            address: t.required("address"),
            display_name: t.optional("display_name"),
            authserv_id: t.optional("authserv_id"),
            verify: t.table("verify", Verify::read),
            reply_tag: t.or("reply_tag", true),
            product: t.optional("product"),
            imap: t.table("imap", Imap::read),
            smtp: t.section("smtp", Smtp::read),
        }
        .with_room_for_tags(t)
        .with_one_judge(t)
    }

    fn about_a_known_product(mut self, t: &Reader<'_>, products: &[Product]) -> Self {
        let Some(name) = &self.product else { return self };
        match products.iter().find(|product| product.name.eq_ignore_ascii_case(name)) {
            Some(product) => self.product = Some(product.name.clone()),
            None => {
                let key = t.name("product");
                t.refuse(
                    "product",
                    format!(
                        "`{key}` is `{name}`, and no [[product]] has this name; add one, or leave the key out"
                    ),
                );
            }
        }
        self
    }

    /// Whether anybody says who a sender is: the server, or we ourselves.
    pub fn has_proof(&self) -> bool {
        self.authserv_id.is_some() || self.verify.is_some()
    }

    fn with_one_judge(self, t: &Reader<'_>) -> Self {
        if self.authserv_id.is_some() && self.verify.is_some() {
            let name = t.name("verify");
            t.refuse(
                "verify",
                format!(
                    "`{name}` checks senders ourselves, and `authserv_id` believes the server; use one of them: \
                     `authserv_id` where the server writes Authentication-Results on every mail"
                ),
            );
        }
        self
    }

    fn with_room_for_tags(self, t: &Reader<'_>) -> Self {
        let most = MAX_LOCAL_OCTETS - 1 - SigningKey::MAX_TAG_OCTETS;
        if self.reply_tag && self.address.local().len() > most {
            let (name, address) = (t.name("address"), &self.address);
            t.refuse(
                "address",
                format!(
                    "`{name}` is {address}, whose replies would go to {}+tag@{}: with the tag that is longer than \
                     the {MAX_LOCAL_OCTETS} octets mail allows before the @. Use at most {most} octets there, or \
                     set `reply_tag = false`",
                    self.address.local(),
                    self.address.domain()
                ),
            );
        }
        self
    }

    fn differs_from(&self, others: &[Mailbox], t: &Reader<'_>) {
        if others.iter().any(|other| other.name == self.name) {
            let name = t.name("name");
            t.refuse(
                "name",
                format!("`{name}` is `{}`, and so is another mailbox's; names must differ", self.name),
            );
        }
        if others.iter().any(|other| other.address == self.address) {
            let name = t.name("address");
            t.refuse(
                "address",
                format!("`{name}` is {}, and so is another mailbox's; addresses must differ", self.address),
            );
        }
        let same_place = |other: &&Mailbox| place(self).is_some() && place(other) == place(self);
        if let Some(other) = others.iter().find(same_place) {
            let name = t.name("imap");
            t.refuse(
                "imap",
                format!(
                    "`{name}` reads the folder that the mailbox `{}` reads: every mail would become two tickets; \
                     name another folder or user",
                    other.name
                ),
            );
        }
    }
}

const NONE: &str = "there is no mailbox, so there is nothing to do; add one with its servers, for example

    [[mailbox]]
    name = \"support\"
    address = \"support@example.org\"
    imap = { host = \"imap.example.org\", user = \"support\", password_env = \"SUPPORT_PASSWORD\" }
    smtp = { host = \"smtp.example.org\", user = \"support\", password_env = \"SUPPORT_PASSWORD\" }";

/// Where a mailbox is read, as far as two could be the same.
fn place(mailbox: &Mailbox) -> Option<(&str, u16, &str, &str)> {
    let imap = mailbox.imap.as_ref()?;
    Some((&imap.host, imap.port, &imap.user, &imap.folder))
}

fn name(t: &mut Reader<'_>) -> String {
    let name: String = t.required("name");
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if !name.bytes().all(plain) {
        let key = t.name("name");
        t.refuse(
            "name",
            format!(
                "`{key}` is the text \"{name}\"; expected small letters, digits, - and _, such as \"support\""
            ),
        );
    }
    name
}
