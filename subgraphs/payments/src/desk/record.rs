//! Writing down what the provider has said.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use kit::event_store::{Aggregate as _, Metadata, load};
use uuid::Uuid;
use wire::id::PaymentId;

use super::lock::lock;
use super::{Awaited, DeskError, write};
use crate::domain::Payment;
use crate::domain::outcome::Outcome;

/// What happens of the provider's accord.
const ACTOR: &str = "service:payments";

/// Writes down an outcome in the caller's transaction, answers all who waited for it, and begins what could not before it. Nothing, if it is
/// known already.
///
/// # Errors
/// [`DeskError`].
pub async fn record(
    connection: &mut AsyncPgConnection,
    payment_id: PaymentId,
    outcome: Outcome,
) -> Result<(), DeskError> {
    lock(connection, payment_id).await?;
    let loaded = load::<Payment>(connection, payment_id.uuid()).await?;
    let mut events = loaded.state().record(outcome, Utc::now(), Uuid::now_v7);
    if events.is_empty() {
        return Ok(());
    }
    let mut after = loaded.state().clone();
    for event in &events {
        after.apply(event);
    }
    let waiting = Awaited::list(connection, payment_id).await?;
    let asked = waiting.first().map(|first| first.request.metadata());
    let metadata = asked.unwrap_or_else(|| Metadata { actor: Some(ACTOR.to_owned()), ..Metadata::default() });
    for awaited in waiting {
        let begun = awaited.answer(connection, &after).await?;
        begun.iter().for_each(|event| after.apply(event));
        events.extend(begun);
    }
    write::write(connection, loaded, write::Written { events, metadata: &metadata, method_token: None }).await
}
