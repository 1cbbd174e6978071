//! What can happen to an item.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The kinds of movements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
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

/// What a movement adds to an item's numbers; negative: takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// To the pieces on hand.
    pub on_hand: i32,
    /// To the reserved ones of them.
    pub reserved: i32,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Received, Self::Returned, Self::Adjusted, Self::Reserved, Self::Released, Self::Committed];

    /// Its name in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Returned => "returned",
            Self::Adjusted => "adjusted",
            Self::Reserved => "reserved",
            Self::Released => "released",
            Self::Committed => "committed",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What so many pieces change. Only adjustments have a number below zero.
    #[must_use]
    pub const fn change(self, quantity: i32) -> Change {
        match self {
            Self::Received | Self::Returned | Self::Adjusted => Change { on_hand: quantity, reserved: 0 },
            Self::Reserved => Change { on_hand: 0, reserved: quantity },
            Self::Released => Change { on_hand: 0, reserved: -quantity },
            Self::Committed => Change { on_hand: -quantity, reserved: -quantity },
        }
    }
}

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Which of its item's, from 1.
    pub number: i64,
    /// What happened.
    pub kind: Kind,
    /// What it changed.
    pub change: Change,
    /// Pieces on hand after it.
    pub on_hand: i32,
    /// Reserved ones of them.
    pub reserved: i32,
    /// What brought it about: `reservation:<uuid>`, `delivery:<key>`.
    pub cause: String,
    /// By which reservation, if by one.
    pub reservation_id: Option<Uuid>,
    /// For which order, if for one.
    pub order_id: Option<Uuid>,
    /// Why the books were wrong.
    pub reason: Option<String>,
    /// Who wanted it.
    pub actor: Option<String>,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
}
