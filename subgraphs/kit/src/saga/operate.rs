//! What operations do about a stuck saga. Both are safe beside running workers.

use diesel::{
    sql_query,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::database::{Database, DatabaseError, cached};

const RETRY: &str = "UPDATE saga SET status = 'retrying', updated_at = clock_timestamp() \
    WHERE kind = $1 AND id = $2 AND status = 'stuck'";
/// The lock keeps away whoever hears something at this moment.
const SKIP: &str = "WITH saga AS (SELECT kind, id FROM saga WHERE kind = $1 AND id = $2 AND status = 'stuck' FOR UPDATE) \
    DELETE FROM saga_input USING saga WHERE saga_input.kind = saga.kind AND saga_input.id = saga.id AND number = \
        (SELECT min(number) FROM saga_input AS kept WHERE kept.kind = saga.kind AND kept.id = saga.id)";

/// Lets a stuck saga hear what was kept, in its order, and a deadline that has passed: the workers of its kind do it within a second
/// or so, and it is active again, or stuck with its new reason. Whether it was stuck.
///
/// # Errors
/// Those of the database.
pub async fn retry(database: &Database, kind: &str, id: Uuid) -> Result<bool, DatabaseError> {
    let mut connection = database.connection().await?;
    let retry = sql_query(RETRY).bind::<Text, _>(kind).bind::<SqlUuid, _>(id);
    Ok(cached(retry).execute(&mut connection).await? == 1)
}

/// Throws away the first of what was kept for a stuck saga, mostly what it is stuck with. Whether there was any.
///
/// # Errors
/// Those of the database.
pub async fn skip(database: &Database, kind: &str, id: Uuid) -> Result<bool, DatabaseError> {
    let mut connection = database.connection().await?;
    let skip = sql_query(SKIP).bind::<Text, _>(kind).bind::<SqlUuid, _>(id);
    Ok(cached(skip).execute(&mut connection).await? == 1)
}
