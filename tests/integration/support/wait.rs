//! Waiting for what comes by itself.

use std::time::{Duration, Instant};

/// Between two looks.
const LOOK_EACH: Duration = Duration::from_millis(50);

/// Looks until there is something, within a bound.
pub async fn eventually<T>(within: Duration, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited for {what} in vain");
        tokio::time::sleep(LOOK_EACH).await;
    }
}
