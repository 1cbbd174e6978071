//! The refusals of payments, as typed errors of mutation payloads.

use async_graphql::SimpleObject;

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
