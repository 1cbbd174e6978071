//! What a tier that processes share has to do: one small state a key, changed atomically.
//!
//! ```text
//!            get: lease (anew)              put with the lease
//! nothing ────────────────────▶ leased ─────────────────────────▶ value or absence
//!    ▲                         ▲   │                                     │
//!    │ time                get │   │ forget                       forget │
//!    └────────────────────── changed ◀───────────────────────────────────┘
//! ```
//!
//! Only who holds a key's lease may put its value, and whatever happens to the key in between (a change, an eviction, the loss
//! of everything) takes the lease away. See [`crate::cache`] for why nothing less will do.

mod circuit;
mod owed;
mod shelf;
mod tier;

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;

pub(crate) use shelf::{Found, Shelf};
pub use tier::{SHARED_TIMEOUT, SharedCounts, SharedTier};

use super::Version;

/// The most keys that one call names: a tier that works on one call at a time is done with it in about a millisecond.
pub const SHARED_KEYS_MAX: usize = 1_000;

/// The longest value, in bytes: one of a megabyte would hold up all others on the connection.
pub const SHARED_VALUE_BYTES_MAX: usize = 256 * 1024;

/// The longest name of a key, in bytes: names are ids.
pub const SHARED_NAME_BYTES_MAX: usize = 256;

/// Where a cache's keys live in the tier, and how long what is there lives.
#[derive(Clone, Debug)]
pub struct Space {
    /// Service, kind and schema version: `orders:order:1`. What two spaces hold is never mistaken.
    pub prefix: String,
    /// How long a lease holds: as long as a load may take.
    pub lease: Duration,
    /// How long it is remembered that a key has changed.
    pub change: Duration,
}

/// Permission to put one key's value, by a number that nobody else has. Leases of one process have the same first half: it may
/// take its own again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which process holds it.
    pub process: u64,
    /// Which of its leases it is.
    pub number: u64,
}

/// A key that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name in the space.
    pub name: String,
    /// Anything older doesn't count as found.
    pub floor: Version,
    /// The lease to take when there is nothing.
    pub lease: Lease,
}

/// What a tier has of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A value, as it was put.
    Value(Version, Bytes),
    /// That there is none.
    Absent(Version),
    /// Nothing; the asker now has the lease. `changed` when the key has changed lately: then a replica may not do.
    Leased {
        /// Whether it has.
        changed: bool,
    },
    /// Nothing yet; another process has the lease.
    Busy,
}

/// What a load brought, for who has the lease.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The key's name in the space.
    pub name: String,
    /// The lease.
    pub lease: Lease,
    /// What there is now.
    pub outcome: Outcome,
}

/// The end of a lease.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A value, and how long to keep it.
    Value(Version, Bytes, Duration),
    /// There is none, and how long to keep that.
    Absent(Duration),
    /// The load failed; another may try.
    Failed,
}

/// A change, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedChange {
    /// The key's name in the space.
    pub name: String,
    /// What it changed to, if that is known.
    pub version: Option<Version>,
}

/// Why a tier can't say.
#[derive(Debug, thiserror::Error)]
#[error("the shared cache does not answer")]
pub struct SharedError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A tier that processes share. Each call is atomic a key, may be given up at any time and may then have happened or not;
/// time is bounded by [`SharedTier`]. At most [`SHARED_KEYS_MAX`] keys a call.
///
/// What is remembered may be lost at any time, all of it or some, but never come back.
pub trait SharedCache: Send + Sync + 'static {
    /// What there is of each key, in order; takes the lease of those of which there is nothing and nobody else has it.
    ///
    /// # Errors
    /// The tier does not answer.
    fn get_many<'a>(&'a self, space: &'a Space, wanted: &'a [Wanted]) -> BoxFuture<'a, Result<Vec<Held>, SharedError>>;

    /// Puts what holders of leases have loaded; whether each lease still held, and the value was no older than what the key
    /// is known to have changed to.
    ///
    /// # Errors
    /// The tier does not answer.
    fn put_many<'a>(&'a self, space: &'a Space, offers: &'a [Offer]) -> BoxFuture<'a, Result<Vec<bool>, SharedError>>;

    /// Forgets what a change has outdated, leases too, and remembers the change for [`Space::change`].
    ///
    /// # Errors
    /// The tier does not answer.
    fn forget_many<'a>(
        &'a self,
        space: &'a Space,
        changes: &'a [NamedChange],
    ) -> BoxFuture<'a, Result<(), SharedError>>;

    /// Forgets everything in the space, at once and for all processes.
    ///
    /// # Errors
    /// The tier does not answer.
    fn clear<'a>(&'a self, space: &'a Space) -> BoxFuture<'a, Result<(), SharedError>>;

    /// Remembers a number for [`Space::change`], or a greater one that is remembered already.
    ///
    /// # Errors
    /// The tier does not answer.
    fn raise<'a>(&'a self, space: &'a Space, name: &'a str, number: u64) -> BoxFuture<'a, Result<(), SharedError>>;

    /// The number that is remembered.
    ///
    /// # Errors
    /// The tier does not answer.
    fn raised<'a>(&'a self, space: &'a Space, name: &'a str) -> BoxFuture<'a, Result<Option<u64>, SharedError>>;
}
