//! A shared tier in memory: for tests with several processes' caches and without a server, and to tell what
//! [`crate::cache::behaviour`] says of tiers from what Redis does.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, ready};
use tokio::time::Instant;

use crate::cache::{Held, Lease, NamedChange, Offer, Outcome, SharedCache, SharedError, Space, Version, Wanted};

/// A tier that caches of one test process share.
#[derive(Default)]
pub struct MemoryCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    records: HashMap<(String, String), (Record, Instant)>,
    numbers: HashMap<(String, String), (u64, Instant)>,
}

#[derive(Clone)]
enum Record {
    Value(Version, Bytes),
    Absent(Version),
    Changed(Version),
    Leased { version: Version, changed: bool, until: Instant, lease: Lease },
}

impl Record {
    fn version(&self) -> Version {
        match self {
            Self::Value(version, _) | Self::Absent(version) | Self::Changed(version) => *version,
            Self::Leased { version, .. } => *version,
        }
    }

    fn is_changed(&self) -> bool {
        matches!(self, Self::Changed(_) | Self::Leased { changed: true, .. })
    }
}

/// One key of a space.
struct Place<'a> {
    kept: &'a mut Kept,
    key: (String, String),
    now: Instant,
}

impl<'a> Place<'a> {
    fn of(kept: &'a mut Kept, space: &Space, name: &str) -> Self {
        Self { kept, key: (space.prefix.clone(), name.to_owned()), now: Instant::now() }
    }

    fn record(&self) -> Option<Record> {
        self.kept.records.get(&self.key).filter(|(_, end)| *end > self.now).map(|(record, _)| record.clone())
    }

    /// How much longer what is there lives, or `least`.
    fn life(&self, least: Duration) -> Duration {
        let left = self.kept.records.get(&self.key).map(|(_, end)| end.saturating_duration_since(self.now));
        left.unwrap_or_default().max(least)
    }

    fn set(&mut self, record: Record, life: Duration) {
        self.kept.records.insert(self.key.clone(), (record, self.now + life));
    }

    fn get(&mut self, space: &Space, wanted: &Wanted) -> Held {
        let (record, floor) = (self.record(), wanted.floor);
        match &record {
            Some(Record::Value(version, bytes)) if *version >= floor => return Held::Value(*version, bytes.clone()),
            Some(Record::Absent(version)) if *version >= floor => return Held::Absent(*version),
            Some(Record::Leased { version, until, lease, .. })
                if *version >= floor && *until > self.now && lease.process != wanted.lease.process =>
            {
                return Held::Busy;
            }
            _ => {}
        }
        let version = record.as_ref().map(Record::version).unwrap_or_default();
        let mut changed = record.is_some_and(|record| record.is_changed());
        let mut life = if changed { self.life(space.lease) } else { space.lease };
        if floor > Version::default() {
            changed = true;
            if floor > version {
                life = life.max(space.change);
            }
        }
        let (until, lease) = (self.now + space.lease, wanted.lease);
        self.set(Record::Leased { version: version.max(floor), changed, until, lease }, life);
        Held::Leased { changed }
    }

    fn put(&mut self, offer: &Offer) -> bool {
        let Some(Record::Leased { version: floor, changed, lease, .. }) = self.record() else { return false };
        if lease != offer.lease {
            return false;
        }
        match &offer.outcome {
            Outcome::Value(version, bytes, ttl) if *version >= floor => {
                self.set(Record::Value(*version, bytes.clone()), *ttl);
                return true;
            }
            Outcome::Absent(ttl) => {
                self.set(Record::Absent(floor), *ttl);
                return true;
            }
            _ if changed => self.set(Record::Changed(floor), self.life(Duration::ZERO)),
            _ => drop(self.kept.records.remove(&self.key)),
        }
        matches!(offer.outcome, Outcome::Failed)
    }

    fn forget(&mut self, space: &Space, to: Option<Version>) {
        let record = self.record();
        let version = record.as_ref().map(Record::version).unwrap_or_default();
        let (is_told, life) = match record {
            Some(Record::Value(..)) => (true, space.change),
            Some(Record::Leased { .. }) => (true, self.life(space.change)),
            Some(Record::Changed(_)) => (false, self.life(space.change)),
            Some(Record::Absent(_)) | None => (false, space.change),
        };
        if !(is_told && to.is_some_and(|to| version >= to)) {
            self.set(Record::Changed(version.max(to.unwrap_or_default())), life);
        }
    }
}

impl MemoryCache {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn done<'a, T: Send + 'a>(answer: T) -> BoxFuture<'a, Result<T, SharedError>> {
    ready(Ok(answer)).boxed()
}

impl SharedCache for MemoryCache {
    fn get_many<'a>(&'a self, space: &'a Space, wanted: &'a [Wanted]) -> BoxFuture<'a, Result<Vec<Held>, SharedError>> {
        let kept = &mut *self.kept();
        done(wanted.iter().map(|wanted| Place::of(kept, space, &wanted.name).get(space, wanted)).collect())
    }

    fn put_many<'a>(&'a self, space: &'a Space, offers: &'a [Offer]) -> BoxFuture<'a, Result<Vec<bool>, SharedError>> {
        let kept = &mut *self.kept();
        done(offers.iter().map(|offer| Place::of(kept, space, &offer.name).put(offer)).collect())
    }

    fn forget_many<'a>(
        &'a self,
        space: &'a Space,
        changes: &'a [NamedChange],
    ) -> BoxFuture<'a, Result<(), SharedError>> {
        let kept = &mut *self.kept();
        changes.iter().for_each(|change| Place::of(kept, space, &change.name).forget(space, change.version));
        done(())
    }

    fn clear<'a>(&'a self, space: &'a Space) -> BoxFuture<'a, Result<(), SharedError>> {
        self.kept().records.retain(|(prefix, _), _| *prefix != space.prefix);
        done(())
    }

    fn raise<'a>(&'a self, space: &'a Space, name: &'a str, number: u64) -> BoxFuture<'a, Result<(), SharedError>> {
        let (kept, now) = (&mut *self.kept(), Instant::now());
        let known = kept.numbers.entry((space.prefix.clone(), name.to_owned())).or_insert((number, now));
        let before = if known.1 > now { known.0 } else { 0 };
        *known = (before.max(number), now + space.change);
        done(())
    }

    fn raised<'a>(&'a self, space: &'a Space, name: &'a str) -> BoxFuture<'a, Result<Option<u64>, SharedError>> {
        let kept = self.kept();
        let known = kept.numbers.get(&(space.prefix.clone(), name.to_owned()));
        let known = known.filter(|(_, end)| *end > Instant::now()).map(|(number, _)| *number);
        done(known)
    }
}
