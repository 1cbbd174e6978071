//! What is told of an item's stock, as stores note it.

use uuid::Uuid;

use crate::ProductId;

/// Whether an item is on stock, as of one of its movements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemLevel {
    /// Of which product.
    pub product: ProductId,
    /// The product itself, or one of its variants.
    pub item: Uuid,
    /// Whether there are pieces that nobody has reserved.
    pub is_available: bool,
    /// The number of the movement. None from builds of stock that didn't tell it: theirs come in their order, and the last one counts.
    pub sequence: Option<i64>,
}
