//! Whom a mail brings along: the people it was sent to beside us.
//!
//! Whether they may take part is decided elsewhere ([`Opening::cc_take_part`],
//! [`Joining::cc_take_part`]): this only says who they are. Machines, lists and our
//! own people are nobody's company: what one sends to them goes astray, is multiplied,
//! or comes back.
//!
//! [`Opening::cc_take_part`]: super::Opening::cc_take_part
//! [`Joining::cc_take_part`]: super::Joining::cc_take_part

use crate::domain::{EmailAddress, InboundMail};

/// Local parts behind which nobody reads, or a program does; separators left out.
const NOBODY: &[&str] =
    &["noreply", "donotreply", "mailerdaemon", "postmaster", "listserv", "majordomo", "nobody"];

/// What local parts of lists and of their programs end in, or begin with.
const LIST_ENDS: &[&str] = &[
    "-request",
    "-owner",
    "-bounces",
    "-bounce",
    "-subscribe",
    "-unsubscribe",
    "-announce",
    "-list",
    "-users",
    "-devel",
];
/// See [`LIST_ENDS`].
const LIST_STARTS: &[&str] = &["owner-", "bounce-", "bounces-", "bounce+", "bounces+", "list-", "sympa"];

/// The addresses in Cc and To other than the author's, those of machines and lists,
/// and those that are `internal`: ours and staff's. Each once, in order. In To there
/// may be a second name of ours that no configuration knows, so nobody of our domains
/// is taken from there.
pub fn company<'m>(
    mail: &'m InboundMail,
    ours: &[EmailAddress],
    internal: impl Fn(&EmailAddress) -> bool,
) -> Vec<&'m EmailAddress> {
    let mut found: Vec<&EmailAddress> = Vec::new();
    let at_home = |address: &EmailAddress| ours.iter().any(|our| our.domain() == address.domain());
    let to = mail.to.iter().filter(|named| !at_home(&named.address));
    for named in mail.cc.iter().chain(to) {
        let address = &named.address;
        let author = mail.from.iter().any(|from| from.address == *address);
        if !author && !is_machine(address) && !internal(address) && !found.contains(&address) {
            found.push(address);
            if found.len() == MAX_COMPANY {
                break;
            }
        }
    }
    found
}

/// More people than this are a list.
const MAX_COMPANY: usize = 100;

/// Whether nobody reads at this address, or a list or its program does.
pub fn is_machine(address: &EmailAddress) -> bool {
    let local = address.local();
    let plain: String = local.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    NOBODY.iter().any(|name| plain.starts_with(name))
        || LIST_ENDS.iter().any(|end| local.ends_with(end))
        || LIST_STARTS.iter().any(|start| local.starts_with(start))
        || ["lists", "groups", "googlegroups"]
            .iter()
            .any(|label| address.domain().split('.').next() == Some(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::NamedAddress;

    fn with(to: &[&str], cc: &[&str]) -> Vec<String> {
        let named =
            |all: &[&str]| all.iter().map(|one| NamedAddress::new("", one.parse().unwrap())).collect();
        let mail = InboundMail {
            from: named(&["anna@c.test"]),
            to: named(to),
            cc: named(cc),
            ..InboundMail::default()
        };
        let found =
            company(&mail, &["support@desk.test".parse().unwrap()], |address| address.local() == "agent");
        found.into_iter().map(|address| address.to_string()).collect()
    }

    #[test]
    fn people_beside_us_are_company_whether_in_to_or_on_cc() {
        let found =
            with(&["help@desk.test", "ben@c.test"], &["Carl@c.test", "ben@c.test", "agent@desk.test"]);
        assert_eq!(found, ["carl@c.test", "ben@c.test"]);
        assert_eq!(with(&["support@desk.test"], &["anna@c.test"]), [""; 0], "the author is there already");
    }

    #[test]
    fn machines_and_lists_are_nobody() {
        for address in [
            "no-reply@c.test",
            "noreply+17@c.test",
            "do_not_reply@c.test",
            "MAILER-DAEMON@c.test",
            "users-request@c.test",
            "owner-users@c.test",
            "rust-users@c.test",
            "bounces+x@c.test",
            "anything@lists.c.test",
            "team@googlegroups.com",
        ] {
            assert_eq!(with(&[], &[address]), [""; 0], "{address}");
        }
        assert_eq!(with(&[], &["alistair@c.test", "reply@c.test"]), ["alistair@c.test", "reply@c.test"]);
    }

    #[test]
    fn a_crowd_is_bounded() {
        let crowd: Vec<String> = (0..300).map(|n| format!("p{n}@c.test")).collect();
        assert_eq!(with(&[], &crowd.iter().map(String::as_str).collect::<Vec<_>>()).len(), MAX_COMPANY);
    }
}
