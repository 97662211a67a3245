//! A place in a list, so that the next page begins behind the last line of this one whatever changed meanwhile.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;

use super::Sort;
use crate::domain::Word;

/// On which side of the place a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What comes behind it.
    Next,
    /// What comes before it.
    Back,
}

/// The place of one ticket in an order. People see letters that tell nothing; what is no cursor is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// In which order.
    pub sort: Sort,
    /// Where from there.
    pub way: Way,
    /// What the order compares.
    pub key: i64,
    /// The ticket.
    pub id: i64,
}

/// A text that is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this link to a part of the list is damaged; begin at the top of the list again")]
pub struct NoCursor;

/// Order, way, key and number.
const BYTES: usize = 18;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = Sort::ALL.iter().position(|sort| *sort == self.sort).and_then(|at| u8::try_from(at).ok());
        let mut bytes = vec![sort.unwrap_or_default(), u8::from(self.way == Way::Back)];
        bytes.extend(self.key.to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
        f.write_str(&BASE64URL_NOPAD.encode(&bytes))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Cursor, NoCursor> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NoCursor)?;
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| NoCursor)?;
        let [sort, way, key @ .., _, _, _, _, _, _, _, _] = bytes;
        let [_, _, _, _, _, _, _, _, _, _, id @ ..] = bytes;
        let sort = Sort::ALL.get(usize::from(sort)).copied().ok_or(NoCursor)?;
        let way = match way {
            0 => Way::Next,
            1 => Way::Back,
            _ => return Err(NoCursor),
        };
        Ok(Cursor { sort, way, key: i64::from_be_bytes(key), id: i64::from_be_bytes(id) })
    }
}
