//! What stock can be asked. Keyed by reservation, whose id the asking saga makes, so that asking again is the same.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::command::command;
use crate::events::stock::StockLine;
use crate::id::{OrderId, ReservationId};
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the stock domain is asked.
    pub enum StockCommand {
        Reserve(ReserveStock),
        Release(ReleaseStock),
        Commit(CommitStock),
    }
}

/// Keep pieces for an order: all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReserveStock {
    /// By which reservation: new, or the same as before with the same lines.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
    /// Which pieces; each product and variant once.
    pub lines: Vec<StockLine>,
    /// When to release them, if nobody committed them.
    pub expires_at: DateTime<Utc>,
}

/// The pieces are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReserveStockDone {
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

open_enum! {
    /// Why pieces can't be kept.
    pub enum ReserveStockRefusal {
        /// There are too few.
        OutOfStock = "OUT_OF_STOCK",
        /// Of a product or a variant that there isn't.
        UnknownProduct = "UNKNOWN_PRODUCT",
        /// Of a product that is sold by its variants alone.
        VariantRequired = "VARIANT_REQUIRED",
        /// The reservation has other lines, or is of another order.
        ReservationConflict = "RESERVATION_CONFLICT",
        /// The reservation is over.
        ReservationClosed = "RESERVATION_CLOSED",
        /// There are no lines or too many, or an item has several.
        InvalidLines = "INVALID_LINES",
    }
}

/// Let go of a reservation's pieces. One that was never made is closed, so that it can't be made later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseStock {
    /// Which reservation.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
}

/// The pieces are let go of, now or earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseStockDone {}

open_enum! {
    /// Why pieces can't be let go of.
    pub enum ReleaseStockRefusal {
        /// They are sold.
        AlreadyCommitted = "ALREADY_COMMITTED",
        /// The reservation is of another order.
        ReservationConflict = "RESERVATION_CONFLICT",
    }
}

/// A reservation's pieces are sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitStock {
    /// Which reservation.
    pub reservation_id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
}

/// The pieces are out of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitStockDone {}

open_enum! {
    /// Why pieces can't be sold.
    pub enum CommitStockRefusal {
        /// There is no such reservation.
        UnknownReservation = "UNKNOWN_RESERVATION",
        /// They are no longer kept.
        ReservationClosed = "RESERVATION_CLOSED",
    }
}

command! {
    ReserveStock: Stock, "reserve-stock", 1;
    to [Stock] under reservation_id;
    answers ReserveStockDone | ReserveStockRefusal;
}

command! {
    ReleaseStock: Stock, "release-stock", 1;
    to [Stock] under reservation_id;
    answers ReleaseStockDone | ReleaseStockRefusal;
}

command! {
    CommitStock: Stock, "commit-stock", 1;
    to [Stock] under reservation_id;
    answers CommitStockDone | CommitStockRefusal;
}
