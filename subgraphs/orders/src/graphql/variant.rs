//! A variant of a product, as orders and carts refer to it.

use async_graphql::Object;

use crate::VariantId;

/// A variant, known here by key.
pub struct ProductVariant(pub VariantId);

// Products describes the type and its key.
#[Object]
impl ProductVariant {
    async fn id(&self) -> VariantId {
        self.0
    }
}
