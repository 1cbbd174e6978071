//! `removeAddress`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, own_address};
use crate::{
    domain::AddressId,
    graphql::{author::author, errors::AddressNotFoundError},
    store::UserStore,
};

#[derive(Default)]
pub struct RemoveAddress;

/// The address to remove.
#[derive(InputObject)]
pub struct RemoveAddressInput {
    /// The address's id.
    address_id: AddressId,
}

/// The outcome of `removeAddress`.
#[derive(SimpleObject)]
pub struct RemoveAddressPayload {
    /// The id of the address that is gone; null when there are errors.
    address_id: Option<AddressId>,
    /// Why nothing was removed.
    errors: Vec<RemoveAddressError>,
}

/// Why an address wasn't removed.
#[derive(Union)]
pub enum RemoveAddressError {
    AddressNotFound(AddressNotFoundError),
}

#[Object]
impl RemoveAddress {
    /// Removes an address.
    async fn remove_address(
        &self,
        context: &Context<'_>,
        input: RemoveAddressInput,
    ) -> Result<Option<RemoveAddressPayload>> {
        remove_address(context, input).await.map(Some)
    }
}

async fn remove_address(context: &Context<'_>, input: RemoveAddressInput) -> Result<RemoveAddressPayload> {
    let removed = match own_address(context, input.address_id).await? {
        Some(user) => {
            let store = request_data::<UserStore>(context)?;
            let removed = store.address_delete(&author(context)?, user, input.address_id).await?;
            forget(context, user).await?;
            removed
        }
        None => false,
    };
    Ok(if removed {
        RemoveAddressPayload { address_id: Some(input.address_id), errors: Vec::new() }
    } else {
        let error = AddressNotFoundError::new();
        RemoveAddressPayload { address_id: None, errors: vec![RemoveAddressError::AddressNotFound(error)] }
    })
}
