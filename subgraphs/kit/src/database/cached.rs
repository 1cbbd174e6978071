//! Statements written by hand that are prepared once a connection.
//!
//! diesel prepares what comes from `sql_query` anew each time, which costs a round trip, since it can't know that the text
//! won't differ the next time. Ours never does. What it means may: PostgreSQL analyses it anew when the
//! search path is another one than the last time, as it is for each generation of a projection.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Untyped,
};

/// A statement whose text is always the same; values are bound.
#[must_use]
pub fn cached<Q>(query: Q) -> Cached<Q> {
    Cached(query)
}

/// What [`cached`] makes.
pub struct Cached<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Cached<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

/// None: it is known by its text.
impl<Q> QueryId for Cached<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Cached<Q> {
    type SqlType = Untyped;
}
