//! What is made of the secret in a cookie of the console: the value that its forms carry.

use super::reference::{SigningKey, base32};

impl SigningKey {
    /// What the forms of a page carry, so that no other site can send them: known to who has the cookie, and not to be
    /// made without the secret of the site. The cookie itself cannot be told from it.
    pub fn form_value(&self, cookie: &str) -> String {
        base32(&self.hmac("form", cookie))
    }

    /// The key with which a kind of secrets is sealed before the database has them.
    pub fn sealing_key(&self, kind: &str) -> [u8; 32] {
        self.hmac("sealing key", kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cookie_and_each_site_has_a_value_of_its_own() {
        let key = |byte| SigningKey::new(vec![byte; 32]).unwrap();
        let value = key(7).form_value("cookie");
        assert_eq!(value, key(7).form_value("cookie"));
        assert_ne!(value, key(7).form_value("cookie2"));
        assert_ne!(value, key(8).form_value("cookie"));
        assert_eq!(value.len(), 52);
        assert_ne!(key(7).sealing_key("a"), key(7).sealing_key("b"));
    }
}
