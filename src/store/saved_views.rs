//! Lists of tickets that members of staff keep for themselves.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;

use super::{Conn, Stored, schema::saved_views};
use crate::{domain::EmailAddress, ticket::query::Sort};

/// A list by its name.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = saved_views, check_for_backend(diesel::pg::Pg))]
pub struct SavedView {
    /// Which.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// What it lists, as somebody would type it.
    pub query: String,
    /// In which order.
    pub sort: Stored<Sort>,
}

/// The lists of a member of staff, in their order.
pub async fn of(conn: &mut Conn, owner: &EmailAddress) -> QueryResult<Vec<SavedView>> {
    saved_views::table
        .filter(saved_views::owner.eq(owner.as_str()))
        .order((saved_views::position, saved_views::id))
        .select(SavedView::as_select())
        .load(conn)
        .await
}

/// Keeps a list, as the last; one of the same name is replaced where it stands.
pub async fn save(
    conn: &mut Conn,
    owner: &EmailAddress,
    (name, query, sort): (&str, &str, Sort),
    position: i32,
) -> QueryResult<SavedView> {
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::owner.eq(owner.as_str()),
            saved_views::name.eq(name),
            saved_views::query.eq(query),
            saved_views::sort.eq(Stored(sort)),
            saved_views::position.eq(position),
        ))
        .on_conflict((saved_views::owner, saved_views::name))
        .do_update()
        .set((
            saved_views::query.eq(excluded(saved_views::query)),
            saved_views::sort.eq(excluded(saved_views::sort)),
        ))
        .returning(SavedView::as_returning())
        .get_result(conn)
        .await
}

/// Calls a list of somebody otherwise; `false` where they have no such list.
pub async fn rename(conn: &mut Conn, owner: &EmailAddress, id: i64, name: &str) -> QueryResult<bool> {
    let own = saved_views::table.filter(saved_views::owner.eq(owner.as_str()).and(saved_views::id.eq(id)));
    Ok(diesel::update(own).set(saved_views::name.eq(name)).execute(conn).await? == 1)
}

/// Gives up a list of somebody; `false` where they have no such list.
pub async fn drop(conn: &mut Conn, owner: &EmailAddress, id: i64) -> QueryResult<bool> {
    let own = saved_views::table.filter(saved_views::owner.eq(owner.as_str()).and(saved_views::id.eq(id)));
    Ok(diesel::delete(own).execute(conn).await? == 1)
}
