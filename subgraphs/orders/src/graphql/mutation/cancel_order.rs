//! `cancelOrder`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::super::entities::find_order;
use super::super::errors::{OrderNotCancellableError, OrderNotFoundError};
use super::super::loaders::Loaders;
use super::super::order::Order;
use crate::OrderId;
use crate::store::OrderStore;

/// The mutation.
#[derive(Default)]
pub struct CancelOrder;

/// The mutation.
#[Object]
impl CancelOrder {
    /// Cancels an order that is still only placed: the caller's own, or any for administrators.
    async fn cancel_order(&self, context: &Context<'_>, input: CancelOrderInput) -> Result<Option<CancelOrderPayload>> {
        cancel_order(context, input).await.map(Some)
    }
}

async fn cancel_order(context: &Context<'_>, input: CancelOrderInput) -> Result<CancelOrderPayload> {
    let Some(order) = find_order(context, input.id).await? else {
        return Ok(CancelOrderPayload::refused(OrderNotFoundError::new().into()));
    };
    let store = request_data::<OrderStore>(context)?;
    let cancelled = store.order_cancel(input.id).await?;
    let loaded = &request_data::<Loaders>(context)?.orders;
    loaded.clear(input.id).await;
    match cancelled {
        Some(order) => Ok(CancelOrderPayload { order: Some(order.into()), errors: Vec::new() }),
        None => {
            // Its status may have moved between our two looks, so look again.
            let status = loaded.load(input.id).await?.map_or(order.0.status, |now| now.status);
            Ok(CancelOrderPayload::refused(OrderNotCancellableError::new(status).into()))
        }
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
