//! `deliverOrder`.

use async_graphql::{Context, InputObject, Object};
use kit::{Caller, Result};

use super::change::{change, payload};
use crate::OrderId;
use crate::domain::order::Command;

/// The mutation.
#[derive(Default)]
pub struct DeliverOrder;

/// The mutation.
#[Object]
impl DeliverOrder {
    /// Says that an order is with its customer. For administrators.
    async fn deliver_order(
        &self,
        context: &Context<'_>,
        input: DeliverOrderInput,
    ) -> Result<Option<DeliverOrderPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        let changed = change(context, input.id, Some(input.expected_version), Command::Deliver).await;
        DeliverOrderPayload::of(changed).map(Some)
    }
}

/// An order that has come.
#[derive(InputObject)]
pub struct DeliverOrderInput {
    /// Its id.
    id: OrderId,
    /// The version that was read: a later one is not changed.
    expected_version: i32,
}

payload! {
    /// What `deliverOrder` did.
    DeliverOrderPayload
}
