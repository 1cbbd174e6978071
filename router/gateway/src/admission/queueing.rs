//! How long work that is ready waits until it is run.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two looks. Timers are a millisecond exact.
const EVERY: Duration = Duration::from_millis(5);

/// For so long work has to wait too long each time that it is looked at: whatever stood still and goes on again, be it this
/// machine for a moment, has a queue that its own speed makes shorter.
const STANDING: Duration = Duration::from_millis(100);

/// How long work waits; if that is longer than `most`, then the least that it waited for a while.
pub(super) async fn standing_delay(most: Duration) -> Duration {
    let mut least = delay().await;
    let since = Instant::now();
    while least > most && since.elapsed() < STANDING {
        least = least.min(delay().await);
    }
    least
}

/// Waits for a moment; how long after it the waiting task was run is what any task waits now.
async fn delay() -> Duration {
    let due = Instant::now() + EVERY;
    sleep_until(due).await;
    due.elapsed()
}
