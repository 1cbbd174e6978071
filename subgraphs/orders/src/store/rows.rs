//! Rows of the read model, and their reading into domain types.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kit::{CurrencyCode, GlobalId, Money};
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::StoreError;
use super::schema::entry;
use crate::domain::{HistoryEntry, OrderLine, OrderStatus, OrderView};
use crate::{OrderId, ProductId, UserId, VariantId};

/// One row of `order_list.entry`.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = entry, check_for_backend(diesel::pg::Pg))]
pub struct EntryRow {
    id: Uuid,
    number: i64,
    customer_id: Uuid,
    status: String,
    currency: String,
    total_minor: i64,
    refunded_minor: i64,
    placed_at: DateTime<Utc>,
    version: i32,
    carrier: Option<String>,
    tracking_number: Option<String>,
    cancellation: Option<String>,
}

impl TryFrom<EntryRow> for OrderView {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let currency = currency(&row.currency)?;
        let cancellation = row.cancellation.map(CancellationReason::try_from).transpose();
        Ok(Self {
            id: OrderId::from_uuid(row.id),
            version: row.version.unsigned_abs(),
            number: row.number,
            customer_id: UserId::from_uuid(row.customer_id),
            status: status(&row.status)?,
            total: Money::new(row.total_minor, currency),
            refunded: Money::new(row.refunded_minor, currency),
            placed_at: row.placed_at,
            carrier: row.carrier,
            tracking_number: row.tracking_number,
            cancellation: cancellation.map_err(|_| StoreError::Corrupt("cancellation"))?,
            lines: None,
        })
    }
}

/// One row of `order_list.line`, with the currency of its order.
#[derive(Queryable)]
pub struct LineRow {
    pub(super) order_id: Uuid,
    product_id: Uuid,
    variant_id: Option<Uuid>,
    quantity: i32,
    unit_price_minor: i64,
    name: Option<String>,
    sku: Option<String>,
    currency: String,
}

impl TryFrom<LineRow> for OrderLine {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        Ok(Self {
            product_id: ProductId::from_uuid(row.product_id),
            variant_id: row.variant_id.map(VariantId::from_uuid),
            quantity: row.quantity,
            unit_price: Money::new(row.unit_price_minor, currency(&row.currency)?),
            name: row.name,
            sku: row.sku,
        })
    }
}

/// One row of `order_list.history`, with its order's number.
#[derive(Queryable)]
pub struct HistoryRow {
    position: i64,
    order_id: Uuid,
    number: i64,
    status: String,
    happened_at: DateTime<Utc>,
}

impl TryFrom<HistoryRow> for HistoryEntry {
    type Error = StoreError;

    fn try_from(row: HistoryRow) -> Result<Self, StoreError> {
        Ok(Self {
            position: row.position,
            order_id: OrderId::from_uuid(row.order_id),
            number: row.number,
            status: status(&row.status)?,
            at: row.happened_at,
        })
    }
}

fn status(name: &str) -> Result<OrderStatus, StoreError> {
    OrderStatus::from_name(name).ok_or(StoreError::Corrupt("status"))
}

fn currency(code: &str) -> Result<CurrencyCode, StoreError> {
    code.parse().map_err(|_| StoreError::Corrupt("currency"))
}
