//! The loaders of one request.

use std::collections::HashMap;

use kit::{Batch, Loader, Result};

use crate::{
    domain::{Address, User, UserId},
    store::UserStore,
};

/// Users by id, one statement a batch.
pub type UserLoader = Loader<UserId, User, UsersById>;
/// Addresses by user, one statement a batch.
pub type AddressLoader = Loader<UserId, Vec<Address>, AddressesByUser>;

/// Loads users by id.
pub struct UsersById(pub UserStore);

impl Batch<UserId, User> for UsersById {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, User>> {
        let users = self.0.user_list_by_ids(keys).await?;
        Ok(users.into_iter().map(|user| (user.id, user)).collect())
    }
}

/// Loads addresses by user.
pub struct AddressesByUser(pub UserStore);

impl Batch<UserId, Vec<Address>> for AddressesByUser {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Vec<Address>>> {
        Ok(self.0.address_list_by_users(keys).await?)
    }
}
