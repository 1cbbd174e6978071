//! What customers send back, and what was sold to orders that were called off, comes into the books as orders tell.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{Handler, HandlerError};
use wire::bus::Delivery;
use wire::event::{Dispatch as _, Envelope, ReadError};
use wire::events::orders::{OrderRestockDue, OrderReturned};

use crate::store::{Cause, restock, take_back};

wire::dispatch! {
    /// What is acted upon.
    enum Heard {
        Returned(OrderReturned),
        RestockDue(OrderRestockDue),
    }
}

/// Follows the events of orders.
#[derive(Clone, Copy, Debug, Default)]
pub struct FollowReturns;

impl Handler for FollowReturns {
    fn wants(&self, type_name: &str) -> bool {
        Heard::knows(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let cause = Cause::message(&envelope);
            let (order_id, left_out) =
                match Heard::read(&envelope).map_err(|error: ReadError| HandlerError::poison(error))? {
                    Some(Heard::Returned(returned)) => {
                        let booked_as = format!("event:{}", envelope.id);
                        (returned.order_id, take_back(connection, &cause, &returned, &booked_as).await?)
                    }
                    Some(Heard::RestockDue(due)) => (due.order_id, restock(connection, &cause, &due).await?),
                    None => return Ok(()),
                };
            for item in left_out {
                tracing::warn!(order = %order_id, ?item, "pieces that came back stay outside of the books");
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_it_acts_upon_is_wanted_and_nothing_else() {
        let wanted = ["supergraph.orders.restock-due.v1", "supergraph.orders.returned.v1"];
        assert_eq!(kit::testing::wanted(&FollowReturns), wanted);
    }
}
