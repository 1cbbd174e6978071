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

/// The notification with this id, if it is in its inbox, for its user and administrators. To other users it is as if there were none.
pub(super) async fn find_notification(context: &Context<'_>, id: NotificationId) -> Result<Option<Notification>> {
    let caller = Caller::from_context(context)?;
    caller.require_any_user()?;
    let row = request_data::<Loaders>(context)?.notifications.load(id).await?;
    Ok(row.filter(|row| caller.may_read(UserId::from_uuid(row.user_id))).map(Notification))
}

/// The webhook with this id, for its user and administrators. To other users it is as if there were none.
pub(super) async fn find_webhook(context: &Context<'_>, id: WebhookId) -> Result<Option<Webhook>> {
    let caller = Caller::from_context(context)?;
    caller.require_any_user()?;
    let row = request_data::<Loaders>(context)?.webhooks.load(id).await?;
    Ok(row.filter(|row| caller.may_read(UserId::from_uuid(row.user_id))).map(Webhook))
}
