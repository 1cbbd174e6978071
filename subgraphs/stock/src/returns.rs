//! What customers send back comes into the books as orders tell.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{Handler, HandlerError};
use wire::bus::Delivery;
use wire::event::Envelope;
use wire::events::orders::OrderReturned;

use crate::store::{Cause, take_back};

/// Follows the events of orders.
#[derive(Clone, Copy, Debug, Default)]
pub struct FollowReturns;

impl Handler for FollowReturns {
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let Some(returned) = envelope.read::<OrderReturned>().map_err(HandlerError::poison)? else {
                return Ok(());
            };
            let booked_as = format!("event:{}", envelope.id);
            for item in take_back(connection, &Cause::message(&envelope), &returned, &booked_as).await? {
                tracing::warn!(order = %returned.order_id, ?item, "returned pieces stay outside of the books");
            }
            Ok(())
        })
    }
}
