//! The sagas of orders as kit runs them: what [`crate::domain::saga`] decides, put into its terms. And how the store begins them and tells
//! them things, in its own transactions.
//!
//! A saga has its order's id, so that all messages about an order belong to one matter.

mod placing;
mod refunding;
mod replies;
mod step;

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::saga::{Told, begin, tell};
use std::num::NonZeroU32;
use wire::events::orders::CancellationReason;

pub use placing::{Placing, PlacingTold};
pub use refunding::Refunding;

use crate::domain::saga::place::{PlaceOrder, Progress};
use crate::domain::saga::refund::RefundReturn;
use crate::domain::{Article, Order, PricedOrder};
use crate::store::{Actor, StoreError};
use crate::{OrderId, UserId};

/// What is to be bought.
#[must_use]
pub fn purchase(order_id: OrderId, customer_id: UserId, priced: &PricedOrder, method_token: &str) -> PlaceOrder {
    // Quantities are checked: 1 to 1,000.
    let pieces = |quantity: i32| u32::try_from(quantity).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
    let (mut lines, mut variant_lines) = (Vec::new(), Vec::new());
    for line in &priced.lines {
        let (Article { product_id, variant_id }, quantity) = (line.article, pieces(line.quantity));
        match variant_id {
            None => lines.push((product_id, quantity)),
            Some(variant_id) => variant_lines.push((product_id, variant_id, quantity)),
        }
    }
    PlaceOrder {
        order_id,
        customer_id,
        lines,
        variant_lines,
        amount_minor: priced.total.amount_minor.0,
        currency: priced.currency(),
        method_token: method_token.to_owned(),
        progress: Progress::Reserving,
        asked_again: 0,
        refund_attempt: 0,
    }
}

/// Begins to buy it, in the caller's transaction.
///
/// # Errors
/// [`StoreError::Saga`].
pub async fn begin_placing(
    connection: &mut AsyncPgConnection,
    purchase: PlaceOrder,
    actor: &Actor,
) -> Result<(), StoreError> {
    let id = purchase.order_id.uuid();
    begin::<Placing>(connection, id, &PlacingTold::Begin(purchase), &actor.0).await.map_err(StoreError::saga)?;
    Ok(())
}

/// Begins to give back what was paid for what came back, in the caller's transaction.
///
/// # Errors
/// [`StoreError::Saga`].
pub async fn begin_refund(
    connection: &mut AsyncPgConnection,
    order_id: OrderId,
    order: &Order,
    amount_minor: i64,
    actor: &Actor,
) -> Result<(), StoreError> {
    let currency = order.placed.as_ref().map(|terms| terms.currency).ok_or(StoreError::Corrupt("currency"))?;
    let refund = RefundReturn { order_id, amount_minor, currency, asked_again: 0, refund_attempt: 0 };
    begin::<Refunding>(connection, order_id.uuid(), &refund, &actor.0).await.map_err(StoreError::saga)?;
    Ok(())
}

/// Has the order's saga cancel it, and undo what was done. `false` if there is no saga: orders from before there were any have none, and
/// nothing to undo either.
///
/// # Errors
/// [`StoreError::Saga`]; [`StoreError::Stuck`] while nobody knows what there is to undo.
pub async fn cancel(
    connection: &mut AsyncPgConnection,
    id: OrderId,
    reason: &CancellationReason,
    actor: &Actor,
) -> Result<bool, StoreError> {
    told(connection, id, &PlacingTold::Cancel(reason.clone()), actor).await
}

/// Tells the order's saga that there is nothing left to cancel.
///
/// # Errors
/// [`StoreError::Saga`]; [`StoreError::Stuck`].
pub async fn ship(connection: &mut AsyncPgConnection, id: OrderId, actor: &Actor) -> Result<(), StoreError> {
    told(connection, id, &PlacingTold::Shipped, actor).await?;
    Ok(())
}

async fn told(
    connection: &mut AsyncPgConnection,
    id: OrderId,
    news: &PlacingTold,
    actor: &Actor,
) -> Result<bool, StoreError> {
    match tell::<Placing>(connection, id.uuid(), news, &actor.0).await.map_err(StoreError::saga)? {
        Told::Heard => Ok(true),
        Told::Ended | Told::Unknown => Ok(false),
        Told::Kept => Err(StoreError::Stuck),
    }
}
