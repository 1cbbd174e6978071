//! Why no money is given back.

use async_graphql::SimpleObject;

use crate::domain::InvalidRefund;

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
    pub(in crate::graphql) fn new(code: String, message: String) -> Self {
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
    pub(in crate::graphql) fn new() -> Self {
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
    pub(in crate::graphql) fn new() -> Self {
        let message = "Payments doesn't answer now; send the same request again".to_owned();
        Self { message }
    }
}
