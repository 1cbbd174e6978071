//! How long work that is ready waits until it is run.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two looks. Timers are a millisecond exact.
const EVERY: Duration = Duration::from_millis(5);

/// Waits for a moment; how long after it the waiting task was run is what any task waits now.
pub(super) async fn delay() -> Duration {
    let due = Instant::now() + EVERY;
    sleep_until(due).await;
    due.elapsed()
}
