//! `updateAddress`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, own_address};
use crate::{
    domain::AddressId,
    graphql::{
        address::{AddressInput, AddressObject},
        errors::{AddressNotFoundError, InvalidAddressError},
    },
    store::UserStore,
};

#[derive(Default)]
pub struct UpdateAddress;

/// The address to replace.
#[derive(InputObject)]
pub struct UpdateAddressInput {
    /// The address's id.
    address_id: AddressId,
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
    let updated = store.address_update(input.address_id, &draft).await?;
    forget(context, user).await?;
    Ok(match updated {
        Some(address) => UpdateAddressPayload { address: Some(AddressObject(address)), errors: Vec::new() },
        None => refused(not_found()),
    })
}

fn refused(errors: Vec<UpdateAddressError>) -> UpdateAddressPayload {
    UpdateAddressPayload { address: None, errors }
}
