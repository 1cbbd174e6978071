//! Entries die by event: what a service's caches do when its domain, or another, tells of a change.
//!
//! ```text
//!        ┌ group `<domain>.caches` ──────── a notice in the service's database ──▶ every process: in-process tier
//! event ─┤
//!        └ group `<domain>.shared-caches` ─▶ shared tier ── a notice once more ──▶ every process
//! ```
//!
//! Any number of workers tell ([`Invalidation::tell_in`]); every process that keeps something hears ([`Invalidation::hear_in`]). A
//! bus hands each message to one of a group, and a group for each process would be one that the bus keeps messages for after
//! the process is gone: so one tells all, through the database that they have in common. An event is acknowledged when it
//! was told, never before.
//!
//! There are two groups, since a shared tier that is away for an hour must not keep processes from being told; and since what it
//! wasn't told must outlive all processes that owe it (it comes back with what it had).
//!
//! Telling twice does no harm, so there is no inbox. An event that can't be read outdates everything that it could be about: that
//! is slower, and never wrong, so there are no dead letters either. Who was not there while a notice was sent takes
//! everything as changed. What this must never do is wait for something without which processes could be told.

mod audience;
mod follow;
mod hear;
mod kept;
mod notice;
mod subject;

use std::sync::Arc;

use wire::{
    Domain,
    bus::Bus,
    event::{Envelope, ReadError},
    topic::Topic,
};

use self::{
    audience::Audience,
    follow::Following,
    hear::Hearing,
    kept::{Kept, KeptIn, Outdated},
};
pub use subject::about_subject;

use super::{Cache, CacheKey, CacheValue, Change};
use crate::{Workers, consumer::Group, database::Database};

/// Which of a domain's caches keep what, and which events outdate it.
pub struct Invalidation {
    domain: Domain,
    database: Database,
    caches: Vec<Arc<dyn Kept>>,
}

impl Invalidation {
    /// Of a domain without caches. Notices go through `database`, which all of its processes have.
    #[must_use]
    pub fn new(domain: Domain, database: Database) -> Self {
        Self { domain, database, caches: Vec::new() }
    }

    /// Also of `cache`. `changes` says what of it an event has outdated: nothing, mostly; versions where they are known
    /// ([`Envelope::sequence`] is the aggregate's). An error means that it can't be said, and so everything.
    #[must_use]
    pub fn with<K, V, F>(mut self, cache: &Cache<K, V>, changes: F) -> Self
    where
        K: CacheKey,
        V: CacheValue,
        F: Fn(&Envelope) -> Result<Vec<Change<K>>, ReadError> + Send + Sync + 'static,
    {
        self.caches.push(Arc::new(KeptIn { cache: cache.clone(), changes }));
        self
    }

    /// Workers, and those that tell what a topic's events have outdated: one all processes of the domain, and one the shared tier
    /// if a cache has one, which waits for it as long as it is away. They wait out failures of the bus and the database.
    #[must_use]
    pub fn tell_in(&self, workers: Workers, bus: &Arc<dyn Bus>, topic: &Topic) -> Workers {
        let shared: Vec<Arc<dyn Kept>> = self.caches.iter().filter(|cache| cache.is_shared()).cloned().collect();
        let told = [
            ("caches", self.caches.clone(), Audience::Processes(self.database.clone())),
            ("shared-caches", shared, Audience::SharedTier(self.database.clone())),
        ];
        let told = told.into_iter().filter(|(_, caches, _)| !caches.is_empty());
        told.fold(workers, |workers, (purpose, caches, audience)| {
            let (bus, topic) = (Arc::clone(bus), topic.clone());
            match Group::new(self.domain.as_str(), purpose) {
                Some(group) => workers.with(Following { bus, topic, group, caches, audience }),
                // There is no domain of such a name.
                None => workers,
            }
        })
    }

    /// Workers, and one that hears what is told anywhere. It takes one connection beside the pool's.
    #[must_use]
    pub fn hear_in(&self, workers: Workers) -> Workers {
        workers.with(Hearing { database: self.database.clone(), caches: self.caches.clone() })
    }
}
