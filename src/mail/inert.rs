//! HTML from a mail, made inert: it can be read in a browser, and nothing in it acts, loads or reaches out.
//!
//! Two passes. [`level`] reads the markup once, like a browser's tokenizer, and writes the few elements that mail
//! needs, balanced and bounded in depth and number. `ammonia` then parses that as a browser does and lets through
//! only what is on its list: it decides last, and nothing is edited after it. Without the first pass its time would
//! grow with the square of the depth, and a few open `<b>` before many `<p>` would be copied into each of them.
//!
//! What cannot be made so, or does not stay what it is when a browser reads it again, is not shown at all: the
//! readable text of a mail is always there.

mod level;
mod lists;
#[cfg(test)]
mod tests;
mod tokens;

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use lists::{ATTRIBUTES, ELEMENTS, STYLES};

/// Larger HTML is not shown. A newsletter has a tenth of it.
const MAX_BYTES: usize = 2 << 20;

/// The HTML, made inert. `picture` gives the address of the file of the same mail that has a Content-ID, where it
/// may be shown; every other picture becomes a word in brackets. `None` when there is no showing it.
///
/// Links lead to `http`, `https` and `mailto` only. Time and space are linear in the length.
pub fn inert(html: &str, picture: impl Fn(&str) -> Option<String>) -> Option<String> {
    inert_counting(html, picture).map(|(shown, _)| shown)
}

/// The same, with the number of pictures that are not shown, since they are elsewhere or none.
pub fn inert_counting(html: &str, picture: impl Fn(&str) -> Option<String>) -> Option<(String, usize)> {
    if html.len() > MAX_BYTES {
        return None;
    }
    let level::Level { html: level, pictures, pictures_left_out } = level::level(html, picture);
    let cleaner = cleaner(pictures);
    let shown = cleaner.clean(&level).to_string();
    // What changes when it is parsed once more would be something else in a browser than it was here.
    let again = cleaner.clean(&shown).to_string();
    (again == shown).then_some((shown, pictures_left_out))
}

fn cleaner(pictures: HashSet<String>) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(
            ATTRIBUTES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect(),
        )
        .generic_attributes(HashSet::from(["align", "dir", "lang", "style"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // The addresses of pictures are ours and may be relative; no other is let through below.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .set_tag_attribute_value("a", "rel", "noopener noreferrer nofollow")
        .attribute_filter(move |element, name, value| match (element, name) {
            ("img", "src") => pictures.contains(value).then(|| value.into()),
            (_, "src") => None,
            (_, "href") => leads_outside(value).then(|| value.into()),
            (_, "style") => {
                Some(safe_style(value).into()).filter(|style: &std::borrow::Cow<'_, str>| !style.is_empty())
            }
            _ => Some(value.into()),
        });
    builder
}

/// A whole address, of a kind that opens a page or a letter.
fn leads_outside(address: &str) -> bool {
    let scheme = address.trim().split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| ["http", "https", "mailto"].contains(&scheme.as_str()))
}

/// The declarations that change how words look and nothing else.
fn safe_style(style: &str) -> String {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| STYLES.iter().copied().collect());
    let kept = style.split(';').filter_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        (NAMES.contains(name.as_str()) && is_plain_value(&value)).then(|| format!("{name}:{value}"))
    });
    kept.collect::<Vec<_>>().join(";")
}

/// Words, numbers, `#` colours and `rgb(…)`: no escapes, no functions that could load.
fn is_plain_value(value: &str) -> bool {
    let plain = |text: &str, also: &str| {
        text.len() <= 60
            && text.chars().all(|c| c.is_ascii_alphanumeric() || " #%.,-".contains(c) || also.contains(c))
    };
    let colour = value
        .strip_prefix("rgb(")
        .or_else(|| value.strip_prefix("rgba("))
        .and_then(|it| it.strip_suffix(')'));
    !value.is_empty() && colour.map_or_else(|| plain(value, ""), |inside| plain(inside, "/"))
}
