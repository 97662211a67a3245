//! What mail programs put above a whole mail that they quote or forward: a line
//! between dashes, Outlook's From/Sent/To/Subject, "Begin forwarded message:".

use super::{
    Answering,
    line::{Line, has_date, has_time},
    words::{Label, asks_above, is_bare_separator, label, starts_with_separator},
};

/// The most lines of a header block, wrapped recipients included.
const MAX_BLOCK: usize = 16;
/// The most lines in a row within a block that are no header line themselves.
const MAX_WRAP: usize = 4;
/// The most blank lines between a separator and the header lines below it.
const MAX_GAP: usize = 3;

/// How many lines stand above a quoted mail that begins here: separator and header
/// lines. None, when none begins.
pub(super) fn lines(rest: &[Line<'_>], answering: Answering) -> usize {
    let Some(first) = rest.first() else { return 0 };
    if is_separator(&first.mark) {
        let below = &rest[1..];
        let gap = gap(below);
        let block = block(&below[gap..], true, answering);
        let alone = usize::from(answering == Answering::Mail);
        return if block > 0 { 1 + gap + block } else { alone };
    }
    if first.is_rule() {
        let gap = gap(&rest[1..]);
        let block = block(&rest[1 + gap..], answering == Answering::Mail, answering);
        return if block > 0 { 1 + gap + block } else { 0 };
    }
    if answering == Answering::Mail && is_above(&first.mark) { 1 } else { block(rest, false, answering) }
}

/// Whether no form looks so: a line between dashes begins it, or it names the author's address, the time,
/// the recipient and the subject.
pub(super) fn is_whole(header: &[Line<'_>]) -> bool {
    let has = |wanted: Label, test: fn(&Line<'_>) -> bool| {
        header.iter().any(|line| header_label(line.text) == Some(wanted) && test(line))
    };
    header.first().is_some_and(|first| is_separator(&first.mark))
        || has(Label::From, |line| line.text.contains('@'))
            && has(Label::Date, |line| has_time(&line.mark))
            && has(Label::To, |_| true)
            && has(Label::Subject, |_| true)
}

fn gap(below: &[Line<'_>]) -> usize {
    below.iter().take(MAX_GAP).take_while(|line| line.is_blank()).count()
}

/// `-----Original Message-----` and its kin.
fn is_separator(mark: &str) -> bool {
    let bare = mark.trim_matches(['*', ' ', ':', '：', '>']);
    if is_bare_separator(bare) && mark.ends_with([':', '：', '*']) {
        return true;
    }
    let inside = mark.trim_matches(['-', '_', '=', '*', ' ', ':', '‐', '—', '–', '－', '─', '~', '<', '>']);
    let dashed = ["--", "__", "==", "‐", "–", "—", "－－", "─", "~~", "- -", "<<", "**--", "*--"];
    dashed.iter().any(|dashes| mark.starts_with(dashes)) && starts_with_separator(inside)
}

/// `##- Please type your reply above this line -##`
fn is_above(mark: &str) -> bool {
    mark.len() <= 200 && asks_above(mark)
}

/// How many lines the block `From: … Sent: … To: … Subject: …` has, in any of the
/// languages. Three kinds of line are enough; two are, where one has an address or
/// the block is `announced` by what stands above it.
fn block(rest: &[Line<'_>], announced: bool, answering: Answering) -> usize {
    let Some(first) = rest.first().and_then(|line| header_label(line.text)) else { return 0 };
    if !announced && !matches!(first, Label::From | Label::Date | Label::Subject) {
        return 0;
    }
    let (mut kinds, mut wrapped, mut address, mut time, mut length) = (Vec::new(), 0, false, false, 0);
    let mut author_address = false;
    for (n, line) in rest.iter().take(MAX_BLOCK).enumerate() {
        match header_label(line.text) {
            Some(label) => {
                if !kinds.contains(&label) {
                    kinds.push(label);
                }
                time |= label == Label::Date && has_time(&line.mark);
                author_address |= label == Label::From && line.text.contains('@');
                (wrapped, length) = (0, n + 1);
            }
            None if line.is_blank() => break,
            None => wrapped += 1,
        }
        if wrapped > MAX_WRAP {
            break;
        }
        address |= line.text.contains('@');
    }
    let author = kinds.contains(&Label::From);
    let enough = if first == Label::Subject { 4 } else { 3 };
    // Outlook's shortest: the day and the recipient.
    let dated = first == Label::Date && time && has_date(&rest[0].mark);
    // A form or a list has labels too, but no address and no time of day.
    let mail = match answering {
        Answering::Mail => address || time || announced || kinds.len() >= 4,
        Answering::Nothing => author && time || announced && (address || time),
    };
    let few = answering == Answering::Nothing && !announced && kinds.len() < 3;
    let sure = mail
        && !few
        && (kinds.len() == 2 && dated && address
            || kinds.len() >= enough && (author || announced)
            || kinds.len() == 2 && author && (author_address || announced));
    if sure { length + continued(&rest[length..]) } else { 0 }
}

/// The rest of a wrapped last header line: addresses, or the second line of a subject
/// before a blank one.
fn continued(rest: &[Line<'_>]) -> usize {
    let wrapped = rest.iter().take(MAX_WRAP).take_while(|line| !line.is_blank());
    let recipients =
        wrapped.take_while(|line| line.text.contains('@') && line.mark.ends_with(['>', ';', ',', ']']));
    recipients.count()
}

/// The kind of header line, for `*From:* Alice` as for `Von: Alice`.
fn header_label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches([
        ' ', '\t', '*', '|', '\u{a0}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{feff}', '【',
    ]);
    let end = line.char_indices().take(40).find(|(_, c)| matches!(c, ':' | '：'))?.0;
    let (word, value) = line.split_at(end);
    let value = value.trim_start_matches([':', '：']);
    let value = value.split(['\n']).next().unwrap_or_default();
    let word =
        word.trim_matches(['*', ' ', '\u{a0}', '】', '\u{200e}', '\u{200f}', '\u{202c}']).to_lowercase();
    // An empty Subject or Cc is a header line still.
    let label = label(&word)?;
    let empty = value.trim_matches(['*', ' ', '\u{a0}']).is_empty();
    (!empty || matches!(label, Label::Subject | Label::Cc)).then_some(label)
}
