//! Waiting for what happens elsewhere: looking again and again, with a bound. No test waits in another way for what it can look at.

use std::{fmt::Debug, time::Duration};

use tokio::time::{Instant, sleep, timeout};

/// The longest that a test waits for anything, unless it says otherwise: far longer than it takes on a slow machine.
pub const WAIT_MAX: Duration = Duration::from_secs(60);
/// Between two looks: an eighth of what was waited already, so that what comes at once costs no time, and what takes long no looks.
const PART: u32 = 8;
/// No less and no more than this.
const PAUSE_MIN: Duration = Duration::from_millis(5);
const PAUSE_MAX: Duration = Duration::from_millis(50);

/// Waits until `look` finds something.
///
/// # Panics
/// When there is nothing after [`WAIT_MAX`]; `what` says what was waited for.
pub async fn wait_for<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    wait_within(WAIT_MAX, what, look).await
}

/// The same with a bound of its own.
///
/// # Panics
/// When there is nothing by then.
pub async fn wait_within<T>(bound: Duration, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    look_until(bound, what, look, |found: Option<T>| found.ok_or_else(String::new)).await
}

/// The same where a look that finds nothing sees something else instead.
///
/// # Panics
/// When there is nothing by then; the message ends with what was seen last.
pub async fn wait_to_see<T, E: Debug>(bound: Duration, what: &str, look: impl AsyncFnMut() -> Result<T, E>) -> T {
    look_until(bound, what, look, |found: Result<T, E>| found.map_err(|seen| format!(": {seen:?}"))).await
}

async fn look_until<S, T>(
    bound: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> S,
    found: impl Fn(S) -> Result<T, String>,
) -> T {
    let (began, mut last) = (Instant::now(), String::new());
    let looking = async {
        loop {
            match found(look().await) {
                Ok(found) => return found,
                Err(seen) => last = seen,
            }
            sleep((began.elapsed() / PART).clamp(PAUSE_MIN, PAUSE_MAX)).await;
        }
    };
    let outcome = timeout(bound, looking).await;
    outcome.unwrap_or_else(|_| panic!("waited {bound:?} in vain for {what}{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn looks_until_there_is_something() {
        let mut looks = 0;
        let found = wait_for("the third look", async || {
            looks += 1;
            (looks == 3).then_some("it")
        });
        assert_eq!(found.await, "it");
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "waited 3s in vain for a train: \"fog\"")]
    async fn says_what_it_waited_for_and_what_it_saw_last() {
        let () = wait_to_see(Duration::from_secs(3), "a train", async || Err("fog")).await;
    }
}
