//! The order as it is kept.

use std::fmt;

use chrono::{DateTime, Utc};
use kit::{CurrencyCode, Money, paging::SortTime};
use serde::{Deserialize, Serialize};

use crate::{OrderId, ProductId, UserId};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Taken, not paid yet. The only status from which it can be cancelled.
    Placed,
    /// Paid for.
    Paid,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Called off. Final.
    Cancelled,
}

impl OrderStatus {
    /// The name under which it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "PLACED",
            Self::Paid => "PAID",
            Self::Shipped => "SHIPPED",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The status stored under `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Placed, Self::Paid, Self::Shipped, Self::Delivered, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One order without its lines, which are loaded apart, many orders at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its id; never changes.
    pub id: OrderId,
    /// Its running number, shown as `SG-00000042`.
    pub number: i64,
    /// Whose order it is.
    pub customer_id: UserId,
    /// Where it stands.
    pub status: OrderStatus,
    /// Sum of all lines.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

impl Order {
    /// The number in the form in which people read and dictate it.
    #[must_use]
    pub fn number_shown(&self) -> String {
        format!("SG-{:08}", self.number)
    }

    /// The currency of the total and of every line.
    #[must_use]
    pub fn currency(&self) -> CurrencyCode {
        self.total.currency
    }
}

/// One line of an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderLine {
    /// Which product.
    pub product_id: ProductId,
    /// How many pieces, 1 to 1,000.
    pub quantity: i32,
    /// What one piece cost when the order was placed.
    pub unit_price: Money,
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
