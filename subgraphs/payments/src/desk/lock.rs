//! One at a time for each payment.

use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::cached;
use wire::id::PaymentId;

/// Tells this lock from others of the database: ours are taken with two numbers.
const CLASS: i32 = 0x7061_796d;

/// Keeps everybody else from deciding about the payment until the caller's transaction ends. Two payments may happen to share a
/// lock, which costs them a wait.
///
/// # Errors
/// The database fails.
pub async fn lock(connection: &mut AsyncPgConnection, payment_id: PaymentId) -> diesel::QueryResult<()> {
    // The random half of the id.
    let (_, low) = payment_id.uuid().as_u64_pair();
    let lock = sql_query("SELECT pg_advisory_xact_lock($1, ($2 & 2147483647)::integer)");
    let lock = lock.bind::<Integer, _>(CLASS).bind::<BigInt, _>(low.cast_signed());
    cached(lock).execute(connection).await?;
    Ok(())
}
