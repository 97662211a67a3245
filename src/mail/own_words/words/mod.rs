//! The words by which mail programs announce quotes, and people end their mails, in the
//! languages of their users.
//!
//! All in lower case. Taken from the programs' translations: Outlook, Apple Mail,
//! Gmail, Thunderbird, Yahoo, Zimbra. Rules know no language: a person may write one and
//! have a mail program in another.

use std::{collections::HashMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

#[rustfmt::skip]
mod latin;
#[rustfmt::skip]
mod others;
#[rustfmt::skip]
mod programs;
#[rustfmt::skip]
mod west;

use programs::{ABOVE, BANNERS, CAUTIONS, DEVICES, IMPERATIVES, NOTICES, UNMISTAKABLE, WARNINGS};

/// What the rules know of one language.
struct Words {
    /// Labels of the header lines above a quoted mail.
    from: &'static [&'static str],
    date: &'static [&'static str],
    to: &'static [&'static str],
    cc: &'static [&'static str],
    subject: &'static [&'static str],
    other: &'static [&'static str],
    /// How an attribution begins: "On …".
    openers: &'static [&'static str],
    /// Verbs of "… wrote:".
    wrote: &'static [&'static str],
    /// What stands between dashes above a quoted mail.
    separators: &'static [&'static str],
    /// The same, without dashes and alone on its line.
    bare: &'static [&'static str],
    /// Footers of phones and mail programs; `*` stands for the device.
    footers: &'static [&'static str],
    /// What may follow a footer: "please excuse typos".
    excuses: &'static [&'static str],
    /// The last line before a name.
    closings: &'static [&'static str],
    /// Phrases of legal notices; one alone proves nothing.
    disclaimers: &'static [&'static str],
}

const LANGUAGES: &[&Words] = &[
    &west::ENGLISH,
    &west::GERMAN,
    &west::FRENCH,
    &west::SPANISH,
    &west::PORTUGUESE,
    &west::ITALIAN,
    &west::DUTCH,
    &latin::POLISH,
    &latin::SWEDISH,
    &latin::DANISH,
    &latin::NORWEGIAN,
    &latin::FINNISH,
    &latin::CZECH_SLOVAK,
    &latin::TURKISH,
    &latin::HUNGARIAN,
    &latin::ROMANIAN,
    &latin::SOUTH_SLAVIC,
    &latin::VIETNAMESE,
    &latin::INDONESIAN,
    &west::CATALAN,
    &latin::BALTIC,
    &others::RUSSIAN,
    &others::UKRAINIAN,
    &others::BULGARIAN,
    &others::GREEK,
    &others::HEBREW,
    &others::ARABIC,
    &others::PERSIAN,
    &others::HINDI,
    &others::THAI,
    &others::JAPANESE,
    &others::CHINESE,
    &others::KOREAN,
];

/// The kinds of header line above a quoted mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    From,
    Date,
    To,
    Cc,
    Subject,
    Other,
}

/// What kinds of header line a label names. Some words are two things in two
/// languages: Catalan and Italian `a` is *to*, Danish `til`, Polish `data` is *date*.
pub(super) fn label(word: &str) -> Option<Label> {
    static LABELS: LazyLock<HashMap<&str, Label>> = LazyLock::new(|| {
        let mut labels = HashMap::new();
        for words in LANGUAGES {
            let kinds = [
                (Label::From, words.from),
                (Label::Date, words.date),
                (Label::To, words.to),
                (Label::Cc, words.cc),
                (Label::Subject, words.subject),
                (Label::Other, words.other),
            ];
            for (label, names) in kinds {
                for name in names {
                    labels.entry(*name).or_insert(label);
                }
            }
        }
        labels
    });
    LABELS.get(word).copied()
}

/// Whether a verb of "On … Alice wrote:" stands in `text`, as a word.
pub(super) fn has_verb(text: &str) -> bool {
    static VERBS: LazyLock<AhoCorasick> = LazyLock::new(|| phrases(|words| words.wrote));
    VERBS.find_iter(text).any(|found| stands_alone(text, found.start(), found.end()))
}

/// Whether `text` ends with such a verb.
pub(super) fn ends_with_verb(text: &str) -> bool {
    let verbs = LANGUAGES.iter().flat_map(|words| words.wrote);
    verbs.clone().any(|verb| text.ends_with(verb) && stands_alone(text, text.len() - verb.len(), text.len()))
}

/// Whether `text` is such a verb and nothing more.
pub(super) fn is_verb(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.wrote.contains(&text))
}

/// Whether an attribution may begin so.
pub(super) fn has_opener(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.openers.iter().any(|opener| text.starts_with(opener)))
}

/// Where an attribution may begin within `line`: after a space, with a capital.
pub(super) fn openers_within(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices(' ').map(|(at, _)| at + 1).filter(|&at| {
        let rest = &line[at..];
        rest.chars().next().is_some_and(char::is_uppercase) && {
            let head = crate::domain::text::prefix(rest, 16).to_lowercase();
            has_opener(&head)
        }
    })
}

/// Whether `text` begins with what separates a quoted mail, in `Original Message ---`.
pub(super) fn starts_with_separator(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.separators.iter().any(|separator| text.starts_with(separator)))
}

/// Whether `text` is a separator that stands without dashes.
pub(super) fn is_bare_separator(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.bare.contains(&text))
}

/// What the device of a footer is, for each form of footer that `text` has.
pub(super) fn footers(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let forms = LANGUAGES.iter().flat_map(|words| words.footers);
    forms.filter_map(move |form| {
        let (before, after) = form.split_once('*').unwrap_or((form, ""));
        let rest = text.strip_prefix(before)?;
        // What follows a footer is looked at by the caller.
        let device = if after.is_empty() { rest } else { rest.strip_suffix(after.trim_end_matches('*'))? };
        Some((*form, device))
    })
}

/// Whether `text` asks to excuse what phones do to a text.
pub(super) fn has_excuse(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.excuses.iter().any(|excuse| text.contains(excuse)))
}

/// Whether `text` is a closing such as "Kind regards".
pub(super) fn is_closing(text: &str) -> bool {
    LANGUAGES.iter().any(|words| words.closings.contains(&text))
}

/// How many different phrases of legal notices stand in `text`.
pub(super) fn legal_phrases(text: &str) -> usize {
    static PHRASES: LazyLock<AhoCorasick> = LazyLock::new(|| phrases(|words| words.disclaimers));
    let mut found: Vec<_> = PHRASES.find_iter(text).map(|found| found.pattern()).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// Whether a device or a mail program is named in `text`.
pub(super) fn names_device(text: &str) -> bool {
    static NAMES: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(DEVICES.iter()));
    NAMES.is_match(text)
}

/// Whether `text` begins like a notice that a program or a service writes.
pub(super) fn starts_notice(text: &str) -> bool {
    NOTICES.iter().any(|notice| text.starts_with(notice))
}

/// Whether a phrase stands in `text` that nobody but a lawyer writes.
pub(super) fn unmistakable(text: &str) -> bool {
    static PHRASES: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(UNMISTAKABLE.iter()));
    PHRASES.is_match(text)
}

/// Whether `text` says that a mail came from outside, and warns of it.
pub(super) fn warns(text: &str) -> bool {
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    any(WARNINGS) && any(CAUTIONS) && any(IMPERATIVES)
}

/// Whether a whole sentence of a gateway stands in `text`.
pub(super) fn has_banner(text: &str) -> bool {
    static WARNINGS: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(BANNERS.iter()));
    WARNINGS.is_match(text)
}

/// Whether `text` asks to write above it.
pub(super) fn asks_above(text: &str) -> bool {
    static REQUESTS: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(ABOVE.iter()));
    REQUESTS.is_match(text)
}

fn phrases(of: fn(&Words) -> &'static [&'static str]) -> AhoCorasick {
    automaton(LANGUAGES.iter().flat_map(|words| of(words)))
}

fn automaton(phrases: impl Iterator<Item = &'static &'static str>) -> AhoCorasick {
    let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(phrases);
    builder.expect("the phrases are few and short")
}

/// Whether `text[start..end]` is no part of a longer word. Scripts without spaces
/// (from Thai on) have no such bounds.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let spaced = |c: char| c.is_alphabetic() && c < '\u{e00}';
    let before = text[..start].chars().next_back().is_some_and(spaced);
    let after = text[end..].chars().next().is_some_and(spaced);
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    !(before && first.is_some_and(spaced) || after && last.is_some_and(spaced))
}
