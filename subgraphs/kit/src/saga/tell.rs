//! A saga's own domain tells it something.

use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::{Effects, SagaError, Status, StepError, advance::advance, heard::Heard, kept, row};
use crate::event_store::Metadata;

/// What became of what a saga was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It has taken a step, or ignored it.
    Heard,
    /// It is stuck, and will hear it when it is retried.
    Kept,
    /// It has ended.
    Ended,
    /// There is no such saga.
    Unknown,
}

/// Tells a saga something in the caller's transaction: it takes the step at once.
///
/// # Errors
/// [`StepError`], of which [`StepError::Saga`] says that it has no answer to this; nothing of it was kept, the saga isn't stuck for
/// it, and the caller's transaction can go on.
pub async fn tell<S: Effects>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    told: &S::Local,
    metadata: &Metadata,
) -> Result<Told, StepError> {
    let Some(mut current) = row::lock(connection, S::KIND, id).await? else { return Ok(Told::Unknown) };
    let text = serde_json::to_string(told).map_err(SagaError::new)?;
    let heard = Heard::Local(text, metadata.clone());
    match current.status {
        Status::Ended => Ok(Told::Ended),
        Status::Stuck | Status::Retrying => {
            kept::keep(connection, S::KIND, id, &heard).await?;
            Ok(Told::Kept)
        }
        Status::Active => {
            advance::<S>(connection, &mut current, &heard).await?;
            Ok(Told::Heard)
        }
    }
}
