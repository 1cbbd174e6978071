//! What a product is and what may be said about one: types and rules, no I/O, no GraphQL.
//!
//! It must never know how products are stored or served.

mod decide;
mod draft;
mod product;
mod rules;

pub use decide::Decided;
pub use draft::{ProductChange, ProductDraft};
pub use product::{Attribute, Product, ProductFilter, ProductOrder, ProductPosition};
pub use rules::{
    ATTRIBUTES_MAX, InvalidField, NAME_LENGTH_MAX, STOCK_MAX, WEIGHT_GRAMS_MAX, check_price, fold_name, is_sku,
};
