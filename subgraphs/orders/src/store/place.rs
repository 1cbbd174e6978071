//! Placing an order once, however often and in parallel it is asked for.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use uuid::Uuid;

use super::rows::{NewLine, OrderRow};
use super::schema::{order_lines, orders};
use super::{OrderStore, StoreError};
use crate::UserId;
use crate::domain::{Order, OrderStatus, Placement, PricedOrder};

/// What became of a request under its idempotency key.
#[derive(Clone, Debug, PartialEq)]
pub enum Placed {
    /// The order that this request, now or earlier, placed.
    Order(Order),
    /// The key belongs to another request of this customer.
    Conflict,
}

impl OrderStore {
    /// What `customer` placed earlier under the key of `placement`. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_find_by_key(
        &self,
        customer: UserId,
        placement: &Placement,
    ) -> Result<Option<Placed>, StoreError> {
        let mut connection = self.database.connection().await?;
        find_by_key(&mut connection, customer, placement).await
    }

    /// Stores the order unless its key is taken; then answers like
    /// [`OrderStore::order_find_by_key`]. One transaction: the unique constraint decides which of
    /// several parallel calls stores, and the others wait for it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_insert(
        &self,
        customer: UserId,
        placement: &Placement,
        priced: &PricedOrder,
    ) -> Result<Placed, StoreError> {
        let mut connection = self.database.connection().await?;
        connection
            .transaction(async |connection| {
                match order_insert_in_txn(connection, customer, placement, priced).await? {
                    Some(order) => Ok(Placed::Order(order)),
                    None => find_by_key(connection, customer, placement)
                        .await?
                        .ok_or(StoreError::Corrupt("idempotency key")),
                }
            })
            .await
    }
}

/// The new order, or `None` when the key is taken.
async fn order_insert_in_txn(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    placement: &Placement,
    priced: &PricedOrder,
) -> Result<Option<Order>, StoreError> {
    let id = Uuid::now_v7();
    let row: Option<OrderRow> = diesel::insert_into(orders::table)
        .values((
            orders::id.eq(id),
            orders::customer_id.eq(customer.uuid()),
            orders::idempotency_key.eq(placement.idempotency_key()),
            orders::request_fingerprint.eq(placement.fingerprint()),
            orders::status.eq(OrderStatus::Placed.as_str()),
            orders::currency.eq(priced.total.currency.as_str()),
            orders::total_minor.eq(priced.total.amount_minor.0),
            orders::placed_at.eq(Utc::now()),
        ))
        .on_conflict((orders::customer_id, orders::idempotency_key))
        .do_nothing()
        .returning(OrderRow::as_returning())
        .get_result(connection)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let lines: Vec<NewLine> = (0_i16..)
        .zip(&priced.lines)
        .map(|(position, line)| NewLine {
            order_id: id,
            position,
            product_id: line.product_id.uuid(),
            quantity: line.quantity,
            unit_price_minor: line.unit_price.amount_minor.0,
        })
        .collect();
    diesel::insert_into(order_lines::table).values(&lines).execute(connection).await?;
    Order::try_from(row).map(Some)
}

async fn find_by_key(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    placement: &Placement,
) -> Result<Option<Placed>, StoreError> {
    let found: Option<(Uuid, OrderRow)> = orders::table
        .filter(orders::customer_id.eq(customer.uuid()))
        .filter(orders::idempotency_key.eq(placement.idempotency_key()))
        .select((orders::request_fingerprint, OrderRow::as_select()))
        .first(connection)
        .await
        .optional()?;
    Ok(match found {
        None => None,
        Some((fingerprint, _)) if fingerprint != placement.fingerprint() => Some(Placed::Conflict),
        Some((_, row)) => Some(Placed::Order(row.try_into()?)),
    })
}
