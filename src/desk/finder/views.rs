//! The lists that everybody has, those that people keep, and how much is in each.

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Desk, DeskError};
use crate::{
    domain::text,
    settings::Staff,
    store::{self, Conn, finder::list, saved_views},
    ticket::query::{Query, Sort, VIEWS},
};

/// More is counted as more.
const COUNTED: i64 = 100;
/// More lists nobody finds their way in.
const MOST_VIEWS: usize = 40;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 60;

/// How much is in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// So many tickets.
    pub count: i64,
    /// Or more.
    pub more: bool,
}

/// A list that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedView {
    /// Which.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// What it lists, as somebody would type it.
    pub query: String,
    /// In which order.
    pub sort: Sort,
}

impl From<saved_views::SavedView> for SavedView {
    fn from(view: saved_views::SavedView) -> SavedView {
        SavedView { id: view.id, name: view.name, query: view.query, sort: view.sort.0 }
    }
}

impl Desk {
    /// How much is in each of the built-in lists, by their order, and then in each of these; counted to 99.
    /// Lists that look for words are not counted: `None`.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn view_counts(
        &self,
        conn: &mut Conn,
        who: &Staff,
        own: &[SavedView],
        now: Timestamp,
    ) -> Result<Vec<Option<Tally>>, DeskError> {
        let built_in = VIEWS.iter().map(|view| (view.parsed(), view.sort));
        let own = own.iter().map(|view| (Query::parse(&view.query), view.sort));
        let queries: Vec<(Query, Sort)> = built_in.chain(own).collect();
        let mut lists = Vec::new();
        for (query, sort) in queries.iter().filter(|(query, _)| is_counted(query)) {
            lists.push((self.resolved(conn, who, query, now).await?.conditions, *sort));
        }
        let mut counts = list::counts(conn, &lists, COUNTED).await?.into_iter();
        let tally = |count: i64| Tally { count: count.min(COUNTED - 1), more: count >= COUNTED };
        Ok(queries
            .iter()
            .map(|(query, _)| is_counted(query).then(|| counts.next()).flatten().map(tally))
            .collect())
    }

    /// The lists that somebody keeps, in their order.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn saved_views(&self, conn: &mut Conn, who: &Staff) -> Result<Vec<SavedView>, DeskError> {
        let views = saved_views::of(conn, &who.email).await?;
        Ok(views.into_iter().map(SavedView::from).collect())
    }

    /// Keeps a query under a name; one that has this name already is replaced.
    ///
    /// # Errors
    /// [`DeskError::NoView`] for a name that cannot be, or when there are too many.
    pub async fn save_view(
        &self,
        conn: &mut Conn,
        who: &Staff,
        name: &str,
        (query, sort): (&Query, Sort),
    ) -> Result<SavedView, DeskError> {
        let name = name_of(name)?;
        let known = saved_views::of(conn, &who.email).await?;
        if known.len() >= MOST_VIEWS && known.iter().all(|view| view.name != name) {
            return Err(DeskError::NoView(format!(
                "you keep {MOST_VIEWS} lists already; remove one of them first"
            )));
        }
        let position = i32::try_from(known.len()).unwrap_or(i32::MAX).saturating_add(1);
        let view = saved_views::save(conn, &who.email, (&name, &query.to_string(), sort), position).await?;
        Ok(view.into())
    }

    /// Calls a list otherwise.
    ///
    /// # Errors
    /// [`DeskError::NoView`] where they have no such list, for a name that cannot be, and for one that another list has.
    pub async fn rename_view(
        &self,
        conn: &mut Conn,
        who: &Staff,
        id: i64,
        name: &str,
    ) -> Result<(), DeskError> {
        let name = name_of(name)?;
        let known = saved_views::of(conn, &who.email).await?;
        if known.iter().any(|view| view.name == name && view.id != id) {
            return Err(DeskError::NoView(format!("another of your lists is called {name} already")));
        }
        match store::saved_views::rename(conn, &who.email, id, &name).await? {
            true => Ok(()),
            false => Err(gone()),
        }
    }

    /// Gives up a list.
    ///
    /// # Errors
    /// [`DeskError::NoView`] where they have no such list.
    pub async fn drop_view(&self, conn: &mut Conn, who: &Staff, id: i64) -> Result<(), DeskError> {
        match store::saved_views::drop(conn, &who.email, id).await? {
            true => Ok(()),
            false => Err(gone()),
        }
    }
}

/// Words are looked for when somebody asks for them, not at each look at the side.
fn is_counted(query: &Query) -> bool {
    !query.has_words()
}

fn gone() -> DeskError {
    DeskError::NoView("you keep no such list (any more)".to_owned())
}

fn name_of(name: &str) -> Result<String, DeskError> {
    let name = text::line(name);
    match name.len() {
        0 => Err(DeskError::NoView("a list needs a name".to_owned())),
        1..=LONGEST_NAME => Ok(name),
        _ => Err(DeskError::NoView(format!("the name of a list has at most {LONGEST_NAME} letters"))),
    }
}
