//! `/settings`: the configuration in force, and where each value comes from. It is changed in its file.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use serde::{Deserialize, Serialize};

use super::{
    denial::Denial,
    guard::Signed,
    ops,
    shell::{PageOf, page},
};
use crate::{
    desk,
    settings::{KeyValue, Origin},
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/settings", get(show))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    only: String,
}

#[derive(Serialize)]
struct View {
    source: String,
    q: String,
    set_only: bool,
    notes: Vec<String>,
    tables: Vec<Table>,
}

/// The keys of one table.
#[derive(Serialize)]
struct Table {
    name: String,
    anchor: String,
    /// Which of a list it is, by its name or address.
    about: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    value: String,
    from: String,
    is_default: bool,
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let settings = &site.desk.settings;
    let words = asked.q.trim().to_lowercase();
    let set_only = asked.only == "set";
    let wanted = |it: &&KeyValue| {
        let found = it.key.to_lowercase().contains(&words) || it.value.to_lowercase().contains(&words);
        found && (!set_only || it.origin != Origin::Default)
    };
    let shown: Vec<&KeyValue> = settings.key_values().iter().filter(wanted).collect();
    let notes = desk::notes(settings);
    let view = View {
        source: settings.source.clone(),
        tables: tables(settings.key_values(), &shown, &settings.source),
        notes: notes.iter().map(|note| format!("{}: {}", note.part, ops::sentence(note.sentence))).collect(),
        q: asked.q,
        set_only,
    };
    page(&site, signed, &PageOf::new("settings", "settings", "Settings"), &view)
}

/// Keys by their tables, in the order in which the tables were read.
fn tables(all: &[KeyValue], shown: &[&KeyValue], source: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for it in shown {
        let row = Row {
            name: it.name().to_owned(),
            value: it.value.clone(),
            from: it.origin.describe(source),
            is_default: it.origin == Origin::Default,
        };
        match tables.iter_mut().find(|table| table.name == it.table()) {
            Some(table) => table.rows.push(row),
            None => tables.push(Table {
                name: it.table().to_owned(),
                anchor: it.table().replace(['[', ']', '.'], "-"),
                about: about(all, it.table()),
                rows: vec![row],
            }),
        }
    }
    tables
}

/// What an entry of a list is called.
fn about(all: &[KeyValue], table: &str) -> String {
    let Some(entry) = table.find(']').map(|end| &table[..=end]) else { return String::new() };
    let value =
        |name: &str| all.iter().find(|it| it.key == format!("{entry}.{name}")).map(|it| it.value.clone());
    value("name").or_else(|| value("email")).or_else(|| value("number")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_their_tables_and_entries_of_lists_say_which_they_are() {
        let it = |key: &str, value: &str, origin| KeyValue { key: key.into(), value: value.into(), origin };
        let all = [
            it("site.name", "Desk", Origin::Line(2)),
            it("mailbox[0].name", "support", Origin::Line(5)),
            it("mailbox[0].imap.port", "993", Origin::Default),
            it("site.language", "en", Origin::Default),
        ];
        let shown: Vec<&KeyValue> = all.iter().collect();
        let tables = tables(&all, &shown, "deskgate.toml");
        let told: Vec<(&str, &str, usize)> = tables
            .iter()
            .map(|table| (table.name.as_str(), table.about.as_str(), table.rows.len()))
            .collect();
        assert_eq!(told, [("site", "", 2), ("mailbox[0]", "support", 1), ("mailbox[0].imap", "support", 1)]);
        assert_eq!(tables[0].rows[0].from, "deskgate.toml:2");
        assert!(tables[2].rows[0].is_default);
    }
}
