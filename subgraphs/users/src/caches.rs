//! What of accounts is kept in front of the database, and what it is outdated by: any event about the account. Rows count no
//! version that grows with each change, so each event costs a load.

use std::sync::Arc;

use kit::{
    Cache, Reads, Workers,
    cache::{CacheValue, Change, Invalidation, Told, about_subject},
};
use serde::{Deserialize, Serialize};
use wire::{
    Domain,
    bus::Bus,
    event::Envelope,
    topic::{Purpose, Topic},
};

use crate::domain::{Address, User, UserId};

/// All of a user's addresses, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses(pub Vec<Address>);

/// A process's caches.
#[derive(Clone)]
pub struct UserCaches {
    /// Users.
    pub users: Cache<UserId, User>,
    /// Addresses by user.
    pub addresses: Cache<UserId, Addresses>,
}

impl UserCaches {
    /// Empty ones.
    pub fn new(reads: &Reads) -> Self {
        Self { users: reads.cache(), addresses: reads.cache() }
    }

    /// What they forget, and when.
    pub fn invalidation(&self, reads: &Reads) -> Invalidation {
        let about_user = |envelope: &Envelope| Ok(about_subject(envelope));
        Invalidation::new(Domain::Users, reads.database().clone())
            .with(&self.users, about_user)
            .with(&self.addresses, about_user)
    }

    /// Forgets all of a user's, who has just been changed.
    pub async fn forget(&self, user: UserId) {
        let changes = [Change::of(user)];
        // Who isn't told now is told of the event.
        let (_, _): (Told, Told) = futures::join!(self.users.forget(&changes), self.addresses.forget(&changes));
    }
}

/// Workers, and those that tell the caches of all processes what has changed.
#[must_use]
pub fn tell_caches(workers: Workers, reads: &Reads, bus: &Arc<dyn Bus>) -> Workers {
    let caches = UserCaches::new(reads).invalidation(reads);
    caches.tell_in(workers, bus, &Topic::of(Domain::Users, Purpose::Events))
}

impl CacheValue for User {
    const KIND: &'static str = "user";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        let reason = self.block_reason.as_ref().map_or(0, String::capacity);
        self.name.capacity() + self.email.capacity() + self.locale.capacity() + reason
    }
}

impl CacheValue for Addresses {
    const KIND: &'static str = "addresses";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        let texts = |address: &Address| {
            let Address { label, recipient, street, city, postal_code, country, .. } = address;
            [label, recipient, street, city, postal_code, country].iter().map(|text| text.capacity()).sum::<usize>()
        };
        let rows = self.0.capacity() * size_of::<Address>();
        rows + self.0.iter().map(texts).sum::<usize>()
    }
}
