//! Why an order stays as it is.

use async_graphql::SimpleObject;

use super::super::order::OrderStatus;
use super::ids;
use crate::domain;
use crate::domain::order::Refusal;
use crate::{ProductId, VariantId};

/// Longest name of a carrier, or tracking number, in characters: none is half as long.
pub const PARCEL_TEXT_LENGTH_MAX: usize = 64;

/// There is no order with the id.
#[derive(SimpleObject)]
pub struct OrderNotFoundError {
    /// What is wrong.
    message: String,
}

impl OrderNotFoundError {
    pub(in crate::graphql) fn new() -> Self {
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
    pub(in crate::graphql) fn new(status: domain::OrderStatus) -> Self {
        let message = format!("An order that is {status} can't be cancelled");
        Self { message, status: status.into() }
    }
}

/// Somebody changed the order, or the cart, since it was read.
#[derive(SimpleObject)]
pub struct OrderVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that it has now; null where it was only a moment ago that it changed.
    current_version: Option<i32>,
}

impl OrderVersionConflictError {
    pub(in crate::graphql) fn new(current_version: Option<u32>) -> Self {
        let message = "It has been changed since it was read; read it again".to_owned();
        Self { message, current_version: current_version.map(u32::cast_signed) }
    }
}

/// The order isn't where this can be done to it.
#[derive(SimpleObject)]
pub struct OrderTransitionError {
    /// What is wrong.
    message: String,
    /// Where the order stands.
    status: OrderStatus,
}

impl OrderTransitionError {
    pub(in crate::graphql) fn new(status: domain::OrderStatus) -> Self {
        Self { message: format!("This can't be done to an order that is {status}"), status: status.into() }
    }
}

/// A line can't be changed, or come back, like this.
#[derive(SimpleObject)]
pub struct InvalidOrderLineError {
    /// What is wrong.
    message: String,
    /// The product that it concerns, if it concerns one.
    product_id: Option<ProductId>,
    /// Which of the product's variants, if it concerns one.
    variant_id: Option<VariantId>,
}

impl InvalidOrderLineError {
    pub(in crate::graphql) fn new(refusal: &Refusal) -> Self {
        let (product_id, variant_id) = ids(match refusal {
            Refusal::Quantity(article) | Refusal::NoSuchLine(article) | Refusal::TooManyPieces(article) => {
                Some(*article)
            }
            _ => None,
        });
        Self { message: refusal.to_string(), product_id, variant_id }
    }
}

/// What is said of a parcel can't be printed on its label.
#[derive(SimpleObject)]
pub struct InvalidParcelError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl InvalidParcelError {
    pub(in crate::graphql) fn new(field: &str) -> Self {
        let message = format!("{field} must have 1 to {PARCEL_TEXT_LENGTH_MAX} printable characters");
        Self { message, field: field.to_owned() }
    }
}
