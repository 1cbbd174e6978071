//! One worker's life: from start to start.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use chrono::Utc;
use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{
    Worker, WorkerError,
    status::{LastError, Slot},
};
use crate::{database::describe, outage::back_off, panic_text::panic_text};

/// The wait before the first start after a failure, and the longest: what a worker doesn't wait out itself is seldom over at once,
/// and a worker that fails at each start must not use up a core.
const RESTART_AFTER: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));
/// Who ran for so long before it failed had recovered.
const RECOVERED_AFTER: Duration = Duration::from_secs(60);

/// Runs a worker, again and again, until it is told to stop or ends by itself.
pub(super) async fn supervise(worker: Box<dyn Worker>, owner: String, slot: Slot, stop: CancellationToken) {
    let name = worker.name();
    let mut failures: u32 = 0;
    while !stop.is_cancelled() {
        let began = Instant::now();
        slot.note(|status| status.running_since = Some(Utc::now()));
        let Err(error) = run(&*worker, &stop).await else { break };
        let text = describe(&*error);
        let at = Utc::now();
        slot.note(|status| {
            status.running_since = None;
            status.last_error = Some(LastError { text: text.clone(), at });
        });
        failures = if began.elapsed() > RECOVERED_AFTER { 1 } else { failures.saturating_add(1) };
        let wait = back_off(failures, RESTART_AFTER.0, RESTART_AFTER.1);
        tracing::error!(owner, worker = name, error = text, ?wait, "a worker failed and is started again");
        if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_some() {
            slot.note(|status| status.restarts = status.restarts.saturating_add(1));
        }
    }
    slot.note(|status| {
        status.running_since = None;
        status.has_ended = true;
    });
    tracing::debug!(owner, worker = name, "a worker has ended");
}

async fn run(worker: &dyn Worker, stop: &CancellationToken) -> Result<(), WorkerError> {
    // A run of its own: nothing of one that panicked is used again.
    let run = AssertUnwindSafe(async { worker.run(stop.child_token()).await }).catch_unwind();
    run.await.unwrap_or_else(|panic| Err(format!("it panicked: {}", panic_text(&*panic)).into()))
}
