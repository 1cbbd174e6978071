//! How an order is paid, as payments says now.

use async_graphql::SimpleObject;
use kit::Money;

use crate::payments::PaymentState;

/// How an order's own payment stands, as payments says now.
#[derive(SimpleObject)]
pub struct OrderPayment {
    /// `REQUESTED`, `AUTHORISED`, `CAPTURED`, `PARTIALLY_REFUNDED`, `REFUNDED`, `DISPUTED`, `DECLINED` or `VOIDED`; there may be others
    /// some day.
    status: String,
    /// What was taken.
    amount_captured: Money,
    /// What was given back.
    amount_refunded: Money,
    /// What can still be given back.
    amount_refundable: Money,
}

impl From<PaymentState> for OrderPayment {
    fn from(state: PaymentState) -> Self {
        let PaymentState { order_id: _, status, captured, refunded, refundable } = state;
        Self { status, amount_captured: captured, amount_refunded: refunded, amount_refundable: refundable }
    }
}
