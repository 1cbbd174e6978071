//! Looking at what waits in an outbox.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::database::{DatabaseError, cached};

/// Rows of one list: a screen or two, and no more than a command should print.
pub const LIST_MAX: u32 = 100;

const LIST: &str = "SELECT position, topic, key, octet_length(envelope)::bigint AS bytes, created_at FROM outbox \
    WHERE position > $1 ORDER BY position LIMIT $2";

/// A message that waits.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct Waiting {
    /// Where it stands. Later messages of one key have greater ones.
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    /// Where it goes.
    #[diesel(sql_type = Text)]
    pub topic: String,
    /// Its key.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// How long its text is.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// When it was written.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// At most [`LIST_MAX`] messages that wait behind a position, in the order of theirs.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn list(connection: &mut AsyncPgConnection, after: i64) -> Result<Vec<Waiting>, DatabaseError> {
    let statement = sql_query(LIST).bind::<BigInt, _>(after).bind::<BigInt, _>(i64::from(LIST_MAX));
    Ok(cached(statement).load(connection).await?)
}
