//! The lists that everybody has.

use super::{Query, Sort};

/// A list by its name.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// As in `/inbox?view=mine`.
    pub name: &'static str,
    /// What it lists, as somebody would type it.
    pub query: &'static str,
    /// In which order, unless somebody says otherwise.
    pub sort: Sort,
}

/// The built-in lists, in the order in which people want them.
pub const VIEWS: [View; 8] = [
    view("mine", "assignee:me status:open -is:snoozed", Sort::Due),
    view("unassigned", "is:unassigned status:open -is:snoozed", Sort::Due),
    view("incomplete", "is:incomplete status:open", Sort::Due),
    view("waiting", "waiting:customer status:open", Sort::Waiting),
    view("breaching", "is:breaching", Sort::Due),
    view("sev1", "sev:1 status:open", Sort::Due),
    view("open", "status:open", Sort::Due),
    view("closed", "status:closed", Sort::Changed),
];

const fn view(name: &'static str, query: &'static str, sort: Sort) -> View {
    View { name, query, sort }
}

impl View {
    /// The built-in list of this name.
    pub fn named(name: &str) -> Option<&'static View> {
        VIEWS.iter().find(|view| view.name == name)
    }

    /// What it lists.
    pub fn parsed(&self) -> Query {
        Query::parse(self.query)
    }
}
