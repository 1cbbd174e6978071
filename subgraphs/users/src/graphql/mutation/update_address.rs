//! `updateAddress`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, own_address};
use crate::{
    domain::AddressId,
    graphql::{
        address::{AddressInput, AddressObject},
        author::author,
        errors::{AddressNotFoundError, InvalidAddressError, UserVersionConflictError},
    },
    store::{AddressUpdate, UserStore},
};

#[derive(Default)]
pub struct UpdateAddress;

/// The address to replace.
#[derive(InputObject)]
pub struct UpdateAddressInput {
    /// The address's id.
    address_id: AddressId,
    /// The version that was read; others have changed it when it is another one by now.
    version: Option<i32>,
    /// What it is to be.
    address: AddressInput,
}

/// The outcome of `updateAddress`.
#[derive(SimpleObject)]
pub struct UpdateAddressPayload {
    /// The address as it is now; null when there are errors.
    address: Option<AddressObject>,
    /// Why nothing was changed.
    errors: Vec<UpdateAddressError>,
}

/// Why an address wasn't changed.
#[derive(Union)]
pub enum UpdateAddressError {
    InvalidAddress(InvalidAddressError),
    AddressNotFound(AddressNotFoundError),
    VersionConflict(UserVersionConflictError),
}

#[Object]
impl UpdateAddress {
    /// Replaces an address.
    async fn update_address(
        &self,
        context: &Context<'_>,
        input: UpdateAddressInput,
    ) -> Result<Option<UpdateAddressPayload>> {
        update_address(context, input).await.map(Some)
    }
}

async fn update_address(context: &Context<'_>, input: UpdateAddressInput) -> Result<UpdateAddressPayload> {
    let not_found = || vec![UpdateAddressError::AddressNotFound(AddressNotFoundError::new())];
    let Some(user) = own_address(context, input.address_id).await? else {
        return Ok(refused(not_found()));
    };
    let draft = match input.address.draft() {
        Ok(draft) => draft,
        Err(invalid) => {
            let errors = invalid.into_iter().map(InvalidAddressError::from);
            return Ok(refused(errors.map(UpdateAddressError::InvalidAddress).collect()));
        }
    };
    let store = request_data::<UserStore>(context)?;
    let updated = store.address_update(&author(context)?, (user, input.address_id), input.version, &draft).await?;
    forget(context, user).await?;
    Ok(match updated {
        AddressUpdate::Updated(address) => {
            UpdateAddressPayload { address: Some(AddressObject(address)), errors: Vec::new() }
        }
        AddressUpdate::NotFound => refused(not_found()),
        AddressUpdate::Stale(version) => {
            refused(vec![UpdateAddressError::VersionConflict(UserVersionConflictError::new(version))])
        }
    })
}

fn refused(errors: Vec<UpdateAddressError>) -> UpdateAddressPayload {
    UpdateAddressPayload { address: None, errors }
}
