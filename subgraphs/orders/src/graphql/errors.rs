//! The refusals of orders, as typed errors of mutation payloads.

use async_graphql::SimpleObject;

use super::order::OrderStatus;
use crate::ProductId;
use crate::domain::{self, InvalidPlacement};

/// The request breaks a rule of placing orders.
#[derive(SimpleObject)]
pub struct InvalidOrderError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
    /// The product that it concerns, if it concerns one.
    product_id: Option<ProductId>,
}

impl From<InvalidPlacement> for InvalidOrderError {
    fn from(invalid: InvalidPlacement) -> Self {
        let (field, product_id) = match invalid {
            InvalidPlacement::IdempotencyKey => ("idempotencyKey", None),
            InvalidPlacement::NoLines | InvalidPlacement::TooManyLines => ("lines", None),
            InvalidPlacement::Quantity(product_id) => ("lines.quantity", Some(product_id)),
        };
        Self { message: invalid.to_string(), field: field.to_owned(), product_id }
    }
}

/// A line names a product that doesn't exist.
#[derive(SimpleObject)]
pub struct UnknownProductError {
    /// What is wrong.
    message: String,
    /// The id that names no product.
    product_id: ProductId,
}

impl UnknownProductError {
    pub(super) fn new(product_id: ProductId) -> Self {
        Self { message: "There is no such product".to_owned(), product_id }
    }
}

/// The products have prices in more than one currency.
#[derive(SimpleObject)]
pub struct MixedCurrenciesError {
    /// What is wrong.
    message: String,
}

impl MixedCurrenciesError {
    pub(super) fn new() -> Self {
        Self { message: "All products of an order must have prices in one currency".to_owned() }
    }
}

/// The total is more than an amount can hold.
#[derive(SimpleObject)]
pub struct OrderTooLargeError {
    /// What is wrong.
    message: String,
}

impl OrderTooLargeError {
    pub(super) fn new() -> Self {
        Self { message: "The total of the order is too large".to_owned() }
    }
}

/// The idempotency key was used for another order.
#[derive(SimpleObject)]
pub struct IdempotencyConflictError {
    /// What is wrong.
    message: String,
}

impl IdempotencyConflictError {
    pub(super) fn new() -> Self {
        Self { message: "The idempotency key belongs to an order with other lines".to_owned() }
    }
}

/// There is no order with the id.
#[derive(SimpleObject)]
pub struct OrderNotFoundError {
    /// What is wrong.
    message: String,
}

impl OrderNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such order".to_owned() }
    }
}

/// The order is past the point at which it could be cancelled.
#[derive(SimpleObject)]
pub struct OrderNotCancellableError {
    /// What is wrong.
    message: String,
    /// Where the order stands.
    status: OrderStatus,
}

impl OrderNotCancellableError {
    pub(super) fn new(status: domain::OrderStatus) -> Self {
        let message = format!("An order that is {status} can't be cancelled");
        Self { message, status: status.into() }
    }
}
