//! The next generation takes the live one's place.

use super::{Generation, Projection, ProjectionError, generation::drop_old, row, schema, step::apply_batch};
use crate::database::Database;

/// Swaps the generations, if the next one is as far as the live one, or one batch behind: readers never see an older state than
/// before. Neither goes on meanwhile, since both rows are locked. Whether it was done.
pub(super) async fn swap(
    database: &Database,
    projection: &dyn Projection,
    events_max: u32,
) -> Result<bool, ProjectionError> {
    let definition = projection.definition();
    drop_old(database, &definition).await?;
    database
        .unit(async |connection| {
            let generations = row::lock_all(connection, &definition).await?;
            let find = |of| generations.iter().find(|progress| progress.generation == of).copied();
            let (live, next) = match (find(Generation::Live), find(Generation::Next), find(Generation::Old)) {
                (Some(live), Some(next), None) if next.version == definition.version => (live, next),
                _ => return Ok::<_, ProjectionError>(false),
            };
            if next.position < live.position
                && apply_batch(connection, projection, next, events_max).await? < live.position
            {
                return Ok(false);
            }
            schema::rename(connection, &definition).await?;
            row::become_generation(connection, &definition, (Generation::Live, Generation::Old)).await?;
            row::become_generation(connection, &definition, (Generation::Next, Generation::Live)).await?;
            Ok(true)
        })
        .await
}
