//! `[[staff]]` and `[[stakeholder]]`: who works on tickets, and who is told.

use super::mailbox::Mailbox;
use super::reader::Reader;
use crate::domain::EmailAddress;
use crate::domain::words::word;

/// Somebody who works on tickets.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The name customers and colleagues see.
    pub name: String,
    /// The address that commands come from and notices go to.
    pub email: EmailAddress,
    /// What they may do.
    pub role: Role,
    /// Whether they get the notices to all staff.
    pub notify: bool,
}

impl Staff {
    pub(super) fn read_all(t: &mut Reader<'_>, mailboxes: &[Mailbox]) -> Vec<Staff> {
        let mut seen: Vec<EmailAddress> = Vec::new();
        t.each("staff", |t| {
            let staff = Staff {
                name: t.required("name"),
                email: t.required("email"),
                role: t.or("role", Role::Agent),
                notify: t.or("notify", true),
            };
            somebody(t, &staff.email, &mut seen, mailboxes);
            staff
        })
    }
}

/// What a member of staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Works on tickets.
    Agent,
    /// Also hands them out.
    Lead,
    /// Also changes how the desk works.
    Admin,
}

word!(Role, "role", {
    Agent => "agent",
    Lead => "lead",
    Admin => "admin",
});

/// Somebody who is told how things stand without working on them.
#[derive(Clone, Debug)]
pub struct Stakeholder {
    /// Their name, where it is given.
    pub name: Option<String>,
    /// Where notices go.
    pub email: EmailAddress,
    /// Which notices.
    pub wants: Vec<Want>,
    /// Whether they speak for the product: they are asked what customers cannot
    /// be.
    pub product_owner: bool,
}

impl Stakeholder {
    pub(super) fn read_all(t: &mut Reader<'_>, mailboxes: &[Mailbox]) -> Vec<Stakeholder> {
        let mut seen: Vec<EmailAddress> = Vec::new();
        t.each("stakeholder", |t| {
            let stakeholder = Stakeholder {
                name: t.optional("name"),
                email: t.required("email"),
                wants: t.or("wants", Vec::new()),
                product_owner: t.or("product_owner", false),
            };
            somebody(t, &stakeholder.email, &mut seen, mailboxes);
            if stakeholder.wants.is_empty() && !stakeholder.product_owner {
                let name = t.name("wants");
                t.refuse(
                    "wants",
                    format!(
                        "`{name}` names no notice, so this stakeholder would never hear of anything; list some of \
                         \"sev1\", \"sev2\", \"sev3\", \"sev4\", \"all\", \"digest\""
                    ),
                );
            }
            stakeholder
        })
    }
}

/// What a stakeholder wants to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// Every step of a ticket of severity 1.
    Sev1,
    /// Every step of a ticket of severity 2.
    Sev2,
    /// Every step of a ticket of severity 3.
    Sev3,
    /// Every step of a ticket of severity 4.
    Sev4,
    /// Every step of every ticket.
    All,
    /// One summary a day.
    Digest,
}

word!(Want, "kind of notice", {
    Sev1 => "sev1",
    Sev2 => "sev2",
    Sev3 => "sev3",
    Sev4 => "sev4",
    All => "all",
    Digest => "digest",
});

/// Nobody stands in a list twice, and nobody is one of our own mailboxes: its
/// notices would come in again as mail.
fn somebody(t: &Reader<'_>, email: &EmailAddress, seen: &mut Vec<EmailAddress>, mailboxes: &[Mailbox]) {
    let name = t.name("email");
    if seen.contains(email) {
        t.refuse(
            "email",
            format!("`{name}` is {email}, and so is an earlier entry's; each address goes in once"),
        );
    }
    let ours = |mailbox: &&Mailbox| *email == mailbox.address || email.tag_of(&mailbox.address).is_some();
    if let Some(mailbox) = mailboxes.iter().find(ours) {
        t.refuse(
            "email",
            format!(
                "`{name}` is {email}, which is the mailbox `{}`: every notice would come in again as a new mail; \
                 use a person's own address",
                mailbox.name
            ),
        );
    }
    seen.push(email.clone());
}
