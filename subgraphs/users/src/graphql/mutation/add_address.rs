//! `addAddress`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, target};
use crate::{
    domain::UserId,
    graphql::{
        address::{AddressInput, AddressObject},
        author::author,
        errors::{InvalidAddressError, TooManyAddressesError, UserNotFoundError},
    },
    store::{AddressInsert, UserStore},
};

#[derive(Default)]
pub struct AddAddress;

/// The address to add.
#[derive(InputObject)]
pub struct AddAddressInput {
    /// Whose it is; the caller's when not given. Others than the caller are
    /// for administrators.
    user_id: Option<UserId>,
    /// The address.
    address: AddressInput,
}

/// The outcome of `addAddress`.
#[derive(SimpleObject)]
pub struct AddAddressPayload {
    /// The new address; null when there are errors.
    address: Option<AddressObject>,
    /// Why nothing was added.
    errors: Vec<AddAddressError>,
}

/// Why an address wasn't added.
#[derive(Union)]
pub enum AddAddressError {
    InvalidAddress(InvalidAddressError),
    TooManyAddresses(TooManyAddressesError),
    UserNotFound(UserNotFoundError),
}

#[Object]
impl AddAddress {
    /// Adds an address to a user; at most 20.
    async fn add_address(&self, context: &Context<'_>, input: AddAddressInput) -> Result<Option<AddAddressPayload>> {
        add_address(context, input).await.map(Some)
    }
}

async fn add_address(context: &Context<'_>, input: AddAddressInput) -> Result<AddAddressPayload> {
    let user = target(context, input.user_id)?;
    let draft = match input.address.draft() {
        Ok(draft) => draft,
        Err(invalid) => {
            let errors = invalid.into_iter().map(InvalidAddressError::from);
            return Ok(refused(errors.map(AddAddressError::InvalidAddress).collect()));
        }
    };
    let store = request_data::<UserStore>(context)?;
    let inserted = store.address_insert(&author(context)?, user, &draft).await?;
    forget(context, user).await?;
    Ok(match inserted {
        AddressInsert::Inserted(address) => {
            AddAddressPayload { address: Some(AddressObject(address)), errors: Vec::new() }
        }
        AddressInsert::TooMany => {
            let error = TooManyAddressesError::new();
            refused(vec![AddAddressError::TooManyAddresses(error)])
        }
        AddressInsert::UserNotFound => refused(vec![AddAddressError::UserNotFound(UserNotFoundError::new())]),
    })
}

fn refused(errors: Vec<AddAddressError>) -> AddAddressPayload {
    AddAddressPayload { address: None, errors }
}
