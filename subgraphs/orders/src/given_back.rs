//! What payments tell of money that was given back, and of what came again since a bank couldn't take it: the order says so, whoever
//! wanted it.
//!
//! What the sagas of orders have given back they hear by its reply, and note themselves.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::consumer::Handler;
use kit::{GlobalId as _, HandlerError};
use wire::bus::Delivery;
use wire::event::{Dispatch as _, Envelope};
use wire::events::payments::{PaymentRefundFailed, PaymentRefunded};

use crate::OrderId;
use crate::domain::order::Command;
use crate::domain::saga::{is_of_saga, payment_id};
use crate::store::{Actor, ChangeError, change_in_txn};

wire::dispatch! {
    /// What is heard of payments.
    enum Heard {
        Refunded(PaymentRefunded),
        RefundFailed(PaymentRefundFailed),
    }
}

/// Notes it; everything else about payments is passed over.
#[derive(Clone, Copy, Debug, Default)]
pub struct GivenBack;

impl Handler for GivenBack {
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
            match Heard::read(&envelope).map_err(HandlerError::poison)? {
                Some(Heard::Refunded(refunded)) => note(connection, &refunded, &envelope).await,
                Some(Heard::RefundFailed(failed)) => note_failed(connection, &failed, &envelope).await,
                None => Ok(()),
            }
        })
    }
}

async fn note(
    connection: &mut AsyncPgConnection,
    refunded: &PaymentRefunded,
    envelope: &Envelope,
) -> Result<(), HandlerError> {
    let id = OrderId::from_uuid(refunded.order_id.uuid());
    // Of several payments for an order one is its price; the others are no part of it.
    if refunded.payment_id != payment_id(id) || is_of_saga(id, refunded.refund_id) {
        return Ok(());
    }
    let command = Command::NoteRefund {
        payment_id: refunded.payment_id.uuid(),
        refund_id: refunded.refund_id.uuid(),
        amount_minor: refunded.amount.amount_minor,
    };
    match change_in_txn(connection, id, None, &command, &Actor::told(envelope)).await {
        Ok(_) => Ok(()),
        Err(ChangeError::Store(error)) => Err(error.into()),
        Err(error) => {
            // The money is given back all the same: nothing that trying again could change.
            tracing::warn!(order = %id, refund = %refunded.refund_id, %error, "a refund isn't noted");
            Ok(())
        }
    }
}

async fn note_failed(
    connection: &mut AsyncPgConnection,
    failed: &PaymentRefundFailed,
    envelope: &Envelope,
) -> Result<(), HandlerError> {
    let id = OrderId::from_uuid(failed.order_id.uuid());
    if failed.payment_id != payment_id(id) {
        return Ok(());
    }
    let (payment_id, refund_id) = (failed.payment_id.uuid(), failed.refund_id.uuid());
    let command = Command::NoteRefundFailed { payment_id, refund_id };
    match change_in_txn(connection, id, None, &command, &Actor::told(envelope)).await {
        Ok(_) => Ok(()),
        Err(ChangeError::Store(error)) => Err(error.into()),
        // Its saga is about to hear that it was made, by another way.
        Err(error @ ChangeError::Refused { .. }) if is_of_saga(id, failed.refund_id) => {
            Err(HandlerError::transient(error))
        }
        Err(error) => {
            // The order never said that it was made: nothing was left of its price.
            tracing::warn!(order = %id, refund = %failed.refund_id, %error, "a refund that came again isn't noted");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_it_acts_upon_is_wanted_and_nothing_else() {
        let wanted = ["supergraph.payments.refund-failed.v1", "supergraph.payments.refunded.v1"];
        assert_eq!(kit::testing::wanted(&GivenBack), wanted);
    }
}
