//! The refusals of orders, as typed errors of mutation payloads.

use async_graphql::SimpleObject;
use kit::CurrencyCode;

use super::order::OrderStatus;
use crate::domain::order::Refusal;
use crate::domain::{self, Article, InvalidAddress, InvalidPlacement, InvalidRefund};
use crate::exporting::{ExportError, ROWS_MAX};
use crate::{ProductId, VariantId};

/// Longest name of a carrier, or tracking number, in characters: none is half as long.
pub const PARCEL_TEXT_LENGTH_MAX: usize = 64;

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
    pub(super) fn new(product_id: ProductId) -> Self {
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
    pub(super) fn new(product_id: ProductId, variant_id: VariantId) -> Self {
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
    pub(super) fn new(product_id: ProductId) -> Self {
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
    pub(super) fn new() -> Self {
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
    pub(super) fn new() -> Self {
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
    pub(super) fn new(currency: CurrencyCode) -> Self {
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
    pub(super) fn new() -> Self {
        Self { message: "The idempotency key belongs to another order".to_owned() }
    }
}

/// The order isn't paid.
#[derive(SimpleObject)]
pub struct OrderNotPaidError {
    /// What is wrong.
    message: String,
}

impl OrderNotPaidError {
    pub(super) fn new() -> Self {
        Self { message: "The order isn't paid: it has no invoice".to_owned() }
    }
}

/// The request breaks a rule of exports.
#[derive(SimpleObject)]
pub struct InvalidExportError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl InvalidExportError {
    pub(super) fn new(error: &ExportError, field: &str) -> Self {
        Self { message: error.to_string(), field: field.to_owned() }
    }
}

/// The export would have too many rows.
#[derive(SimpleObject)]
pub struct ExportTooLargeError {
    /// What is wrong.
    message: String,
    /// How many it may have.
    rows_max: i32,
}

impl ExportTooLargeError {
    pub(super) fn new(error: &ExportError) -> Self {
        Self { message: error.to_string(), rows_max: i32::try_from(ROWS_MAX).unwrap_or(i32::MAX) }
    }
}

/// The idempotency key was used for another export.
#[derive(SimpleObject)]
pub struct ExportConflictError {
    /// What is wrong.
    message: String,
}

impl ExportConflictError {
    pub(super) fn new(error: &ExportError) -> Self {
        Self { message: error.to_string() }
    }
}

/// There is no storage for files here.
#[derive(SimpleObject)]
pub struct FilesUnavailableError {
    /// What is wrong.
    message: String,
}

impl FilesUnavailableError {
    pub(super) fn new() -> Self {
        Self { message: "Files aren't kept here".to_owned() }
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

/// Somebody changed the order, or the cart, since it was read.
#[derive(SimpleObject)]
pub struct OrderVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that it has now; null where it was only a moment ago that it changed.
    current_version: Option<i32>,
}

impl OrderVersionConflictError {
    pub(super) fn new(current_version: Option<u32>) -> Self {
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
    pub(super) fn new(status: domain::OrderStatus) -> Self {
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
    pub(super) fn new(refusal: &Refusal) -> Self {
        let (product_id, variant_id) = ids(match refusal {
            Refusal::Quantity(article) | Refusal::NoSuchLine(article) | Refusal::TooManyPieces(article) => {
                Some(*article)
            }
            _ => None,
        });
        Self { message: refusal.to_string(), product_id, variant_id }
    }
}

/// As clients are told of it.
fn ids(article: Option<Article>) -> (Option<ProductId>, Option<VariantId>) {
    (article.map(|article| article.product_id), article.and_then(|article| article.variant_id))
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
    pub(super) fn new(field: &str) -> Self {
        let message = format!("{field} must have 1 to {PARCEL_TEXT_LENGTH_MAX} printable characters");
        Self { message, field: field.to_owned() }
    }
}

/// The request breaks a rule of giving money back.
#[derive(SimpleObject)]
pub struct InvalidOrderRefundError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidRefund> for InvalidOrderRefundError {
    fn from(invalid: InvalidRefund) -> Self {
        let field = match invalid {
            InvalidRefund::Amount => "amount.amountMinor",
            InvalidRefund::Currency => "amount.currency",
            InvalidRefund::Reason => "reason",
            InvalidRefund::IdempotencyKey => "idempotencyKey",
        };
        Self { message: invalid.to_string(), field: field.to_owned() }
    }
}

/// The money can't be given back, or not so much of it.
#[derive(SimpleObject)]
pub struct OrderRefundRefusedError {
    /// What is wrong.
    message: String,
    /// Why, for programs: `NOT_PAID`, `NOT_CAPTURED`, `INVALID_AMOUNT`, `NOTHING_LEFT`, `CHARGED_BACK` or `DECLINED`.
    code: String,
}

impl OrderRefundRefusedError {
    pub(super) fn new(code: String, message: String) -> Self {
        Self { message, code }
    }
}

/// The idempotency key was used for another refund of the order.
#[derive(SimpleObject)]
pub struct OrderRefundConflictError {
    /// What is wrong.
    message: String,
}

impl OrderRefundConflictError {
    pub(super) fn new() -> Self {
        Self { message: "The idempotency key belongs to another refund of the order".to_owned() }
    }
}

/// Payments doesn't answer: the same request may be sent again.
#[derive(SimpleObject)]
pub struct PaymentsUnavailableError {
    /// What is wrong.
    message: String,
}

impl PaymentsUnavailableError {
    pub(super) fn new() -> Self {
        let message = "Payments doesn't answer now; send the same request again".to_owned();
        Self { message }
    }
}
