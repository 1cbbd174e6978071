//! The relay: publishes what the outbox of one database holds, for as long as it runs.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Integer, SmallInt},
};
use diesel_async::RunQueryDsl as _;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use wire::bus::Bus;

use super::batch::{Batch, BatchBounds, BatchError, publish_batch};
use crate::{
    database::{Database, DatabaseError, cached, wake_on_commit},
    key_hash::OUTBOX_LANES,
    outage::{Outage, wait_after},
};

/// Lanes in which something waits: one look into the index a lane.
const WAITING: &str = "SELECT number.lane::smallint AS lane FROM generate_series(0, $1::integer - 1) AS number (lane) \
    WHERE EXISTS (SELECT FROM outbox WHERE outbox.lane = number.lane::smallint)";

/// A relay's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RelayConfig {
    /// Messages of one batch.
    pub batch_messages_max: u32,
    /// Batches under way at once, each on a connection of the pool.
    pub connections_max: usize,
    /// How often it looks without being woken, in milliseconds.
    pub poll_ms: u64,
    /// How long the bus may take for a batch, in milliseconds.
    pub publish_timeout_ms: u64,
}

impl Default for RelayConfig {
    /// 256 messages: more in one batch don't go faster. 4 connections: a quarter of the pool, whose others belong to requests.
    /// 1 s: how late a message is whose notification was lost, with a connection. 10 s: a broker that changes its leader takes a few.
    fn default() -> Self {
        Self { batch_messages_max: 256, connections_max: 4, poll_ms: 1_000, publish_timeout_ms: 10_000 }
    }
}

/// Publishes a database's outbox to a bus. Any number of relays may run for one database, in any processes: each lane is
/// worked on by one at a time.
pub struct Relay {
    database: Database,
    bus: Arc<dyn Bus>,
    config: RelayConfig,
    /// Lanes that couldn't be published; the others can be meanwhile.
    left_alone: BTreeMap<i16, LeftAlone>,
    outage: Outage,
}

/// How long a lane is left alone, and for how many failures in a row.
struct LeftAlone {
    failures: u32,
    until: Instant,
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SmallInt)]
    lane: i16,
}

impl Relay {
    /// A relay with the usual bounds.
    #[must_use]
    pub fn new(database: Database, bus: Arc<dyn Bus>) -> Self {
        let outage = Outage::none("publishing the outbox");
        Self { database, bus, config: RelayConfig::default(), left_alone: BTreeMap::new(), outage }
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_config(self, config: RelayConfig) -> Self {
        Self { config, ..self }
    }

    /// Runs until `stop`; then finishes the batches under way, which the time limit of a batch bounds. Failures of the bus and the
    /// database are waited out.
    pub async fn run(mut self, stop: CancellationToken) {
        let (database, woken) = (self.database.clone(), Arc::new(Notify::new()));
        tokio::select! {
            () = self.publish_all(&woken, &stop) => {}
            () = wake_on_commit(&database, &woken) => {}
        }
    }

    async fn publish_all(&mut self, woken: &Notify, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let wait = match self.round().await {
                Ok(0) => self.next_attempt(),
                Ok(_published) => continue,
                Err(error) => self.outage.failed(&error),
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// One batch of each lane in which something waits; how many messages were published.
    async fn round(&mut self) -> Result<usize, DatabaseError> {
        let lanes = self.lanes_waiting().await?;
        let bounds = BatchBounds {
            messages_max: self.config.batch_messages_max,
            publish_timeout: Duration::from_millis(self.config.publish_timeout_ms),
        };
        let (database, bus) = (&self.database, &*self.bus);
        let batches: Vec<(i16, Result<Batch, BatchError>)> = futures::stream::iter(lanes)
            .map(async |lane| (lane, publish_batch(database, bus, lane, bounds).await))
            .buffer_unordered(self.config.connections_max.max(1))
            .collect()
            .await;
        let mut published = 0;
        for (lane, outcome) in batches {
            let batch = outcome.unwrap_or_else(|error| Batch { published: 0, failed: Some(error) });
            published += batch.published;
            self.note(lane, batch.failed);
        }
        if self.left_alone.is_empty() {
            self.outage.ended();
        }
        Ok(published)
    }

    /// Lanes in which something waits, but for those that are to be left alone.
    async fn lanes_waiting(&mut self) -> Result<Vec<i16>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let waiting = sql_query(WAITING).bind::<Integer, _>(i32::from(OUTBOX_LANES));
        let waiting: Vec<Waiting> = cached(waiting).load(&mut connection).await?;
        let mut waiting: Vec<i16> = waiting.into_iter().map(|Waiting { lane }| lane).collect();
        // Another relay may have got through with what this one couldn't.
        self.left_alone.retain(|lane, _| waiting.contains(lane));
        let now = Instant::now();
        waiting.retain(|lane| self.left_alone.get(lane).is_none_or(|lane| lane.until <= now));
        Ok(waiting)
    }

    fn note(&mut self, lane: i16, failed: Option<BatchError>) {
        match failed {
            None => drop(self.left_alone.remove(&lane)),
            Some(error) => {
                self.outage.begins(&error);
                let failures = self.left_alone.get(&lane).map_or(1, |lane| lane.failures.saturating_add(1));
                self.left_alone.insert(lane, LeftAlone { failures, until: Instant::now() + wait_after(failures) });
            }
        }
    }

    /// How long there is nothing to do, if nothing is heard.
    fn next_attempt(&self) -> Duration {
        let poll = Duration::from_millis(self.config.poll_ms);
        let due = self.left_alone.values().map(|lane| lane.until.saturating_duration_since(Instant::now())).min();
        due.map_or(poll, |due| due.min(poll))
    }
}
