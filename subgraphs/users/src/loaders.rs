//! The loaders of one request.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use async_graphql::Data;
use kit::{
    Batch, Loader, PageRequest, Result,
    cache::{Loaded, Version, Versioned},
    database::Freshness,
    loader::{Source, Through},
    recent_writers::Reader,
};

use crate::{
    caches::{Addresses, UserCaches},
    domain::{AuditEntry, Deletion, Preferences, User, UserId},
    store::UserStore,
};

/// Users by id, one statement for those that aren't kept.
pub type UserLoader = Loader<UserId, Arc<User>, Through<UserId, User, UsersById>>;
/// Addresses by user, one statement for those that aren't kept.
pub type AddressLoader = Loader<UserId, Arc<Addresses>, Through<UserId, Addresses, AddressesByUser>>;
/// Preferences by user, one statement a batch.
pub type PreferencesLoader = Loader<UserId, Preferences, PreferencesByUser>;
/// Newest deletions by user, one statement a batch.
pub type DeletionLoader = Loader<UserId, Deletion, DeletionsByUser>;
/// Which page of whose audit trail, and after how many changes of this request.
pub type AuditKey = (UserId, PageRequest<i64>, u32);
/// Pages of audit trails, one statement for all users whose page is the same stretch.
pub type AuditLoader = Loader<AuditKey, Vec<AuditEntry>, AuditByUser>;

/// How many mutations this request has run: a trail that was read before one isn't the trail after it.
#[derive(Default)]
pub struct Changes(AtomicU32);

impl Changes {
    /// One more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// So far.
    pub fn so_far(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Gives a request its loaders.
pub fn fill(data: &mut Data, store: &UserStore, caches: &UserCaches) {
    let reader = Reader::in_data(data);
    data.insert(UserLoader::through(&caches.users, &reader, UsersById(store.clone())));
    data.insert(AddressLoader::through(&caches.addresses, &reader, AddressesByUser(store.clone())));
    data.insert(PreferencesLoader::new(PreferencesByUser(store.clone(), reader.clone())));
    data.insert(DeletionLoader::new(DeletionsByUser(store.clone(), reader.clone())));
    data.insert(AuditLoader::new(AuditByUser(store.clone(), reader)));
    data.insert(Changes::default());
}

/// Reads users by id.
pub struct UsersById(UserStore);

impl Source<UserId, User> for UsersById {
    async fn read(&self, keys: Vec<UserId>, freshness: Freshness) -> Result<Loaded<UserId, User>> {
        let users = self.0.user_list_by_ids(&keys, freshness).await?;
        Ok(users.into_iter().map(|user| (user.id, Ok(unversioned(user)))).collect())
    }
}

/// Reads addresses by user.
pub struct AddressesByUser(UserStore);

impl Source<UserId, Addresses> for AddressesByUser {
    async fn read(&self, keys: Vec<UserId>, freshness: Freshness) -> Result<Loaded<UserId, Addresses>> {
        let found = self.0.address_list_by_users(&keys, freshness).await?;
        Ok(found.into_iter().map(|(user, addresses)| (user, Ok(unversioned(Addresses(addresses))))).collect())
    }
}

fn unversioned<T>(value: T) -> Versioned<T> {
    Versioned { version: Version::default(), value }
}

/// Loads preferences by user.
pub struct PreferencesByUser(UserStore, Reader);

impl Batch<UserId, Preferences> for PreferencesByUser {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Preferences>> {
        Ok(self.0.preferences_list_by_users(keys, self.1.freshness().await).await?)
    }
}

/// Loads the newest deletions by user.
pub struct DeletionsByUser(UserStore, Reader);

impl Batch<UserId, Deletion> for DeletionsByUser {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Deletion>> {
        Ok(self.0.deletion_list_by_users(keys, self.1.freshness().await).await?)
    }
}

/// Loads pages of audit trails.
pub struct AuditByUser(UserStore, Reader);

impl Batch<AuditKey, Vec<AuditEntry>> for AuditByUser {
    async fn load(&self, keys: &[AuditKey]) -> Result<HashMap<AuditKey, Vec<AuditEntry>>> {
        let mut requests: Vec<(&PageRequest<i64>, u32, Vec<UserId>)> = Vec::new();
        for (user, page, changes) in keys {
            match requests.iter_mut().find(|(known, after, _)| (*known, *after) == (page, *changes)) {
                Some((.., users)) => users.push(*user),
                None => requests.push((page, *changes, vec![*user])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (page, changes, users) in requests {
            let found = self.0.audit_list_by_users(&users, page, self.1.freshness().await).await?;
            pages.extend(found.into_iter().map(|(user, entries)| ((user, page.clone(), changes), entries)));
        }
        Ok(pages)
    }
}
