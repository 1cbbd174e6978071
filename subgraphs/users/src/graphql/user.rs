//! `User`.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use kit::{Caller, Result, count_rows, request_data};

use super::address::AddressObject;
use crate::{
    domain::{User, UserId},
    loaders::AddressLoader,
};

/// A user, as the graph shows it.
pub struct UserObject(pub User);

/// A person with an account.
#[Object(name = "User")]
impl UserObject {
    /// The user's id.
    async fn id(&self) -> UserId {
        self.0.id
    }

    /// The user's name, as others see it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The user's email address; for the user and administrators.
    async fn email(&self, context: &Context<'_>) -> Result<Option<&str>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        Ok(Some(&self.0.email))
    }

    /// The user's language, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// The user's addresses, the oldest first, at most 20; for the user and
    /// administrators.
    async fn addresses(&self, context: &Context<'_>) -> Result<Option<Vec<AddressObject>>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        let loader = request_data::<AddressLoader>(context)?;
        let addresses = loader.load(self.0.id).await?.unwrap_or_default();
        count_rows(context, addresses.len())?;
        Ok(Some(addresses.into_iter().map(AddressObject).collect()))
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
