//! Where each value in force comes from: a line of the file, an environment variable, or nowhere but the default.

use serde::Serialize;

use super::error::Place;

/// A key, the value in force, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyValue {
    /// Its full name, `mailbox[0].imap.port`.
    pub key: String,
    /// For people; of a secret only that it is set.
    pub value: String,
    /// Where it was written.
    pub origin: Origin,
}

impl KeyValue {
    /// Its table, `mailbox[0].imap`; empty for a key outside of all.
    pub fn table(&self) -> &str {
        self.key.rsplit_once('.').map_or("", |(table, _)| table)
    }

    /// Its name within its table, `port`.
    pub fn name(&self) -> &str {
        self.key.rsplit_once('.').map_or(self.key.as_str(), |(_, name)| name)
    }
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Nowhere: it is what counts when nobody says anything.
    Default,
    /// A line of the file, counted from 1.
    Line(usize),
    /// The environment variable of this name.
    Variable(String),
}

impl Origin {
    /// For people: `deskgate.toml:12`.
    pub fn describe(&self, file: &str) -> String {
        match self {
            Origin::Default => "default".to_owned(),
            Origin::Line(line) => format!("{file}:{line}"),
            Origin::Variable(name) => format!("environment variable {name}"),
        }
    }
}

impl From<&Place> for Origin {
    fn from(place: &Place) -> Self {
        match place {
            Place::Whole => Origin::Default,
            Place::Line(line) => Origin::Line(*line),
            Place::Variable(name) => Origin::Variable(name.clone()),
        }
    }
}
