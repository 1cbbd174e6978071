//! What can happen to an order, as it is stored for ever.
//!
//! Nothing here is personal: who a customer is stands at users, and where an order goes in a table of its own.
//! Ids are plain UUIDs, which migrations can write as well.

use chrono::{DateTime, Utc};
use kit::event_store::EventData;
use serde::{Deserialize, Serialize};
use wire::events::orders::CancellationReason;
use wire::money::Currency;

use super::plain_id;
use crate::domain::Article;
use crate::{ProductId, UserId, VariantId};

kit::stored_events! {
    /// What can happen to an order.
    pub enum OrderEvent {
        CartOpened(CartOpened),
        LineSet(LineSet),
        LineRemoved(LineRemoved),
        Placed(Placed),
        Reserved(Reserved),
        Paid(Paid),
        Packed(Packed),
        Shipped(Shipped),
        Delivered(Delivered),
        Cancelled(Cancelled),
        ReturnRequested(ReturnRequested),
        Returned(Returned),
        Refunded(Refunded),
        RestockDue(RestockDue),
        RefundNoted(RefundNoted),
        RefundFailed(RefundFailed),
        ReturnOwed(ReturnOwed),
        ReturnSettled(ReturnSettled),
    }
}

/// Somebody began to put an order together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartOpened {
    /// Whose it is.
    #[serde(with = "plain_id")]
    pub customer_id: UserId,
}

/// So many pieces of an article are in the cart, whatever there were before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSet {
    /// Which product.
    #[serde(with = "plain_id")]
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(default, with = "plain_id::optional", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many pieces, 1 to 1,000.
    pub quantity: i32,
}

/// An article is in the cart no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRemoved {
    /// Which product.
    #[serde(with = "plain_id")]
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(default, with = "plain_id::optional", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
}

/// The customer ordered, at prices that are fixed from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Whose it is.
    #[serde(with = "plain_id")]
    pub customer_id: UserId,
    /// Its running number.
    pub number: i64,
    /// When, by the clock of who took it.
    pub placed_at: DateTime<Utc>,
    /// Of all prices.
    pub currency: Currency,
    /// The sum of all lines.
    pub total_minor: i64,
    /// 1 to 100 lines, each of another article.
    pub lines: Vec<PlacedLine>,
}

/// A line of a placed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedLine {
    /// Which product.
    #[serde(with = "plain_id")]
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(default, with = "plain_id::optional", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many pieces, 1 to 1,000.
    pub quantity: i32,
    /// What one piece costs, in the order's currency.
    pub unit_price_minor: i64,
    /// What it was called then; orders from before it was noted have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its SKU then; orders from before it was noted have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
}

/// All of it is kept in stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserved {
    /// By which reservation.
    pub reservation_id: uuid::Uuid,
}

/// The money is ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// By which payment.
    pub payment_id: uuid::Uuid,
}

/// It is packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {}

/// It is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// How the carrier calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
}

/// It has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {}

/// It came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Why.
    pub reason: CancellationReason,
}

/// The customer wants to send something back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRequested {
    /// What: each article once.
    pub lines: Vec<ReturnLine>,
}

/// What was sent back has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// What came: each article once, no more than was ordered.
    pub lines: Vec<ReturnLine>,
}

/// Pieces of a line that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Of which product.
    #[serde(with = "plain_id")]
    pub product_id: ProductId,
    /// Of which of its variants, if it has any.
    #[serde(default, with = "plain_id::optional", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many, 1 to as many as were ordered.
    pub quantity: i32,
}

macro_rules! articles {
    ($($line:ty),+ $(,)?) => {$(
        impl $line {
            /// Of what.
            #[must_use]
            pub const fn article(&self) -> Article {
                Article { product_id: self.product_id, variant_id: self.variant_id }
            }
        }
    )+};
}

articles!(LineSet, LineRemoved, PlacedLine, ReturnLine);

/// Money was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// Of which payment.
    pub payment_id: uuid::Uuid,
    /// By which refund.
    pub refund_id: uuid::Uuid,
    /// How much, in the order's currency.
    pub amount_minor: i64,
}

/// The order was cancelled after its pieces had been booked out of stock: they lie on our shelf, and somebody must book them in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestockDue {}

/// Payments gave a part of the money back that no purchase or return of ours asked for: an administrator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundNoted {
    /// Of which payment.
    pub payment_id: uuid::Uuid,
    /// By which refund.
    pub refund_id: uuid::Uuid,
    /// How much, in the order's currency.
    pub amount_minor: i64,
}

/// Money that was given back came again: the payer's bank couldn't take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFailed {
    /// Of which payment.
    pub payment_id: uuid::Uuid,
    /// By which refund.
    pub refund_id: uuid::Uuid,
    /// How much of what the order says was given back, in its currency.
    pub amount_minor: i64,
}

/// What came again was given back for what came back: it is still to be given back, which is people's turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnOwed {
    /// By which refund it was given back.
    pub refund_id: uuid::Uuid,
    /// How much, in the order's currency.
    pub amount_minor: i64,
}

/// All that was still to be given back for what came back was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnSettled {}

macro_rules! first_versions {
    ($($data:ty => $name:literal),+ $(,)?) => {$(
        impl EventData for $data {
            const NAME: &'static str = $name;
            const VERSION: u16 = 1;
        }
    )+};
}

first_versions! {
    CartOpened => "cart-opened",
    LineSet => "line-set",
    LineRemoved => "line-removed",
    Placed => "placed",
    Reserved => "reserved",
    Paid => "paid",
    Packed => "packed",
    Shipped => "shipped",
    Delivered => "delivered",
    Cancelled => "cancelled",
    ReturnRequested => "return-requested",
    Returned => "returned",
    Refunded => "refunded",
    RestockDue => "restock-due",
    RefundNoted => "refund-noted",
    RefundFailed => "refund-failed",
    ReturnOwed => "return-owed",
    ReturnSettled => "return-settled",
}
