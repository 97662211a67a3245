//! The secrets in cookies and links: 256 random bits, of which the database has the digest alone.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// Random bytes of a token.
const BYTES: usize = 32;

/// A new secret for one browser or one link. It is never printed.
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn new() -> Token {
        Token(BASE64URL_NOPAD.encode(&random::<BYTES>()))
    }

    /// The secret itself, for the one who shall have it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(in crate::desk) fn digest(&self) -> [u8; 32] {
        digest(&self.0)
    }
}

impl Default for Token {
    fn default() -> Self {
        Token::new()
    }
}

/// What is kept of a token that somebody sent.
pub(in crate::desk) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Random bytes.
pub(in crate::desk) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_comes_twice_and_each_fits_into_a_cookie() {
        let (one, other) = (Token::new(), Token::new());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), 43, "256 bits");
        assert!(one.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(one.digest(), digest(one.expose()));
        assert_ne!(one.digest(), other.digest());
    }
}
