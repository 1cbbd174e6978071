//! A customer who is blocked: orders no more, and what isn't shipped is cancelled.

use chrono::Utc;
use diesel::{QueryableByName, sql_query, sql_types::BigInt, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::change::{ChangeError, change_in_txn};
use super::{Actor, StoreError, customer};
use crate::domain::order::Command;
use crate::{OrderId, UserId};

/// Orders that are cancelled for one customer at once: some seconds' work of the thirty that a message may take. Who has more waits for
/// the staff, and the log says so.
const ORDERS_MAX: i64 = 1_000;

/// By what happened last, as the read model may be behind; what was seeded isn't among the requests, but it is there.
const CANCELLABLE: &str = "SELECT order_id AS id FROM placement CROSS JOIN LATERAL ( \
        SELECT type FROM event WHERE stream = 'order' AND stream_id = order_id ORDER BY version DESC LIMIT 1) AS last \
    WHERE customer_id = $1 AND type IN ('placed', 'reserved', 'paid', 'packed') \
    UNION SELECT id FROM order_list.entry \
    WHERE customer_id = $1 AND status IN ('PLACED', 'RESERVED', 'PAID', 'PACKED') LIMIT $2";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Takes nothing from a customer any more, and cancels what isn't shipped. Whoever places locks the same row.
///
/// # Errors
/// [`StoreError`].
pub async fn customer_block(connection: &mut AsyncPgConnection, id: UserId, actor: &Actor) -> Result<(), StoreError> {
    customer::lock(connection, id).await?;
    customer::set_blocked(connection, id, Some(Utc::now())).await?;
    let found = sql_query(CANCELLABLE).bind::<SqlUuid, _>(id.uuid()).bind::<BigInt, _>(ORDERS_MAX);
    let found: Vec<Found> = found.load(connection).await?;
    if found.len() as i64 == ORDERS_MAX {
        tracing::warn!(customer = %id, "more orders of a blocked customer than are cancelled at once");
    }
    let command = Command::Cancel(CancellationReason::UserBlocked);
    for Found { id } in found {
        match change_in_txn(connection, OrderId::from_uuid(id), None, &command, actor).await {
            // The read model was behind: it is shipped, or cancelled already.
            Ok(_) | Err(ChangeError::Refused { .. } | ChangeError::NotFound | ChangeError::Stale(_)) => {}
            Err(ChangeError::Store(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Takes orders from a customer again.
///
/// # Errors
/// [`StoreError`].
pub async fn customer_unblock(connection: &mut AsyncPgConnection, id: UserId) -> Result<(), StoreError> {
    customer::lock(connection, id).await?;
    customer::set_blocked(connection, id, None).await
}
