//! Mail addresses, read strictly and compared in one canonical form.

use std::{fmt, hash::Hash, str::FromStr};

use serde::{Deserialize, Serialize};

use super::text;

/// An addr-spec (RFC 5321 §4.1.2) in canonical form: the domain as lower-case
/// A-labels, so that a look-alike domain is a different address, and the whole
/// in lower case, as every large provider treats it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The part before the last `@`.
    pub fn local(&self) -> &str {
        self.split().0
    }

    /// The domain, as lower-case A-labels.
    pub fn domain(&self) -> &str {
        self.split().1
    }

    /// The canonical form, as it is stored, compared and written on the envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same mailbox with a tag after a plus sign (RFC 5233): `user+tag@domain`.
    pub fn tagged(&self, tag: &str) -> Result<EmailAddress, AddressError> {
        format!("{}+{tag}@{}", self.local(), self.domain()).parse()
    }

    /// The tag behind the first plus sign, where this is a tagged form of `base`.
    pub fn tag_of(&self, base: &EmailAddress) -> Option<&str> {
        let tag = self.local().strip_prefix(base.local())?.strip_prefix('+')?;
        (self.domain() == base.domain()).then_some(tag)
    }

    fn split(&self) -> (&str, &str) {
        self.0.rsplit_once('@').expect("an EmailAddress is only made by from_str, which asks for an @")
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    /// Takes `local@domain` without comments, routes or quoted specials: one
    /// parser for the checked and the used address, and the unclear is refused.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let refuse = |why| AddressError { address: text::line(text), why };
        let (local, domain) = text.trim().rsplit_once('@').ok_or_else(|| refuse("it has no @"))?;
        // What is kept must pass the checks, and a lower-case form may be longer or
        // have other characters: that of `İ` is two.
        if local.chars().any(turns_ascii) {
            return Err(refuse("the part before the @ has a look-alike of an ASCII letter"));
        }
        let local = local.to_lowercase();
        if local.is_empty() {
            return Err(refuse("nothing stands before the @"));
        }
        if local.len() > 64 {
            return Err(refuse("the part before the @ is longer than 64 octets (RFC 5321 §4.5.3.1.1)"));
        }
        let dot_atom = |c: char| c.is_alphanumeric() && !c.is_control() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if !local.chars().all(dot_atom) {
            return Err(refuse("the part before the @ has a character that only quoting would allow"));
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") || local.starts_with('-') {
            return Err(refuse("the part before the @ has a misplaced dot or starts with a dash"));
        }
        let ascii = idna::domain_to_ascii_strict(domain)
            .map_err(|_| refuse("the part after the @ is no domain name"))?;
        if ascii.is_empty() {
            return Err(refuse("nothing stands after the @"));
        }
        if !is_spelled_out(domain, &ascii) {
            return Err(refuse("the part after the @ has look-alikes of ASCII letters"));
        }
        Ok(EmailAddress(format!("{local}@{ascii}")))
    }
}

/// A sign whose lower case is an ASCII letter, as the Kelvin sign: another sign to whoever compares
/// bytes, so folded it would be another mailbox.
fn turns_ascii(c: char) -> bool {
    !c.is_ascii() && c.to_lowercase().all(|lower| lower.is_ascii())
}

/// Whether each label stays what it is: one that is not ASCII is an A-label, one of full-width letters
/// or with soft hyphens that becomes an ordinary name is not.
fn is_spelled_out(domain: &str, ascii: &str) -> bool {
    let (given, mapped): (Vec<_>, Vec<_>) = (domain.split('.').collect(), ascii.split('.').collect());
    let stays = |(given, mapped): (&&str, &&str)| given.is_ascii() || mapped.starts_with("xn--");
    given.len() == mapped.len() && given.iter().zip(&mapped).all(stays)
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address with the name its owner gave it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct NamedAddress {
    /// The display name, one safe line; empty when none was given.
    pub name: String,
    /// The address proper.
    pub address: EmailAddress,
}

impl NamedAddress {
    /// An address with a display name, which is made one safe line.
    pub fn new(name: &str, address: EmailAddress) -> Self {
        NamedAddress { name: text::line(name), address }
    }

    /// Whether the name is an address other than the address.
    pub fn poses_as_another(&self) -> bool {
        let words = self.name.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c));
        words.filter_map(|word| word.parse::<EmailAddress>().ok()).any(|named| named != self.address)
    }

    /// The name, or the address where there is none.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { self.address.as_str() } else { &self.name }
    }
}

/// Why a text is no address we write to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is not a mail address we can use: {why}")]
pub struct AddressError {
    address: String,
    why: &'static str,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap()
    }

    #[test]
    fn case_and_unicode_domains_have_one_form() {
        assert_eq!(address("Alice@Example.ORG"), address("alice@example.org"));
        assert_eq!(address("a@bücher.example").as_str(), "a@xn--bcher-kva.example");
        assert_eq!(address("δοκιμή@example.org").local(), "δοκιμή");
    }

    #[test]
    fn a_look_alike_domain_is_another_address() {
        assert_ne!(address("agent@desk.test"), address("agent@desк.test"));
    }

    #[test]
    fn what_folding_would_turn_into_another_name_is_refused() {
        for text in [
            "an\u{212A}e@customer.test",
            "anna@\u{FF43}ustomer.test",
            "anna@cus\u{AD}tomer.test",
            "anna@customer\u{3002}test",
            "anna@customer\u{FF0E}test",
            "anna@customer.te\u{017F}t",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_unclear_is_refused() {
        for text in [
            "",
            "@",
            "a@",
            "@b.org",
            "a b@example.org",
            "\"a>,<v@victim.test\"@example.org",
            "-oQ/tmp@example.org",
            "a..b@example.org",
            "a@b@c d",
            "a@exa mple.org",
            "a\r\n@example.org",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_only_its_capital_form_would_allow_is_refused() {
        assert!("İ@x.test".parse::<EmailAddress>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_again_as_the_same(
            local in "[\\w.+İẞΣǅ-]{1,8}", domain in "[a-zA-ZäßİΣ．ﬀ\\u{200d}.-]{1,8}\\.[a-zßİ]{2}"
        ) {
            if let Ok(address) = format!("{local}@{domain}").parse::<EmailAddress>() {
                prop_assert_eq!(address.as_str().parse::<EmailAddress>(), Ok(address.clone()));
            }
        }

        #[test]
        fn whatever_parses_is_read_again_as_the_same(text in ".*@.*") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                prop_assert_eq!(address.as_str().parse::<EmailAddress>(), Ok(address.clone()));
            }
        }
    }

    #[test]
    fn a_name_that_is_another_address_poses_as_it() {
        let named = |name| NamedAddress::new(name, address("mallory@evil.test"));
        assert!(named("agent@desk.test").poses_as_another());
        assert!(named("Agent <agent@desk.test>").poses_as_another());
        assert!(!named("Mallory (mallory@evil.test)").poses_as_another());
        assert!(!named("Mallory @ Evil").poses_as_another());
    }

    #[test]
    fn tags_are_put_on_and_read_back() {
        let base = address("support@desk.test");
        let tagged = base.tagged("abc").unwrap();
        assert_eq!(tagged.as_str(), "support+abc@desk.test");
        assert_eq!(tagged.tag_of(&base), Some("abc"));
        assert_eq!(base.tag_of(&base), None);
        assert_eq!(address("support+abc@other.test").tag_of(&base), None);
    }
}
