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
    freshness::{INSERT_POSITION, end_of_log},
    replica::Replica,
};
use crate::database::{connect_raw, describe};

/// How long a look may take, connecting included: many times what it takes, and short beside the limit on lag.
const LOOK_TIMEOUT: Duration = Duration::from_millis(500);

/// How far it has replayed; nothing while it isn't a replica.
const REPLAYED: &str = "SELECT pg_last_wal_replay_lsn()::text AS position WHERE pg_is_in_recovery()";

/// Watches until it is dropped.
pub(super) async fn watch(primary: Arc<str>, replicas: Arc<[Replica]>, config: ReplicaConfig) {
    let notes = Mutex::new(Notes::new(Duration::from_millis(config.lag_ms_max)));
    let primary = watch_primary(&primary, &notes, &config);
    let replicas = join_all(replicas.iter().map(|replica| watch_replica(replica, &notes, &config)));
    futures::join!(primary, replicas);
}

async fn watch_primary(url: &str, notes: &Mutex<Notes>, config: &ReplicaConfig) {
    let mut eye = Eye::new(url, config);
    loop {
        if let Ok(position) = eye.look(position_of_primary).await {
            notes.lock().unwrap_or_else(PoisonError::into_inner).add(position);
        }
    }
}

async fn watch_replica(replica: &Replica, notes: &Mutex<Notes>, config: &ReplicaConfig) {
    let mut eye = Eye::new(&replica.url, config);
    loop {
        match eye.look(position_of_replica).await {
            Ok(replayed) => {
                let needed = notes.lock().unwrap_or_else(PoisonError::into_inner).needed();
                replica.saw(replayed, needed.is_some_and(|needed| crate::mutant("15") || replayed >= needed));
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
}

impl<'a> Eye<'a> {
    fn new(url: &'a str, config: &ReplicaConfig) -> Self {
        let mut ticks = interval(Duration::from_millis(config.watch_interval_ms.max(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { url, client: None, ticks }
    }

    /// Looks when it is time to.
    async fn look(&mut self, at: impl AsyncFn(&Client) -> Result<Lsn, String>) -> Result<Lsn, String> {
        self.ticks.tick().await;
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
    notes: VecDeque<(Instant, Lsn)>,
}

impl Notes {
    fn new(lag_max: Duration) -> Self {
        Self { lag_max, notes: VecDeque::new() }
    }

    fn add(&mut self, position: Lsn) {
        self.notes.push_back((Instant::now(), position));
        self.drop_old();
    }

    /// What a replica must have replayed to be within the limit; `None` before anything is known.
    fn needed(&mut self) -> Option<Lsn> {
        self.drop_old();
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
        let mut notes = Notes::new(Duration::from_secs(1));
        assert_eq!(notes.needed(), None);
        for position in 0..100 {
            notes.add(Lsn(position));
            tokio::time::advance(Duration::from_millis(100)).await;
            assert!(notes.notes.len() <= 11);
        }
        assert_eq!(notes.needed(), Some(Lsn(90)));
        // The primary is gone: its last state is all that there is.
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(notes.needed(), Some(Lsn(99)));
    }
}
