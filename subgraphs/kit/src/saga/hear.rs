//! Replies and events, from the bus to the saga.

use std::marker::PhantomData;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use uuid::Uuid;
use wire::{
    bus::Delivery,
    event::{Dispatch as _, Envelope},
    schema::is_known,
};

use super::{
    Awaited, Effects, Status, StepError,
    advance::advance,
    begin::{Begun, begin_by},
    heard::{Heard, matter},
    kept,
    row::{self, Current},
};
use crate::consumer::{Handler, HandlerError};

/// Handles replies.
pub(super) struct Replies<S>(pub PhantomData<fn() -> S>);

/// Handles events.
pub(super) struct Events<S>(pub PhantomData<fn() -> S>);

impl<S: Effects> Handler for Replies<S> {
    /// Not what only others who ask in this domain's name are answered. What nobody here knows may be awaited all the same: then the saga
    /// is stuck, and says why.
    fn wants(&self, type_name: &str) -> bool {
        S::Replies::knows(type_name) || !is_known(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async {
            let reply = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            // Those of sagas of other kinds, and of whoever else asks in this domain's name, come by here as well.
            let Some(id) = matter(&reply) else { return Ok(()) };
            let Some(current) = row::lock(connection, S::KIND, id).await? else { return Ok(()) };
            if Awaited::find(&current.awaited, &reply).is_none() {
                tracing::debug!(kind = S::KIND, saga = %id, reply = reply.id, "a reply that isn't awaited is passed over");
                return Ok(());
            }
            Ok(hear::<S>(connection, current, &Heard::Reply(reply)).await?)
        })
    }
}

impl<S: Effects> Handler for Events<S> {
    fn wants(&self, type_name: &str) -> bool {
        S::Events::knows(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let Some(event) = S::Events::read(&envelope).map_err(HandlerError::poison)? else { return Ok(()) };
            let Some(id) = S::saga_of(&event) else { return Ok(()) };
            Ok(hear_event::<S>(connection, id, &Heard::Event(envelope)).await?)
        })
    }
}

async fn hear_event<S: Effects>(connection: &mut AsyncPgConnection, id: Uuid, heard: &Heard) -> Result<(), StepError> {
    if let Some(current) = row::lock(connection, S::KIND, id).await? {
        return hear::<S>(connection, current, heard).await;
    }
    match begin_by::<S>(connection, id, heard).await? {
        Begun::Now | Begun::Not => Ok(()),
        // By somebody else just now, so that the insertion has waited for it.
        Begun::Before => match row::lock(connection, S::KIND, id).await? {
            Some(current) => hear::<S>(connection, current, heard).await,
            None => Err(diesel::result::Error::NotFound.into()),
        },
    }
}

/// Takes a step, keeps what was heard, or is done: always one of these, if the database can be had.
pub(super) async fn hear<S: Effects>(
    connection: &mut AsyncPgConnection,
    mut current: Current,
    heard: &Heard,
) -> Result<(), StepError> {
    match current.status {
        Status::Ended => Ok(()),
        Status::Stuck | Status::Retrying => kept::keep(connection, S::KIND, current.id, heard).await,
        Status::Active => match advance::<S>(connection, &mut current, heard).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_final() => {
                kept::keep(connection, S::KIND, current.id, heard).await?;
                stick::<S>(connection, current, &error).await
            }
            Err(error) => Err(error),
        },
    }
}

/// From now on it keeps what it hears, and somebody has to look at it.
pub(super) async fn stick<S: Effects>(
    connection: &mut AsyncPgConnection,
    current: Current,
    error: &StepError,
) -> Result<(), StepError> {
    let reason = error.reason();
    tracing::error!(kind = S::KIND, saga = %current.id, reason, "a saga is stuck");
    let stuck = Current { status: Status::Stuck, reason: Some(reason), ..current };
    row::write(connection, S::KIND, &stuck).await
}
