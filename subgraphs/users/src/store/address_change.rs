//! Adding, changing and removing an address.

use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use kit::{GlobalId as _, database::DatabaseError};

use super::UserStore;
use crate::{
    domain::{ADDRESSES_MAX, Address, AddressDraft, AddressId, UserId},
    schema::{addresses, users},
};

/// What became of a new address.
#[derive(Debug)]
pub enum AddressInsert {
    /// The address as stored.
    Inserted(Address),
    /// There is no such user.
    UserNotFound,
    /// The user has [`ADDRESSES_MAX`] already.
    TooMany,
}

impl UserStore {
    /// Adds an address. The user's row is locked meanwhile, so that two calls
    /// can't both add the last one.
    pub(crate) async fn address_insert(
        &self,
        user: UserId,
        draft: AddressDraft,
    ) -> Result<AddressInsert, DatabaseError> {
        let mut connection = self.database.connection().await?;
        connection
            .transaction::<_, DatabaseError, _>(async move |connection| {
                let locked: Option<UserId> =
                    users::table.find(user).select(users::id).for_update().get_result(connection).await.optional()?;
                if locked.is_none() {
                    return Ok(AddressInsert::UserNotFound);
                }
                let count: i64 =
                    addresses::table.filter(addresses::user_id.eq(user)).count().get_result(connection).await?;
                if usize::try_from(count).is_ok_and(|count| count >= ADDRESSES_MAX) {
                    return Ok(AddressInsert::TooMany);
                }
                let id = AddressId::from_uuid(uuid::Uuid::now_v7());
                let address = diesel::insert_into(addresses::table)
                    .values((draft, addresses::id.eq(id), addresses::user_id.eq(user)))
                    .returning(Address::as_returning())
                    .get_result(connection)
                    .await?;
                Ok(AddressInsert::Inserted(address))
            })
            .await
    }

    /// Replaces an address; `None` when there is no such address.
    pub(crate) async fn address_update(
        &self,
        id: AddressId,
        draft: &AddressDraft,
    ) -> Result<Option<Address>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let updated = diesel::update(addresses::table.find(id))
            .set(draft)
            .returning(Address::as_returning())
            .get_result(&mut connection)
            .await
            .optional()?;
        Ok(updated)
    }

    /// Removes an address; whether there was one.
    pub(crate) async fn address_delete(&self, id: AddressId) -> Result<bool, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let deleted = diesel::delete(addresses::table.find(id)).execute(&mut connection).await?;
        Ok(deleted > 0)
    }
}
