//! From events to notifications: one a user and event, whatever comes how often.
//!
//! Nothing is asked of anybody here: the notification is written with a job that finds out how it is to be told, in the
//! transaction of the inbox row.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{Handler, HandlerError, job::RunAt};
use uuid::Uuid;
use wire::{bus::Delivery, event::Envelope, events::users::UserErased};

use crate::{
    delivery::{Errand, PLAN},
    domain::Notice,
    store::{self, Standing, StoreError},
};

/// Makes notifications of events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intake;

impl Handler for Intake {
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
