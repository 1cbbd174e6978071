//! The books' refusals, as typed errors of mutation payloads.
//!
//! [`InvalidProductError`] and [`ProductNotFoundError`] are products' too: `restock` was theirs, and clients that ask for its errors
//! by these names go on to be answered.

use async_graphql::SimpleObject;

use crate::domain::InvalidField;

/// A value breaks a rule of the catalogue.
#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct InvalidProductError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidField> for InvalidProductError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: format!("{} {}", invalid.field, invalid.message), field: invalid.field.to_owned() }
    }
}

/// There is no product with the id.
#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct ProductNotFoundError {
    /// What is wrong.
    message: String,
}

impl ProductNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such product".to_owned() }
    }
}

/// The idempotency key belongs to another delivery of the product.
#[derive(SimpleObject)]
pub struct DeliveryConflictError {
    /// What is wrong.
    message: String,
    /// How many pieces that delivery brought.
    quantity: i32,
}

impl DeliveryConflictError {
    pub(super) fn new(quantity: i32) -> Self {
        Self { message: format!("The idempotency key belongs to a delivery of {quantity} pieces"), quantity }
    }
}

/// Pieces came or went since they were counted.
#[derive(SimpleObject)]
pub struct StockVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that the item has now.
    current_version: i32,
}

impl StockVersionConflictError {
    pub(super) fn new(current_version: i32) -> Self {
        Self { message: "Pieces came or went since they were counted; count again".to_owned(), current_version }
    }
}

/// There would be fewer pieces than are kept for orders.
#[derive(SimpleObject)]
pub struct StockReservedError {
    /// What is wrong.
    message: String,
    /// How many are kept for orders.
    reserved: i32,
}

impl StockReservedError {
    pub(super) fn new(reserved: i32) -> Self {
        Self { message: format!("{reserved} pieces are kept for orders; cancel some of these first"), reserved }
    }
}

/// The item is sold no more.
#[derive(SimpleObject)]
pub struct StockItemWithdrawnError {
    /// What is wrong.
    message: String,
}

impl StockItemWithdrawnError {
    pub(super) fn new() -> Self {
        Self { message: "It is sold no more; pieces of it can't be sold".to_owned() }
    }
}

/// The product is sold by its variants, and none is named.
#[derive(SimpleObject)]
pub struct StockVariantRequiredError {
    /// What is wrong.
    message: String,
}

impl StockVariantRequiredError {
    pub(super) fn new() -> Self {
        Self { message: "The product comes in variants; name the one that was delivered".to_owned() }
    }
}
