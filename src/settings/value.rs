//! The configuration as a tree in which every value knows where it was written.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::{Fault, Place};
use crate::domain::text;

/// The keys of one table.
pub(super) type Table = BTreeMap<String, Node>;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub place: Place,
}

/// A value as it was written, before anybody asked for a type.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A quoted text of the file.
    Text(String),
    /// The text of an environment variable, which may stand for any type.
    Variable(String),
    /// A whole number.
    Number(i128),
    /// `true` or `false`.
    Flag(bool),
    /// A list, or an array of tables.
    List(Vec<Node>),
    /// A table, however it was written.
    Table(Table),
    /// What no key takes; described for the message.
    Other(String),
}

impl Value {
    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Variable(text) => Some(text),
            _ => None,
        }
    }

    /// What stands there, for "is …; expected …".
    pub fn found(&self) -> String {
        match self {
            Value::Text(text) | Value::Variable(text) if text.trim().is_empty() => "empty".to_owned(),
            Value::Text(text) => format!("the text \"{}\"", text::line(text)),
            Value::Variable(text) => format!("\"{}\"", text::line(text)),
            Value::Number(number) => format!("the number {number}"),
            Value::Flag(flag) => flag.to_string(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Other(what) => what.clone(),
        }
    }

    /// The same without the value itself, for secrets.
    pub fn found_hidden(&self) -> String {
        match self {
            Value::Number(_) => "a number (not shown)".to_owned(),
            Value::Flag(_) => "true or false (not shown)".to_owned(),
            Value::Other(_) => "something else (not shown)".to_owned(),
            Value::Text(text) | Value::Variable(text) if !text.trim().is_empty() => {
                "a text (not shown)".to_owned()
            }
            other => other.found(),
        }
    }
}

/// Reads TOML, and tells every syntax error by its line.
pub(super) fn parse(toml: &str) -> Result<Table, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(toml);
    if errors.is_empty() {
        return Ok(read_table(table.get_ref(), toml));
    }
    let mut faults: Vec<Fault> = errors.iter().map(|error| syntax_fault(error, toml)).collect();
    faults.dedup();
    Err(faults)
}

/// Quotes nothing of the line, which may hold a password, but a key that stands
/// there twice.
fn syntax_fault(error: &toml::de::Error, toml: &str) -> Fault {
    let span = error.span().unwrap_or_default();
    let plain = |key: &&str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let twice = toml.get(span.clone()).filter(plain).filter(|_| error.message() == "duplicate key");
    let what = error.message().trim_end_matches(", expected literal string");
    let what = text::line(what.trim_end_matches(", expected nothing"));
    let key = twice.map(|key| format!(" `{key}`")).unwrap_or_default();
    Fault {
        place: line_of(toml, span.start),
        key: String::new(),
        message: format!("this is not TOML: {what}{key}"),
    }
}

fn read_table(table: &DeTable<'_>, toml: &str) -> Table {
    let entry = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let node = Node { value: read_value(value.get_ref(), toml), place: line_of(toml, key.span().start) };
        (key.get_ref().to_string(), node)
    };
    table.iter().map(entry).collect()
}

fn read_value(value: &DeValue<'_>, toml: &str) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Other(format!("the number {number}")),
        },
        DeValue::Float(number) => Value::Other(format!("the number {number}")),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(when) => Value::Other(format!("the date {when}")),
        DeValue::Array(items) => Value::List(items.iter().map(|item| read_item(item, toml)).collect()),
        DeValue::Table(table) => Value::Table(read_table(table, toml)),
    }
}

fn read_item(item: &Spanned<DeValue<'_>>, toml: &str) -> Node {
    Node { value: read_value(item.get_ref(), toml), place: line_of(toml, item.span().start) }
}

fn line_of(toml: &str, at: usize) -> Place {
    Place::Line(1 + toml.bytes().take(at).filter(|&b| b == b'\n').count())
}
