//! What is counted: pieces of a product, or of one of its variants.

use kit::GlobalId;
use uuid::Uuid;

use crate::{ProductId, VariantId};

/// Which item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemKey {
    /// Of which product.
    pub product_id: ProductId,
    /// Of which of its variants; none where it is sold as it is.
    pub variant_id: Option<VariantId>,
}

impl ItemKey {
    /// A product that is sold as it is.
    #[must_use]
    pub const fn product(product_id: ProductId) -> Self {
        Self { product_id, variant_id: None }
    }

    /// The item's id: the variant's, or the product's. No two items share one, since no two ids do.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.variant_id.map_or_else(|| self.product_id.uuid(), |variant| variant.uuid())
    }

    /// From the ids that messages carry.
    #[must_use]
    pub fn of_wire(product_id: wire::id::ProductId, variant_id: Option<wire::id::VariantId>) -> Self {
        Self {
            product_id: ProductId::from_uuid(product_id.uuid()),
            variant_id: variant_id.map(|variant| VariantId::from_uuid(variant.uuid())),
        }
    }
}

/// What there is of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub key: ItemKey,
    /// Pieces there are, reserved ones included.
    pub on_hand: i32,
    /// Pieces kept for orders: never more than there are.
    pub reserved: i32,
    /// Counts the changes of `on_hand`, from 1; for optimistic locking.
    pub version: i32,
    /// How many movements it has had.
    pub movements: i64,
    /// Whether it is sold no more; a product's own item isn't while the product has variants.
    pub is_withdrawn: bool,
}

impl Item {
    /// Pieces that can be sold now: none of what is withdrawn.
    #[must_use]
    pub const fn available(&self) -> i32 {
        if self.is_withdrawn { 0 } else { self.on_hand.saturating_sub(self.reserved) }
    }
}
