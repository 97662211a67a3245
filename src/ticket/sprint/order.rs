//! The order that a product owner answers to a list of candidates.
//!
//! ```text
//! 1. DG-12
//! 2. DG-7
//! DG-12, DG-7        12 7 9        #top 12        #drop 9
//! ```
//!
//! What is not surely an order is not guessed: a line counts by what it begins with, and is said back otherwise.

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Tickets to come first, before those of `next`.
    pub top: Vec<i64>,
    /// The order of the others.
    pub next: Vec<i64>,
    /// Tickets that are not to come in this sprint.
    pub dropped: Vec<i64>,
    /// Lines that seem to name tickets, but were not understood.
    pub unread: Vec<String>,
}

impl Order {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.top.is_empty() && self.next.is_empty() && self.dropped.is_empty()
    }

    /// The list after it: what is to come first, what was ordered, then the others as they were.
    pub fn applied(&self, before: &[i64]) -> Vec<i64> {
        let mut after: Vec<i64> = Vec::new();
        for ticket in self.top.iter().chain(&self.next).chain(before) {
            if !self.dropped.contains(ticket) && !after.contains(ticket) {
                after.push(*ticket);
            }
        }
        after
    }
}

/// So many lines of an answer are read.
const MOST_LINES: usize = 200;

/// Reads an answer to a list of tickets, whose numbers stand in `listed` in the order of the list; `prefix` stands
/// before a number in references. Bare numbers are tickets where all of them are listed, else places in the list.
pub fn read(own: &str, listed: &[i64], prefix: &str) -> Order {
    let lines: Vec<(&str, Words)> = own
        .lines()
        .take(MOST_LINES)
        .map(str::trim)
        .filter(|line| line.chars().any(|c| c.is_ascii_digit()))
        .map(|line| (line, words(line, prefix)))
        .collect();
    let bare: Vec<i64> = lines.iter().flat_map(|(_, words)| words.bare()).copied().collect();
    let places = !bare.iter().all(|number| listed.contains(number));
    let mut order = Order::default();
    for (line, words) in lines {
        let meant: Option<Vec<i64>> =
            words.numbers.iter().map(|number| meant(*number, words.named, places, listed)).collect();
        match meant.filter(|tickets| !tickets.is_empty()) {
            None => order.unread.push(line.to_owned()),
            Some(tickets) => add(
                match words.command {
                    Some("top") => &mut order.top,
                    Some("drop") => &mut order.dropped,
                    _ => &mut order.next,
                },
                tickets,
            ),
        }
    }
    order
}

fn add(list: &mut Vec<i64>, tickets: Vec<i64>) {
    for ticket in tickets {
        if !list.contains(&ticket) {
            list.push(ticket);
        }
    }
}

/// The listed ticket that a number means.
fn meant(number: i64, named: bool, places: bool, listed: &[i64]) -> Option<i64> {
    if named || !places {
        return Some(number).filter(|number| listed.contains(number));
    }
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    listed.get(place).copied()
}

/// What a line begins with.
#[derive(Debug, Default)]
struct Words {
    command: Option<&'static str>,
    numbers: Vec<i64>,
    /// They are references and not bare numbers.
    named: bool,
}

impl Words {
    fn bare(&self) -> impl Iterator<Item = &i64> {
        self.numbers.iter().filter(|_| !self.named)
    }
}

fn words(line: &str, prefix: &str) -> Words {
    let mut tokens = line.split([' ', '\t', ',', ';', '/', '>']).filter(|token| !token.is_empty()).peekable();
    let commands = [("#top", "top"), ("#drop", "drop")];
    let command = tokens
        .peek()
        .and_then(|first| commands.iter().find(|(written, _)| first.eq_ignore_ascii_case(written)))
        .map(|(_, command)| *command);
    tokens.next_if(|_| command.is_some());
    let (mut named, mut bare, mut all) = (false, Vec::new(), Vec::new());
    for token in tokens {
        let core = token.trim_matches(|c: char| !c.is_alphanumeric());
        match (reference(core, prefix), core.parse::<i64>().ok()) {
            (Some(number), _) => {
                named = true;
                all.push(number);
            }
            (None, Some(number)) => {
                let marks = token.ends_with(['.', ')']);
                all.extend(Some(number).filter(|_| !marks));
                bare.push((number, marks));
            }
            (None, None) if core.is_empty() || ["and", "then"].contains(&&*core.to_lowercase()) => {}
            (None, None) => break,
        }
    }
    let numbered = matches!(bare.as_slice(), [(_, true), _]);
    let numbers = bare.into_iter().skip(usize::from(numbered)).map(|(number, _)| number);
    match named {
        false => Words { command, numbers: numbers.collect(), named },
        // Beside a reference a bare number is one, too, save where it only counts the lines.
        true => Words { command, numbers: all, named },
    }
}

/// `DG-12`, in any case.
fn reference(token: &str, prefix: &str) -> Option<i64> {
    let head =
        token.get(..prefix.len()).filter(|head| !head.is_empty() && head.eq_ignore_ascii_case(prefix))?;
    token[head.len()..].trim_start_matches('-').parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LISTED: [i64; 5] = [12, 7, 9, 30, 31];

    fn next(own: &str) -> Vec<i64> {
        let order = read(own, &LISTED, "DG");
        assert_eq!((order.top.len(), order.dropped.len()), (0, 0), "{own}");
        order.next
    }

    #[test]
    fn an_order_is_read_however_it_is_written() {
        for own in [
            "1. DG-7\n2. DG-12\n3. DG-9",
            "1. DG-7 2. DG-12 3. DG-9",
            "DG-7, DG-12, DG-9",
            "dg7 dg12 dg-9",
            "7 12 9",
            "7, 12, 9.",
            "7\n12\n9",
            "1. 7\n2. 12\n3. 9",
            "1) DG-7\n2) DG-12\n3) DG-9",
            "- DG-7 Printer does not print\n- DG-12 Totals are wrong in 2026\n- DG-9",
            "[DG-7] then [DG-12] then [DG-9]",
            "Hello all,\n\nDG-7\nDG-12\nDG-9\n\nThanks, Eva",
            "> DG-7 > DG-12 > DG-9",
            "#7 #12 #9",
            "2 1 3",
        ] {
            assert_eq!(next(own), [7, 12, 9], "{own}");
        }
    }

    #[test]
    fn some_come_first_and_some_not_at_all() {
        let order = read("#top 9\n#drop DG-12, 31\nDG-30", &LISTED, "DG");
        assert_eq!((order.top.as_slice(), order.dropped.as_slice()), (&[9][..], &[12, 31][..]));
        assert_eq!(order.applied(&LISTED), [9, 30, 7]);
    }

    #[test]
    fn what_is_not_surely_an_order_is_said_back() {
        for own in ["DG-99", "I think DG-7 can wait", "call me at 555 1234", "99 98", "on 2026-12-01"] {
            let order = read(own, &LISTED, "DG");
            assert!(order.is_empty(), "{own}: {order:?}");
            assert_eq!(order.unread, [own]);
        }
        for own in ["", "Thanks!", "See you on Monday."] {
            assert_eq!(read(own, &LISTED, "DG"), Order::default());
        }
    }

    #[test]
    fn what_is_not_named_stays_behind() {
        assert_eq!(read("DG-31 DG-31", &LISTED, "DG").applied(&LISTED), [31, 12, 7, 9, 30]);
    }

    proptest! {
        #[test]
        fn any_answer_leaves_every_ticket_in_the_list_once_or_drops_it(own in "[-#0-9DGdgtopr .,)\n]{0,80}") {
            let order = read(&own, &LISTED, "DG");
            let mut after = order.applied(&LISTED);
            after.extend(order.dropped);
            after.sort_unstable();
            let mut all = LISTED;
            all.sort_unstable();
            prop_assert_eq!(after, all);
        }

        #[test]
        fn any_text_is_read(own: String, prefix in "[A-Z0-9]{0,4}") {
            read(&own, &LISTED, &prefix);
        }
    }
}
