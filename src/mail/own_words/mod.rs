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
//! What a mail program leaves unmarked, and what stands within our question, is found by comparison with
//! what we sent: `ours`, `within`.
//!
//! `quote`, `attribution` and `header` know how quotes are announced, `signature`
//! and `footer` how mails end, `words` the words for it in the languages.

mod answering;
mod attribution;
mod footer;
mod header;
mod line;
mod ours;
mod quote;
mod signature;
mod within;
mod words;

use std::ops::Range;

use crate::domain::Severed;

pub use answering::Answering;
use line::Line;
pub use ours::without_ours;
pub use within::answers_within;

/// How far above a line its quote may stand, over blank lines.
const MAX_LOOK_BACK: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Own,
    Quoted,
    Signature,
}

/// Whether a line among these says that somebody's quoted words follow.
pub(super) fn has_attribution(text: &[&str]) -> bool {
    let lines: Vec<Line<'_>> = text.iter().map(|line| Line::of(line)).collect();
    (0..lines.len()).any(|at| attribution::lines(&lines[at..], Answering::Mail) > 0)
}

/// Takes a text apart; a mail that answers nothing needs stronger marks of a quote.
pub fn sever(text: &str, answering: Answering) -> Severed {
    sever_in_place(text, answering).0
}

/// The same, and where in `text` each line of the own words stands.
pub(super) fn sever_in_place(text: &str, answering: Answering) -> (Severed, Vec<Range<usize>>) {
    let lines = lines(text, answering);
    let mut pass = Pass {
        lines: &lines,
        answering,
        places: Vec::with_capacity(lines.len()),
        place: Place::Own,
        said: false,
        announced: false,
        closed: false,
        handed_on: false,
        tails: Vec::new(),
        marks: Vec::new(),
    };
    pass.run();
    pass.give_back();
    pass.cite();
    pass.sign();
    let own = chosen(&lines, &pass.places, Place::Own);
    // Each line is a piece of `text`, so its address tells where.
    let start = |line: &str| line.as_ptr().addr() - text.as_ptr().addr();
    let own_lines = own.iter().map(|line| start(line)..start(line) + line.len()).collect();
    let severed = Severed {
        own: own.join("\n"),
        quoted: gathered(&lines, &pass.places, Place::Quoted),
        signature: gathered(&lines, &pass.places, Place::Signature),
        handed_on: pass.handed_on,
    };
    (severed, own_lines)
}

fn gathered(lines: &[Line<'_>], places: &[Place], wanted: Place) -> String {
    chosen(lines, places, wanted).join("\n")
}

/// The lines of one place, without the blank ones at the ends.
fn chosen<'l>(lines: &[Line<'l>], places: &[Place], wanted: Place) -> Vec<&'l str> {
    let chosen = lines.iter().zip(places).filter(|(_, place)| **place == wanted);
    let chosen: Vec<_> = chosen.map(|(line, _)| line.text).collect();
    without_blank_ends(&chosen).to_vec()
}

/// The lines; one in which an attribution begins behind the sender's words is two.
fn lines(text: &str, answering: Answering) -> Vec<Line<'_>> {
    let whole: Vec<Line<'_>> = text.lines().map(Line::of).collect();
    let shared: Vec<(usize, usize)> =
        (0..whole.len()).filter_map(|n| Some((n, attribution::shared(&whole[n..], answering)?))).collect();
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
    answering: Answering,
    places: Vec<Place>,
    /// Where lines without a mark go at the moment.
    place: Place,
    /// Whether there were own words or marked quotes so far.
    said: bool,
    /// Whether a line said that a mail is quoted.
    announced: bool,
    /// Whether the own words had a closing.
    closed: bool,
    /// Whether the own words stand below the header of another mail.
    handed_on: bool,
    /// Lines that are an addition only at the end of the own words.
    tails: Vec<usize>,
    /// Marks of a signature, with their lines.
    marks: Vec<(usize, signature::Mark)>,
}

impl<'l> Pass<'l> {
    fn run(&mut self) {
        while let Some(rest) = self.lines.get(self.places.len()..).filter(|rest| !rest.is_empty()) {
            if !self.quotes(rest) && !self.ends(rest) {
                self.said |= self.place == Place::Own && !rest[0].is_blank();
                self.closed |= self.place == Place::Own && signature::is_closed(&rest[0]);
                self.put(1, self.place);
            }
        }
    }

    fn put(&mut self, lines: usize, place: Place) {
        self.places.resize(self.places.len() + lines, place);
    }

    /// Puts what is quoted from here on in its place.
    fn quotes(&mut self, rest: &[Line<'_>]) -> bool {
        let header = header::lines(rest, self.answering);
        if header > 0 {
            self.quoted_mail(header);
            return true;
        }
        let attribution = attribution::lines(rest, self.answering);
        self.announced |= attribution > 0;
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
            // Nobody's mail is answered: it is the sender who cites, a log or a prompt.
            let cited = self.answering == Answering::Nothing && !self.announced;
            self.handed_on |= cited;
            self.put(marked, if cited { Place::Own } else { Place::Quoted });
            (self.place, self.said) = (Place::Own, true);
        }
        marked > 0
    }

    /// A whole mail is quoted without marks: to the end, unless it is handed on. Where marks follow, there
    /// are answers between them; and a mail that answers nothing loses no more than the line.
    fn quoted_mail(&mut self, header: usize) {
        let (rest, marked) =
            (self.lines.len() - self.places.len(), quote::is_next(&self.lines[self.places.len() + header..]));
        self.announced = true;
        let at = self.places.len();
        let first = self.answering == Answering::Nothing && !header::is_whole(&self.lines[at..at + header]);
        if self.said && !marked && !first {
            self.put(rest, Place::Quoted);
        } else {
            self.put(header, Place::Quoted);
            self.handed_on |= !marked;
            self.place = Place::Own;
        }
    }

    /// Puts what programs and firms add to a mail in its place.
    fn ends(&mut self, rest: &[Line<'_>]) -> bool {
        let at = self.places.len();
        let starts = at.checked_sub(1).is_none_or(|before| self.lines[before].is_blank());
        if let Some(mark) = signature::mark(rest) {
            self.marks.push((at, mark));
            self.place = Place::Signature;
            self.put(1, Place::Signature);
            return true;
        }
        let phone = footer::is_phone(&rest[0].mark, self.is_below_quote());
        let tail = match () {
            () if phone || starts && footer::is_named_phone(rest) => 1,
            () if starts && self.place == Place::Own => footer::notice(rest),
            () => 0,
        };
        let banner = if tail == 0 && starts && !self.said { footer::banner(rest) } else { 0 };
        if tail > 0 && self.place == Place::Own && (phone || !self.closed) {
            self.tails.extend(at..at + tail);
        }
        self.put(tail + banner, Place::Signature);
        tail + banner > 0
    }

    fn is_below_quote(&self) -> bool {
        let above = self.lines[..self.places.len()].iter().rev().take(MAX_LOOK_BACK);
        above
            .zip(self.places.iter().rev())
            .find(|(line, _)| !line.is_blank())
            .is_some_and(|(line, _)| line.is_quote())
    }

    /// Gives the sender back what is no addition after all, as their words go on below it.
    fn give_back(&mut self) {
        let (mut end, mut bare_below) = (self.lines.len(), false);
        let marks = std::mem::take(&mut self.marks);
        for (n, &(at, mark)) in marks.iter().enumerate().rev() {
            let quoted = |n: &usize| self.places[*n] == Place::Quoted && !self.lines[*n].is_blank();
            let below = (at + 1..end).find(quoted).unwrap_or(end);
            let bare = mark == signature::Mark::Bare;
            // Two of a kind divide a text.
            let above =
                n.checked_sub(1).map(|above| marks[above]).filter(|(_, mark)| *mark == signature::Mark::Bare);
            let second = below == end && bare_below
                || above.is_some_and(|(above, _)| !(above..at).any(|n| quoted(&n)));
            if bare && second || !signature::holds(mark, &self.lines[at + 1..below]) {
                self.places[at..below].fill(Place::Own);
            }
            (end, bare_below) = (at, bare);
        }
        self.give_back_all();
        let (mut own_below, mut tails) = (false, std::mem::take(&mut self.tails));
        for n in (0..self.lines.len()).rev() {
            let tail = tails.pop_if(|tail| *tail == n).is_some();
            if tail && own_below {
                self.places[n] = Place::Own;
            }
            match self.places[n] {
                _ if self.lines[n].is_blank() => {}
                Place::Own => own_below = true,
                Place::Quoted => own_below = false,
                Place::Signature => {}
            }
        }
    }

    /// A first mail says something: what leaves a greeting at most was no addition.
    fn give_back_all(&mut self) {
        let own =
            || (0..self.lines.len()).filter(|n| self.places[*n] == Place::Own && !self.lines[*n].is_blank());
        let greets = own().next().is_none_or(|n| self.lines[n].mark.ends_with([',', '，']));
        if self.answering == Answering::Nothing && greets && own().take(2).count() < 2 {
            std::mem::take(&mut self.tails).into_iter().for_each(|n| self.places[n] = Place::Own);
        }
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
        if let Some(start) = signature::unmarked(&own, self.answering) {
            at[start..].iter().for_each(|n| self.places[*n] = Place::Signature);
        }
    }
}

#[cfg(test)]
mod first_tests;
#[cfg(test)]
mod tests;
