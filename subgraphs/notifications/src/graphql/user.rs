//! What notifications add to `type User`.

use async_graphql::{Context, Object};
use kit::{Caller, Connection, PageRequest, Result, count_rows, request_data};

use super::{NEWEST_FIRST, loaders::Loaders, notification::Notification, webhook::Webhook};
use crate::{UserId, store::Filter};

/// A user, known here by key only.
pub struct User {
    /// The key.
    pub id: UserId,
}

// Users describes the type and its key.
#[Object]
impl User {
    async fn id(&self) -> UserId {
        self.id
    }

    /// What the user was told in the shop, newest first. For the user and administrators.
    async fn notifications(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only what isn't read.", default = false)] unread_only: bool,
    ) -> Result<Option<Connection<Notification>>> {
        Caller::from_context(context)?.require_owner(self.id)?;
        let page = PageRequest::parse(first, after, last, before, NEWEST_FIRST)?;
        let filter = if unread_only { Filter::Unread } else { Filter::All };
        let rows = request_data::<Loaders>(context)?.pages.load((self.id, filter, page.clone())).await?;
        let notifications = rows.iter().flat_map(|rows| rows.iter()).cloned().map(Notification).collect();
        page.connection(notifications, Notification::position).map(Some)
    }

    /// How much of it isn't read. For the user and administrators.
    async fn unread_notification_count(&self, context: &Context<'_>) -> Result<Option<i32>> {
        Caller::from_context(context)?.require_owner(self.id)?;
        let count = request_data::<Loaders>(context)?.unread.load(self.id).await?.unwrap_or(0);
        Ok(Some(i32::try_from(count).unwrap_or(i32::MAX)))
    }

    /// The user's own programs that are called, oldest first, at most ten. For the user and administrators.
    async fn webhooks(&self, context: &Context<'_>) -> Result<Option<Vec<Webhook>>> {
        Caller::from_context(context)?.require_owner(self.id)?;
        let rows = request_data::<Loaders>(context)?.webhooks_by_user.load(self.id).await?;
        let webhooks: Vec<Webhook> = rows.iter().flat_map(|rows| rows.iter()).cloned().map(Webhook).collect();
        count_rows(context, webhooks.len())?;
        Ok(Some(webhooks))
    }
}
