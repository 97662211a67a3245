//! Secrets that people write into mails: found, and covered before the words go to somebody who does not need them.
//!
//! Passwords behind their word in ten languages, tokens and keys by their shape, credentials in addresses, private
//! keys, card numbers (ISO/IEC 7812, the Luhn check) and account numbers (ISO 13616, modulo 97). A mark says what was
//! there. To cover a word too many costs little, to show a password costs much: in doubt it is covered.
//!
//! Each finder looks at each byte a bounded number of times.

mod numbers;
mod shapes;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

/// What was covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// What opens a door: password, passphrase, PIN.
    Password,
    /// What a machine shows at the door: API keys, session and access tokens.
    Token,
    /// The private half of a key pair.
    PrivateKey,
    /// User and password in front of a host's name.
    Credentials,
    /// A payment card.
    CardNumber,
    /// A bank account (IBAN).
    AccountNumber,
}

impl Secret {
    /// What stands in its place.
    pub fn mark(self) -> &'static str {
        match self {
            Secret::Password => "[masked: password]",
            Secret::Token => "[masked: token]",
            Secret::PrivateKey => "[masked: private key]",
            Secret::Credentials => "[masked: credentials]",
            Secret::CardNumber => "[masked: card number]",
            Secret::AccountNumber => "[masked: account number]",
        }
    }
}

/// What all marks begin with.
const MARK: &str = "[masked:";

/// A stretch of a text, and what it is.
type Found = (Range<usize>, Secret);

/// The same text with a mark in the place of each secret.
pub fn mask(text: &str) -> String {
    let mut found: Vec<Found> = Vec::new();
    shapes::find(text, &mut found);
    words::find(text, &mut found);
    numbers::find(text, &mut found);
    // The longest of those that begin at the same place says it best.
    found.sort_by_key(|(range, _)| (range.start, usize::MAX - range.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, secret) in found {
        if range.end <= done {
            continue;
        }
        if range.start >= done {
            out.push_str(&text[done..range.start]);
            out.push_str(secret.mark());
        }
        // What overlaps the one before is covered by its mark.
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// Whether the text at this place goes on, or the text before it came from, inside a word or number.
fn is_inside_a_word(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| c.is_alphanumeric() || c == '_')
}
