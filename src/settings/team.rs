//! `[[queue]]` and `[assignment]`: whose work a ticket is, and who gets it.

use super::mailbox::Mailbox;
use super::people::{Staff, of_products, of_staff};
use super::product::Product;
use super::reader::Reader;
use super::rota::{Roster, differs};
use super::times::Levels;
use crate::domain::EmailAddress;
use crate::domain::words::word;
use crate::ticket::Level;

/// A part of the work that some of the staff do.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Its name in commands and mails.
    pub name: String,
    /// Its products; none are all.
    pub products: Vec<String>,
    /// Its triage levels; none are all.
    pub levels: Vec<Level>,
    /// The mailboxes whose tickets it takes; none are all.
    pub mailboxes: Vec<String>,
    /// Who works on it.
    pub members: Vec<EmailAddress>,
    /// The rota that says which of them are on duty; without it all are.
    pub rota: Option<String>,
}

impl Queue {
    pub(super) fn read_all(
        t: &mut Reader<'_>,
        mailboxes: &[Mailbox],
        known_products: &[Product],
        staff: &[Staff],
        rotas: &[Roster],
    ) -> Vec<Queue> {
        let mut seen = Vec::new();
        t.each("queue", |t| {
            let name: String = t.required("name");
            one_word(t, &name);
            differs(t, &name, &mut seen);
            let products: Vec<String> = t.or("products", Vec::new());
            of_products(t, &products, known_products);
            let levels = t.or("levels", Levels::default()).0;
            let from: Vec<String> = t.or("mailboxes", Vec::new());
            if let Some(unknown) = from.iter().find(|name| mailboxes.iter().all(|it| it.name != **name)) {
                let key = t.name("mailboxes");
                t.refuse("mailboxes", format!("`{key}` has `{unknown}`, and no [[mailbox]] has this name"));
            }
            let members: Vec<EmailAddress> = t.or("members", Vec::new());
            of_staff(t, "members", &members, staff);
            let roster = rota(t, rotas);
            if roster.is_none() == members.is_empty() && !t.refused("rota") {
                let path = t.path();
                t.refuse(
                    "members",
                    format!(
                        "`{path}` needs either members, a list of addresses that are always on duty, or rota, the name of \
                         a [[rota]]"
                    ),
                );
            }
            let members = roster.map_or(members, |roster| roster.members.clone());
            let rota = roster.map(|roster| roster.name.clone());
            Queue { name, products, levels, mailboxes: from, members, rota }
        })
    }

    /// Whether a ticket of these facts is its work. A level that nobody has told yet is every queue's.
    pub fn takes(&self, product: Option<&str>, level: Option<Level>, mailbox: &str) -> bool {
        let is = |known: &str| product.is_some_and(|product| product.eq_ignore_ascii_case(known));
        (self.products.is_empty() || self.products.iter().any(|known| is(known)))
            && level.is_none_or(|level| self.levels.is_empty() || self.levels.contains(&level))
            && (self.mailboxes.is_empty() || self.mailboxes.iter().any(|known| known == mailbox))
    }
}

/// How new tickets find somebody who works on them.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Whether the desk chooses.
    pub mode: Mode,
    /// Who is on duty for tickets of no queue; without it everybody on the staff list.
    pub rota: Option<String>,
    /// Whether who had less maintenance in this sprint comes first.
    pub balance: bool,
}

impl Assignment {
    pub(super) fn read(t: &mut Reader<'_>, rotas: &[Roster]) -> Assignment {
        Assignment {
            mode: t.or("mode", Mode::Off),
            rota: rota(t, rotas).map(|roster| roster.name.clone()),
            balance: t.or("balance", false),
        }
    }
}

/// Who chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// People do.
    Off,
    /// The desk does, and fairly.
    Fair,
}

word!(Mode, "way to assign", {
    Off => "off",
    Fair => "fair",
});

/// The rota that the key `rota` names.
fn rota<'a>(t: &mut Reader<'_>, rotas: &'a [Roster]) -> Option<&'a Roster> {
    let name: String = t.optional("rota")?;
    let found = rotas.iter().find(|rota| rota.name.eq_ignore_ascii_case(&name));
    if found.is_none() {
        let key = t.name("rota");
        t.refuse("rota", format!("`{key}` is `{name}`, and no [[rota]] has this name"));
    }
    found
}

fn one_word(t: &Reader<'_>, name: &str) {
    if name.split_whitespace().count() != 1 {
        let key = t.name("name");
        t.refuse(
            "name",
            format!("`{key}` is the text \"{name}\"; expected one word, such as \"development\""),
        );
    }
}
