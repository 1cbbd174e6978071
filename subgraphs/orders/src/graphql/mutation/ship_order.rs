//! `shipOrder`.

use async_graphql::{Context, InputObject, Object};
use kit::text::is_line;
use kit::{Caller, Result};

use super::super::errors::{InvalidParcelError, PARCEL_TEXT_LENGTH_MAX};
use super::change::{ChangeOrderError, change, payload};
use crate::OrderId;
use crate::domain::order::Command;

/// The mutation.
#[derive(Default)]
pub struct ShipOrder;

/// The mutation.
#[Object]
impl ShipOrder {
    /// Says that an order is on its way: from here on it can't be cancelled. For administrators.
    async fn ship_order(&self, context: &Context<'_>, input: ShipOrderInput) -> Result<Option<ShipOrderPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        for (field, text) in [("carrier", &input.carrier), ("trackingNumber", &input.tracking_number)] {
            if text.as_deref().is_some_and(|text| !is_printable(text)) {
                let errors = vec![ChangeOrderError::InvalidParcel(InvalidParcelError::new(field))];
                return Ok(Some(ShipOrderPayload { order: None, errors }));
            }
        }
        let command = Command::Ship { carrier: input.carrier, tracking_number: input.tracking_number };
        let changed = change(context, input.id, Some(input.expected_version), command).await;
        ShipOrderPayload::of(changed).map(Some)
    }
}

fn is_printable(text: &str) -> bool {
    text.chars().count() <= PARCEL_TEXT_LENGTH_MAX && is_line(text)
}

/// An order that is on its way.
#[derive(InputObject)]
pub struct ShipOrderInput {
    /// Its id.
    id: OrderId,
    /// The version that was read: a later one is not changed.
    expected_version: i32,
    /// Who carries it: 1 to 64 characters.
    carrier: Option<String>,
    /// How the carrier calls it: 1 to 64 characters.
    tracking_number: Option<String>,
}

payload! {
    /// What `shipOrder` did.
    ShipOrderPayload
}
