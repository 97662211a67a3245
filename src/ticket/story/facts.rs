//! What a line of a journal knows, asked for piece by piece. What is not there is left out.

use jiff::Timestamp;
use serde_json::Value;

use super::{Piece, SYSTEM};
use crate::domain::TicketId;

/// One line of a journal.
pub(super) struct Facts<'a> {
    /// Who did it: an address, or the desk itself.
    pub actor: &'a str,
    /// The facts as they were written.
    pub detail: &'a Value,
}

impl<'a> Facts<'a> {
    /// Who did it.
    pub(super) fn who(&self) -> Piece {
        person(self.actor)
    }

    pub(super) fn word(&self, key: &str) -> Option<&'a str> {
        self.detail.get(key)?.as_str().filter(|word| !word.is_empty())
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.detail.get(key)?.as_i64()
    }

    pub(super) fn holds(&self, key: &str) -> bool {
        self.detail.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The words of a list.
    pub(super) fn words(&self, key: &str) -> Vec<&'a str> {
        let listed = self.detail.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        listed.iter().filter_map(Value::as_str).collect()
    }

    /// The entries of a list, each with facts of its own.
    pub(super) fn each(&self, key: &str) -> Vec<Facts<'a>> {
        let listed = self.detail.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        listed.iter().map(|detail| Facts { actor: self.actor, detail }).collect()
    }

    pub(super) fn person(&self, key: &str) -> Option<Piece> {
        self.word(key).map(person)
    }

    /// The people of a list, parted by commas.
    pub(super) fn people(&self, key: &str) -> Vec<Piece> {
        parted(self.words(key).into_iter().map(person).collect())
    }

    pub(super) fn ticket(&self, key: &str) -> Option<Piece> {
        self.number(key).map(|number| Piece::Ticket(TicketId(number)))
    }

    /// The tickets of a list, parted by commas.
    pub(super) fn tickets(&self, key: &str) -> Vec<Piece> {
        let listed = self.detail.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let numbers = listed.iter().filter_map(Value::as_i64);
        parted(numbers.map(|number| Piece::Ticket(TicketId(number))).collect())
    }

    /// A moment, or a day as it was written.
    pub(super) fn time(&self, key: &str) -> Option<Piece> {
        let written = self.word(key)?;
        Some(written.parse::<Timestamp>().map_or_else(|_| written.into(), Piece::Moment))
    }

    /// The reasons, as sentences. Most happenings keep them under one name.
    pub(super) fn why(&self) -> Vec<String> {
        let mut why: Vec<String> = match self.detail.get("why") {
            Some(Value::String(sentence)) => vec![sentence.clone()],
            _ => self.words("why").into_iter().map(str::to_owned).collect(),
        };
        why.extend(self.word("because").map(str::to_owned));
        why.extend(self.words("passed_over").into_iter().map(str::to_owned));
        // What the desk did by itself gives its reason where a person gives theirs.
        why.extend(
            self.word("reason").filter(|_| self.actor == SYSTEM && self.has_a_sentence()).map(str::to_owned),
        );
        why.retain(|sentence| !sentence.trim().is_empty());
        why
    }

    /// What a person said with it, or a server.
    pub(super) fn quote(&self) -> Option<String> {
        let a_persons = self.word("reason").filter(|_| self.actor != SYSTEM);
        let quote = a_persons.or(self.word("words")).or(self.word("diagnostic")).or(self.word("reply"));
        quote.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty())
    }

    /// The reason of a bounce is a word, and told in the sentence.
    fn has_a_sentence(&self) -> bool {
        self.detail.get("diagnostic").is_none()
    }
}

pub(super) fn person(address: &str) -> Piece {
    match address {
        SYSTEM => "Deskgate".into(),
        address => Piece::Person(address.to_owned()),
    }
}

/// `a, b and c`.
pub(super) fn parted(all: Vec<Piece>) -> Vec<Piece> {
    let last = all.len().saturating_sub(1);
    let mut said = Vec::new();
    for (at, piece) in all.into_iter().enumerate() {
        match at {
            0 => {}
            _ if at == last => said.push(" and ".into()),
            _ => said.push(", ".into()),
        }
        said.push(piece);
    }
    said
}

/// `a, b and c` of words.
pub(super) fn listed(all: &[&str]) -> String {
    match all {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}
