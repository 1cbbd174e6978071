//! `type Cart`: what a customer puts together.

use async_graphql::Object;

use super::product::Product;
use super::variant::ProductVariant;
use crate::OrderId;
use crate::domain::{CartView, RequestedLine};

/// A cart. Whoever makes one of these has checked that it is the caller's.
pub struct Cart(pub CartView);

/// What a customer is about to order. It has no prices of its own: they are fixed when it is placed.
#[Object]
impl Cart {
    /// The id of the order that it becomes.
    async fn id(&self) -> OrderId {
        self.0.id
    }

    /// Rises with each change; goes back in as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version.cast_signed()
    }

    /// What is in it: up to 100 lines, in the order in which they came.
    async fn lines(&self) -> Vec<CartLine> {
        self.0.lines.iter().copied().map(CartLine).collect()
    }
}

/// One line of a cart.
pub struct CartLine(RequestedLine);

/// One line of a cart.
#[Object]
impl CartLine {
    /// The product, at today's price.
    async fn product(&self) -> Product {
        Product::by_key(self.0.product_id)
    }

    /// Which of the product's variants, at today's price; null where the product is sold as it is. Of one that was removed since there is the `id` alone: asked for more it
    /// is null.
    async fn variant(&self) -> Option<ProductVariant> {
        self.0.variant_id.map(ProductVariant)
    }

    /// How many pieces, 1 to 1,000.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }
}
