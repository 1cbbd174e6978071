//! Adding, changing and removing an address.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId as _;
use wire::events::users::{UserAddressAdded, UserAddressChanged, UserAddressRemoved};

use super::{
    StoreError, UserStore,
    record::{Line, tell},
    user_lock::living_user_lock,
};
use crate::{
    domain::{ADDRESSES_MAX, Action, Address, AddressDraft, AddressId, Author, UserId},
    schema::addresses,
};

/// What became of a new address.
#[derive(Debug)]
pub enum AddressInsert {
    /// The address as stored.
    Inserted(Address),
    /// There is no such user, or no longer.
    UserNotFound,
    /// The user has [`ADDRESSES_MAX`] already.
    TooMany,
}

/// What became of a change.
#[derive(Debug)]
pub enum AddressUpdate {
    /// The address as it is now.
    Updated(Address),
    /// The user has no such address.
    NotFound,
    /// It was changed since that version was read; the version now.
    Stale(i32),
}

impl UserStore {
    /// Adds an address. The user's row is locked meanwhile, so that two calls
    /// can't both add the last one.
    pub(crate) async fn address_insert(
        &self,
        author: &Author,
        user: UserId,
        draft: &AddressDraft,
    ) -> Result<AddressInsert, StoreError> {
        self.database.unit(async |connection| insert(connection, author, user, draft).await).await
    }

    /// Replaces a user's address that is still of `version`, if one is given. What stays the same is told nobody.
    pub(crate) async fn address_update(
        &self,
        author: &Author,
        (user, id): (UserId, AddressId),
        version: Option<i32>,
        draft: &AddressDraft,
    ) -> Result<AddressUpdate, StoreError> {
        self.database.unit(async |connection| update(connection, author, (user, id), version, draft).await).await
    }

    /// Removes a user's address; whether there was one.
    pub(crate) async fn address_delete(
        &self,
        author: &Author,
        user: UserId,
        id: AddressId,
    ) -> Result<bool, StoreError> {
        self.database.unit(async |connection| delete(connection, author, user, id).await).await
    }
}

async fn insert(
    connection: &mut AsyncPgConnection,
    author: &Author,
    user: UserId,
    draft: &AddressDraft,
) -> Result<AddressInsert, StoreError> {
    if living_user_lock(connection, user).await?.is_none() {
        return Ok(AddressInsert::UserNotFound);
    }
    let count: i64 = addresses::table.filter(addresses::user_id.eq(user)).count().get_result(connection).await?;
    if usize::try_from(count).is_ok_and(|count| count >= ADDRESSES_MAX) {
        return Ok(AddressInsert::TooMany);
    }
    let id = AddressId::from_uuid(uuid::Uuid::now_v7());
    let address = diesel::insert_into(addresses::table)
        .values((draft, addresses::id.eq(id), addresses::user_id.eq(user)))
        .returning(Address::as_returning())
        .get_result(connection)
        .await?;
    let line = Line { about: Some(&id.to_global()), ..Line::new(user, Action::AddressAdded) };
    tell(connection, author, line, &UserAddressAdded { user_id: user.into(), address_id: id.into() }).await?;
    Ok(AddressInsert::Inserted(address))
}

async fn update(
    connection: &mut AsyncPgConnection,
    author: &Author,
    (user, id): (UserId, AddressId),
    version: Option<i32>,
    draft: &AddressDraft,
) -> Result<AddressUpdate, StoreError> {
    living_user_lock(connection, user).await?;
    let of_user = addresses::table.find(id).filter(addresses::user_id.eq(user));
    let found = of_user.select(Address::as_select()).get_result(connection).await.optional()?;
    let Some(before) = found else { return Ok(AddressUpdate::NotFound) };
    if version.is_some_and(|version| version != before.version) {
        return Ok(AddressUpdate::Stale(before.version));
    }
    let fields = draft.fields(&before);
    if fields.is_empty() {
        return Ok(AddressUpdate::Updated(before));
    }
    let address = diesel::update(addresses::table.find(id))
        .set(draft)
        .returning(Address::as_returning())
        .get_result(connection)
        .await?;
    let about = id.to_global();
    let line = Line { about: Some(&about), fields: &fields, ..Line::new(user, Action::AddressChanged) };
    tell(connection, author, line, &UserAddressChanged { user_id: user.into(), address_id: id.into() }).await?;
    Ok(AddressUpdate::Updated(address))
}

async fn delete(
    connection: &mut AsyncPgConnection,
    author: &Author,
    user: UserId,
    id: AddressId,
) -> Result<bool, StoreError> {
    living_user_lock(connection, user).await?;
    let of_user = addresses::table.find(id).filter(addresses::user_id.eq(user));
    if diesel::delete(of_user).execute(connection).await? == 0 {
        return Ok(false);
    }
    let line = Line { about: Some(&id.to_global()), ..Line::new(user, Action::AddressRemoved) };
    tell(connection, author, line, &UserAddressRemoved { user_id: user.into(), address_id: id.into() }).await?;
    Ok(true)
}
