//! From events to notifications: one a user and event, whatever comes how often.
//!
//! Nothing is asked of anybody here: the notification is written with a job that finds out how it is to be told, in the
//! transaction of the inbox row.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{Handler, HandlerError, job::RunAt};
use uuid::Uuid;
use wire::{
    bus::Delivery,
    event::{Envelope, Payload as _},
    events::users::UserErased,
};

use crate::{
    delivery::{Errand, PLAN},
    domain::Notice,
    store::{self, Standing, StoreError},
};

/// Makes notifications of events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intake;

impl Handler for Intake {
    fn wants(&self, type_name: &str) -> bool {
        UserErased::is_named(type_name) || Notice::is_of(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            if let Some(erased) = envelope.read::<UserErased>().map_err(HandlerError::poison)? {
                // Has been asked for by command before; whoever missed that hears it here.
                return Ok(store::erase_in_txn(connection, erased.user_id.uuid()).await?);
            }
            let event_id = Uuid::try_parse(&envelope.id).map_err(HandlerError::poison)?;
            match Notice::of(&envelope, event_id, Utc::now()).map_err(HandlerError::poison)? {
                Some(notice) => Ok(notify(connection, &notice).await?),
                None => Ok(()),
            }
        })
    }
}

/// Writes a notification and its plan's job, unless the user is erased or it is there.
async fn notify(connection: &mut AsyncPgConnection, notice: &Notice) -> Result<(), StoreError> {
    if store::lock_in_txn(connection, notice.user_id).await? == Standing::Erased {
        return Ok(());
    }
    if store::insert_in_txn(connection, notice).await? {
        Errand::about(notice.id()).enqueue(connection, PLAN, RunAt::Now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_it_acts_upon_is_wanted_and_nothing_else() {
        let wanted = [
            "supergraph.orders.cancelled.v1",
            "supergraph.orders.delivered.v1",
            "supergraph.orders.placed.v1",
            "supergraph.orders.return-requested.v1",
            "supergraph.orders.returned.v1",
            "supergraph.orders.shipped.v1",
            "supergraph.payments.captured.v1",
            "supergraph.payments.chargeback-closed.v1",
            "supergraph.payments.chargeback-opened.v1",
            "supergraph.payments.declined.v1",
            "supergraph.payments.refund-failed.v1",
            "supergraph.payments.refunded.v1",
            "supergraph.users.blocked.v1",
            "supergraph.users.erased.v1",
            "supergraph.users.profile-changed.v1",
            "supergraph.users.unblocked.v1",
        ];
        assert_eq!(kit::testing::wanted(&Intake), wanted);
    }
}
