//! Values by id, kept in the process and in a tier that processes share, in front of the database.
//!
//! ```text
//! request's loader → in the process → shared tier → replica or primary
//! ```
//!
//! A cache may forget anything at any time, and be slower for it. What it must never do is give out, or keep, what a change that
//! it was told of has outdated, nor ask the database for one key twice at once.
//!
//! # Who tells of changes
//!
//! **Every process** is told of every change: [`Invalidation`] tells all of them, and the shared tier, what the domain's events
//! say; a process that makes a change calls [`Cache::forget`] at once, after its commit. For the shared tier an event isn't
//! acknowledged unless [`Told::Everywhere`]: a process that dies owing it a change must be told again. Values die by time too
//! ([`CacheConfig`]), which bounds what a lost event can do.
//!
//! # Why nothing outdated is kept
//!
//! Let a change *c* of key *k* be committed, and then told. A value from before *c* could be kept afterwards in five ways:
//!
//! 1. *It is there already.* [`Cache::forget`] removes it, from the process under the ledger's lock, from the shared tier in one
//!    atomic step a key, unless it is of *c*'s version or a later one.
//! 2. *It is being loaded in this process.* Each load is a flight in the ledger. The change marks it, under the same lock under
//!    which a flight ends, and a marked flight keeps nothing; readers who come later don't join it. Only a flight that began
//!    when *c* was known stays, since it reads from the primary, where *c* is.
//! 3. *It is being loaded in another process*, which may not know of *c* yet. To put a value one needs the key's lease, taken
//!    before the load began. The change replaces the lease by a note that *k* has changed; so does everything else that can
//!    happen to the key: another holder when the lease has run out, an eviction, the loss of everything. A lease that came
//!    back would have to be the same random number. The refused process doesn't keep the value either. This doesn't depend on
//!    versions, so it holds for absence too; nor on time, so calls of the tier that were given up may still arrive.
//! 4. *It is read from a replica that hasn't got* c *yet*, by a load that begins after the change was told. For
//!    [`CacheConfig::change_ttl_ms`] a changed key is loaded from the primary: by this process since its ledger remembers (and
//!    if it can't remember each, it takes all keys as changed; so it does when it has just begun), by others since the note in
//!    the shared tier says so. After that time no replica that is still read from, and no load, is as old as *c*.
//! 5. *It is read from the shared tier, which wasn't told.* Changes that it couldn't be told are owed, and until they are told
//!    nothing is read from it. While the tier is being told of a change whose version isn't known, a flight may still read the
//!    old value from it; so the process is changed once more after.
//!
//! The version also says what is *not* outdated: a change told twice, or after the value was loaded, costs nothing. And it is a
//! floor: a process that knows of a version ([`Cache::expect`]) takes nothing older from the shared tier, whatever that has lost.
//!
//! What remains: where the tier loses its notes, and a process hears of a change more than `change_ttl_ms` after others did,
//! those may read from the tier what that process put, until it hears or the value's time is over.
//!
//! # One load
//!
//! In a process, readers of a key that isn't there wait for one flight; if its leader goes away one of them takes over. Between
//! processes the lease does the same: who doesn't get it waits a little for the value, then loads without (and keeps the result
//! to itself). Refreshing early by chance was left out: it spreads loads but doesn't prevent two at once, and the lease is needed
//! anyway.
//!
//! Without a shared tier a process has its own alone: with one process, as in `supergraph dev`, there is nothing to share, and
//! the tier is simply absent.

#[cfg(any(test, feature = "testing"))]
pub mod behaviour;
mod config;
mod counts;
mod fly;
mod invalidation;
mod land;
mod local;
mod read;
mod recent;
mod shared;
#[cfg(test)]
mod tests;
mod value;

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use self::{counts::Counters, local::Local, shared::Shelf};
use crate::{database::Freshness, error::Result};

pub use config::CacheConfig;
pub use counts::CacheCounts;
pub use invalidation::{Invalidation, about_subject};
pub use shared::{
    Held, Lease, NamedChange, Offer, Outcome, SHARED_KEYS_MAX, SHARED_NAME_BYTES_MAX, SHARED_TIMEOUT,
    SHARED_VALUE_BYTES_MAX, SharedCache, SharedCounts, SharedError, SharedTier, Space, Wanted,
};
pub use value::{CacheKey, CacheValue, Change, Loaded, Version, Versioned};

pub(crate) use recent::{Known, Recent};

/// Values of one kind by key; cheap to clone.
pub struct Cache<K: CacheKey, V: CacheValue>(Arc<Inner<K, V>>);

struct Inner<K: CacheKey, V: CacheValue> {
    local: Local<K, V>,
    shelf: Option<Shelf>,
    counters: Arc<Counters>,
    config: CacheConfig,
}

/// Who knows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an event must not be acknowledged before everybody knows"]
pub enum Told {
    /// All who have to.
    Everywhere,
    /// This process. The shared tier will, before this process reads from it again; if it lives that long.
    Here,
}

impl<K: CacheKey, V: CacheValue> Cache<K, V> {
    /// An empty cache of a service.
    #[must_use]
    pub fn new(service: &str, config: CacheConfig, shared: Option<SharedTier>) -> Self {
        let counters = Arc::<Counters>::default();
        let space = Space {
            prefix: format!("{service}:{}:{}", V::KIND, V::SCHEMA),
            lease: Duration::from_millis(config.load_timeout_ms),
            change: Duration::from_millis(config.change_ttl_ms),
        };
        let shelf = shared.map(|tier| Shelf::new(tier, space));
        Self(Arc::new(Inner { local: Local::new(&config, Arc::clone(&counters)), shelf, counters, config }))
    }

    /// The value of `key`, or `None` when there is none. See [`Cache::get_many`].
    ///
    /// # Errors
    /// The load's.
    pub async fn get<F, Fut>(&self, key: K, freshness: Freshness, load: F) -> Result<Option<Arc<V>>>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        self.get_many(std::slice::from_ref(&key), freshness, load).await?.remove(&key).transpose()
    }

    /// The values of `keys`, without those that don't exist.
    ///
    /// `load` is asked for those that nobody has, at most twice for at most [`SHARED_KEYS_MAX`] keys, and reads them as fresh as
    /// it is told; what it leaves out doesn't exist, and what it can't read of one key is that key's answer alone, which isn't
    /// kept. Callers for whom any replica isn't fresh enough ([`Freshness`]) are served past what is kept.
    ///
    /// # Errors
    /// The load's, for all who wait for it; it isn't kept. A load that takes longer than [`CacheConfig::load_timeout_ms`]
    /// fails.
    pub async fn get_many<F, Fut>(
        &self,
        keys: &[K],
        freshness: Freshness,
        load: F,
    ) -> Result<HashMap<K, Result<Arc<V>>>>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        let mut values = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(SHARED_KEYS_MAX) {
            match freshness {
                Freshness::Recent => self.0.read(keys, &load, &mut values).await?,
                _ => self.0.read_past(keys, freshness, &load, &mut values).await?,
            }
        }
        Ok(values)
    }

    /// Says that keys have changed, to this process at once and to all others that share the tier. Whoever reads after it
    /// returned gets nothing older; in this process after it began, where the version is known. If the caller goes away the
    /// tier is told later.
    pub async fn forget(&self, changes: &[Change<K>]) -> Told {
        self.expect(changes);
        let Some(shelf) = &self.0.shelf else { return Told::Everywhere };
        // Also if the caller goes away.
        let once_more = OnceMore(self, changes);
        let named = changes.iter().map(|change| NamedChange { name: change.key.name(), version: change.version });
        let told = shelf.forget(named.collect()).await;
        drop(once_more);
        if told { Told::Everywhere } else { Told::Here }
    }

    /// Says that keys have changed, to this process alone: from now on it takes nothing older from anywhere. For who learns of
    /// a version that others are told of anyway.
    pub fn expect(&self, changes: &[Change<K>]) {
        self.0.counters.changes.add(changes.len());
        self.0.local.change(changes);
    }

    /// Says that any key may have changed, to this process and to all others that share the tier. For who can't tell which.
    pub async fn forget_everything(&self) -> Told {
        self.expect_everything();
        let Some(shelf) = &self.0.shelf else { return Told::Everywhere };
        let told = shelf.forget_everything().await;
        // What a flight has read from the tier meanwhile.
        self.expect_everything();
        if told { Told::Everywhere } else { Told::Here }
    }

    /// Says that any key may have changed, to this process alone: for who has missed what was told.
    pub fn expect_everything(&self) {
        self.0.local.change_all();
    }

    /// Whether other processes share what it has.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.shelf.is_some()
    }

    /// What it has done so far.
    #[must_use]
    pub fn counts(&self) -> CacheCounts {
        self.0.counters.read()
    }

    /// Tells what it has done so far, as long as anybody has it.
    pub(crate) fn watch(&self) -> impl Fn() -> Option<CacheCounts> + Send + Sync + 'static {
        let counters = Arc::downgrade(&self.0.counters);
        move || counters.upgrade().map(|counters| counters.read())
    }

    /// How many bytes the process keeps, at most [`CacheConfig::bytes_max`].
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.local.bytes()
    }
}

impl<K: CacheKey, V: CacheValue> Clone for Cache<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Changes the process again when the shared tier has been told: what a flight has read from it meanwhile.
struct OnceMore<'a, K: CacheKey, V: CacheValue>(&'a Cache<K, V>, &'a [Change<K>]);

impl<K: CacheKey, V: CacheValue> Drop for OnceMore<'_, K, V> {
    fn drop(&mut self) {
        self.0.0.local.change(self.1);
    }
}
