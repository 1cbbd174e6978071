//! Showing writers what they have written, whatever lags.
//!
//! After a change the database's position is remembered by user for a short while, here and in the shared tier, and handed to
//! the caller ([`wire::read_after`]). Whoever calls with it, or as that user, reads from what has it ([`Freshness::AtLeast`]):
//! past the caches and from a replica that has replayed so much, or from the primary.
//!
//! A request has one [`Reader`]: its loaders read through it ([`crate::Loader::through`]), and after a commit its resolver calls
//! [`crate::Cache::forget`] and then [`Reader::wrote`].
//!
//! The header alone is certain. Without it a writer depends on the shared tier, as far as that is possible: where it can't take
//! the position the write waits until no replica is older, and while it has just gone away reads of users go to the primary. A
//! tier that forgets everything at once forgets this too: then a writer may see the replicas' lag, of at most a second.

mod handed;
mod reader;
#[cfg(test)]
mod tests;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use wire::read_after::ReadAfter;

use crate::{
    cache::{Known, Recent, SharedTier, Space},
    database::{Database, Freshness, Lsn},
};

pub use handed::Handed;
pub use reader::Reader;

/// How long a write is remembered: the replicas' lag, and the way of its event to other processes' caches, several times.
pub const REMEMBERED: Duration = Duration::from_secs(5);

/// The longest user id that is looked at, in bytes.
const USER_BYTES_MAX: usize = 128;

/// Who has written lately, to one service's database.
pub struct RecentWriters {
    service: String,
    database: Database,
    here: Mutex<Recent<String>>,
    shared: Option<(SharedTier, Space)>,
    /// Since when the shared tier hasn't answered.
    lost: Mutex<Option<Instant>>,
}

impl RecentWriters {
    /// Nobody has written yet.
    #[must_use]
    pub fn new(service: &str, database: Database, shared: Option<SharedTier>) -> Self {
        let space = Space { prefix: format!("{service}:writer:1"), lease: REMEMBERED, change: REMEMBERED };
        Self {
            service: service.to_owned(),
            database,
            here: Mutex::new(Recent::new(REMEMBERED)),
            shared: shared.map(|tier| (tier, space)),
            lost: Mutex::new(None),
        }
    }

    /// Remembers that `user` has committed a change. What to hand to the caller; empty if the database can't say, and then
    /// the user's reads go to the primary for a while.
    pub async fn wrote(&self, user: Option<&str>) -> ReadAfter {
        let mut handed = ReadAfter::default();
        let position = match self.database.position().await {
            Ok(position) => {
                handed.add(&self.service, position);
                position
            }
            Err(error) => {
                tracing::warn!(error = %crate::database::describe(&error), "the position of a write isn't known");
                Lsn(u64::MAX)
            }
        };
        if let Some(user) = user.filter(|user| user.len() <= USER_BYTES_MAX) {
            lock(&self.here).raise(&user.to_owned(), position.0);
            if let Some((tier, space)) = &self.shared
                && tier.call(|tier| tier.raise(space, user, position.0)).await.is_none()
            {
                self.database.replayed(position).await;
            }
        }
        handed
    }

    /// How fresh a caller's reads have to be, by the header that came with the call and by what is remembered of the user.
    /// Asked once a request.
    pub async fn freshness(&self, user: Option<&str>, header: Option<&str>) -> Freshness {
        let handed = header.and_then(ReadAfter::parse).and_then(|handed| handed.position(&self.service));
        let remembered = match user.filter(|user| user.len() <= USER_BYTES_MAX) {
            Some(user) => match self.remembered(user).await {
                Known::AtLeast(position) => Some(Lsn(position)),
                Known::Perhaps => return Freshness::Latest,
                Known::Nothing => None,
            },
            None => None,
        };
        handed.max(remembered).map_or(Freshness::Recent, Freshness::AtLeast)
    }

    async fn remembered(&self, user: &str) -> Known {
        let here = lock(&self.here).known(&user.to_owned());
        let Some((tier, space)) = &self.shared else { return here };
        match tier.call(|tier| tier.raised(space, user)).await {
            Some(there) => {
                *lock(&self.lost) = None;
                match (here, there) {
                    (Known::AtLeast(here), Some(there)) => Known::AtLeast(here.max(there)),
                    (Known::Nothing, Some(there)) => Known::AtLeast(there),
                    _ => here,
                }
            }
            // Who wrote before it went away may have been told to it alone; later writers waited.
            None => {
                let lost = *lock(&self.lost).get_or_insert_with(Instant::now);
                if lost.elapsed() < REMEMBERED { Known::Perhaps } else { here }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
