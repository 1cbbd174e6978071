//! The relay: publishes what the outbox of one database holds, for as long as it runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Integer, SmallInt},
};
use diesel_async::RunQueryDsl as _;
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
    pub batch_messages_max: usize,
    /// Batches under way at once while there is more than one holds, each on a connection of the pool.
    pub connections_max: usize,
    /// How long batches that hold all there is begin after one another at least, in milliseconds.
    pub batches_apart_ms: u64,
    /// How often it looks without being woken, in milliseconds.
    pub poll_ms: u64,
    /// How long the bus may take for a batch, in milliseconds.
    pub publish_timeout_ms: u64,
}

impl Default for RelayConfig {
    /// 256 messages: more in one batch don't go faster. 4 connections: a quarter of the pool, whose others belong to requests.
    /// 5 ms: a batch costs as much as some transactions, whether it has one message or many. 1 s: how late a message is whose
    /// notification was lost, with a connection. 10 s: a broker that changes its leader takes a few.
    fn default() -> Self {
        Self {
            batch_messages_max: 256,
            connections_max: 4,
            batches_apart_ms: 5,
            poll_ms: 1_000,
            publish_timeout_ms: 10_000,
        }
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

/// What became of a look at all lanes.
#[derive(Debug, Default)]
struct Round {
    published: usize,
    is_full: bool,
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

    /// Another one for the same, that knows of no failure yet.
    pub(crate) fn afresh(&self) -> Self {
        Self::new(self.database.clone(), Arc::clone(&self.bus)).with_config(self.config)
    }

    /// Runs until `stop`; then finishes the batches under way, which the time limit of a batch bounds. Failures of the bus and
    /// the database are waited out.
    pub async fn run(mut self, stop: CancellationToken) {
        let (database, woken) = (self.database.clone(), Arc::new(Notify::new()));
        tokio::select! {
            () = self.publish_all(&woken, &stop) => {}
            () = wake_on_commit(&database, &woken) => {}
        }
    }

    async fn publish_all(&mut self, woken: &Notify, stop: &CancellationToken) {
        let apart = Duration::from_millis(self.config.batches_apart_ms);
        // While there is more than one batch holds, lanes are shared out to several at the same time. One is enough to find out whether
        // a bus is back, for which each holds a connection as long as it may take.
        let mut batches = 1;
        while !stop.is_cancelled() {
            let began = Instant::now();
            let round = self.round(batches).await;
            let is_full = matches!(&round, Ok(Round { is_full: true, published: 1.. }));
            batches = if is_full { self.config.connections_max.max(1) } else { 1 };
            let is_woken = async {
                match round {
                    Ok(Round { published: 1.., .. }) => {}
                    Ok(_) => drop(tokio::time::timeout(self.next_attempt(), woken.notified()).await),
                    Err(error) => tokio::time::sleep(self.outage.failed(&error)).await,
                }
                if !is_full {
                    tokio::time::sleep(apart.saturating_sub(began.elapsed())).await;
                }
            };
            stop.run_until_cancelled(is_woken).await;
        }
    }

    /// One batch of each share of the lanes in which something waits.
    async fn round(&mut self, batches: usize) -> Result<Round, DatabaseError> {
        let lanes = self.lanes_waiting().await?;
        let bounds = BatchBounds {
            messages_max: self.config.batch_messages_max.max(1),
            publish_timeout: Duration::from_millis(self.config.publish_timeout_ms),
        };
        let (database, bus) = (&self.database, &*self.bus);
        let shares = lanes.chunks(lanes.len().div_ceil(batches).max(1));
        let publishing = shares.map(async |lanes| (lanes, publish_batch(database, bus, lanes, bounds).await));
        let mut round = Round::default();
        for (lanes, outcome) in futures::future::join_all(publishing).await {
            let all = |error| (error, lanes.iter().copied().collect());
            let batch = outcome.unwrap_or_else(|error| Batch { failed: Some(all(error)), ..Batch::default() });
            round.published += batch.published;
            round.is_full |= batch.is_full;
            self.note(lanes, batch.failed);
        }
        if self.left_alone.is_empty() {
            self.outage.ended();
        }
        Ok(round)
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

    fn note(&mut self, lanes: &[i16], failed: Option<(BatchError, BTreeSet<i16>)>) {
        let (error, failed) = failed.unzip();
        let failed = failed.unwrap_or_default();
        if let Some(error) = error {
            self.database.metrics().publishing_failed();
            self.outage.begins(&error);
        }
        for &lane in lanes {
            if failed.contains(&lane) {
                let failures = self.left_alone.get(&lane).map_or(1, |lane| lane.failures.saturating_add(1));
                self.left_alone.insert(lane, LeftAlone { failures, until: Instant::now() + wait_after(failures) });
            } else {
                self.left_alone.remove(&lane);
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
