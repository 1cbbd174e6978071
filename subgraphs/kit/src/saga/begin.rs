//! The first step.

use diesel_async::{AnsiTransactionManager as Transaction, AsyncPgConnection, TransactionManager as _};
use uuid::Uuid;

use super::{Effects, SagaError, StepError, advance::advance, heard::Heard, row};
use crate::{event_store::Metadata, trace};

/// Begins a saga in the caller's transaction, by what its domain tells it: its first step is taken at once. Whether it was begun;
/// `false` if there is, or was, one of that id: then nothing is done.
///
/// `metadata` says who wants it and what brought it about; its correlation is the saga's id from here on. Of two at the same time
/// the second waits for the end of the first one's transaction.
///
/// # Errors
/// [`StepError`]; nothing of it was kept, and the caller's transaction can go on.
pub async fn begin<S: Effects>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    told: &S::Local,
    metadata: &Metadata,
) -> Result<bool, StepError> {
    let text = serde_json::to_string(told).map_err(SagaError::new)?;
    match begin_by::<S>(connection, id, &Heard::Local(text, metadata.clone())).await? {
        Begun::Now => Ok(true),
        Begun::Before => Ok(false),
        Begun::Not => Err(SagaError::new("it doesn't begin with this").into()),
    }
}

/// Whether a saga was begun.
pub(super) enum Begun {
    /// It was.
    Now,
    /// It had been.
    Before,
    /// It ignored what it heard, and so there is none.
    Not,
}

/// Begins a saga by what it hears.
pub(super) async fn begin_by<S: Effects>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    heard: &Heard,
) -> Result<Begun, StepError> {
    Transaction::begin_transaction(connection).await?;
    let begun = try_begin::<S>(connection, id, heard).await;
    match begun {
        Ok(Begun::Now | Begun::Before) => Transaction::commit_transaction(connection).await?,
        Ok(Begun::Not) => Transaction::rollback_transaction(connection).await?,
        // If that fails, so does all that follows on this connection.
        Err(_) => drop(Transaction::rollback_transaction(connection).await),
    }
    begun
}

async fn try_begin<S: Effects>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    heard: &Heard,
) -> Result<Begun, StepError> {
    let metadata = match heard {
        Heard::Local(_, metadata) => metadata.clone(),
        Heard::Event(envelope) | Heard::Reply(envelope) => {
            Metadata { actor: envelope.actor.clone(), traceparent: envelope.traceparent.clone(), ..Metadata::default() }
        }
        Heard::Deadline => Metadata::default(),
    };
    let metadata = Metadata { traceparent: trace::here(metadata.traceparent.as_ref()), ..metadata };
    let Some(mut current) = row::insert(connection, S::KIND, id, &metadata).await? else { return Ok(Begun::Before) };
    advance::<S>(connection, &mut current, heard).await?;
    Ok(if current.version == 0 { Begun::Not } else { Begun::Now })
}
