//! `type Order`, by key alone.

use async_graphql::Object;

use crate::OrderId;

/// An order, known here by key only.
pub struct Order {
    /// The key.
    pub id: OrderId,
}

// Orders describes the type and its key.
#[Object(unresolvable = "id")]
impl Order {
    async fn id(&self) -> OrderId {
        self.id
    }
}
