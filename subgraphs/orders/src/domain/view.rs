//! The order as it is read: from its own events, or from a list.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::objects::ObjectKey;
use kit::{CurrencyCode, GlobalId as _, Money, paging::SortTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::{Order, OrderStatus};
use crate::{OrderId, ProductId, UserId, VariantId};

/// One placed order.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OrderView {
    /// Its id; never changes.
    pub id: OrderId,
    /// How many things have happened to it: for whoever changes what he has read.
    pub version: u32,
    /// Its running number, shown as `SG-00000042`.
    pub number: i64,
    /// Whose order it is.
    pub customer_id: UserId,
    /// Where it stands.
    pub status: OrderStatus,
    /// Sum of all lines.
    pub total: Money,
    /// What was given back of it.
    pub refunded: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// How the carrier calls it.
    pub tracking_number: Option<String>,
    /// Why it came to nothing.
    pub cancellation: Option<CancellationReason>,
    /// What was ordered; in lists it is loaded apart, for many orders at once.
    pub lines: Option<Arc<[OrderLine]>>,
}

impl OrderView {
    /// Of an order as its events make it; `None` for a cart.
    #[must_use]
    pub fn of(id: Uuid, version: u32, order: &Order) -> Option<Self> {
        let (terms, customer_id) = (order.placed.as_ref()?, order.customer_id?);
        let currency: CurrencyCode = terms.currency.as_str().parse().ok()?;
        let lines = terms.lines.iter().map(|line| OrderLine {
            product_id: line.product_id,
            variant_id: line.variant_id,
            quantity: line.quantity,
            unit_price: Money::new(line.unit_price_minor, currency),
            name: line.name.clone(),
            sku: line.sku.clone(),
        });
        Some(Self {
            id: OrderId::from_uuid(id),
            version,
            number: terms.number,
            customer_id,
            status: order.status,
            total: Money::new(terms.total_minor, currency),
            refunded: Money::new(order.refunded_minor, currency),
            placed_at: terms.placed_at,
            carrier: order.carrier.clone(),
            tracking_number: order.tracking_number.clone(),
            cancellation: order.cancellation.clone(),
            lines: Some(lines.collect()),
        })
    }

    /// The number in the form in which people read and dictate it.
    #[must_use]
    pub fn number_shown(&self) -> String {
        number_shown(self.number)
    }
}

/// An order's number in the form in which people read and dictate it.
#[must_use]
pub fn number_shown(number: i64) -> String {
    format!("SG-{number:08}")
}

/// A cart as its owner sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct CartView {
    /// The order that it becomes.
    pub id: OrderId,
    /// How many things have happened to it.
    pub version: u32,
    /// What is in it: each article once, up to 100.
    pub lines: Vec<super::RequestedLine>,
}

/// The invoice of an order, once there is its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceView {
    /// Its number, shown as `INV-00000042`.
    pub number: i64,
    /// When it got it.
    pub issued_at: DateTime<Utc>,
    /// Where the document is.
    pub object_key: ObjectKey,
}

/// One line of an order.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OrderLine {
    /// Which product.
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    pub variant_id: Option<VariantId>,
    /// How many pieces, 1 to 1,000.
    pub quantity: i32,
    /// What one piece cost when the order was placed.
    pub unit_price: Money,
    /// What it was called then, if that was noted.
    pub name: Option<String>,
    /// Its SKU then, if that was noted.
    pub sku: Option<String>,
}

/// Which orders a list holds: all that meet every condition given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Orders of this customer only.
    pub customer_id: Option<UserId>,
    /// Orders in this status only.
    pub status: Option<OrderStatus>,
}

/// Where an order stands in a list, newest first: what a cursor carries.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash, Serialize)]
pub struct OrderPosition {
    /// When the order was placed.
    pub placed_at: SortTime,
    /// Breaks ties.
    pub id: OrderId,
}

/// Something that happened to one of an account's orders.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// Its place among all that happened: later is greater.
    pub position: i64,
    /// To which order.
    pub order_id: OrderId,
    /// The order's number.
    pub number: i64,
    /// Where the order stood then.
    pub status: OrderStatus,
    /// When.
    pub at: DateTime<Utc>,
}
