//! The workflow as a picture, in the language of Graphviz.

use super::{State, Transition, Workflow};
use crate::{domain::Word, ticket::Status};

impl Workflow {
    /// A graph for `dot`: statuses as boxes, those that mean "closed" with two borders, moves as arrows that say
    /// who makes them.
    pub fn dot(&self) -> String {
        let mut dot = String::from(
            "digraph workflow {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
             edge [fontname=\"sans-serif\", fontsize=10];\n",
        );
        for state in &self.statuses {
            dot.push_str(&node(state));
        }
        for row in &self.transitions {
            dot.push_str(&edge(row));
        }
        dot.push_str("}\n");
        dot
    }
}

fn node(state: &State) -> String {
    let means = match state.name == state.means.as_str() {
        true => String::new(),
        false => format!("\\n({})", state.means),
    };
    let borders = if state.means == Status::Closed { ", peripheries=2" } else { "" };
    format!("  \"{}\" [label=\"{}{means}\"{borders}];\n", quoted(&state.name), quoted(state.shown()))
}

fn edge(row: &Transition) -> String {
    let by: Vec<&str> = row.by.iter().map(|who| who.as_str()).collect();
    format!("  \"{}\" -> \"{}\" [label=\"{}\"];\n", quoted(&row.from), quoted(&row.to), by.join(", "))
}

/// Inside double quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
