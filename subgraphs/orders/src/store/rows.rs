//! Rows as the database gives them, and their reading into domain types.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kit::{GlobalId, Money};
use uuid::Uuid;

use super::StoreError;
use super::schema::{order_lines, orders};
use crate::domain::{Order, OrderLine, OrderStatus};
use crate::{OrderId, ProductId, UserId};

/// One row of `orders`, without what only placing looks at.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = orders, check_for_backend(diesel::pg::Pg))]
pub struct OrderRow {
    id: Uuid,
    number: i64,
    customer_id: Uuid,
    status: String,
    currency: String,
    total_minor: i64,
    placed_at: DateTime<Utc>,
}

impl TryFrom<OrderRow> for Order {
    type Error = StoreError;

    fn try_from(row: OrderRow) -> Result<Self, StoreError> {
        let status = OrderStatus::from_name(&row.status).ok_or(StoreError::Corrupt("status"))?;
        Ok(Self {
            id: OrderId::from_uuid(row.id),
            number: row.number,
            customer_id: UserId::from_uuid(row.customer_id),
            status,
            total: money(row.total_minor, &row.currency)?,
            placed_at: row.placed_at,
        })
    }
}

/// One row of `order_lines`, with the currency of its order.
#[derive(Queryable)]
pub struct LineRow {
    pub(super) order_id: Uuid,
    product_id: Uuid,
    quantity: i32,
    unit_price_minor: i64,
    currency: String,
}

impl TryFrom<LineRow> for OrderLine {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        Ok(Self {
            product_id: ProductId::from_uuid(row.product_id),
            quantity: row.quantity,
            unit_price: money(row.unit_price_minor, &row.currency)?,
        })
    }
}

/// A row of `order_lines` to be written.
#[derive(Insertable)]
#[diesel(table_name = order_lines)]
pub struct NewLine {
    pub order_id: Uuid,
    pub position: i16,
    pub product_id: Uuid,
    pub quantity: i32,
    pub unit_price_minor: i64,
}

fn money(minor: i64, currency: &str) -> Result<Money, StoreError> {
    let currency = currency.parse().map_err(|_| StoreError::Corrupt("currency"))?;
    Ok(Money::new(minor, currency))
}
