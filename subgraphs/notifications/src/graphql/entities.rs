//! Notifications, webhooks and users as other subgraphs refer to them.

use async_graphql::{Context, ID, Object};
use kit::{Caller, Entity, GlobalId, Result, request_data};

use super::{loaders::Loaders, notification::Notification, user::User, webhook::Webhook};
use crate::{NotificationId, UserId, WebhookId};

/// The entity resolvers.
#[derive(Default)]
pub struct NotificationEntities;

/// The entity resolvers.
#[Object]
impl NotificationEntities {
    /// A notification by id, for its user and administrators.
    #[graphql(entity)]
    async fn notification_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Notification> {
        Entity::find(async { find_notification(context, NotificationId::parse_global(&id)?).await }).await
    }

    /// A webhook by id, for its user and administrators.
    #[graphql(entity)]
    async fn webhook_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Webhook> {
        Entity::find(async { find_webhook(context, WebhookId::parse_global(&id)?).await }).await
    }

    /// A user by id; users itself knows whether there is one.
    #[graphql(entity)]
    async fn user_by_id(&self, id: ID) -> Entity<User> {
        Entity::find(async { Ok(Some(User { id: UserId::parse_global(&id)? })) }).await
    }
}

/// The notification with this id, if it is in its inbox, for its user and administrators.
pub(super) async fn find_notification(context: &Context<'_>, id: NotificationId) -> Result<Option<Notification>> {
    let caller = Caller::from_context(context)?;
    let Some(row) = request_data::<Loaders>(context)?.notifications.load(id).await? else {
        return Ok(None);
    };
    caller.require_owner(UserId::from_uuid(row.user_id))?;
    Ok(Some(Notification(row)))
}

/// The webhook with this id, for its user and administrators.
pub(super) async fn find_webhook(context: &Context<'_>, id: WebhookId) -> Result<Option<Webhook>> {
    let caller = Caller::from_context(context)?;
    let Some(row) = request_data::<Loaders>(context)?.webhooks.load(id).await? else {
        return Ok(None);
    };
    caller.require_owner(UserId::from_uuid(row.user_id))?;
    Ok(Some(Webhook(row)))
}
