//! A customer who is blocked: orders no more, and what isn't shipped is to be cancelled.
//!
//! The latter is asked for by a command an order, and these leave with the block. So one order that can't be cancelled keeps nobody from
//! being blocked; and as whoever takes a step of an order's saga locks that and then the customer's row, nobody who has the
//! customer's row may ask for a saga's.

use chrono::Utc;
use diesel::{QueryableByName, sql_query, sql_types::BigInt, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use kit::command::{Sender, send_all};
use uuid::Uuid;
use wire::Domain;
use wire::commands::orders::CancelOrder;
use wire::events::orders::CancellationReason;

use super::{Actor, StoreError, customer};
use crate::UserId;

/// Orders of one customer that are cancelled with a block: some seconds' work of the thirty that a message may take. Who has more waits
/// for the staff, and the log says so.
const ORDERS_MAX: usize = 50_000;
/// Commands that are made at once: what one statement takes.
const PAGE: usize = 1_000;

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

/// Takes nothing from a customer any more, and has what isn't shipped cancelled. Whoever places locks the same row.
///
/// # Errors
/// [`StoreError`].
pub async fn customer_block(connection: &mut AsyncPgConnection, id: UserId, actor: &Actor) -> Result<(), StoreError> {
    customer::lock(connection, id).await?;
    customer::set_blocked(connection, id, Some(Utc::now())).await?;
    let orders_max = i64::try_from(ORDERS_MAX).unwrap_or(i64::MAX);
    let found = sql_query(CANCELLABLE).bind::<SqlUuid, _>(id.uuid()).bind::<BigInt, _>(orders_max);
    let found: Vec<Found> = found.load(connection).await?;
    if found.len() >= ORDERS_MAX {
        tracing::warn!(customer = %id, "more orders of a blocked customer than are cancelled with the block");
    }
    for page in found.chunks(PAGE) {
        let commands: Vec<(Sender, CancelOrder)> = page.iter().map(|order| cancellation(order.id, actor)).collect();
        send_all(connection, &commands).await?;
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

/// Of orders to themselves. What the read model is behind with, shipped or cancelled meanwhile, is refused, or done already.
fn cancellation(order: Uuid, Actor(by): &Actor) -> (Sender, CancelOrder) {
    let sender = Sender {
        domain: Domain::Orders,
        // As all messages about an order.
        correlation: Some(order.to_string()),
        cause: by.causation_id.clone(),
        actor: by.actor.clone(),
        traceparent: by.traceparent.clone(),
    };
    (sender, CancelOrder { order_id: order.into(), reason: CancellationReason::UserBlocked })
}
