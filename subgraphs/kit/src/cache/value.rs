//! What is kept and under which names.

use std::{collections::HashMap, hash::Hash};

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{error::Result, id::GlobalId};

/// The number of a row's state: greater with each change, never the same for two states of one key. A row's version column,
/// or the sequence of the event that made it so. Values that have none carry 0 and are forgotten by [`Change::of`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// A value and the version that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<V> {
    /// Which state of its key this is.
    pub version: Version,
    /// The value.
    pub value: V,
}

/// What a load has brought: of each key that there is its value, or why that one alone can't be read.
pub type Loaded<K, V> = HashMap<K, Result<Versioned<V>>>;

/// That a key's value isn't any more what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<K> {
    /// Whose.
    pub key: K,
    /// The version that it has now, if that is known: whatever is at least of this version stays.
    pub version: Option<Version>,
}

impl<K> Change<K> {
    /// A change to a version; the deletion of a row is one too. Told twice, it costs nothing.
    pub const fn to(key: K, version: Version) -> Self {
        Self { key, version: Some(version) }
    }

    /// A change of which only that it has happened is known. Costs a load each time it is told.
    pub const fn of(key: K) -> Self {
        Self { key, version: None }
    }
}

/// What values are asked for by.
pub trait CacheKey: Eq + Hash + Clone + Send + Sync + 'static {
    /// The key's name among those of its kind: equal for equal keys alone.
    fn name(&self) -> String;

    /// The key of a name, `None` for what is no key's name.
    fn from_name(name: &str) -> Option<Self>;

    /// Bytes that the key holds outside of itself.
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl<I: GlobalId + Eq + Hash> CacheKey for I {
    fn name(&self) -> String {
        self.uuid().simple().to_string()
    }

    fn from_name(name: &str) -> Option<Self> {
        Uuid::try_parse(name).ok().map(Self::from_uuid)
    }
}

/// What is kept: rows as the store reads them, before anybody is asked who may see them.
pub trait CacheValue: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is: `order`. One a service and type.
    const KIND: &'static str;

    /// The version of its encoding. A change that older code can't read, or newer code could misread, needs another number:
    /// then the two never see each other's values.
    const SCHEMA: u32;

    /// Bytes that the value holds outside of itself: texts, lists and boxes. What the bound in bytes is worth depends on it.
    fn heap_bytes(&self) -> usize;
}
