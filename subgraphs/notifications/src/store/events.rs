//! Telling others: events into the outbox, in the transaction of what they tell.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;
use wire::event::{Envelope, Event, Stamp};

use super::StoreError;

/// Tells an event once the caller's transaction is committed. `cause` is the id of the event that brought it about. The
/// recipient's row must be locked, so that events of one user leave in their order.
///
/// # Errors
/// [`StoreError::Event`], [`StoreError::Database`].
pub async fn tell_in_txn<E: Event>(
    connection: &mut AsyncPgConnection,
    event: &E,
    cause: Option<Uuid>,
) -> Result<(), StoreError> {
    let envelope = Envelope::event(event, Stamp { id: Uuid::now_v7(), time: Utc::now() })?;
    let envelope =
        Envelope { causation_id: cause.map(|id| id.to_string()), traceparent: kit::trace::traceparent(), ..envelope };
    kit::outbox::append(connection, &E::topic(), &[envelope.to_message()?]).await?;
    Ok(())
}
