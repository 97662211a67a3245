//! Reading a table key by key. Asking for a key makes it known; what was never
//! asked for is refused at the end with the nearest known name.
//!
//! A key that cannot be read is reported and a stand-in takes its place, so that
//! one run finds everything. Settings with a stand-in never leave this room:
//! whoever collects the faults hands out either them or the settings.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::{Fault, Place};
use super::kinds::{Misread, Setting, quotes};
use super::origin::{KeyValue, Origin};
use super::value::{Node, Table, Value};
use crate::domain::text;

static EMPTY: Table = Table::new();

/// The longest time a key takes: enough for any desk, and no date overflows.
const LONGEST: Duration = Duration::from_hours(24 * 3650);

/// What all readers of one configuration share.
pub(super) struct Context {
    /// What relative paths are relative to.
    pub folder: PathBuf,
    /// Every environment variable, for `password_env`.
    pub variables: BTreeMap<String, String>,
    /// What was found wrong so far.
    pub faults: RefCell<Vec<Fault>>,
    /// Every key with the value in force and where it comes from.
    pub values: RefCell<Vec<KeyValue>>,
}

/// One table being read.
pub(super) struct Reader<'a> {
    context: &'a Context,
    table: &'a Table,
    path: String,
    place: Place,
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Reads the whole configuration.
    pub fn root<T>(context: &'a Context, table: &'a Table, read: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        Self::run(context, table, String::new(), Place::Whole, read)
    }

    /// The value of a key that may be absent.
    pub fn optional<T: Setting>(&mut self, key: &'static str) -> Option<T> {
        let node = self.ask(key)?;
        let value = T::read(&node.value, &self.context.folder).unwrap_or_else(|misread| {
            self.refuse(key, misread.tell::<T>(&self.name(key), &node.value));
            T::stand_in()
        });
        self.record(key, value.show());
        Some(value)
    }

    /// The value of a key, or its default.
    pub fn or<T: Setting>(&mut self, key: &'static str, default: T) -> T {
        self.optional(key).unwrap_or_else(|| {
            self.record(key, default.show());
            default
        })
    }

    /// The value of a key that must be there.
    pub fn required<T: Setting>(&mut self, key: &'static str) -> T {
        self.optional(key).unwrap_or_else(|| {
            self.missing(key, &format!("it takes {}", T::expected()));
            T::stand_in()
        })
    }

    /// A whole number of `range`, or its default.
    pub fn number<T>(&mut self, key: &'static str, default: T, range: RangeInclusive<u64>) -> T
    where
        T: TryFrom<u64> + Copy + Display,
    {
        let Some(node) = self.ask(key) else {
            self.record(key, default.to_string());
            return default;
        };
        let number = match &node.value {
            Value::Number(number) => u64::try_from(*number).ok(),
            Value::Variable(text) => text.trim().parse().ok(),
            _ => None,
        };
        let fitting = number.filter(|number| range.contains(number)).and_then(|n| T::try_from(n).ok());
        let value = fitting.unwrap_or_else(|| {
            let (name, found, bare) = (self.name(key), node.value.found(), quotes(&node.value, true));
            let (low, high) = (range.start(), range.end());
            self.refuse(
                key,
                format!("`{name}` is {found}; expected a whole number from {low} to {high}{bare}"),
            );
            default
        });
        self.record(key, value.to_string());
        value
    }

    /// A length of time of at least `least`, or its default.
    pub fn duration(&mut self, key: &'static str, default: Duration, least: Duration) -> Duration {
        let length = self.or(key, default);
        if length < least || length > LONGEST {
            let (name, least, most) = (self.name(key), least.show(), LONGEST.show());
            self.refuse(
                key,
                format!("`{name}` is {}; expected a length of time from {least} to {most}", length.show()),
            );
        }
        length
    }

    /// A table below this one; an absent one is read as if it were empty.
    pub fn section<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let (table, place) = match self.ask(key) {
            Some(Node { value: Value::Table(table), place }) => (table, place.clone()),
            Some(node) => {
                self.no_table(key, node);
                return Self::unseen(self.context, read);
            }
            None => (&EMPTY, self.place.clone()),
        };
        Self::run(self.context, table, self.name(key), place, read)
    }

    /// A table below this one, when it is there.
    pub fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Reader<'a>) -> T) -> Option<T> {
        self.ask(key)?;
        Some(self.section(key, read))
    }

    /// Every table of a list; none when it is absent.
    pub fn each<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Reader<'a>) -> T) -> Vec<T> {
        let name = self.name(key);
        let items = match self.ask(key) {
            None => return Vec::new(),
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => {
                let found = node.value.found();
                self.refuse(
                    key,
                    format!(
                        "`{name}` is {found}; expected a list of tables: write [[{name}]], with two brackets"
                    ),
                );
                return Vec::new();
            }
        };
        let mut all = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match &item.value {
                Value::Table(table) => {
                    let (path, place) = (format!("{name}[{index}]"), item.place.clone());
                    all.push(Self::run(self.context, table, path, place, &mut read));
                }
                other => self.refuse(
                    key,
                    format!(
                        "`{name}[{index}]` is {}; expected a table, written as [[{name}]]",
                        other.found()
                    ),
                ),
            }
        }
        all
    }

    /// Says that a key's value will not do. The first fault of a key is enough:
    /// what is said later is often about the stand-in.
    pub fn refuse(&self, key: &str, message: String) {
        if !self.refused(key) {
            self.tell(self.place_of(key), self.name(key), message);
        }
    }

    /// Says that something is wrong at a place, however much was said of it before.
    pub fn tell(&self, place: Place, key: String, message: String) {
        self.context.faults.borrow_mut().push(Fault { place, key, message });
    }

    /// Where a key stands; one that is not there stands at its table.
    pub fn place_of(&self, key: &str) -> Place {
        self.table.get(key).map_or(&self.place, |node| &node.place).clone()
    }

    /// Where a key of an entry of a list stands; one that is not there stands at its entry.
    pub fn place_in(&self, list: &str, index: usize, key: &str) -> Option<Place> {
        let Value::List(items) = &self.table.get(list)?.value else { return None };
        let item = items.get(index)?;
        let inner = match &item.value {
            Value::Table(table) => table.get(key),
            _ => None,
        };
        Some(inner.unwrap_or(item).place.clone())
    }

    /// Says that a key is not there, and `what` it takes.
    pub fn missing(&self, key: &str, what: &str) {
        let name = self.name(key);
        self.refuse(key, format!("`{name}` is missing; {what}"));
    }

    /// The full name of a key of this table, `mailbox[0].imap.port`.
    pub fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The name of this table, `mailbox[0].imap`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What relative paths are relative to.
    pub fn folder(&self) -> &Path {
        &self.context.folder
    }

    /// The environment variable of this name.
    pub fn variable(&self, name: &str) -> Option<&'a str> {
        self.context.variables.get(name).map(String::as_str)
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether a fault was told about a key of this table.
    pub fn refused(&self, key: &str) -> bool {
        let key = self.name(key);
        self.context.faults.borrow().iter().any(|fault| fault.key == key)
    }

    /// Whether a key was set by an environment variable.
    pub fn by_variable(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|node| matches!(node.place, Place::Variable(_)))
    }

    fn run<T>(
        context: &'a Context,
        table: &'a Table,
        path: String,
        place: Place,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> T {
        // A key that is missing from a table made by variables stands nowhere.
        let place = if matches!(place, Place::Variable(_)) { Place::Whole } else { place };
        let mut reader = Reader { context, table, path, place, known: Vec::new() };
        let value = read(&mut reader);
        reader.finish();
        value
    }

    /// A stand-in for a table that is none: its keys are not worth reporting.
    fn unseen<T>(context: &'a Context, read: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let before = context.faults.borrow().len();
        let value = Self::run(context, &EMPTY, String::new(), Place::Whole, read);
        context.faults.borrow_mut().truncate(before);
        value
    }

    fn no_table(&self, key: &str, node: &Node) {
        let (name, found) = (self.name(key), node.value.found());
        let example = match node.place {
            Place::Variable(_) => "set its keys one by one, with two underscores before each".to_owned(),
            _ if self.path.is_empty() => format!("write [{name}] and its keys below"),
            _ => format!("write {key} = {{ … }}"),
        };
        self.refuse(key, format!("`{name}` is {found}; expected a table: {example}"));
    }

    fn ask(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    fn record(&self, key: &str, value: String) {
        let origin = self.table.get(key).map_or(Origin::Default, |node| Origin::from(&node.place));
        self.context.values.borrow_mut().push(KeyValue { key: self.name(key), value, origin });
    }

    fn finish(&self) {
        let unknown = self.table.keys().filter(|key| !self.known.contains(&key.as_str()));
        for key in unknown {
            let near = nearest(key, &self.known);
            near.into_iter().for_each(|near| self.not_missing(near));
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let (name, known) = (text::line(&self.name(key)), self.known.join(", "));
            self.refuse(key, format!("unknown key `{name}`; {near}known keys here: {known}"));
        }
    }

    /// A key that was mistyped is not also missing.
    fn not_missing(&self, key: &str) {
        if !self.has(key) {
            let key = self.name(key);
            self.context.faults.borrow_mut().retain(|fault| fault.key != key);
        }
    }
}

impl Misread {
    fn tell<T: Setting>(self, name: &str, value: &Value) -> String {
        match self {
            Misread::Because(why) => format!("`{name}`: {why}"),
            Misread::Unexpected => {
                let found = if T::SECRET { value.found_hidden() } else { value.found() };
                let expected = T::expected();
                let quotes = if expected.contains('"') { "" } else { quotes(value, T::BARE) };
                format!("`{name}` is {found}; expected {expected}{quotes}")
            }
        }
    }
}

/// The known key a mistyped one probably means: at most a third of it differs.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let key = key.to_lowercase();
    let distance = |known: &&'static str| strsim::damerau_levenshtein(&key, known);
    let near = known.iter().copied().min_by_key(distance)?;
    (distance(&near) <= key.chars().count().div_ceil(3)).then_some(near)
}
