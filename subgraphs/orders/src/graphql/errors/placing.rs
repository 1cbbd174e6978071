//! Why nothing was ordered.

use async_graphql::SimpleObject;
use kit::CurrencyCode;

use super::ids;
use crate::domain::{InvalidAddress, InvalidPlacement};
use crate::{ProductId, VariantId};

/// The request breaks a rule of placing orders.
#[derive(SimpleObject)]
pub struct InvalidOrderError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
    /// The product that it concerns, if it concerns one.
    product_id: Option<ProductId>,
    /// Which of the product's variants, if it concerns one.
    variant_id: Option<VariantId>,
}

impl From<InvalidPlacement> for InvalidOrderError {
    fn from(invalid: InvalidPlacement) -> Self {
        let (field, article) = match invalid {
            InvalidPlacement::IdempotencyKey => ("idempotencyKey", None),
            InvalidPlacement::MethodToken => ("paymentMethod", None),
            InvalidPlacement::Address(InvalidAddress(line)) => {
                return Self {
                    message: invalid.to_string(),
                    field: format!("shippingAddress.{line}"),
                    product_id: None,
                    variant_id: None,
                };
            }
            InvalidPlacement::NoLines | InvalidPlacement::TooManyLines => ("lines", None),
            InvalidPlacement::Quantity(article) => ("lines.quantity", Some(article)),
        };
        let (product_id, variant_id) = ids(article);
        Self { message: invalid.to_string(), field: field.to_owned(), product_id, variant_id }
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
    pub(in crate::graphql) fn new(product_id: ProductId) -> Self {
        Self { message: "There is no such product".to_owned(), product_id }
    }
}

/// A line names a variant that the product doesn't have.
#[derive(SimpleObject)]
pub struct UnknownVariantError {
    /// What is wrong.
    message: String,
    /// The product that was named.
    product_id: ProductId,
    /// The id that names no variant of it.
    variant_id: VariantId,
}

impl UnknownVariantError {
    pub(in crate::graphql) fn new(product_id: ProductId, variant_id: VariantId) -> Self {
        Self { message: "The product has no such variant".to_owned(), product_id, variant_id }
    }
}

/// A line names no variant of a product that is sold by its variants.
#[derive(SimpleObject)]
pub struct VariantRequiredError {
    /// What is wrong.
    message: String,
    /// The product that has variants.
    product_id: ProductId,
}

impl VariantRequiredError {
    pub(in crate::graphql) fn new(product_id: ProductId) -> Self {
        Self { message: "The product comes in variants; name one of them".to_owned(), product_id }
    }
}

/// The products have prices in more than one currency.
#[derive(SimpleObject)]
pub struct MixedCurrenciesError {
    /// What is wrong.
    message: String,
}

impl MixedCurrenciesError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "All products of an order must have prices in one currency".to_owned() }
    }
}

/// The total is more than can be paid at once: 999,999.99.
#[derive(SimpleObject)]
pub struct OrderTooLargeError {
    /// What is wrong.
    message: String,
}

impl OrderTooLargeError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "The total of the order is too large".to_owned() }
    }
}

/// Nothing can be paid in the currency of the products' prices.
#[derive(SimpleObject)]
pub struct OrderCurrencyNotTakenError {
    /// What is wrong.
    message: String,
    /// The currency.
    currency: CurrencyCode,
}

impl OrderCurrencyNotTakenError {
    pub(in crate::graphql) fn new(currency: CurrencyCode) -> Self {
        Self { message: format!("Nothing can be paid in {}", currency.as_str()), currency }
    }
}

/// The idempotency key was used for another order.
#[derive(SimpleObject)]
pub struct IdempotencyConflictError {
    /// What is wrong.
    message: String,
}

impl IdempotencyConflictError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "The idempotency key belongs to another order".to_owned() }
    }
}
