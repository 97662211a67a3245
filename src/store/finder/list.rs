//! The places of tickets in a list, a page at a time, and how many there are.

use diesel::{
    QueryResult,
    dsl::sql,
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bool, SmallInt, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Condition, expression};
use crate::{
    store::{Conn, Moment, moment, schema::tickets},
    ticket::query::{Cursor, Sort, Way},
};

/// A ticket and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which ticket.
    pub id: i64,
    /// What the order compares.
    pub key: i64,
}

impl Place {
    /// The cursor for what lies beside it.
    pub fn cursor(self, sort: Sort, way: Way) -> Cursor {
        Cursor { sort, way, key: self.key, id: self.id }
    }
}

/// The tickets that meet the conditions beside a place, in their order: the next so many, or the last before it.
pub async fn page(
    conn: &mut Conn,
    conditions: &[Condition],
    sort: Sort,
    beside: Option<&Cursor>,
    limit: i64,
) -> QueryResult<Vec<Place>> {
    let back = beside.is_some_and(|cursor| cursor.way == Way::Back);
    let mut query = tickets::table.into_boxed();
    for condition in conditions {
        query = query.filter(expression(condition));
    }
    if let Some(cursor) = beside {
        query = query.filter(behind(cursor, sort.descends() != back));
    }
    let rows: Vec<(i64, Moment, Moment, i16)> = query
        .order(sql::<Bool>(order(sort, sort.descends() != back)))
        .limit(limit)
        .select((tickets::id, tickets::due_at, tickets::changed_at, rated()))
        .load(conn)
        .await?;
    let place = |(id, due, changed, severity): (i64, Moment, Moment, i16)| Place {
        id,
        key: match sort {
            Sort::Due => micros(due.to_jiff()),
            Sort::Changed | Sort::Waiting => micros(changed.to_jiff()),
            Sort::Severity => severity.into(),
            Sort::Created => id,
        },
    };
    let mut places: Vec<Place> = rows.into_iter().map(place).collect();
    if back {
        places.reverse();
    }
    Ok(places)
}

fn rated() -> diesel::expression::SqlLiteral<SmallInt> {
    sql::<SmallInt>("coalesce(tickets.severity, 9::smallint)")
}

fn order(sort: Sort, descends: bool) -> &'static str {
    match (sort, descends) {
        (Sort::Due, false) => "tickets.due_at, tickets.id",
        (Sort::Due, true) => "tickets.due_at DESC, tickets.id DESC",
        (Sort::Changed | Sort::Waiting, false) => "tickets.changed_at, tickets.id",
        (Sort::Changed | Sort::Waiting, true) => "tickets.changed_at DESC, tickets.id DESC",
        (Sort::Created, false) => "tickets.id",
        (Sort::Created, true) => "tickets.id DESC",
        (Sort::Severity, false) => "coalesce(tickets.severity, 9::smallint), tickets.id",
        (Sort::Severity, true) => "coalesce(tickets.severity, 9::smallint) DESC, tickets.id DESC",
    }
}

/// What stands behind a place where the list is read in this direction.
fn behind(
    cursor: &Cursor,
    descends: bool,
) -> Box<dyn diesel::BoxableExpression<tickets::table, Pg, SqlType = Bool>> {
    let end = if descends { ") < (" } else { ") > (" };
    let at = |column: &str| {
        let key = Timestamp::from_microsecond(cursor.key).unwrap_or(Timestamp::MAX);
        let pair = sql::<Bool>(column).sql(end).bind::<Timestamptz, _>(moment(key)).sql(", ");
        pair.bind::<BigInt, _>(cursor.id).sql(")")
    };
    match cursor.sort {
        Sort::Due => Box::new(at("(tickets.due_at, tickets.id")),
        Sort::Changed | Sort::Waiting => Box::new(at("(tickets.changed_at, tickets.id")),
        Sort::Created => {
            let pair = sql::<Bool>("(tickets.id").sql(end).bind::<BigInt, _>(cursor.id).sql(")");
            Box::new(pair)
        }
        Sort::Severity => {
            let key = i16::try_from(cursor.key).unwrap_or(super::UNRATED);
            let pair = sql::<Bool>("(coalesce(tickets.severity, 9::smallint), tickets.id").sql(end);
            Box::new(pair.bind::<SmallInt, _>(key).sql(", ").bind::<BigInt, _>(cursor.id).sql(")"))
        }
    }
}

fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// How many tickets meet the conditions of each list, counted up to `most`, in one statement. They are counted in the
/// order in which they are listed: without one, the database takes those of a list for scattered evenly over the table
/// and reads it from its beginning, where a desk has what was closed years ago.
pub async fn counts(conn: &mut Conn, lists: &[(Vec<Condition>, Sort)], most: i64) -> QueryResult<Vec<i64>> {
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let capped = |(conditions, sort): &(Vec<Condition>, Sort)| {
        let mut query = tickets::table.into_boxed();
        for condition in conditions {
            query = query.filter(expression(condition));
        }
        let ordered = query.order(sql::<Bool>(order(*sort, sort.descends()))).limit(most);
        let ids: Box<dyn QueryFragment<Pg> + Send> = Box::new(ordered.select(tickets::id));
        ids
    };
    Counts(lists.iter().map(capped).collect()).get_result(conn).await
}

/// `SELECT ARRAY[(SELECT count(*) FROM (…)), …]`
struct Counts(Vec<Box<dyn QueryFragment<Pg> + Send>>);

impl QueryFragment<Pg> for Counts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("SELECT ARRAY[");
        for (at, query) in self.0.iter().enumerate() {
            out.push_sql(if at == 0 { "(SELECT count(*) FROM (" } else { ", (SELECT count(*) FROM (" });
            query.walk_ast(out.reborrow())?;
            out.push_sql(") AS counted)");
        }
        out.push_sql("]");
        Ok(())
    }
}

impl QueryId for Counts {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Counts {
    type SqlType = Array<BigInt>;
}
