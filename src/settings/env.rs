//! Environment variables as keys: `DESKGATE__DATABASE__URL` is `database.url`.
//!
//! Two underscores part the levels, letter case does not matter. An entry of a
//! list is named by its index, `DESKGATE__MAILBOX__0__ADDRESS`, or by its name,
//! `DESKGATE__MAILBOX__SUPPORT__ADDRESS`, in which every sign but letters and
//! digits is an underscore. A variable beats the file. Its text is read as the
//! type the key takes; a list has commas between its items.

use std::collections::BTreeMap;

use super::error::{Fault, Place};
use super::value::{Node, Table, Value};

/// What the name of every variable that is a key starts with.
pub(super) const PREFIX: &str = "DESKGATE__";

/// The keys that are lists of tables, where the file may have none yet.
const LISTS: [&str; 5] = ["mailbox", "staff", "stakeholder", "status", "transition"];

/// Puts every variable into the tree, over what the file says.
pub(super) fn overlay(root: &mut Table, variables: &BTreeMap<String, String>) -> Vec<Fault> {
    let mut keys: Vec<Key<'_>> =
        variables.iter().filter_map(|(variable, text)| Key::of(variable, text)).collect();
    keys.sort_by(|a, b| a.order().cmp(b.order()));
    keys.iter().filter_map(|key| key.put(root, &key.levels).err().map(|why| key.fault(why))).collect()
}

struct Key<'a> {
    variable: &'a str,
    text: &'a str,
    levels: Vec<String>,
}

impl<'a> Key<'a> {
    fn of(variable: &'a str, text: &'a str) -> Option<Self> {
        let levels = variable.strip_prefix(PREFIX)?.split("__").map(str::to_lowercase).collect();
        Some(Key { variable, text, levels })
    }

    /// Numbers by value and before names, so that entries are made in order and
    /// a name finds what a variable made.
    fn order(&self) -> impl Iterator<Item = (usize, &str)> {
        self.levels.iter().map(|level| (level.parse().unwrap_or(usize::MAX), level.as_str()))
    }

    fn put(&self, table: &mut Table, levels: &[String]) -> Result<(), String> {
        let [level, rest @ ..] = levels else { return Ok(()) };
        if level.is_empty() {
            return Err(
                "a level of the key is empty; write it as in DESKGATE__DATABASE__URL, with two underscores \
                 between the levels"
                    .to_owned(),
            );
        }
        if rest.is_empty() {
            table.insert(level.clone(), self.node(Value::Variable(self.text.to_owned())));
            return Ok(());
        }
        let node = table.entry(level.clone()).or_insert_with(|| self.node(empty(level)));
        match &mut node.value {
            Value::Table(inner) => self.put(inner, rest),
            Value::List(items) => self.put_into(level, items, rest),
            // The reader refuses what stands there, by its own name.
            _ => Ok(()),
        }
    }

    fn put_into(&self, list: &str, items: &mut Vec<Node>, levels: &[String]) -> Result<(), String> {
        let [which, rest @ ..] = levels else { return Ok(()) };
        let at = match which.parse::<usize>() {
            Ok(index) => index,
            Err(_) => named(list, items, which)?,
        };
        if at > items.len() {
            return Err(format!(
                "`{list}[{at}]` cannot be set while `{list}[{}]` is missing; count from 0 without gaps",
                items.len()
            ));
        }
        if at == items.len() {
            items.push(self.node(Value::Table(Table::new())));
        }
        match items.get_mut(at) {
            Some(item) if rest.is_empty() => *item = self.node(Value::Variable(self.text.to_owned())),
            Some(Node { value: Value::Table(inner), .. }) => self.put(inner, rest)?,
            _ => {}
        }
        Ok(())
    }

    fn node(&self, value: Value) -> Node {
        Node { value, place: Place::Variable(self.variable.to_owned()) }
    }

    fn fault(&self, message: String) -> Fault {
        Fault { place: Place::Variable(self.variable.to_owned()), key: self.levels.join("."), message }
    }
}

fn empty(key: &str) -> Value {
    if LISTS.contains(&key) { Value::List(Vec::new()) } else { Value::Table(Table::new()) }
}

/// The index of the one entry with this name.
fn named(list: &str, items: &[Node], wanted: &str) -> Result<usize, String> {
    let names: Vec<Option<&str>> = items.iter().map(name_of).collect();
    let fits = |name: &str| variable_form(name) == variable_form(wanted);
    let mut found = names.iter().enumerate().filter(|(_, name)| name.is_some_and(fits));
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (Some(_), Some(_)) => {
            Err(format!("more than one {list} is called `{wanted}`; use an index, counted from 0"))
        }
        (None, _) => {
            let known: Vec<String> = names.iter().flatten().map(|name| format!("`{name}`")).collect();
            let known = if known.is_empty() { "none has a name".to_owned() } else { known.join(", ") };
            Err(format!(
                "no {list} is called `{wanted}` (there is: {known}); use one of these names, or an index, \
                 counted from 0, where {} makes a new one",
                items.len()
            ))
        }
    }
}

fn name_of(item: &Node) -> Option<&str> {
    let Value::Table(table) = &item.value else { return None };
    table.get("name")?.value.text()
}

fn variable_form(name: &str) -> String {
    name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}
