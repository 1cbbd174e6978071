//! What happens to the catalogue and its pages. Keyed by product, or by page.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{PageId, ProductId, VariantId};
use crate::money::Money;

crate::dispatch! {
    /// What the products domain tells.
    pub enum ProductEvent {
        Added(ProductAdded),
        Changed(ProductChanged),
        PriceChanged(ProductPriceChanged),
        VariantAdded(ProductVariantAdded),
        VariantRemoved(ProductVariantRemoved),
        Withdrawn(ProductWithdrawn),
        PagePublished(PagePublished),
        PageWithdrawn(PageWithdrawn),
    }
}

/// The catalogue has one more product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductAdded {
    /// Which.
    pub product_id: ProductId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The shelf it stands on.
    pub category: String,
    /// What one piece costs, of the product itself or of variants without a price of their own.
    pub price: Money,
    /// Its variants; none if it is sold as it is.
    pub variants: Vec<Variant>,
    /// Pieces that there are of it from the start, if it is sold as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_stock: Option<NonZeroU32>,
}

/// A product has other values now, its price excepted, which has an event of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductChanged {
    /// Which.
    pub product_id: ProductId,
    /// Which of its fields, by the catalogue's names: `name`, `attributes.colour`.
    pub fields: Vec<String>,
}

/// A product, or one of its variants, costs something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductPriceChanged {
    /// Which.
    pub product_id: ProductId,
    /// Which of its variants; none: the product itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// What one piece costs.
    pub price: Money,
    /// What it cost before.
    pub price_before: Money,
}

/// A product has one more variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductVariantAdded {
    /// Which product.
    pub product_id: ProductId,
    /// Its new variant.
    pub variant: Variant,
}

/// A product has one variant less; orders of it stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductVariantRemoved {
    /// Which product.
    pub product_id: ProductId,
    /// Which variant.
    pub variant_id: VariantId,
}

/// A product is sold no more; orders of it stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductWithdrawn {
    /// Which.
    pub product_id: ProductId,
}

/// A page of content can be read, for the first time or in a new form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PagePublished {
    /// Which.
    pub page_id: PageId,
    /// Where it is found: `summer-sale`.
    pub slug: String,
}

/// A page of content can't be read any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageWithdrawn {
    /// Which.
    pub page_id: PageId,
    /// Where it was found.
    pub slug: String,
}

/// One form in which a product is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Which.
    pub variant_id: VariantId,
    /// Its stock keeping unit.
    pub sku: String,
    /// What one piece costs, if not what the product does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

event!(ProductAdded, Products, "added", 1, product_id);
event!(ProductChanged, Products, "changed", 1, product_id);
event!(ProductPriceChanged, Products, "price-changed", 1, product_id);
event!(ProductVariantAdded, Products, "variant-added", 1, product_id);
event!(ProductVariantRemoved, Products, "variant-removed", 1, product_id);
event!(ProductWithdrawn, Products, "withdrawn", 1, product_id);
event!(PagePublished, Products, "page-published", 1, page_id);
event!(PageWithdrawn, Products, "page-withdrawn", 1, page_id);
