//! What programs and firms add to a mail by themselves: "Sent from my iPhone", legal
//! notices, the footers of mailing lists and the banners of gateways.

use super::{
    line::Line,
    words::{
        footers, has_banner, has_excuse, legal_phrases, names_device, starts_notice, unmistakable, warns,
    },
};

/// The most lines of one paragraph of such a text.
const MAX_PARAGRAPH: usize = 40;
/// How much of a paragraph is read for phrases, in bytes.
const MAX_READ: usize = 4000;
/// The longest footer of a phone, in bytes.
const MAX_FOOTER: usize = 250;
/// Ordinary phrases of the law that make a legal notice together.
const PHRASES: usize = 3;

/// `Sent from my iPhone`, alone on its line. A sentence that only begins so names
/// no device, or goes on after a comma; below a quote, a bare `Outlook for Mac` is an answer.
pub(super) fn is_phone(mark: &str, answers: bool) -> bool {
    let mark = mark.trim_start_matches(['-', '*', '_', '[', ' ', '>', '<', '(', '•', '~', '|', '«']);
    let mark = mark.trim_end_matches(['*', '_', ' ', '>', '»', '~', '|', ')']);
    let mark = mark.strip_suffix('.').unwrap_or(mark);
    let named = names_device(mark);
    if mark.len() > MAX_FOOTER || !named && !mark.contains("from my ") {
        return false;
    }
    footers(mark)
        .any(|(form, device)| !(answers && form.starts_with("outlook ")) && is_device(form, device, named))
}

fn is_device(form: &str, device: &str, named: bool) -> bool {
    let words = device.split_whitespace().count();
    let sentence = (device.contains(", ") || device.contains(". ") || words > 12) && !has_excuse(device);
    // "Sent by registered mail" is a person's.
    let named = named && (form != "sent by *" || names_device(&device.replace("mail", "")));
    let possessive = form.ends_with("from my *") && (1..=3).contains(&words);
    !sentence && words <= 20 && (named || possessive)
}

/// `Alice from mobile` above another footer.
pub(super) fn is_named_phone(rest: &[Line<'_>]) -> bool {
    let Some((line, below)) = rest.split_first() else { return false };
    if !below.iter().take(2).find(|line| !line.is_blank()).is_some_and(|line| is_phone(&line.mark, false)) {
        return false;
    }
    let mark = line.mark.trim_matches(['(', ')', '*', '-', ' ', '.']);
    let Some((name, device)) = mark.split_once(" from ") else { return false };
    let device = device.strip_prefix("my ").or(device.strip_prefix("his ")).unwrap_or(device);
    let capital = line.text.trim().chars().next().is_some_and(char::is_uppercase);
    capital
        && !name.contains(' ')
        && ["mobile", "iphone", "phone", "ipad", "android", "cell"].contains(&device)
}

/// How many lines a notice has that begins here: up to the end of its paragraph.
pub(super) fn notice(rest: &[Line<'_>]) -> usize {
    let paragraph = paragraph(rest);
    if paragraph == 0 {
        return 0;
    }
    let words = words(&rest[..paragraph]);
    if is_prose(&rest[..paragraph]) {
        return 0;
    }
    if starts_notice(&words) || is_legal(&words) {
        return paragraph;
    }
    match is_title(&words) && paragraph == 1 {
        true => {
            let gap = rest[1..].iter().take(3).take_while(|line| line.is_blank()).count();
            let below = notice_below_title(&rest[1 + gap..]);
            if below > 0 { 1 + gap + below } else { 0 }
        }
        false => 0,
    }
}

fn notice_below_title(rest: &[Line<'_>]) -> usize {
    let paragraph = paragraph(rest);
    let words = words(&rest[..paragraph]);
    let legal = unmistakable(&words) || legal_phrases(&words) >= 2;
    if legal && !is_prose(&rest[..paragraph]) { paragraph } else { 0 }
}

fn is_legal(words: &str) -> bool {
    words.len() > 60 && (unmistakable(words) || legal_phrases(words) >= PHRASES)
}

/// Whether a person speaks: nobody asks in a notice, or says "I".
fn is_prose(paragraph: &[Line<'_>]) -> bool {
    const SELVES: &[&str] =
        &["I", "I'm", "I've", "I’m", "I’ve", "ich", "Ich", "J'ai", "j'ai", "J’ai", "j’ai", "yo", "Yo"];
    paragraph.iter().any(|line| {
        let read = crate::domain::text::prefix(line.text, MAX_READ);
        read.split_whitespace().any(|word| word.ends_with('?') || SELVES.contains(&word))
    })
}

/// How many lines the banner of a gateway has that begins here, above the mail.
pub(super) fn banner(rest: &[Line<'_>]) -> usize {
    let paragraph = paragraph(rest);
    let words = words(&rest[..paragraph]);
    let warned = has_banner(&words) || warns(&words);
    if words.len() <= 700 && warned && !is_prose(&rest[..paragraph]) { paragraph } else { 0 }
}

fn is_title(words: &str) -> bool {
    let titles = [
        "disclaimer",
        "confidentiality notice",
        "confidentiality note",
        "legal notice",
        "privacy notice",
        "legal disclaimer",
        "haftungsausschluss",
        "rechtlicher hinweis",
        "vertraulichkeitshinweis",
        "avis de confidentialité",
        "aviso legal",
        "aviso de confidencialidad",
        "aviso de confidencialidade",
        "avvertenza",
        "klauzula poufności",
        "important notice",
        "notice",
    ];
    titles.contains(&words.trim_matches(['*', ' ', ':', '-', '_', '=', '.']))
}

/// The lines up to the next blank or quoted one.
fn paragraph(rest: &[Line<'_>]) -> usize {
    rest.iter().take(MAX_PARAGRAPH).take_while(|line| !line.is_blank() && !line.is_quote()).count()
}

/// The words of lines, in lower case, with single spaces.
fn words(lines: &[Line<'_>]) -> String {
    let mut words = String::new();
    for line in lines {
        let text = crate::domain::text::prefix(line.text, MAX_READ);
        let lower = if line.mark.is_empty() { text.to_lowercase() } else { line.mark.clone() };
        for word in lower.split_whitespace() {
            if words.len() > MAX_READ {
                return words;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word.trim_start_matches('*'));
        }
    }
    words
}
