//! How mail programs mark quotes and signatures in HTML.

use super::tags::attributes;

/// What an element is in a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Quoted words.
    Quote,
    /// The mail that is answered or forwarded begins here.
    Mail,
    /// A signature.
    Signature,
    /// Its line ends are seen (CSS Text §3).
    Kept,
}

/// Ids above the answered mail: Outlook on the web and for the Mac, Hotmail, Zimbra,
/// Outlook for phones, Yahoo.
const MAIL_IDS: &[&str] = &[
    "divrplyfwdmsg",
    "olk_src_body_section",
    "stopspelling",
    "zwchr",
    "mail-editor-reference-message-container",
];
/// Classes of it: Yahoo, Thunderbird, Zoho, Outlook Express.
const MAIL_CLASSES: &[&str] =
    &["yahoo_quoted", "moz-forward-container", "zmail_extra", "outlookmessageheader"];
/// Names and markers of it: GMX and WEB.DE, Spark, Zimbra.
const MAIL_NAMES: &[&str] = &["quote", "messagereplysection", "__divider__"];

/// Outlook on the web and for phones, Apple Mail, Samsung.
const SIGNATURE_IDS: &[&str] =
    &["signature", "applemailsignature", "ms-outlook-mobile-signature", "composer_signature"];
/// Gmail, Thunderbird, Proton, Yahoo.
const SIGNATURE_CLASSES: &[&str] =
    &["gmail_signature", "moz-signature", "protonmail_signature_block", "yahoo-signature", "ymail_signature"];
/// Spark, Zimbra.
const SIGNATURE_NAMES: &[&str] = &["messagesignaturesection", "__sig_pre__", "__sig_post__"];

/// What the element with this name (in lower case) and these attributes means.
pub(super) fn meaning(name: &str, tag: &str) -> Option<Meaning> {
    if !matches!(
        name,
        "blockquote" | "div" | "span" | "hr" | "pre" | "p" | "table" | "td" | "section" | "article" | "font"
    ) {
        return None;
    }
    let mut found = (name == "blockquote").then_some(Meaning::Quote);
    if tag.is_empty() {
        return found;
    }
    for (attribute, value) in attributes(tag) {
        let value = value.to_ascii_lowercase();
        let marked = match attribute.as_str() {
            "id" => of_id(&value),
            "class" => value.split_ascii_whitespace().find_map(of_class),
            "name" | "data-marker" => of_name(&value),
            "style" if name == "blockquote" && is_indent(tag, &value) => return None,
            "style" if name == "div" && is_outlook_header(&value) => Some(Meaning::Mail),
            "style" => keeps_line_ends(&value).then_some(Meaning::Kept),
            _ => None,
        };
        // A signature may keep its line ends too.
        found = found.filter(|found| *found != Meaning::Kept).or(marked).or(found);
    }
    found
}

fn of_id(id: &str) -> Option<Meaning> {
    // Outlook on the web puts `x_` before the ids of what it shows.
    let id = id.trim_start_matches("x_");
    let mail = MAIL_IDS.contains(&id) || id.starts_with("yahoo_quoted");
    mail.then_some(Meaning::Mail).or(SIGNATURE_IDS.contains(&id).then_some(Meaning::Signature))
}

fn of_class(class: &str) -> Option<Meaning> {
    let class = class.trim_start_matches("x_");
    let mail = MAIL_CLASSES.contains(&class).then_some(Meaning::Mail);
    // Yahoo puts a number of its own before its class names.
    let signed = SIGNATURE_CLASSES
        .iter()
        .any(|signature| class == *signature || class.starts_with("ydp") && class.ends_with(signature));
    mail.or(signed.then_some(Meaning::Signature))
}

fn of_name(name: &str) -> Option<Meaning> {
    let mail = MAIL_NAMES.contains(&name).then_some(Meaning::Mail);
    mail.or(SIGNATURE_NAMES.contains(&name).then_some(Meaning::Signature))
}

/// The indentation that Gmail's button makes is no quote.
fn is_indent(tag: &str, style: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("border:none") && !tag.contains("quote") && !tag.contains("cite")
}

/// `white-space` with `pre`, `pre-wrap`, `pre-line` or `break-spaces`.
fn keeps_line_ends(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        let value = value.trim();
        name.trim() == "white-space" && (value.starts_with("pre") || value.starts_with("break-spaces"))
    })
}

/// The line that Outlook draws above From, Sent, To and Subject.
fn is_outlook_header(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("border-top:solid") && style.contains("padding:3.0pt0")
}
