//! Forgetting a customer: what is personal goes, what happened stays without a name to it.

use chrono::Utc;
use diesel_async::AsyncPgConnection;

use super::{StoreError, address, customer, invoice, place};
use crate::UserId;

/// What became of the wish to forget a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Nothing personal is kept, now or since an earlier time, and nothing is taken from them any more.
    Done,
    /// They have orders that somebody still has to do something about: nothing has changed.
    OrdersUnderWay(u32),
}

/// Forgets where their orders went and what they asked for, and their cart, and has their invoices' documents taken away; refused while
/// orders are under way. From then on they can't order: whoever places locks the same row.
///
/// # Errors
/// [`StoreError`].
pub async fn customer_erase(connection: &mut AsyncPgConnection, id: UserId) -> Result<Erasure, StoreError> {
    let row = customer::lock(connection, id).await?;
    if row.erased_at.is_some() {
        return Ok(Erasure::Done);
    }
    if row.orders_under_way > 0 {
        return Ok(Erasure::OrdersUnderWay(row.orders_under_way.unsigned_abs()));
    }
    address::forget(connection, id).await?;
    place::forget(connection, id).await?;
    invoice::forget(connection, id).await?;
    customer::close(connection, id, Utc::now()).await?;
    Ok(Erasure::Done)
}
