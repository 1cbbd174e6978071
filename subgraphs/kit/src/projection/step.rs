//! One batch of one generation: locked, read, applied, noted; all or nothing.

use diesel_async::AsyncPgConnection;

use super::{Generation, Projection, ProjectionError, row, row::Progress, schema};
use crate::{database::Database, event_store::read_after};

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is no such generation, somebody else works on it, or it is of other code.
    NotOurs,
    /// There was nothing to apply.
    CaughtUp,
    /// A batch was applied.
    Applied,
}

/// Applies the next batch of events.
pub(super) async fn step(
    database: &Database,
    projection: &dyn Projection,
    generation: Generation,
    events_max: u32,
) -> Result<Step, ProjectionError> {
    let definition = projection.definition();
    database
        .unit(async |connection| match row::try_lock(connection, &definition, generation).await? {
            Some(progress) if progress.version == definition.version => {
                let position = apply_batch(connection, projection, progress, events_max).await?;
                if position > progress.position {
                    return Ok(Step::Applied);
                }
                if progress.is_failed {
                    row::recover(connection, &definition, generation).await?;
                }
                Ok(Step::CaughtUp)
            }
            _ => Ok::<_, ProjectionError>(Step::NotOurs),
        })
        .await
}

/// Applies events to a generation whose row is locked; the position at which it is then.
pub(super) async fn apply_batch(
    connection: &mut AsyncPgConnection,
    projection: &dyn Projection,
    progress: Progress,
    events_max: u32,
) -> Result<u64, ProjectionError> {
    let Progress { generation, position, .. } = progress;
    let events = read_after(connection, position, events_max).await?;
    let Some(last) = events.last() else { return Ok(position) };
    let definition = projection.definition();
    schema::enter(connection, &definition, generation).await?;
    projection.apply(connection, &events).await?;
    schema::leave(connection).await?;
    row::advance(connection, &definition, generation, last.position).await?;
    Ok(last.position)
}
