//! Own words, quotes and signature of a mail's text.
//!
//! Every line goes to exactly one of the three, whole; nothing is deleted. Only
//! the own words are ever read as the sender's: by the gate, and as commands. So
//! in doubt between own and quoted the line is quoted where a mail program's mark
//! says so. A quoted mail with nothing above it is what the sender hands on: a
//! forward, or an answer somewhere inside. Its header is quoted, and its words are
//! taken, but [`Severed::handed_on`] says that they may be another person's.
//!
//! One pass from top to bottom; each line is looked at a bounded number of times.
//! What a mail program leaves unmarked is found by comparison with what we sent: `ours`.
//!
//! `quote`, `attribution` and `header` know how quotes are announced, `signature`
//! and `footer` how mails end, `words` the words for it in the languages.

mod attribution;
mod footer;
mod header;
mod line;
mod ours;
mod quote;
mod signature;
mod words;

use crate::domain::Severed;

use line::Line;
pub use ours::without_ours;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Own,
    Quoted,
    Signature,
}

/// Whether a line among these says that somebody's quoted words follow.
pub(super) fn has_attribution(text: &[&str]) -> bool {
    let lines: Vec<Line<'_>> = text.iter().map(|line| Line::of(line)).collect();
    (0..lines.len()).any(|at| attribution::lines(&lines[at..]) > 0)
}

/// Takes a text apart.
pub fn sever(text: &str) -> Severed {
    let lines = lines(text);
    let mut pass = Pass {
        lines: &lines,
        places: Vec::with_capacity(lines.len()),
        place: Place::Own,
        said: false,
        handed_on: false,
    };
    pass.run();
    pass.cite();
    pass.sign();
    Severed {
        own: gathered(&lines, &pass.places, Place::Own),
        quoted: gathered(&lines, &pass.places, Place::Quoted),
        signature: gathered(&lines, &pass.places, Place::Signature),
        handed_on: pass.handed_on,
    }
}

/// The lines of one place, without the blank ones at the ends.
fn gathered(lines: &[Line<'_>], places: &[Place], wanted: Place) -> String {
    let chosen = lines.iter().zip(places).filter(|(_, place)| **place == wanted);
    let chosen: Vec<_> = chosen.map(|(line, _)| line.text).collect();
    without_blank_ends(&chosen).join("\n")
}

/// The lines; one in which an attribution begins behind the sender's words is two.
fn lines(text: &str) -> Vec<Line<'_>> {
    let whole: Vec<Line<'_>> = text.lines().map(Line::of).collect();
    let shared: Vec<(usize, usize)> =
        (0..whole.len()).filter_map(|n| Some((n, attribution::shared(&whole[n..])?))).collect();
    let mut shared = shared.into_iter().peekable();
    let mut lines = Vec::with_capacity(whole.len());
    for (n, line) in whole.into_iter().enumerate() {
        match shared.next_if(|(at, _)| *at == n) {
            Some((_, start)) => {
                let (own, said) = line.text.split_at(start);
                lines.extend([Line::of(own), Line::of(said)]);
            }
            None => lines.push(line),
        }
    }
    lines
}

fn without_blank_ends<'a, 'l>(lines: &'a [&'l str]) -> &'a [&'l str] {
    let is_text = |line: &&str| !line.trim().is_empty();
    match (lines.iter().position(is_text), lines.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &lines[first..=last],
        _ => &[],
    }
}

/// One way through the lines, with the place of each line seen so far.
struct Pass<'l> {
    lines: &'l [Line<'l>],
    places: Vec<Place>,
    /// Where lines without a mark go at the moment.
    place: Place,
    /// Whether there were own words or marked quotes so far.
    said: bool,
    /// Whether the own words stand below the header of another mail.
    handed_on: bool,
}

impl<'l> Pass<'l> {
    fn run(&mut self) {
        while let Some(rest) = self.lines.get(self.places.len()..).filter(|rest| !rest.is_empty()) {
            if !self.quotes(rest) && !self.ends(rest) {
                self.said |= self.place == Place::Own && !rest[0].is_blank();
                self.put(1, self.place);
            }
        }
    }

    fn put(&mut self, lines: usize, place: Place) {
        self.places.resize(self.places.len() + lines, place);
    }

    /// Puts what is quoted from here on in its place.
    fn quotes(&mut self, rest: &[Line<'_>]) -> bool {
        let header = header::lines(rest);
        if header > 0 {
            self.quoted_mail(header);
            return true;
        }
        let attribution = attribution::lines(rest);
        if attribution > 0 && quote::is_next(&rest[attribution..]) {
            self.put(attribution, Place::Quoted);
            self.place = Place::Own;
            return true;
        } else if attribution > 0 {
            self.quoted_mail(attribution);
            return true;
        }
        let before = self.places.len().checked_sub(1).map(|before| &self.lines[before]);
        let marked = quote::marked(rest, before);
        if marked > 0 {
            self.put(marked, Place::Quoted);
            (self.place, self.said) = (Place::Own, true);
        }
        marked > 0
    }

    /// A whole mail is quoted without marks: to the end, unless it is handed on.
    fn quoted_mail(&mut self, header: usize) {
        let (rest, marked) =
            (self.lines.len() - self.places.len(), quote::is_next(&self.lines[self.places.len() + header..]));
        if self.said {
            self.put(rest, Place::Quoted);
        } else {
            self.put(header, Place::Quoted);
            self.handed_on |= !marked;
            self.place = Place::Own;
        }
    }

    /// Puts what programs and firms add to a mail in its place.
    fn ends(&mut self, rest: &[Line<'_>]) -> bool {
        let starts = self.places.len().checked_sub(1).is_none_or(|before| self.lines[before].is_blank());
        let added = match () {
            () if signature::is_mark(rest) => {
                self.place = Place::Signature;
                1
            }
            () if footer::is_phone(&rest[0].mark) || starts && footer::is_named_phone(rest) => 1,
            () if starts && !self.said && footer::banner(rest) > 0 => footer::banner(rest),
            () if starts && self.place == Place::Own => footer::notice(rest),
            () => 0,
        };
        self.put(added, Place::Signature);
        added > 0
    }

    /// A single quote at the very top, with no line that says whose words they are, is
    /// one that the sender cites: a mail program would have said whose.
    fn cite(&mut self) {
        let filled = |(n, _): &(usize, &Place)| !self.lines[*n].is_blank();
        let mut kinds: Vec<Place> =
            self.places.iter().enumerate().filter(filled).map(|(_, place)| *place).collect();
        kinds.dedup();
        kinds.retain(|place| *place != Place::Signature);
        let marked = self.lines.iter().find(|line| !line.is_blank()).is_some_and(Line::is_quote);
        if marked && kinds == [Place::Quoted, Place::Own] {
            self.handed_on = true;
            self.places
                .iter_mut()
                .filter(|place| **place == Place::Quoted)
                .for_each(|place| *place = Place::Own);
        }
    }

    /// Finds the signature at the end of the own words.
    fn sign(&mut self) {
        let (mut own, mut at) = (Vec::new(), Vec::new());
        for (n, line) in self.lines.iter().enumerate().rev() {
            match self.places[n] {
                Place::Own => {
                    own.push(line);
                    at.push(n);
                }
                Place::Quoted if !own.iter().all(|line: &&Line<'_>| line.is_blank()) => break,
                _ => {}
            }
        }
        own.reverse();
        at.reverse();
        if let Some(start) = signature::unmarked(&own) {
            at[start..].iter().for_each(|n| self.places[*n] = Place::Signature);
        }
    }
}

#[cfg(test)]
mod tests;
