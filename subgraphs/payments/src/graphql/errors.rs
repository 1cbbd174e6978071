//! The refusals of payments, as typed errors of mutation payloads.

use async_graphql::SimpleObject;

use crate::orders::NotPayable;

/// The request breaks a rule of payments.
#[derive(SimpleObject)]
pub struct InvalidPaymentError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl InvalidPaymentError {
    pub(super) fn new(field: &str, message: impl Into<String>) -> Self {
        Self { message: message.into(), field: field.to_owned() }
    }
}

/// The idempotency key was used with another input, or is being worked on.
#[derive(SimpleObject)]
pub struct PaymentIdempotencyConflictError {
    /// What is wrong.
    message: String,
    /// Whether the same request may be sent again.
    is_in_progress: bool,
}

impl PaymentIdempotencyConflictError {
    pub(super) fn reused() -> Self {
        Self { message: "The idempotency key was used with another input".to_owned(), is_in_progress: false }
    }

    pub(super) fn in_progress() -> Self {
        let message = "A request with this idempotency key is being worked on: send it again".to_owned();
        Self { message, is_in_progress: true }
    }
}

/// Nothing is taken of this customer for this order.
#[derive(SimpleObject)]
pub struct PaymentRefusedError {
    /// What is wrong.
    message: String,
    /// Why, for programs: `UNKNOWN_ORDER`, `OTHER_CUSTOMER` (the order is somebody else's) or `CUSTOMER_ERASED`.
    code: String,
}

impl From<NotPayable> for PaymentRefusedError {
    fn from(reason: NotPayable) -> Self {
        Self { message: reason.to_string(), code: reason.code().to_owned() }
    }
}

/// Orders doesn't say whose the order is: nothing was taken, and the same request may be sent again.
#[derive(SimpleObject)]
pub struct OrdersUnavailableError {
    /// What is wrong.
    message: String,
}

impl OrdersUnavailableError {
    pub(super) fn new() -> Self {
        let message = "Orders doesn't answer now, and nothing was taken; send the same request again".to_owned();
        Self { message }
    }
}

/// There is no payment with the id.
#[derive(SimpleObject)]
pub struct PaymentNotFoundError {
    /// What is wrong.
    message: String,
}

impl PaymentNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such payment".to_owned() }
    }
}

/// The payment can't be given back, or not so much of it.
#[derive(SimpleObject)]
pub struct RefundRefusedError {
    /// What is wrong.
    message: String,
    /// Why, for programs: `NOT_CAPTURED`, `INVALID_AMOUNT`, `CHARGED_BACK` or `DECLINED`.
    code: String,
}

impl RefundRefusedError {
    pub(super) fn new(code: String, message: impl Into<String>) -> Self {
        Self { message: message.into(), code }
    }
}
