//! Whose mail it is that somebody passes on: as an attached `message/rfc822`, or below
//! a block of header lines, as mail programs write it into the text.
//!
//! Reading only. That somebody passes a mail on proves nothing about its author, and
//! whether it makes any difference is for `triage` to say. Where two answers are
//! possible there is none: [`Forward::Unclear`].

use super::{
    Answering, Ours,
    forward_words::{ANSWERS, Label, MARKERS, PREFIXES, label},
    language::language,
    own_words, reading, sever,
};
use crate::domain::{
    Attachment, EmailAddress, Forward, Forwarded, InboundMail, Kind, NamedAddress, Proof, text,
};

/// A label is not longer than this, in bytes.
const MAX_LABEL_BYTES: usize = 48;
/// Header lines of a block, with their continuations.
const MAX_BLOCK_LINES: usize = 30;
/// Lines of one field that was broken into several.
const MAX_CONTINUED: usize = 3;

/// What a person's mail passes on. `None` where it is no forward.
pub(super) fn forward(mail: &InboundMail, ours: &Ours) -> Option<Forward> {
    if mail.kind != Kind::Human {
        return None;
    }
    let found = match inline(mail) {
        Some(inline) => inline,
        None => attached(mail, ours)?,
    };
    Some(match found {
        Ok(forwarded) => Forward::Mail(Box::new(forwarded)),
        Err(why) => Forward::Unclear(why),
    })
}

/// A mail that somebody attached, alone of its kind.
fn attached(mail: &InboundMail, ours: &Ours) -> Option<Result<Forwarded, String>> {
    let is_mail = |file: &&Attachment| file.mime == "message/rfc822";
    if is_answer(mail) && !is_forward_subject(&mail.subject, "") {
        return None;
    }
    let mut mails = mail.attachments.iter().filter(is_mail);
    let only = mails.next()?;
    if mails.next().is_some() {
        return Some(Err("several mails are attached".to_owned()));
    }
    let mut inner = reading::reading(&only.bytes, ours);
    if inner.kind != Kind::Human || inner.author().is_none() {
        return Some(Err(format!("the attached mail has no one person as its author ({})", inner.kind)));
    }
    inner.attachments.extend(mail.attachments.iter().cloned());
    Some(Ok(passed_on(inner, mail.body.own.trim())))
}

/// Nobody but who passes it on says that the author wrote it.
fn passed_on(mail: InboundMail, note: &str) -> Forwarded {
    let mail = InboundMail {
        kind: Kind::Human,
        kind_why: "a person passed it on".to_owned(),
        proof: Proof::None,
        proof_why: "it was passed on, which proves nothing".to_owned(),
        ..mail
    };
    Forwarded { mail, note: note.to_owned() }
}

/// A mail below a block of header lines.
fn inline(mail: &InboundMail) -> Option<Result<Forwarded, String>> {
    let lines: Vec<&str> = mail.text.lines().collect();
    let block = Block::first(&lines)?;
    let above = lines[..block.start].iter().rposition(|line| !bare(line).is_empty());
    let marked = above.filter(|&at| is_marker(lines[at]));
    // What others quoted in an answer is theirs: only a program's own line above a mail
    // that it quotes says that the mail is passed on.
    let theirs = |&at: &usize| is_quoted(lines[at]);
    if block.quoted && marked.is_none_or(|at| theirs(&at))
        || own_words::has_attribution(&lines[..marked.unwrap_or(block.start)])
    {
        return None;
    }
    // An answer quotes its mail below such a block, too.
    let subject_says_so = is_forward_subject(&mail.subject, &block.from_label);
    if !subject_says_so && (marked.is_none() || is_answer(mail)) {
        return None;
    }
    let note = lines[..marked.unwrap_or(block.start)].join("\n");
    let body: Vec<&str> = lines[block.end..].iter().map(|line| block.unquoted(line)).collect();
    let body = body.join("\n").trim_matches('\n').to_owned();
    let Some(author) = only_address(&block.from) else {
        return Some(Err("the line that names the author has no single mail address".to_owned()));
    };
    let severed = sever(&body, Answering::of(&block.subject, false));
    let inner = InboundMail {
        from: vec![author],
        to: mail.to.clone(),
        subject: if block.subject.is_empty() { mail.subject.clone() } else { text::line(&block.subject) },
        in_reply_to: mail.in_reply_to.clone(),
        references: mail.references.clone(),
        language: language(&severed.own, None),
        body: severed,
        text: body,
        attachments: mail.attachments.clone(),
        oversized: mail.oversized,
        ..InboundMail::default()
    };
    Some(Ok(passed_on(inner, note.trim())))
}

/// The header lines above a mail in a text.
#[derive(Debug, Default)]
struct Block {
    /// Its first line, and the first behind it.
    start: usize,
    end: usize,
    /// The lines begin with `>`.
    quoted: bool,
    from_label: String,
    from: String,
    subject: String,
}

impl Block {
    /// The topmost one.
    fn first(lines: &[&str]) -> Option<Block> {
        let mut at = 0;
        while at < lines.len() {
            if field(lines[at]).is_none() {
                at += 1;
                continue;
            }
            let (block, kinds) = Block::at(lines, at);
            let says = |label| kinds.contains(&label);
            if says(Label::From) && kinds.len() >= 3 && (says(Label::Date) || says(Label::Subject)) {
                return Some(block);
            }
            at = block.end.max(at + 1);
        }
        None
    }

    /// What can be read as a block from this line on, and what its lines tell.
    fn at(lines: &[&str], start: usize) -> (Block, Vec<Label>) {
        let mut block = Block { start, end: start, quoted: is_quoted(lines[start]), ..Block::default() };
        let (mut kinds, mut last, mut continued) = (Vec::new(), Label::Other, 0);
        for (at, line) in lines.iter().enumerate().skip(start).take(MAX_BLOCK_LINES) {
            if let Some((word, label, value)) = field(line) {
                if label == Label::From && !kinds.contains(&Label::From) {
                    (block.from_label, block.from) = (word, value.to_owned());
                } else if label == Label::Subject && !kinds.contains(&Label::Subject) {
                    block.subject = value.to_owned();
                }
                if !kinds.contains(&label) {
                    kinds.push(label);
                }
                (last, continued, block.end) = (label, 0, at + 1);
                continue;
            }
            let rest = bare(line);
            // A blank line ends the block, unless it stands between its lines.
            let next_is_field = || lines.get(at + 1).is_some_and(|next| field(next).is_some());
            if rest.is_empty() {
                if next_is_field() && kinds.len() < 3 { continue } else { break }
            }
            continued += 1;
            if continued > MAX_CONTINUED {
                break;
            }
            match last {
                Label::Subject if block.end == at => block.subject = format!("{} {rest}", block.subject),
                Label::From if block.end == at => block.from = format!("{} {rest}", block.from),
                Label::To | Label::Other if block.end == at => {}
                _ => break,
            }
            block.end = at + 1;
        }
        (block, kinds)
    }

    fn unquoted<'l>(&self, line: &'l str) -> &'l str {
        if !self.quoted {
            return line;
        }
        let inside = line.trim_start().strip_prefix('>').unwrap_or(line);
        inside.strip_prefix(' ').unwrap_or(inside)
    }
}

/// A line without quotation marks and marks of emphasis around it.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '>' | '*' | '_' | '|' | '\u{200e}' | '\u{200f}')
    })
}

/// Label, what it tells, and value of a header line.
fn field(line: &str) -> Option<(String, Label, &str)> {
    let line = bare(line);
    let end = line.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    if end.0 > MAX_LABEL_BYTES {
        return None;
    }
    let word = bare(&line[..end.0]).to_lowercase();
    let value = bare(&line[end.0 + end.1.len_utf8()..]);
    label(&word).map(|label| (word, label, value))
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether it answers a mail, and its subject does not say that it passes one on.
fn is_answer(mail: &InboundMail) -> bool {
    let subject = mail.subject.split_once([':', '：']).map(|(prefix, _)| prefix.trim());
    let says_so = subject.is_some_and(|prefix| {
        ANSWERS.contains(&text::prefix(prefix, MAX_LABEL_BYTES).to_lowercase().as_str())
    });
    says_so || !mail.in_reply_to.is_empty()
}

fn is_marker(line: &str) -> bool {
    let line = text::prefix(bare(line), 200).to_lowercase();
    MARKERS.iter().any(|marker| line.contains(marker))
}

fn is_forward_subject(subject: &str, from_label: &str) -> bool {
    let Some((prefix, _)) = subject.split_once([':', '：']) else { return false };
    let prefix = text::prefix(prefix.trim(), MAX_LABEL_BYTES).to_lowercase();
    let finnish = from_label == "lähettäjä";
    PREFIXES.contains(&prefix.as_str()) && !(prefix == "vs" && finnish)
}

/// The one address in `Anna <anna@example.org>`, `anna@example.org [mailto:…]` and the like.
fn only_address(value: &str) -> Option<NamedAddress> {
    let is_mark = |c: char| c.is_whitespace() || "<>[]()\",;'".contains(c);
    let words =
        value.split(is_mark).map(|word| word.trim_start_matches("mailto:")).filter(|word| word.contains('@'));
    let mut addresses: Vec<EmailAddress> = Vec::new();
    for word in words {
        // One that cannot be read leaves doubt about all.
        let address = word.parse().ok()?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let [address] = addresses.as_slice() else { return None };
    let name = value
        .split(['<', '[', '('])
        .next()
        .unwrap_or_default()
        .trim_matches(|c: char| is_mark(c) || c == '*');
    let name = if name.contains('@') { "" } else { name };
    Some(NamedAddress::new(name, address.clone()))
}

#[cfg(test)]
mod tests;
