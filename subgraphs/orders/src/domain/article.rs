//! What is bought: a product as it is, or one of its variants.

use crate::{ProductId, VariantId};

/// Which. Of a cart, an order or a return each has one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Article {
    /// Which product.
    pub product_id: ProductId,
    /// Which of its variants; none where it is sold as it is.
    pub variant_id: Option<VariantId>,
}
