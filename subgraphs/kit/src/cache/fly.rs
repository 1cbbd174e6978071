//! A flight: the shared tier first, then the database.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{CacheKey, CacheValue, Inner, Lease, Loaded, Version, local::Lead, shared::Found};
use crate::{database::Freshness, error::Result};

/// How long to wait before the tier is asked again for what another process loads; doubled each time.
const LEASE_POLL: Duration = Duration::from_millis(2);

/// What flights have found: of each key that there is its value, or why it can't be read.
pub(super) type Values<K, V> = HashMap<K, Result<Arc<V>>>;

/// What a flight has to be loaded for, and by which leave.
pub(super) struct Task<K> {
    pub key: K,
    pub floor: Version,
    pub changed: bool,
    pub lease: Option<Lease>,
}

impl<K: CacheKey, V: CacheValue> Inner<K, V> {
    /// Flies, and lands everywhere that is led.
    pub(super) async fn fly<F, Fut>(&self, mut led: Lead<'_, K, V>, load: &F, values: &mut Values<K, V>) -> Result<()>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        let (tasks, busy) = self.ask(&mut led, values).await;
        let mut busy = led.split_off(&busy);
        let mut late = Values::new();
        let (at_once, later) = futures::join!(
            self.bring(&mut led, tasks, load, values),
            self.bring_when_free(&mut busy, load, &mut late),
        );
        values.extend(late);
        at_once.and(later)
    }

    /// Asks the tier. What it has is landed; what is to be loaded, and what others are loading.
    async fn ask(&self, led: &mut Lead<'_, K, V>, values: &mut Values<K, V>) -> (Vec<Task<K>>, Vec<K>) {
        let flights = led.flights().map(|(key, flight)| (key.clone(), flight.floor, flight.changed));
        let asked: Vec<(K, Version, bool)> = flights.collect();
        let found = match &self.shelf {
            Some(shelf) => shelf.get_many(asked.iter().map(|(key, floor, _)| (key.name(), *floor)).collect()).await,
            None => Vec::new(),
        };
        let (mut tasks, mut busy, mut found) = (Vec::new(), Vec::new(), found.into_iter());
        for (key, floor, changed) in asked {
            let (changed, lease) = match found.next() {
                Some(Found::Value(version, bytes)) => match self.decode(&bytes) {
                    Some(value) => {
                        self.keep_shared(led, &key, version, Some(Arc::clone(&value)));
                        values.insert(key, Ok(value));
                        continue;
                    }
                    None => (changed, None),
                },
                Some(Found::Absent(version)) => {
                    self.keep_shared(led, &key, version, None);
                    continue;
                }
                Some(Found::Leased { lease, changed: changed_there }) => (changed || changed_there, Some(lease)),
                Some(Found::Busy) => {
                    busy.push(key);
                    continue;
                }
                Some(Found::Unknown) | None => (changed, None),
            };
            tasks.push(Task { key, floor, changed, lease });
        }
        (tasks, busy)
    }

    /// Lands what another process is loading, when that has it, or else by loading it here.
    async fn bring_when_free<F, Fut>(&self, led: &mut Lead<'_, K, V>, load: &F, values: &mut Values<K, V>) -> Result<()>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        let end = Instant::now() + Duration::from_millis(self.config.lease_wait_ms);
        let mut pause = LEASE_POLL;
        while !led.is_empty() && Instant::now() < end {
            tokio::time::sleep(pause).await;
            pause *= 2;
            let (tasks, _) = self.ask(led, values).await;
            self.bring(led, tasks, load, values).await?;
        }
        let left = led.flights().map(|(key, flight)| Task {
            key: key.clone(),
            floor: flight.floor,
            changed: flight.changed,
            lease: None,
        });
        let left = left.collect();
        self.bring(led, left, load, values).await
    }

    /// Loads, tells all who wait, gives the shared tier its part, and keeps what is still good.
    async fn bring<F, Fut>(
        &self,
        led: &mut Lead<'_, K, V>,
        tasks: Vec<Task<K>>,
        load: &F,
        values: &mut Values<K, V>,
    ) -> Result<()>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        if tasks.is_empty() {
            return Ok(());
        }
        let (changed, quiet): (Vec<Task<K>>, Vec<Task<K>>) = tasks.into_iter().partition(|task| task.changed);
        let keys = |tasks: &[Task<K>]| tasks.iter().map(|task| task.key.clone()).collect();
        let (newest, recent) = futures::join!(
            self.load(keys(&changed), Freshness::Latest, load),
            self.load(keys(&quiet), Freshness::Recent, load),
        );
        let mut landed = Vec::with_capacity(changed.len() + quiet.len());
        let newest = self.land(led, changed, newest, &mut landed, values);
        let recent = self.land(led, quiet, recent, &mut landed, values);
        self.end(led, landed).await;
        newest.and(recent)
    }
}
