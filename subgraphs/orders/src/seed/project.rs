//! The read model of what was seeded: whoever looks at lists next finds them filled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::Database;
use kit::database::DatabaseError;
use kit::projection::{Generation, Projector, status};
use tokio_util::sync::CancellationToken;

use crate::projection::{NAME, OrderList};

/// How long it may take: the small seed takes a fraction of a second. Of the full one's million events the workers do what isn't there
/// by then; nobody waits for that.
const CATCH_UP_WITHIN: Duration = Duration::from_secs(10);
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Runs a projector until it has caught up. Beside others that run it does no harm.
pub async fn catch_up(database: &Database) {
    let Ok(projector) = Projector::new(database.clone(), Arc::new(OrderList)) else { return };
    let stop = CancellationToken::new();
    let began = Instant::now();
    let watching = async {
        while began.elapsed() < CATCH_UP_WITHIN && !is_caught_up(database).await.unwrap_or(false) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        stop.cancel();
    };
    tokio::join!(projector.run(stop.clone()), watching);
}

async fn is_caught_up(database: &Database) -> Result<bool, DatabaseError> {
    let mut connection = database.connection().await?;
    let all = status(&mut connection).await?;
    Ok(all.iter().any(|one| one.name == NAME && one.generation == Generation::Live && one.behind() == 0))
}
