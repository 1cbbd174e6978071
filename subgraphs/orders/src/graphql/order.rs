//! `type Order` and its lines as clients see them.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use chrono::{DateTime, Utc};
use kit::{Money, Result, count_rows, paging::SortTime, request_data};

use super::loaders::Loaders;
use super::product::Product;
use super::user::User;
use crate::OrderId;
use crate::domain::{self, OrderPosition};

/// An order. Whoever makes one of these has checked that the caller may read it.
pub struct Order(pub Arc<domain::Order>);

impl From<domain::Order> for Order {
    fn from(order: domain::Order) -> Self {
        Self(Arc::new(order))
    }
}

impl Order {
    /// Where it stands in a list, newest first.
    pub fn position(&self) -> OrderPosition {
        OrderPosition { placed_at: SortTime(self.0.placed_at), id: self.0.id }
    }
}

/// An order: its customer's, and visible to administrators.
#[Object]
impl Order {
    /// Its global id.
    async fn id(&self) -> OrderId {
        self.0.id
    }

    /// Its number for people, unique, e.g. `SG-00000042`.
    async fn number(&self) -> String {
        self.0.number_shown()
    }

    /// Where it stands.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// Whose order it is.
    async fn customer(&self) -> User {
        User { id: self.0.customer_id }
    }

    /// What was ordered: 1 to 100 lines.
    async fn lines(&self, context: &Context<'_>) -> Result<Vec<OrderLine>> {
        let loaders = request_data::<Loaders>(context)?;
        let lines = loaders.lines.load(self.0.id).await?;
        count_rows(context, lines.as_ref().map_or(0, |lines| lines.len()))?;
        Ok(lines.iter().flat_map(|lines| lines.iter()).copied().map(OrderLine).collect())
    }

    /// Sum of all lines, without shipping.
    async fn total(&self) -> Money {
        self.0.total
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime<Utc> {
        self.0.placed_at
    }
}

/// One line of an order.
pub struct OrderLine(domain::OrderLine);

/// One line of an order.
#[Object]
impl OrderLine {
    /// The product.
    async fn product(&self) -> Product {
        Product::by_key(self.0.product_id)
    }

    /// How many pieces, 1 to 1,000.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// What one piece cost when the order was placed.
    async fn unit_price(&self) -> Money {
        self.0.unit_price
    }
}

/// Where an order stands.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::OrderStatus")]
pub enum OrderStatus {
    /// Taken, not paid yet. It can still be cancelled.
    Placed,
    /// Paid for.
    Paid,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Called off.
    Cancelled,
}
