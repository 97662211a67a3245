//! Which mails have nothing to do with each other, so that they may be taken in together.

use std::collections::HashSet;

use super::Incoming;

/// Each address is a lock of the database, which has a few thousand for everybody.
const MOST_ADDRESSES: usize = 200;

/// Cuts a row of mails into stretches: nothing in one answers anything, and no two mails in it are of one person.
pub(super) fn stretches(mails: &[Incoming], answers_nothing: impl Fn(&Incoming) -> bool) -> Vec<&[Incoming]> {
    let mut stretches = Vec::new();
    let (mut start, mut people) = (0, HashSet::new());
    for (at, incoming) in mails.iter().enumerate() {
        let alone = !answers_nothing(incoming);
        let after_own = incoming.addresses().any(|address| people.contains(address));
        let too_many = people.len() + incoming.addresses().count() > MOST_ADDRESSES;
        if at > start && (alone || after_own || too_many) {
            stretches.push(&mails[start..at]);
            (start, people) = (at, HashSet::new());
        }
        people.extend(incoming.addresses());
        if alone {
            stretches.push(&mails[at..=at]);
            (start, people) = (at + 1, HashSet::new());
        }
    }
    if start < mails.len() {
        stretches.push(&mails[start..]);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{InboundId, InboundMail, MailboxId, NamedAddress},
        report,
    };

    /// Mails of these authors; those of whom one is named `re` answer something.
    fn lengths(authors: &[&str]) -> Vec<usize> {
        let incoming = |author: &&str| {
            let address = format!("{author}@customer.test").parse().unwrap();
            let mail = InboundMail { from: vec![NamedAddress::new("", address)], ..InboundMail::default() };
            Incoming {
                inbound: InboundId(1),
                mailbox: MailboxId(1),
                verdict: report::gate(&mail),
                passed_on: None,
                wanted_by: None,
                mail,
            }
        };
        let mails: Vec<Incoming> = authors.iter().map(incoming).collect();
        let answers_nothing = |mail: &Incoming| mail.addresses().all(|address| address.local() != "re");
        stretches(&mails, answers_nothing).iter().map(|stretch| stretch.len()).collect()
    }

    #[test]
    fn mails_that_have_nothing_to_do_with_each_other_are_taken_in_together() {
        assert_eq!(lengths(&[]), [0; 0]);
        assert_eq!(lengths(&["anna", "bob", "carl"]), [3]);
        assert_eq!(lengths(&["anna", "bob", "anna", "carl", "anna"]), [2, 2, 1]);
    }

    #[test]
    fn mails_to_crowds_are_taken_in_alone() {
        let crowd = |name: &str| {
            let named =
                |number| NamedAddress::new("", format!("{name}{number}@customer.test").parse().unwrap());
            let mail = InboundMail { cc: (1..=150).map(named).collect(), ..InboundMail::default() };
            Incoming {
                inbound: InboundId(1),
                mailbox: MailboxId(1),
                verdict: report::gate(&mail),
                passed_on: None,
                wanted_by: None,
                mail,
            }
        };
        let mails = [crowd("a"), crowd("b"), crowd("c")];
        assert_eq!(stretches(&mails, |_| true).len(), 3);
    }

    #[test]
    fn a_mail_that_answers_something_is_taken_in_alone_and_in_its_turn() {
        assert_eq!(lengths(&["re"]), [1]);
        assert_eq!(lengths(&["anna", "re", "bob", "carl"]), [1, 1, 2]);
        assert_eq!(lengths(&["re", "re", "anna"]), [1, 1, 1]);
    }
}
