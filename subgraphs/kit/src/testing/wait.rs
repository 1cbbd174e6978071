//! Waiting for what happens elsewhere.

use std::time::Duration;

/// The longest that a test waits for anything: far longer than it takes on a slow machine.
pub const WAIT_MAX: Duration = Duration::from_secs(60);
/// Between two looks.
const EVERY: Duration = Duration::from_millis(5);

/// Waits until `look` finds something.
///
/// # Panics
/// When there is nothing after [`WAIT_MAX`]; `what` says what was waited for.
pub async fn wait_for<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    match tokio::time::timeout(WAIT_MAX, waiting).await {
        Ok(found) => found,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
