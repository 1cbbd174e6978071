//! Users as recipients: the row that whoever changes or tells anything of a user locks first.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::database::cached;
use uuid::Uuid;

use super::StoreError;

/// Makes the row or locks it, in one statement.
const LOCK: &str = "INSERT INTO recipient (user_id) VALUES ($1) \
    ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING erased_at";

/// Whether a user can be told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Known,
    /// No, and never again: everything about the user was deleted.
    Erased,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    erased_at: Option<DateTime<Utc>>,
}

/// Keeps others from changing or telling anything of the user for the rest of the transaction. Comes before all other locks.
///
/// # Errors
/// The database fails.
pub async fn lock_in_txn(connection: &mut AsyncPgConnection, user_id: Uuid) -> Result<Standing, StoreError> {
    let row: Row = cached(sql_query(LOCK).bind::<SqlUuid, _>(user_id)).get_result(connection).await?;
    Ok(if row.erased_at.is_some() { Standing::Erased } else { Standing::Known })
}
