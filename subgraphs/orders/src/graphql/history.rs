//! `type OrderHistoryEntry`: one thing that happened to one of an account's orders.

use async_graphql::Object;
use chrono::{DateTime, Utc};

use super::order::OrderStatus;
use crate::OrderId;
use crate::domain::{self, HistoryEntry};

/// An entry. Whoever makes one of these has checked that the caller may read it.
pub struct OrderHistoryEntry(pub HistoryEntry);

impl OrderHistoryEntry {
    /// Where it stands in a list.
    pub fn position(&self) -> i64 {
        self.0.position
    }
}

/// One thing that happened to an order.
#[Object]
impl OrderHistoryEntry {
    /// The order's id.
    async fn order_id(&self) -> OrderId {
        self.0.order_id
    }

    /// The order's number for people.
    async fn order_number(&self) -> String {
        domain::number_shown(self.0.number)
    }

    /// Where the order stood then. Money that is given back for a cancelled order is `REFUNDED` here.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// When.
    async fn happened_at(&self) -> DateTime<Utc> {
        self.0.at
    }
}
