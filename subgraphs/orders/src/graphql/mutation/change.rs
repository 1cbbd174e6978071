//! What mutations of placed orders have in common: do it on the newest state, and say why not.

use async_graphql::{Context, Union};
use kit::{Caller, Error, Result, request_data};

use super::super::errors::{
    InvalidOrderLineError, InvalidParcelError, OrderNotFoundError, OrderTransitionError, OrderVersionConflictError,
};
use super::super::order::Order;
use super::super::written;
use crate::OrderId;
use crate::domain::order::{Command, Refusal};
use crate::store::{Actor, ChangeError, OrderStore};

/// Does `command` in the caller's name. Whoever calls this has checked that the caller may.
pub async fn change(
    context: &Context<'_>,
    id: OrderId,
    expected_version: Option<i32>,
    command: Command,
) -> Result<Order, ChangeError> {
    let internal = |error: Error| ChangeError::Store(crate::store::StoreError::request(error));
    let store = request_data::<OrderStore>(context).map_err(internal)?;
    let caller = Caller::from_context(context).map_err(internal)?;
    let order = store.order_change(id, expected_version.map(version), &command, &Actor::caller(caller)).await?;
    written(context, Some(&order)).await.map_err(internal)?;
    Ok(order.into())
}

/// As the store counts: no version is below zero.
pub fn version(expected: i32) -> u32 {
    u32::try_from(expected).unwrap_or(u32::MAX)
}

/// Why an order was not changed.
#[derive(Union)]
pub enum ChangeOrderError {
    /// There is no such order.
    NotFound(OrderNotFoundError),
    /// Somebody was faster.
    VersionConflict(OrderVersionConflictError),
    /// Not as it stands.
    Transition(OrderTransitionError),
    /// Lines that can't come back.
    InvalidLine(InvalidOrderLineError),
    /// A label that can't be printed.
    InvalidParcel(InvalidParcelError),
}

/// An order or why not; what is our fault is neither.
pub fn outcome(changed: Result<Order, ChangeError>) -> Result<(Option<Order>, Vec<ChangeOrderError>)> {
    let refused = match changed {
        Ok(order) => return Ok((Some(order), Vec::new())),
        Err(ChangeError::NotFound) => ChangeOrderError::NotFound(OrderNotFoundError::new()),
        Err(ChangeError::Stale(now)) => ChangeOrderError::VersionConflict(OrderVersionConflictError::new(Some(now))),
        Err(ChangeError::Refused { refusal: Refusal::IllegalTransition { status, .. }, .. }) => {
            ChangeOrderError::Transition(OrderTransitionError::new(status))
        }
        Err(ChangeError::Refused { refusal, .. }) => {
            ChangeOrderError::InvalidLine(InvalidOrderLineError::new(&refusal))
        }
        Err(error @ ChangeError::Store(_)) => return Err(Error::internal(error)),
    };
    Ok((None, vec![refused]))
}

/// Makes a mutation's payload.
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// The order as it is now; null when it was refused.
            order: Option<super::super::order::Order>,
            /// Why it was refused.
            errors: Vec<super::change::ChangeOrderError>,
        }

        impl $name {
            fn of(
                changed: std::result::Result<super::super::order::Order, crate::store::ChangeError>,
            ) -> kit::Result<Self> {
                let (order, errors) = super::change::outcome(changed)?;
                Ok(Self { order, errors })
            }
        }
    };
}

pub(super) use payload;
