//! `[[status]]` and `[[transition]]`: the site's own workflow.
//!
//! Each list replaces the built-in one as a whole: what is in force stands in one place. The rows are checked by
//! [`Workflow::new`]; here its mistakes get their lines.

use std::path::Path;

use super::kinds::{Misread, Setting};
use super::reader::Reader;
use super::value::Value;
use crate::domain::{Language, Word};
use crate::ticket::workflow::rows::{Rows, StatusRow, TransitionRow, built_in};
use crate::ticket::workflow::{At, Fault, Mistake, Workflow};

const STATUS: &str = "status";
const TRANSITION: &str = "transition";

/// The workflow in force: the site's, or the built-in one.
pub(super) fn read(t: &mut Reader<'_>) -> Workflow {
    let mut meanings_known = true;
    let statuses = t.each(STATUS, |t| {
        let row = status(t);
        meanings_known &= !t.refused("means");
        row
    });
    let transitions = t.each(TRANSITION, transition);
    let mut rows = built_in();
    if t.has(STATUS) {
        rows.statuses = statuses;
    }
    if t.has(TRANSITION) {
        rows.transitions = transitions;
    }
    checked(t, &rows, meanings_known)
}

fn status(t: &mut Reader<'_>) -> StatusRow {
    StatusRow {
        name: t.required("name"),
        means: t.required("means"),
        label: t.optional("label"),
        labels: t.section("labels", |t| {
            let label = |language: Language| Some((language, t.optional::<String>(language.as_str())?));
            Language::ALL.iter().copied().filter_map(label).collect()
        }),
    }
}

fn transition(t: &mut Reader<'_>) -> TransitionRow {
    TransitionRow {
        from: t.required::<Names>("from").0,
        to: t.required("to"),
        by: t.optional("by"),
        needs: t.optional("needs"),
        notices: t.optional("notices"),
        closed_as: t.optional("closed_as"),
    }
}

fn checked(t: &Reader<'_>, rows: &Rows, meanings_known: bool) -> Workflow {
    let mut mistakes = match Workflow::new(rows) {
        Ok(workflow) => return workflow,
        Err(mistakes) => mistakes,
    };
    // Where a meaning could not be read, only what does not hang on it is worth telling; and where a value
    // could not, what is said of its stand-in is not.
    mistakes.retain(|mistake| meanings_known || matches!(mistake.fault, Fault::UnknownStatus { .. }));
    mistakes.retain(|mistake| !t.refused(&key_of(mistake)));
    mistakes.iter().for_each(|mistake| tell(t, mistake));
    Workflow::default()
}

fn key_of(mistake: &Mistake) -> String {
    match mistake.at {
        At::Whole => mistake.key.to_owned(),
        At::Status(index) => format!("{STATUS}[{index}].{}", mistake.key),
        At::Transition(index) => format!("{TRANSITION}[{index}].{}", mistake.key),
    }
}

/// A mistake of a built-in row stands at the list on account of which it is one.
fn tell(t: &Reader<'_>, mistake: &Mistake) {
    let (key, fault) = (key_of(mistake), &mistake.fault);
    let (place, other) = match mistake.at {
        At::Whole => (None, STATUS),
        At::Status(index) => (t.place_in(STATUS, index, mistake.key), TRANSITION),
        At::Transition(index) => (t.place_in(TRANSITION, index, mistake.key), STATUS),
    };
    match place {
        Some(place) => t.tell(place, key.clone(), format!("`{key}`: {fault}")),
        None => t.tell(t.place_of(other), key, fault.to_string()),
    }
}

/// One name, or several in brackets.
struct Names(Vec<String>);

impl Setting for Names {
    fn expected() -> String {
        "the name of a status, in quotes, or several in brackets".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        match value {
            Value::Text(_) => String::read(value, folder).map(|name| Names(vec![name])),
            _ => Vec::read(value, folder).map(Names),
        }
    }

    fn stand_in() -> Self {
        Names(Vec::new())
    }

    fn show(&self) -> String {
        self.0.show()
    }
}
