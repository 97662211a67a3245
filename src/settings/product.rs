//! `[[product]]`: what tickets are about.

use super::reader::Reader;
use crate::domain::text::has_words;

/// Something that people report about.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its name in commands and mails.
    pub name: String,
    /// Words of a subject that tell it, whole words, in small letters.
    pub words: Vec<String>,
}

impl Product {
    pub(super) fn read_all(t: &mut Reader<'_>) -> Vec<Product> {
        let mut seen: Vec<String> = Vec::new();
        t.each("product", |t| {
            let name: String = t.required("name");
            let words: Vec<String> = t.or("words", Vec::new());
            if name.split_whitespace().count() != 1 {
                let key = t.name("name");
                t.refuse(
                    "name",
                    format!("`{key}` is the text \"{name}\"; expected one word, such as \"shop\""),
                );
            }
            if seen.contains(&name.to_lowercase()) {
                let key = t.name("name");
                t.refuse(
                    "name",
                    format!("`{key}` is `{name}`, and so is an earlier product's; names must differ"),
                );
            }
            seen.push(name.to_lowercase());
            Product { name, words: words.into_iter().map(|word| word.to_lowercase()).collect() }
        })
    }
}

/// The product that a subject names: the first whose name or words stand in it as words of their own.
pub fn named_in<'a>(products: &'a [Product], subject: &str) -> Option<&'a Product> {
    let stands = |word: &String| has_words(subject, word);
    products.iter().find(|product| stands(&product.name) || product.words.iter().any(stands))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn products() -> Vec<Product> {
        let product = |name: &str, words: &[&str]| Product {
            name: name.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        vec![product("shop", &["cart", "check out"]), product("Billing", &["invoice", "rechnung"])]
    }

    fn named(subject: &str) -> Option<String> {
        named_in(&products(), subject).map(|product| product.name.clone())
    }

    #[test]
    fn a_product_is_told_by_whole_words_of_the_subject() {
        for (subject, product) in [
            ("The shop is down", Some("shop")),
            ("SHOP: error 500", Some("shop")),
            ("Empty cart", Some("shop")),
            ("Cannot check-out any more", Some("shop")),
            ("Rechnung fehlt", Some("Billing")),
            ("billing/invoice wrong", Some("Billing")),
            ("The workshop begins at nine", None),
            ("Carthage", None),
            ("", None),
        ] {
            assert_eq!(named(subject).as_deref(), product, "{subject}");
        }
    }
}
