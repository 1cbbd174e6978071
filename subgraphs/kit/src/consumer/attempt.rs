//! One attempt at one message, and giving it up.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt as _;
use uuid::Uuid;
use wire::bus::Delivery;

use super::{Consumer, HandlerError};
use crate::{
    database::{Cause, DatabaseError, Failed, describe},
    dead_letter::{GivenUp, give_up_in_txn},
    envelope::event_id,
    inbox,
    panic_text::panic_text,
};

/// The namespace of ids for texts that have none. Must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x9e1c_44b7_6a02_4d0f_b1f3_52c8_07d6_e3aa);

/// What became of an attempt that didn't succeed.
pub(super) enum NotHandled {
    /// The database, or the handler's store, can't be had: no attempt of the message's.
    Lost(HandlerError),
    /// To be tried again.
    Transient(HandlerError),
    /// To be given up.
    Poison(HandlerError),
}

/// What became of one that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Once {
    /// The handler has done its work.
    Handled,
    /// It had before.
    Repeated,
}

/// By which the inbox knows a message: its event's id, or one that is made of its text.
pub(super) fn inbox_id(delivery: &Delivery) -> Uuid {
    let text = &delivery.message.text;
    event_id(text).unwrap_or_else(|| Uuid::new_v5(&NAMESPACE, text.as_bytes()))
}

/// Handles a message in one transaction with its inbox row; one that was handled before is passed over. `id` is what its envelope says.
pub(super) async fn handle_once(
    consumer: &Consumer,
    delivery: &Delivery,
    id: Option<Uuid>,
) -> Result<Once, NotHandled> {
    let Consumer { database, group, handler, config, .. } = consumer;
    let Some(id) = id else {
        return Err(NotHandled::Poison(HandlerError::poison("the message is no envelope with an id")));
    };
    let handling = database.try_unit(async |connection| {
        if inbox::first_time(connection, group.name(), id).await? {
            handler.handle(connection, delivery).await?;
            return Ok(Once::Handled);
        }
        Ok(Once::Repeated)
    });
    // Around the whole transaction: what breaks off in its midst leaves a connection that nobody can use any more.
    let timeout = Duration::from_millis(config.attempt_timeout_ms);
    let handling = AssertUnwindSafe(tokio::time::timeout(timeout, handling)).catch_unwind();
    match handling.await {
        Ok(Ok(Ok(once))) => Ok(once),
        Ok(Ok(Err(Failed { error, cause: Cause::Lost }))) => Err(NotHandled::Lost(error)),
        Ok(Ok(Err(Failed { error: error @ HandlerError::Lost(_), .. }))) => Err(NotHandled::Lost(error)),
        Ok(Ok(Err(Failed { error: error @ HandlerError::Poison(_), .. }))) => Err(NotHandled::Poison(error)),
        Ok(Ok(Err(Failed { error, .. }))) => Err(NotHandled::Transient(error)),
        Ok(Err(_)) => {
            let late = HandlerError::transient(format!("it takes longer than {timeout:?}"));
            Err(if database.is_ready().await { NotHandled::Transient(late) } else { NotHandled::Lost(late) })
        }
        Err(panic) => {
            let reason = format!("the handler panicked: {}", panic_text(&*panic));
            Err(NotHandled::Poison(HandlerError::poison(reason)))
        }
    }
}

/// Gives a message up: its dead letter and its inbox row in one transaction, unless it was handled after all.
pub(super) async fn give_up(
    consumer: &Consumer,
    delivery: &Delivery,
    reason: &HandlerError,
    attempts: u32,
) -> Result<(), DatabaseError> {
    let Consumer { database, group, topic, .. } = consumer;
    let event_id = inbox_id(delivery);
    let reason = describe(reason);
    database
        .unit(async |connection| {
            if !inbox::first_time(connection, group.name(), event_id).await? {
                return Ok(());
            }
            give_up_in_txn(connection, &GivenUp { group, topic, delivery, event_id, reason: &reason, attempts }).await
        })
        .await
}
