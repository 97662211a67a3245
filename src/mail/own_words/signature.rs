//! Signatures: below `-- `, below a closing with contact details, `-Name` at the end.

use super::{Answering, footer, line::Line, words::is_closing};

/// The most lines of a signature with its disclaimer; more is a listing below a rule.
const MAX_SIGNATURE: usize = 25;
/// What a tracker of opened mails leaves above its signature.
const TRACKER: &str = "ᐧ";
/// The most lines below a rule of underscores that are a list's footer.
const MAX_RULED_FOOTER: usize = 6;
/// The most lines of a name with contact details below a closing.
const MAX_CARD: usize = 14;
/// The most lines of a name above a blank line and sentences that are the sender's again.
const MAX_OWN: usize = 4;
/// The fewest words of a sentence.
const SENTENCE: usize = 5;
/// The fewest words in a row that are no title.
const RUN: usize = 8;
/// The most words of a line with a link that is no sentence.
const MAX_LINK: usize = 4;
/// The longest line of such a card, in characters.
const MAX_CARD_LINE: usize = 100;

/// What a line says of a signature below it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `-- ` (RFC 3676 §4.3).
    Plain,
    /// The same without the space that programs drop, or a long dash.
    Bare,
    /// The rule above a mailing list's footer at the very end.
    Rule,
}

/// The mark of a signature that stands here.
pub(super) fn mark(rest: &[Line<'_>]) -> Option<Mark> {
    let first = rest.first()?;
    if matches!(first.mark.as_str(), "--" | "—" | TRACKER | "__" | "–") {
        let below = rest[1..].iter().take_while(|line| !line.is_quote()).filter(|line| !line.is_blank());
        let few = below.take(MAX_SIGNATURE + 1).count() <= MAX_SIGNATURE;
        return few.then_some(if first.text == "-- " || first.mark == TRACKER {
            Mark::Plain
        } else {
            Mark::Bare
        });
    }
    let ruled = first.mark.len() >= 15 && first.mark.bytes().all(|b| b == b'_');
    let below = || rest[1..].iter().filter(|line| !line.is_blank()).count();
    let footer = ruled && rest.len() <= 3 * MAX_RULED_FOOTER && (1..=MAX_RULED_FOOTER).contains(&below());
    footer.then_some(Mark::Rule)
}

/// Whether what stands `below` a mark is a signature: names, titles, ways to reach
/// somebody and the notices of firms, but no steps, log or second thought.
pub(super) fn holds(mark: Mark, below: &[Line<'_>]) -> bool {
    let (mut at, mut rows, mut gap) = (0, 0, false);
    while let Some(line) = below.get(at) {
        let starts = at == 0 || below[at - 1].is_blank();
        let notice = if starts { footer::notice(&below[at..]) } else { 0 };
        if notice > 0 {
            (at, gap) = (at + notice, false);
            continue;
        }
        gap |= line.is_blank() && rows > 0;
        rows += usize::from(!line.is_blank());
        let prose = match mark {
            Mark::Plain => gap && rows <= MAX_OWN + 1 && is_sentence(line),
            Mark::Bare | Mark::Rule => {
                !line.is_blank() && !is_card(line) && !footer::is_phone(&line.mark, false)
            }
        };
        if prose {
            return false;
        }
        at += 1;
    }
    true
}

/// Where, in the last own words of a mail, the signature begins that no mark stands
/// above. A closing with a mere name stays with the words: a person wrote it.
pub(super) fn unmarked(own: &[&Line<'_>], answering: Answering) -> Option<usize> {
    signed_with_dash(own, answering).or_else(|| card(own))
}

/// `-Alice` below a blank line, at the very end, and no item of a list; `/Alice` in an answer,
/// since elsewhere it is a path.
fn signed_with_dash(own: &[&Line<'_>], answering: Answering) -> Option<usize> {
    let last = own.iter().rposition(|line| !line.is_blank())?;
    let text = own[last].text.trim();
    let name = text.strip_prefix(['-', '~', '/'])?;
    if text.starts_with('/') && answering == Answering::Nothing {
        return None;
    }
    if own[..last].iter().any(|line| line.mark.starts_with('-')) {
        return None;
    }
    let words = name.split(' ').take(5).collect::<Vec<_>>();
    let is_name = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || ".'-".contains(c))
    };
    let alone = last > 0 && own[last - 1].is_blank() && own[..last].iter().any(|line| !line.is_blank());
    (alone && words.len() <= 3 && words.iter().all(is_name)).then_some(last)
}

/// "Kind regards", a name, and below it a telephone number, an address or a site.
fn card(own: &[&Line<'_>]) -> Option<usize> {
    let filled = own.iter().enumerate().rev().filter(|(_, line)| !line.is_blank());
    let (mut contact, mut below) = (false, 0);
    for (n, line) in filled.take(MAX_CARD + 1) {
        if is_closed(line) {
            let anything_above = own[..n].iter().any(|line| !line.is_blank());
            return (contact && below >= 2 && anything_above).then_some(n);
        }
        if !is_card(line) {
            return None;
        }
        contact |= has_contact(&line.mark);
        below += 1;
    }
    None
}

/// "Kind regards," alone on its line.
pub(super) fn is_closed(line: &Line<'_>) -> bool {
    line.mark.len() <= MAX_CARD_LINE
        && is_closing(line.mark.trim_end_matches([',', '.', '!', ':', ' ', '，', '。', '-', '–']))
}

/// Whether a line may be part of a card: a name, a title, a way to reach somebody.
fn is_card(line: &Line<'_>) -> bool {
    let mark = line.mark.trim_start_matches(['*', '_', '|', ' ']);
    let item = is_item(line.text.trim());
    let code = mark.contains(['{', '}']) || mark.ends_with(';');
    let ps = ["ps", "p.s", "nb:"]
        .iter()
        .any(|ps| mark.strip_prefix(ps).is_some_and(|rest| rest.starts_with([':', '.', ' ', ','])));
    let short = !line.mark.is_empty() && line.text.chars().take(MAX_CARD_LINE + 1).count() <= MAX_CARD_LINE;
    short
        && !item
        && !code
        && !ps
        && !mark.ends_with('?')
        && !is_sentence(line)
        && !is_run(mark)
        && !is_labelled(mark)
}
/// `- Restart`, `1. Open`, `2) Print`
fn is_item(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered =
        (1..=2).contains(&digits) && text[digits..].get(..2).is_some_and(|dot| [". ", ") "].contains(&dot));
    numbered || ["- ", "* ", "• "].iter().any(|item| text.starts_with(item))
}

/// Some words with the end of a sentence.
fn is_sentence(line: &Line<'_>) -> bool {
    let end = line.mark.trim_end_matches(['"', '”', ')', ' ']);
    let quoted = line.mark.starts_with(['"', '“', '„', '«', '\'']);
    let words = line.mark.split_whitespace().take(SENTENCE).count();
    !quoted && words >= SENTENCE && end.ends_with(['.', '!', '?', '。'])
}

/// Many words with nothing between them, as no card has.
fn is_run(mark: &str) -> bool {
    let divided = mark.contains([',', '|', '·', '•', '/', '&', '-', '–', '—', ':', ';']);
    !divided
        && mark.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).take(RUN).count()
            == RUN
}

/// `Expected: paper`, but not `Tel.: 1234567`.
fn is_labelled(mark: &str) -> bool {
    let labelled = mark.split_once(": ").map(|(label, _)| label).or(mark
        .strip_suffix(':')
        .filter(|label| label.split_whitespace().take(MAX_LINK).count() < MAX_LINK));
    labelled.is_some() && !has_contact(mark)
}

fn has_contact(mark: &str) -> bool {
    let digits = mark.bytes().filter(u8::is_ascii_digit).count();
    let plain = mark.chars().all(|c| !c.is_alphabetic());
    let labelled = [
        "tel", "phone", "mob", "fax", "t:", "m:", "p:", "t.", "m.", "cell", "тел", "電話", "电话", "전화",
        "direct", "office",
    ];
    let linked = mark.contains('@') || mark.contains("www.") || mark.contains("http");
    linked && mark.split_whitespace().take(MAX_LINK + 1).count() <= MAX_LINK
        || digits >= 7
            && (plain || mark.starts_with('+') || labelled.iter().any(|label| mark.starts_with(label)))
}
