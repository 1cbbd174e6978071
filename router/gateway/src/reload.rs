//! Another configuration or supergraph while requests are served: made aside, warmed, then swapped in whole.
//!
//! Whatever is wrong with the new one is found before the swap, and the old one goes on serving. Must never make a
//! request fail that the old one would have answered.

use std::sync::Arc;
use std::time::Duration;

use crate::GatewayError;
use crate::config::keep_until_restart;
use crate::gateway::{Edition, Gateway};
use crate::generation::{Generation, Shared};
use crate::pipeline::{Pipeline, WarmUp};

/// Between two looks at whether requests are left on what was served: nothing waits for it.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What a reload has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// Configuration keys that differ and only count from the next start on.
    pub restart_needed: Vec<String>,
    /// Operations that were planned before the swap.
    pub planned: usize,
}

impl Gateway {
    /// Replaces what is served. Requests in flight finish on what they began with.
    ///
    /// The most used operations are planned on the new supergraph first, within the configured number and time.
    ///
    /// # Errors
    /// What the configuration names can't be read, or isn't what it should be. Then nothing has changed.
    pub async fn reload(&self, mut edition: Edition) -> Result<Reloaded, GatewayError> {
        let old = self.current.load_full();
        let restart_needed = keep_until_restart(&self.process.config, &mut edition.config);
        let warm_up = WarmUp::from(&edition.config.plan_cache);
        let (process, previous) = (Arc::clone(&self.process), old.shared.clone());
        let made = move || Shared::new(&process, edition, previous.as_deref());
        let shared = tokio::task::spawn_blocking(made).await.map_err(|_| GatewayError::Unfinished)??;
        let planned = match &old.shared {
            Some(old) => {
                shared.authenticator.load_missing().await?;
                shared.pipeline.warm_up(&old.pipeline, warm_up).await
            }
            None => 0,
        };
        let version = shared.pipeline.supergraph().hash;
        let guards = shared.guards.clone();
        self.current.store(Arc::new(Generation::of(shared)));
        old.retired.cancel();
        guards.serve(&self.process.metrics, old.shared.as_ref().map(|old| &old.guards));
        if let Some(old) = &old.shared {
            let letting_go = let_go(Arc::clone(&old.pipeline));
            let stop = self.process.stop.clone();
            tokio::spawn(async move { stop.run_until_cancelled(letting_go).await });
        }
        self.process.metrics.reloaded(version);
        Ok(Reloaded { restart_needed, planned })
    }

    /// Notes in the metrics that something new was refused before it came to [`Gateway::reload`], or by it.
    pub fn refused_reload(&self, reason: &str) {
        self.process.metrics.refused_reload(reason);
    }

    /// The version that is served, a hash of the supergraph's SDL; none while there is no supergraph.
    pub fn version(&self) -> Option<u64> {
        self.current.load().shared.as_ref().map(|shared| shared.pipeline.supergraph().hash)
    }
}

/// Lets go of what was served once no request is left on it. Taking a large supergraph with its plans apart takes longer
/// than a request may wait, so it is not left to the last one.
async fn let_go(pipeline: Arc<Pipeline>) {
    while Arc::strong_count(&pipeline) > 1 {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    let _ = tokio::task::spawn_blocking(move || drop(pipeline)).await;
}
