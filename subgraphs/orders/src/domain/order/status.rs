//! Where an order can stand.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStatus {
    /// Being put together: lines change, and nothing is promised. What nothing has happened to is an empty cart of nobody's.
    #[default]
    Cart,
    /// Taken, at fixed prices; nothing is kept or paid yet.
    Placed,
    /// All of it is kept in stock.
    Reserved,
    /// Paid for.
    Paid,
    /// Ready to go.
    Packed,
    /// On its way: from here on it can't be cancelled.
    Shipped,
    /// With the customer.
    Delivered,
    /// Came to nothing. Money that was taken is given back.
    Cancelled,
    /// The customer wants to send something back.
    ReturnRequested,
    /// What the customer sent back has come, and is to be refunded: once more, where a bank couldn't take it.
    Returned,
    /// What came back was refunded.
    Refunded,
}

impl OrderStatus {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Cart,
        Self::Placed,
        Self::Reserved,
        Self::Paid,
        Self::Packed,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
        Self::ReturnRequested,
        Self::Returned,
        Self::Refunded,
    ];

    /// The name under which it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cart => "CART",
            Self::Placed => "PLACED",
            Self::Reserved => "RESERVED",
            Self::Paid => "PAID",
            Self::Packed => "PACKED",
            Self::Shipped => "SHIPPED",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
            Self::ReturnRequested => "RETURN_REQUESTED",
            Self::Returned => "RETURNED",
            Self::Refunded => "REFUNDED",
        }
    }

    /// The status stored under `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether somebody still has to do something about the order: its customer can't be forgotten meanwhile.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Placed
                | Self::Reserved
                | Self::Paid
                | Self::Packed
                | Self::Shipped
                | Self::ReturnRequested
                | Self::Returned
        )
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
