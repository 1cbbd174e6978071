//! `User`.

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use kit::{Caller, Connection, PageRequest, Result, count_rows, request_data};

use super::{
    address::AddressObject,
    audit::{AUDIT_TRAIL, AuditEntryObject},
    block::BlockObject,
    deletion::DeletionObject,
    preferences::PreferencesObject,
};
use crate::{
    domain::{User, UserId},
    loaders::{AddressLoader, AuditLoader, Changes, DeletionLoader, PreferencesLoader},
};

/// A user, as the graph shows it.
pub struct UserObject(pub Arc<User>);

impl From<User> for UserObject {
    fn from(user: User) -> Self {
        Self(Arc::new(user))
    }
}

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

    /// The user's email address, null once the user is erased; for the user and administrators.
    async fn email(&self, context: &Context<'_>) -> Result<Option<&str>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        Ok(self.0.erased_at.is_none().then_some(&self.0.email))
    }

    /// The user's language, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Counts changes of name, email and locale, for `updateProfile`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The user's addresses, the oldest first, at most 20; for the user and
    /// administrators.
    async fn addresses(&self, context: &Context<'_>) -> Result<Option<Vec<AddressObject>>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        let loader = request_data::<AddressLoader>(context)?;
        let found = loader.load(self.0.id).await?;
        let addresses = found.as_ref().map_or(&[][..], |found| &found.0);
        count_rows(context, addresses.len())?;
        Ok(Some(addresses.iter().cloned().map(AddressObject).collect()))
    }

    /// Of what the user wants to be told; for the user and administrators.
    async fn notification_preferences(&self, context: &Context<'_>) -> Result<Option<PreferencesObject>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        let preferences = request_data::<PreferencesLoader>(context)?.load(self.0.id).await?;
        Ok(Some(PreferencesObject(preferences.unwrap_or_default())))
    }

    /// Whether and why the user can't order; for administrators.
    async fn blocked(&self, context: &Context<'_>) -> Result<Option<BlockObject>> {
        Caller::from_context(context)?.require_administrator()?;
        Ok(BlockObject::of(&self.0))
    }

    /// The newest deletion of the account, if one was ever asked for; for the user and administrators.
    async fn deletion(&self, context: &Context<'_>) -> Result<Option<DeletionObject>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        let deletion = request_data::<DeletionLoader>(context)?.load(self.0.id).await?;
        Ok(deletion.map(DeletionObject))
    }

    /// Who did what to the account, the newest first; for the user and administrators.
    async fn audit_trail(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 when nothing is given.")] first: Option<i32>,
        #[graphql(desc = "Only entries behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only entries before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<AuditEntryObject>>> {
        Caller::from_context(context)?.require_owner(self.0.id)?;
        let page = PageRequest::parse(first, after, last, before, AUDIT_TRAIL)?;
        let changes = request_data::<Changes>(context)?.so_far();
        let entries = request_data::<AuditLoader>(context)?.load((self.0.id, page.clone(), changes)).await?;
        let entries = entries.unwrap_or_default().into_iter().map(AuditEntryObject).collect();
        page.connection(entries, |entry: &AuditEntryObject| entry.0.id).map(Some)
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
