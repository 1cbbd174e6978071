//! What happens to stock. Reservations are keyed by reservation, levels by product.
//!
//! Pieces are *on hand*, some of them *reserved*; the difference can be sold.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{OrderId, ProductId, ReservationId, VariantId};
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the stock domain tells.
    pub enum StockEvent {
        Reserved(StockReserved),
        Released(StockReleased),
        Committed(StockCommitted),
        Received(StockReceived),
        Adjusted(StockAdjusted),
        LevelChanged(StockLevelChanged),
    }
}

/// Pieces are kept for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockReserved {
    /// By which reservation.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
    /// Which pieces; each product and variant once.
    pub lines: Vec<StockLine>,
    /// When they are released, if the reservation was not committed.
    pub expires_at: DateTime<Utc>,
}

/// Pieces are no longer kept for an order, and can be sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockReleased {
    /// By which reservation they were.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
    /// Which pieces.
    pub lines: Vec<StockLine>,
    /// Why.
    pub reason: ReleaseReason,
}

/// Reserved pieces are sold: no longer on hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockCommitted {
    /// By which reservation they were kept.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
    /// Which pieces.
    pub lines: Vec<StockLine>,
}

/// Pieces came in, from a supplier or from a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockReceived {
    /// Of which product.
    pub product_id: ProductId,
    /// Of which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many.
    pub quantity: NonZeroU32,
    /// The order that they were returned from, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

/// There were more or fewer pieces than the books said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockAdjusted {
    /// Of which product.
    pub product_id: ProductId,
    /// Of which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many more; below zero: fewer.
    pub change: i32,
    /// Why.
    pub reason: AdjustmentReason,
}

/// How much there is now, after whichever of the others; or that it is sold no more, or again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockLevelChanged {
    /// Of which product.
    pub product_id: ProductId,
    /// Of which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// Pieces there are, reserved ones included.
    pub on_hand: u32,
    /// Pieces kept for orders: at most as many.
    pub reserved: u32,
    /// Whether it is sold no more, whatever there is of it; left out of what is sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<bool>,
}

/// Pieces of one product, or of one of its variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockLine {
    /// Of which product.
    pub product_id: ProductId,
    /// Of which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many.
    pub quantity: NonZeroU32,
}

open_enum! {
    /// Why reserved pieces can be sold again.
    pub enum ReleaseReason {
        /// The order came to nothing.
        Cancelled = "CANCELLED",
        /// Nobody committed them in time.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// Why the books were wrong.
    pub enum AdjustmentReason {
        /// They were counted.
        Counted = "COUNTED",
        /// They are broken.
        Damaged = "DAMAGED",
        /// They are gone.
        Lost = "LOST",
    }
}

event!(StockReserved, Stock, "reserved", 1, reservation_id);
event!(StockReleased, Stock, "released", 1, reservation_id);
event!(StockCommitted, Stock, "committed", 1, reservation_id);
event!(StockReceived, Stock, "received", 1, product_id);
event!(StockAdjusted, Stock, "adjusted", 1, product_id);
event!(StockLevelChanged, Stock, "level-changed", 1, product_id);
