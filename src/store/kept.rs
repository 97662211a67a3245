//! Statements in plain SQL whose text never changes.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Untyped,
};

/// Has each connection prepare a statement once, as it does with those that diesel writes. Else every call is read, and
/// planned, anew, and the answer to that waited for, which for a short statement takes longer than carrying it out.
///
/// Not for statements that are put together of conditions: they would pile up, and what is planned for no values in
/// particular is a poor plan for some.
pub(super) fn kept<Q>(statement: Q) -> Kept<Q> {
    Kept(statement)
}

/// See [`kept`].
pub(super) struct Kept<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Kept<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Kept<Q> {
    type SqlType = Untyped;
}
