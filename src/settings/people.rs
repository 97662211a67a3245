//! `[[staff]]`: who works on tickets.

use jiff::tz::TimeZone;

use super::mailbox::Mailbox;
use super::product::Product;
use super::reader::Reader;
use super::times::Levels;
use crate::domain::EmailAddress;
use crate::domain::words::word;
use crate::ticket::Level;

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
    /// Whether they also hear of new tickets that the desk gave to somebody else.
    pub watch: bool,
    /// The products they know; none are all.
    pub products: Vec<String>,
    /// The triage levels they work on; none are all.
    pub levels: Vec<Level>,
    /// Most open tickets at a time that the desk gives them.
    pub capacity: u32,
    /// Where their days begin and end, and in which they read times.
    pub zone: TimeZone,
    /// It is their own; else that of the site.
    pub zone_is_own: bool,
}

impl Staff {
    pub(super) fn read_all(
        t: &mut Reader<'_>,
        mailboxes: &[Mailbox],
        products: &[Product],
        zone: &TimeZone,
    ) -> Vec<Staff> {
        let mut seen: Vec<EmailAddress> = Vec::new();
        t.each("staff", |t| {
            let own = t.optional("zone");
            let staff = Staff {
                name: t.required("name"),
                email: t.required("email"),
                role: t.or("role", Role::Agent),
                notify: t.or("notify", true),
                watch: t.or("watch", false),
                products: t.or("products", Vec::new()),
                levels: t.or("levels", Levels::default()).0,
                capacity: t.number("capacity", UNBOUNDED, 0..=UNBOUNDED.into()),
                zone_is_own: own.is_some(),
                zone: own.unwrap_or_else(|| zone.clone()),
            };
            somebody(t, &staff.email, &mut seen, mailboxes);
            of_products(t, &staff.products, products);
            staff
        })
    }

    /// Whether somebody may have as many tickets as come.
    pub fn is_unbounded(&self) -> bool {
        self.capacity == UNBOUNDED
    }
}

/// Nobody has so many open tickets at a time.
const UNBOUNDED: u32 = 1000;

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

/// Nobody stands in a list twice, and nobody is one of our own mailboxes: its
/// notices would come in again as mail.
pub(super) fn somebody(
    t: &Reader<'_>,
    email: &EmailAddress,
    seen: &mut Vec<EmailAddress>,
    mailboxes: &[Mailbox],
) {
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

/// Refuses a list of people that names one who is not on the staff list, or one twice.
pub(super) fn of_staff(t: &Reader<'_>, key: &'static str, named: &[EmailAddress], staff: &[Staff]) {
    let name = t.name(key);
    if let Some(unknown) = named.iter().find(|email| staff.iter().all(|each| each.email != **email)) {
        t.refuse(key, format!("`{name}` has {unknown}, who is not on the staff list; add a [[staff]] entry"));
    }
    if let Some((_, twice)) = named.iter().enumerate().find(|(at, email)| named[..*at].contains(email)) {
        t.refuse(key, format!("`{name}` has {twice} twice; each address goes in once"));
    }
}

/// Refuses a list of products that names one that is not configured.
pub(super) fn of_products(t: &Reader<'_>, named: &[String], products: &[Product]) {
    let known = |name: &String| products.iter().any(|product| product.name.eq_ignore_ascii_case(name));
    if let Some(unknown) = named.iter().find(|name| !known(name)) {
        let name = t.name("products");
        t.refuse("products", format!("`{name}` has `{unknown}`, and no [[product]] has this name"));
    }
}
