//! `refundOrder`.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Error, GlobalId as _, Money, MoneyInput, Result, describe, request_data};

use super::super::entities::find_order;
use super::super::errors::{
    InvalidOrderRefundError, OrderNotFoundError, OrderRefundConflictError, OrderRefundRefusedError,
    PaymentsUnavailableError,
};
use super::super::order::Order;
use crate::domain::{Refund, RefundRequest};
use crate::payments::{Payments, PaymentsError, RefundError, RefundState};
use crate::{OrderId, RefundId};

/// The mutation.
#[derive(Default)]
pub struct RefundOrder;

/// The mutation.
#[Object]
impl RefundOrder {
    /// Gives back some of what was paid for an order, or all of it, and leaves the order as it is. For administrators. The same key with
    /// the same input gives nothing back twice.
    async fn refund_order(&self, context: &Context<'_>, input: RefundOrderInput) -> Result<Option<RefundOrderPayload>> {
        refund_order(context, input).await.map(Some)
    }
}

async fn refund_order(context: &Context<'_>, input: RefundOrderInput) -> Result<RefundOrderPayload> {
    Caller::from_context(context)?.require_administrator()?;
    let Some(order) = find_order(context, input.order_id).await? else {
        return Ok(RefundOrderPayload::refused(OrderNotFoundError::new()));
    };
    let RefundOrderInput { order_id, amount, reason, idempotency_key } = input;
    let request = RefundRequest { order_id, amount: Money::from(amount), reason, idempotency_key };
    let refund = match request.checked(order.0.total.currency) {
        Ok(refund) => refund,
        Err(invalid) => return Ok(RefundOrderPayload::refused(InvalidOrderRefundError::from(invalid))),
    };
    match request_data::<Arc<dyn Payments>>(context)?.refund(&refund).await {
        Ok(state) => {
            let refund = Some(OrderRefund::of(&refund, state));
            Ok(RefundOrderPayload { refund, order: Some(order), errors: Vec::new() })
        }
        Err(RefundError::Refused { code, text }) => {
            Ok(RefundOrderPayload::refused(OrderRefundRefusedError::new(code, text)))
        }
        Err(RefundError::Conflict) => Ok(RefundOrderPayload::refused(OrderRefundConflictError::new())),
        Err(RefundError::NoAnswer(PaymentsError::Unavailable(cause))) => {
            tracing::warn!(cause = %describe(&*cause), order = %order_id, "payments doesn't say whether it gives money back");
            Ok(RefundOrderPayload::refused(PaymentsUnavailableError::new()))
        }
        Err(error @ RefundError::NoAnswer(PaymentsError::Fault(_))) => Err(Error::internal(error)),
    }
}

/// What is to be given back.
#[derive(InputObject)]
pub struct RefundOrderInput {
    /// Of which order.
    order_id: OrderId,
    /// How much: above zero, in the order's currency, at most what was taken and not given back.
    amount: MoneyInput,
    /// Why: 1 to 200 characters. The customer can read it.
    reason: String,
    /// Chosen by the caller, 1 to 128 printable ASCII characters, new for each refund of the order.
    idempotency_key: String,
}

/// What `refundOrder` did.
#[derive(SimpleObject)]
pub struct RefundOrderPayload {
    /// The refund; null when it was refused.
    refund: Option<OrderRefund>,
    /// The order, which says what was given back once it was; null when the refund was refused.
    order: Option<Order>,
    /// Why it was refused.
    errors: Vec<RefundOrderError>,
}

impl RefundOrderPayload {
    fn refused(error: impl Into<RefundOrderError>) -> Self {
        Self { refund: None, order: None, errors: vec![error.into()] }
    }
}

/// Money that is given back of an order.
#[derive(SimpleObject)]
pub struct OrderRefund {
    /// The refund's global id, as payments knows it.
    id: RefundId,
    /// How much.
    amount: Money,
    /// How far it has come.
    status: OrderRefundStatus,
}

impl OrderRefund {
    fn of(refund: &Refund, state: RefundState) -> Self {
        let status = match state {
            RefundState::Requested => OrderRefundStatus::Requested,
            RefundState::Refunded => OrderRefundStatus::Refunded,
        };
        Self { id: RefundId::from_uuid(refund.id), amount: refund.amount, status }
    }
}

/// How far money that is given back has come.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum OrderRefundStatus {
    /// The provider is being asked.
    Requested,
    /// The money was given back.
    Refunded,
}

/// Why nothing was given back.
#[derive(Union)]
pub enum RefundOrderError {
    /// There is no such order.
    NotFound(OrderNotFoundError),
    /// The request breaks a rule.
    Invalid(InvalidOrderRefundError),
    /// Payments refuses.
    Refused(OrderRefundRefusedError),
    /// The key belongs to another refund.
    Conflict(OrderRefundConflictError),
    /// Payments doesn't answer.
    Unavailable(PaymentsUnavailableError),
}
