//! The projector: follows the events for one projection, for as long as it runs.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    Definition, Generation, Projection, ProjectionError,
    generation::{drop_old, prepare},
    row,
    step::{Step, step},
    swap::swap,
};
use crate::{
    database::{Database, DatabaseError, describe, wake_on_commit},
    outage::Outage,
};

/// A projector's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectorConfig {
    /// Events of one batch.
    pub batch_events_max: u32,
    /// How often it looks without being woken, in milliseconds.
    pub poll_ms: u64,
}

impl Default for ProjectorConfig {
    /// 5,000 events: of more in one batch a rebuild doesn't become faster, and a generation is locked for a fraction of a second.
    /// 1 s: how late an event is in the projection whose notification was lost, and how late a rebuild begins.
    fn default() -> Self {
        Self { batch_events_max: 5_000, poll_ms: 1_000 }
    }
}

/// Keeps a projection up to date, and builds the next generation when there is to be one. Needs two connections of the pool, and
/// one of its own to be woken.
#[derive(Clone)]
pub struct Projector {
    database: Database,
    projection: Arc<dyn Projection>,
    definition: Definition,
    config: ProjectorConfig,
}

impl Projector {
    /// A projector with the usual bounds.
    ///
    /// # Errors
    /// [`ProjectionError::Name`] if nothing can be called so.
    pub fn new(database: Database, projection: Arc<dyn Projection>) -> Result<Self, ProjectionError> {
        let definition = projection.definition();
        definition.check()?;
        Ok(Self { database, projection, definition, config: ProjectorConfig::default() })
    }

    /// What the projection is called.
    pub(crate) fn projection_name(&self) -> &str {
        self.definition.name
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_config(self, config: ProjectorConfig) -> Self {
        Self { config, ..self }
    }

    /// Runs until `stop`; then finishes the batches under way, whose statements have a time limit. Failures are waited out, and
    /// told in the projection's [`Status`](super::Status).
    pub async fn run(self, stop: CancellationToken) {
        let woken = Arc::new(Notify::new());
        let work = async {
            tokio::join!(self.follow(&woken, &stop), self.build(&woken, &stop));
        };
        tokio::select! {
            () = work => {}
            () = wake_on_commit(&self.database, &woken) => {}
        }
    }

    /// Follows the live generation, woken by each append.
    async fn follow(&self, woken: &Notify, stop: &CancellationToken) {
        let mut outage = Outage::none(format!("following the projection {}", self.definition.name));
        while !stop.is_cancelled() {
            let outcome = step(&self.database, &*self.projection, Generation::Live, self.config.batch_events_max).await;
            let works = outcome.is_ok();
            let wait = match outcome {
                Ok(Step::Applied) => {
                    outage.ended();
                    continue;
                }
                Ok(Step::CaughtUp | Step::NotOurs) => {
                    outage.ended();
                    self.poll()
                }
                Err(error) => self.failed(Generation::Live, &error, &mut outage).await,
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken.notified(), if works => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Builds the next generation, whenever there is to be one.
    async fn build(&self, woken: &Notify, stop: &CancellationToken) {
        let mut outage = Outage::none(format!("building the projection {}", self.definition.name));
        while !stop.is_cancelled() {
            let wait = match self.build_step(woken).await {
                Ok(is_under_way) => {
                    outage.ended();
                    if is_under_way {
                        continue;
                    }
                    self.poll()
                }
                Err(error) => self.failed(Generation::Next, &error, &mut outage).await,
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Whether there is more to do at once.
    async fn build_step(&self, woken: &Notify) -> Result<bool, ProjectionError> {
        if prepare(&self.database, &self.definition).await? {
            woken.notify_one();
        }
        drop_old(&self.database, &self.definition).await?;
        let (projection, events_max) = (&*self.projection, self.config.batch_events_max);
        match step(&self.database, projection, Generation::Next, events_max).await? {
            Step::Applied => Ok(true),
            Step::NotOurs => Ok(false),
            Step::CaughtUp => {
                if swap(&self.database, projection, events_max).await? {
                    tracing::info!(projection = self.definition.name, version = self.definition.version, "swapped");
                    woken.notify_one();
                }
                Ok(true)
            }
        }
    }

    /// How long to wait.
    async fn failed(&self, generation: Generation, error: &ProjectionError, outage: &mut Outage) -> Duration {
        // What can't be noted is in the log.
        drop(self.note_failure(generation, error).await);
        outage.failed(error)
    }

    async fn note_failure(&self, generation: Generation, error: &ProjectionError) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        row::note_failure(&mut connection, &self.definition, generation, &describe(error)).await
    }

    fn poll(&self) -> Duration {
        Duration::from_millis(self.config.poll_ms)
    }
}
