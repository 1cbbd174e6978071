//! One cache among others of other types: which of its keys an event outdates, by name.

use futures::future::BoxFuture;
use wire::{
    bus::Delivery,
    event::{Envelope, ReadError},
};

use crate::cache::{Cache, CacheKey, CacheValue, Change, NamedChange, Told};

/// What of a cache is outdated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outdated {
    These(Vec<NamedChange>),
    Everything,
}

/// A cache of any type.
pub(super) trait Kept: Send + Sync + 'static {
    /// What it keeps, by which processes know whom a notice is for.
    fn kind(&self) -> &'static str;

    fn is_shared(&self) -> bool;

    /// Takes everything as changed, in this process.
    fn expect_everything(&self);

    /// What a message has outdated.
    fn outdated_by(&self, delivery: &Delivery) -> Outdated;

    /// Tells this process and the shared tier.
    fn forget<'a>(&'a self, outdated: &'a Outdated) -> BoxFuture<'a, Told>;

    /// Tells this process, of what another tells the shared tier. Where only a version would keep the old value of that one
    /// away, and isn't known, it is told as well.
    fn hear<'a>(&'a self, outdated: &'a Outdated) -> BoxFuture<'a, ()>;
}

/// A cache, and what events mean to it.
pub(super) struct KeptIn<K: CacheKey, V: CacheValue, F> {
    pub cache: Cache<K, V>,
    pub changes: F,
}

impl Outdated {
    pub fn nothing() -> Self {
        Self::These(Vec::new())
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::These(changes) if changes.is_empty())
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::These(mut changes), Self::These(more)) => {
                changes.extend(more);
                Self::These(changes)
            }
            _ => Self::Everything,
        }
    }
}

impl<K, V, F> KeptIn<K, V, F>
where
    K: CacheKey,
    V: CacheValue,
{
    /// By key; `None` is everything.
    fn changes(outdated: &Outdated) -> Option<Vec<Change<K>>> {
        let Outdated::These(changes) = outdated else { return None };
        let of_key = |change: &NamedChange| Some(Change { key: K::from_name(&change.name)?, version: change.version });
        changes.iter().map(of_key).collect()
    }
}

impl<K, V, F> Kept for KeptIn<K, V, F>
where
    K: CacheKey,
    V: CacheValue,
    F: Fn(&Envelope) -> Result<Vec<Change<K>>, ReadError> + Send + Sync + 'static,
{
    fn kind(&self) -> &'static str {
        V::KIND
    }

    fn is_shared(&self) -> bool {
        self.cache.is_shared()
    }

    fn expect_everything(&self) {
        self.cache.expect_everything();
    }

    fn outdated_by(&self, delivery: &Delivery) -> Outdated {
        let envelope = Envelope::parse(&delivery.message.text).map_err(|error| error.to_string());
        let changes = envelope.and_then(|envelope| (self.changes)(&envelope).map_err(|error| error.to_string()));
        match changes {
            Ok(changes) => {
                let named = |change: Change<K>| NamedChange { name: change.key.name(), version: change.version };
                Outdated::These(changes.into_iter().map(named).collect())
            }
            Err(error) => {
                tracing::warn!(kind = V::KIND, place = ?delivery.place, error, "an event can't be read: all is outdated");
                Outdated::Everything
            }
        }
    }

    fn forget<'a>(&'a self, outdated: &'a Outdated) -> BoxFuture<'a, Told> {
        Box::pin(async move {
            match Self::changes(outdated) {
                Some(changes) => self.cache.forget(&changes).await,
                None => self.cache.forget_everything().await,
            }
        })
    }

    fn hear<'a>(&'a self, outdated: &'a Outdated) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(changes) = Self::changes(outdated) else { return self.cache.expect_everything() };
            let (known, unknown): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.version.is_some());
            self.cache.expect(&known);
            if !unknown.is_empty() {
                // What it can't be told now this process owes it, and reads nothing from it until then.
                let _: Told = self.cache.forget(&unknown).await;
            }
        })
    }
}
