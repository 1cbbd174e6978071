//! Looking at the primary and its replicas.
//!
//! Lag is told in time without anybody's clock but ours: where the primary stood is noted at each look, and a replica is as far
//! behind as the oldest note is old that it has replayed. So an idle primary makes no replica old, and nobody has to believe a
//! commit's time stamp. While the primary doesn't answer its last note counts: what isn't written can't be missed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::join_all;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_postgres::Client;

use super::{
    Lsn, ReplicaConfig,
    position::{INSERT_POSITION, end_of_log},
    replica::Replica,
};
use crate::database::{connect_raw, describe};

/// How long a look may take, connecting included: many times what it takes, and short beside the limit on lag.
const LOOK_TIMEOUT: Duration = Duration::from_millis(500);

/// How long ago the last look may be. A process that gets no processor for a while knows of nobody's lag, and must not think so.
pub(super) fn look_age_max(config: &ReplicaConfig) -> Duration {
    LOOK_TIMEOUT + 2 * Duration::from_millis(config.watch_interval_ms)
}

/// How far it has replayed; nothing while it isn't a replica.
const REPLAYED: &str = "SELECT pg_last_wal_replay_lsn()::text AS position WHERE pg_is_in_recovery()";

/// Watches until it is dropped. What nobody watches isn't read from.
pub(super) async fn watch(primary: Arc<str>, replicas: Arc<[Replica]>, config: ReplicaConfig) {
    let replicas = Watched(replicas);
    let notes = Mutex::new(Notes::new(&config));
    let primary = watch_primary(&primary, &notes, &config);
    let replicas = join_all(replicas.0.iter().map(|replica| watch_replica(replica, &notes, &config)));
    futures::join!(primary, replicas);
}

struct Watched(Arc<[Replica]>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.iter().for_each(|replica| replica.lost_sight("nobody watches it any more"));
    }
}

async fn watch_primary(url: &str, notes: &Mutex<Notes>, config: &ReplicaConfig) {
    let mut eye = Eye::new(url, config);
    loop {
        let position = eye.look(position_of_primary).await;
        notes.lock().unwrap_or_else(PoisonError::into_inner).add(eye.looked, position.ok());
    }
}

async fn watch_replica(replica: &Replica, notes: &Mutex<Notes>, config: &ReplicaConfig) {
    let mut eye = Eye::new(&replica.url, config);
    loop {
        match eye.look(position_of_replica).await {
            Ok(replayed) => {
                let needed = notes.lock().unwrap_or_else(PoisonError::into_inner).needed();
                replica.saw(eye.looked, replayed, needed.is_some_and(|needed| replayed >= needed));
            }
            Err(reason) => replica.lost_sight(&reason),
        }
    }
}

async fn position_of_primary(client: &Client) -> Result<Lsn, String> {
    let row = client.query_one(INSERT_POSITION, &[]).await.map_err(|error| describe(&error))?;
    let insert = position(&row)?;
    let file_bytes: i64 = row.try_get("file_bytes").map_err(|error| describe(&error))?;
    Ok(end_of_log(insert, file_bytes.unsigned_abs()))
}

async fn position_of_replica(client: &Client) -> Result<Lsn, String> {
    match client.query_opt(REPLAYED, &[]).await.map_err(|error| describe(&error))? {
        Some(row) => position(&row),
        None => Err("it is no replica".to_owned()),
    }
}

fn position(row: &tokio_postgres::Row) -> Result<Lsn, String> {
    let text: &str = row.try_get("position").map_err(|error| describe(&error))?;
    text.parse().map_err(|error| describe(&error))
}

/// A connection for looking, made anew when it breaks.
struct Eye<'a> {
    url: &'a str,
    client: Option<Client>,
    ticks: tokio::time::Interval,
    /// When the last look began.
    looked: Instant,
}

impl<'a> Eye<'a> {
    fn new(url: &'a str, config: &ReplicaConfig) -> Self {
        let mut ticks = interval(Duration::from_millis(config.watch_interval_ms.max(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { url, client: None, ticks, looked: Instant::now() }
    }

    /// Looks when it is time to.
    async fn look(&mut self, at: impl AsyncFn(&Client) -> Result<Lsn, String>) -> Result<Lsn, String> {
        self.ticks.tick().await;
        self.looked = Instant::now();
        let seen = timeout(LOOK_TIMEOUT, async {
            let client = match self.client.take() {
                Some(client) => client,
                None => connect_raw(self.url).await.map_err(|error| describe(&error))?,
            };
            let seen = at(&client).await?;
            // Kept only if it has answered.
            self.client = Some(client);
            Ok(seen)
        });
        seen.await.unwrap_or_else(|_| Err(format!("no answer within {LOOK_TIMEOUT:?}")))
    }
}

/// Where the primary stood.
struct Notes {
    lag_max: Duration,
    age_max: Duration,
    /// When it was last looked at, also in vain.
    looked: Option<Instant>,
    notes: VecDeque<(Instant, Lsn)>,
}

impl Notes {
    fn new(config: &ReplicaConfig) -> Self {
        let lag_max = Duration::from_millis(config.lag_ms_max);
        Self { lag_max, age_max: look_age_max(config), looked: None, notes: VecDeque::new() }
    }

    /// What was seen at a look, if anything was.
    fn add(&mut self, looked: Instant, position: Option<Lsn>) {
        self.looked = Some(looked);
        self.notes.extend(position.map(|position| (looked, position)));
        self.drop_old();
    }

    /// What a replica must have replayed to be within the limit; `None` while nothing is known.
    fn needed(&mut self) -> Option<Lsn> {
        self.drop_old();
        self.looked.filter(|looked| looked.elapsed() <= self.age_max)?;
        self.notes.front().map(|(_, position)| *position)
    }

    fn drop_old(&mut self) {
        while self.notes.len() > 1 && self.notes.front().is_some_and(|(at, _)| at.elapsed() > self.lag_max) {
            self.notes.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_replica_needs_what_the_primary_had_a_limit_ago() {
        let mut notes = Notes::new(&ReplicaConfig::default());
        assert_eq!(notes.needed(), None);
        for position in 0..100 {
            notes.add(Instant::now(), Some(Lsn(position)));
            tokio::time::advance(Duration::from_millis(100)).await;
            assert!(notes.notes.len() <= 11);
        }
        assert_eq!(notes.needed(), Some(Lsn(90)));
        // The primary is gone: its last state is all that there is.
        tokio::time::advance(Duration::from_secs(60)).await;
        notes.add(Instant::now(), None);
        assert_eq!(notes.needed(), Some(Lsn(99)));
        // Nobody has looked at it.
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(notes.needed(), None);
    }
}
