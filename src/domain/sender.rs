//! Somebody, or everybody of a domain, whose mail is refused.

use std::{fmt, str::FromStr};

use super::EmailAddress;

/// An address or a whole domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// One address.
    Address(EmailAddress),
    /// Every address of a domain, which is in lower case, as A-labels; sub-domains are others.
    Domain(String),
}

impl Sender {
    /// What a mail from this address is looked up by: the address, and its domain.
    pub fn keys(address: &EmailAddress) -> [String; 2] {
        [address.to_string(), format!("@{}", address.domain())]
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sender::Address(address) => address.fmt(f),
            Sender::Domain(domain) => write!(f, "@{domain}"),
        }
    }
}

/// What is neither an address nor `@` and a domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address, such as bob@example.org, nor @ and a domain, such as @example.org")]
pub struct NoSender(String);

impl FromStr for Sender {
    type Err = NoSender;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NoSender(text.to_owned());
        match text.strip_prefix('@') {
            Some(domain) => {
                let somebody: EmailAddress = format!("x@{domain}").parse().map_err(|_| wrong())?;
                Ok(Sender::Domain(somebody.domain().to_owned()))
            }
            None => text.parse().map(Sender::Address).map_err(|_| wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_domains_are_read_and_written_alike() {
        for (text, written) in [
            ("Bob@Example.ORG", "bob@example.org"),
            ("@Example.ORG", "@example.org"),
            ("@bücher.example", "@xn--bcher-kva.example"),
        ] {
            let sender: Sender = text.parse().unwrap();
            assert_eq!(sender.to_string(), written);
            assert_eq!(written.parse(), Ok(sender));
        }
    }

    #[test]
    fn anything_else_is_neither() {
        for text in ["", "@", "bob", "bob@", "@a b", "a@b@c.example"] {
            assert!(text.parse::<Sender>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_mail_is_found_by_its_address_and_its_domain() {
        let keys = Sender::keys(&"bob@example.org".parse().unwrap());
        assert_eq!(keys, ["bob@example.org", "@example.org"]);
    }
}
