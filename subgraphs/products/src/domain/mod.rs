//! What a product is and what may be said about one: types and rules, no I/O, no GraphQL.
//!
//! It must never know how products are stored or served.

mod category;
mod content;
mod decide;
mod draft;
mod page;
mod product;
mod rules;
mod variant;

pub use category::{ALLOWED_MAX, AttributeKind, AttributeRule, CATEGORIES_MAX, Category};
pub use content::{BLOCKS_MAX, Block};
pub use decide::Decided;
pub use draft::{ProductChange, ProductDraft};
pub use page::{Page, PageDraft, PageStatus, is_slug};
pub use product::{Attribute, Product, ProductFilter, ProductOrder, ProductPosition};
pub use rules::{ATTRIBUTES_MAX, InvalidField, NAME_LENGTH_MAX, STOCK_MAX, WEIGHT_GRAMS_MAX, fold_name, is_sku};
pub use variant::{VARIANTS_MAX, Variant, VariantDraft};
