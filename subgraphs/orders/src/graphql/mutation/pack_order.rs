//! `packOrder`.

use async_graphql::{Context, InputObject, Object};
use kit::{Caller, Result};

use super::change::{change, payload};
use crate::OrderId;
use crate::domain::order::Command;

/// The mutation.
#[derive(Default)]
pub struct PackOrder;

/// The mutation.
#[Object]
impl PackOrder {
    /// Says that an order is packed. For administrators.
    async fn pack_order(&self, context: &Context<'_>, input: PackOrderInput) -> Result<Option<PackOrderPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        let changed = change(context, input.id, Some(input.expected_version), Command::Pack).await;
        PackOrderPayload::of(changed).map(Some)
    }
}

/// An order that is packed.
#[derive(InputObject)]
pub struct PackOrderInput {
    /// Its id.
    id: OrderId,
    /// The version that was read: a later one is not changed.
    expected_version: i32,
}

payload! {
    /// What `packOrder` did.
    PackOrderPayload
}
