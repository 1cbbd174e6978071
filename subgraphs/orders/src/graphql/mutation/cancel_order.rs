//! `cancelOrder`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Error, Result};
use wire::events::orders::CancellationReason;

use super::super::entities::find_order;
use super::super::errors::{OrderNotCancellableError, OrderNotFoundError};
use super::super::order::Order;
use super::change::change;
use crate::OrderId;
use crate::domain::order::Command;
use crate::store::ChangeError;

/// The mutation.
#[derive(Default)]
pub struct CancelOrder;

/// The mutation.
#[Object]
impl CancelOrder {
    /// Cancels an order that isn't shipped yet: the caller's own, or any for administrators. What was paid is given back.
    async fn cancel_order(&self, context: &Context<'_>, input: CancelOrderInput) -> Result<Option<CancelOrderPayload>> {
        cancel_order(context, input).await.map(Some)
    }
}

async fn cancel_order(context: &Context<'_>, input: CancelOrderInput) -> Result<CancelOrderPayload> {
    let Some(order) = find_order(context, input.id).await? else {
        return Ok(CancelOrderPayload::refused(OrderNotFoundError::new().into()));
    };
    let caller = Caller::from_context(context)?;
    let reason = match caller.user() == Some(order.0.customer_id) {
        true => CancellationReason::Customer,
        false => CancellationReason::Administrator,
    };
    match change(context, input.id, None, Command::Cancel(reason)).await {
        Ok(order) => Ok(CancelOrderPayload { order: Some(order), errors: Vec::new() }),
        Err(ChangeError::NotFound) => Ok(CancelOrderPayload::refused(OrderNotFoundError::new().into())),
        Err(ChangeError::Refused { status, .. }) => {
            Ok(CancelOrderPayload::refused(OrderNotCancellableError::new(status).into()))
        }
        Err(error) => Err(Error::internal(error)),
    }
}

/// Which order to cancel.
#[derive(InputObject)]
pub struct CancelOrderInput {
    /// Its id.
    id: OrderId,
}

/// What `cancelOrder` did.
#[derive(SimpleObject)]
pub struct CancelOrderPayload {
    /// The cancelled order; null when it was refused.
    order: Option<Order>,
    /// Why it was refused.
    errors: Vec<CancelOrderError>,
}

impl CancelOrderPayload {
    fn refused(error: CancelOrderError) -> Self {
        Self { order: None, errors: vec![error] }
    }
}

/// Why an order was not cancelled.
#[derive(Union)]
pub enum CancelOrderError {
    /// There is no such order.
    NotFound(OrderNotFoundError),
    /// It is past that point.
    NotCancellable(OrderNotCancellableError),
}
