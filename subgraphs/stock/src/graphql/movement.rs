//! `type StockMovement`: an entry of the ledger.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use kit::GlobalId;

use crate::domain::{Kind, Movement};
use crate::{OrderId, ReservationId};

/// An entry of the ledger.
pub struct StockMovement(pub Movement);

/// What can happen to stock.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "Kind")]
pub enum StockMovementKind {
    /// Pieces came in from a supplier.
    Received,
    /// Pieces came back from a customer.
    Returned,
    /// The books were wrong.
    Adjusted,
    /// Pieces are kept for an order.
    Reserved,
    /// Pieces are no longer kept.
    Released,
    /// Kept pieces are sold and gone.
    Committed,
}

/// An entry of the ledger.
#[Object]
impl StockMovement {
    /// Which of its item's, from 1, without a gap.
    async fn number(&self) -> i32 {
        i32::try_from(self.0.number).unwrap_or(i32::MAX)
    }

    /// What happened.
    async fn kind(&self) -> StockMovementKind {
        self.0.kind.into()
    }

    /// What it added to the pieces on hand; negative: took away.
    async fn on_hand_change(&self) -> i32 {
        self.0.change.on_hand
    }

    /// What it added to the reserved ones of them; negative: took away.
    async fn reserved_change(&self) -> i32 {
        self.0.change.reserved
    }

    /// Pieces on hand after it.
    async fn on_hand(&self) -> i32 {
        self.0.on_hand
    }

    /// Reserved ones of them.
    async fn reserved(&self) -> i32 {
        self.0.reserved
    }

    /// What brought it about: `reservation:<uuid>`, `delivery:<key>`, `event:<uuid>`.
    async fn cause(&self) -> &str {
        &self.0.cause
    }

    /// The reservation by which it came about.
    async fn reservation_id(&self) -> Option<ID> {
        self.0.reservation_id.map(|id| ID(ReservationId::from_uuid(id).to_global()))
    }

    /// The order for which it came about.
    async fn order_id(&self) -> Option<ID> {
        self.0.order_id.map(|id| ID(OrderId::from_uuid(id).to_global()))
    }

    /// Why the books were wrong.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Who wanted it: a user's id, or `service:<name>`.
    async fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// When it was booked.
    async fn booked_at(&self) -> DateTime<Utc> {
        self.0.booked_at
    }
}
