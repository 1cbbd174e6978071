//! Reading addresses of many users at once.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::database::{DatabaseError, Freshness, ReadConnection};

use super::UserStore;
use crate::{
    domain::{Address, AddressId, UserId},
    schema::addresses,
};

impl UserStore {
    /// The addresses of these users, each user's oldest first. Users without
    /// one are missing.
    pub(crate) async fn address_list_by_users(
        &self,
        ids: &[UserId],
        freshness: Freshness,
    ) -> Result<HashMap<UserId, Vec<Address>>, DatabaseError> {
        let read = async |connection: &mut ReadConnection| {
            let of_users = addresses::table.filter(addresses::user_id.eq_any(ids)).select(Address::as_select());
            let in_order = of_users.order((addresses::user_id, addresses::created_at, addresses::id));
            Ok::<_, DatabaseError>(in_order.load(&mut **connection).await?)
        };
        let found: Vec<Address> = self.database.read(freshness, read).await?;
        let mut by_user: HashMap<UserId, Vec<Address>> = HashMap::new();
        for address in found {
            by_user.entry(address.user_id).or_default().push(address);
        }
        Ok(by_user)
    }

    /// Whose address it is; `None` when there is no such address.
    pub(crate) async fn address_owner(&self, id: AddressId) -> Result<Option<UserId>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let owner =
            addresses::table.find(id).select(addresses::user_id).get_result(&mut connection).await.optional()?;
        Ok(owner)
    }
}
