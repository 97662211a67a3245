//! Secrets that we need again are sealed before the database, or a browser, has them: ChaCha20-Poly1305 (RFC 8439)
//! under a key that is made of the secret of the site, with their owner's address as associated data.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::token::random;
use crate::{desk::Desk, domain::EmailAddress};

impl Desk {
    /// Seals a secret of somebody.
    pub(super) fn seal(&self, whose: &EmailAddress, secret: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_LEN>();
        let mut sealed = secret.to_vec();
        self.sealing()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), of(whose), &mut sealed)
            .expect("a secret is much shorter than what can be sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for somebody; `None` when it was not, or with another secret of the site.
    pub(super) fn unseal(&self, whose: &EmailAddress, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        self.sealing().open_in_place(nonce, of(whose), &mut sealed).ok().map(|secret| secret.to_vec())
    }

    fn sealing(&self) -> LessSafeKey {
        let key = self.key.sealing_key("one-time codes");
        LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).expect("the key has 32 bytes"))
    }
}

fn of(whose: &EmailAddress) -> Aad<&[u8]> {
    Aad::from(whose.as_str().as_bytes())
}
