//! Signatures: below `-- `, below a closing with contact details, `-Name` at the end.

use super::{line::Line, words::is_closing};

/// The most lines of a signature with its disclaimer; more is a listing below a rule.
const MAX_SIGNATURE: usize = 25;
/// The most lines below a rule of underscores that are a list's footer.
const MAX_RULED_FOOTER: usize = 6;
/// The most lines of a name with contact details below a closing.
const MAX_CARD: usize = 14;
/// The longest line of such a card, in characters.
const MAX_CARD_LINE: usize = 100;

/// `-- ` on its own line (RFC 3676 §4.3), also without the space that programs
/// drop, and the rule above a mailing list's footer at the very end.
pub(super) fn is_mark(rest: &[Line<'_>]) -> bool {
    let Some(first) = rest.first() else { return false };
    if matches!(first.mark.as_str(), "--" | "—" | "ᐧ" | "__" | "–") {
        let below = rest[1..].iter().take_while(|line| !line.is_quote()).filter(|line| !line.is_blank());
        return below.take(MAX_SIGNATURE + 1).count() <= MAX_SIGNATURE;
    }
    let ruled = first.mark.len() >= 15 && first.mark.bytes().all(|b| b == b'_');
    ruled && rest.len() <= 3 * MAX_RULED_FOOTER && {
        let below = rest[1..].iter().filter(|line| !line.is_blank()).count();
        (1..=MAX_RULED_FOOTER).contains(&below)
    }
}

/// Where, in the last own words of a mail, the signature begins that no mark stands
/// above. A closing with a mere name stays with the words: a person wrote it.
pub(super) fn unmarked(own: &[&Line<'_>]) -> Option<usize> {
    signed_with_dash(own).or_else(|| card(own))
}

/// `-Alice` or `/Alice` below a blank line, at the very end.
fn signed_with_dash(own: &[&Line<'_>]) -> Option<usize> {
    let last = own.iter().rposition(|line| !line.is_blank())?;
    let text = own[last].text.trim();
    let name = text.strip_prefix(['-', '/', '~'])?;
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
        let closing = line.mark.trim_end_matches([',', '.', '!', ':', ' ', '，', '。', '-', '–']);
        if is_closing(closing) {
            let anything_above = own[..n].iter().any(|line| !line.is_blank());
            return (contact && below >= 2 && anything_above).then_some(n);
        }
        if line.text.chars().take(MAX_CARD_LINE + 1).count() > MAX_CARD_LINE || line.mark.ends_with('?') {
            return None;
        }
        contact |= has_contact(&line.mark);
        below += 1;
    }
    None
}

fn has_contact(mark: &str) -> bool {
    let digits = mark.bytes().filter(u8::is_ascii_digit).count();
    let plain = mark.chars().all(|c| !c.is_alphabetic());
    let labelled = [
        "tel", "phone", "mob", "fax", "t:", "m:", "p:", "t.", "m.", "cell", "тел", "電話", "电话", "전화",
        "direct", "office",
    ];
    mark.contains('@')
        || mark.contains("www.")
        || mark.contains("http")
        || digits >= 7
            && (plain || mark.starts_with('+') || labelled.iter().any(|label| mark.starts_with(label)))
}
