//! `removeWebhook`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, GlobalId, Result, database::Freshness, recent_writers::Reader, request_data};

use super::super::{errors::WebhookNotFoundError, loaders::Loaders};
use crate::{
    UserId, WebhookId,
    store::{self, NotificationStore},
};

/// The mutation.
#[derive(Default)]
pub struct RemoveWebhook;

/// The mutation.
#[Object]
impl RemoveWebhook {
    /// Removes a webhook and what was still to be told to it: the caller's own, or anybody's for administrators.
    async fn remove_webhook(
        &self,
        context: &Context<'_>,
        input: RemoveWebhookInput,
    ) -> Result<Option<RemoveWebhookPayload>> {
        remove(context, input.webhook_id).await.map(Some)
    }
}

async fn remove(context: &Context<'_>, id: WebhookId) -> Result<RemoveWebhookPayload> {
    let Some(owner) = owner(context, id).await? else { return Ok(RemoveWebhookPayload::refused(id)) };
    let removed = request_data::<NotificationStore>(context)?
        .database
        .unit(async |connection| {
            store::lock_in_txn(connection, owner.uuid()).await?;
            store::webhook_remove_in_txn(connection, owner.uuid(), id.uuid()).await
        })
        .await?;
    written(context, id, owner).await?;
    // Somebody else may have been faster.
    Ok(if removed {
        RemoveWebhookPayload { webhook_id: Some(id), errors: Vec::new() }
    } else {
        RemoveWebhookPayload::refused(id)
    })
}

/// Whose webhook it is, for who may change it; `None` for others, who aren't told that there is one.
pub(super) async fn owner(context: &Context<'_>, id: WebhookId) -> Result<Option<UserId>> {
    let caller = Caller::from_context(context)?;
    caller.require_user::<UserId>()?;
    let store = request_data::<NotificationStore>(context)?;
    let row = store.webhook_list_by_id(&[id.uuid()], Freshness::Latest).await?.pop();
    Ok(row.map(|row| UserId::from_uuid(row.user_id)).filter(|owner| caller.may_read(*owner)))
}

/// A webhook was written: what this request has read of it is outdated, and the caller reads after it.
pub(super) async fn written(context: &Context<'_>, id: WebhookId, owner: UserId) -> Result<()> {
    Reader::from_context(context)?.wrote().await;
    let loaders = request_data::<Loaders>(context)?;
    loaders.webhooks.clear(id).await;
    loaders.webhooks_by_user.clear(owner).await;
    Ok(())
}

/// Which webhook.
#[derive(InputObject)]
pub struct RemoveWebhookInput {
    /// Its id.
    webhook_id: WebhookId,
}

/// What `removeWebhook` did.
#[derive(SimpleObject)]
pub struct RemoveWebhookPayload {
    /// The id of the webhook that is gone; null when it was refused.
    webhook_id: Option<WebhookId>,
    /// Why it was refused.
    errors: Vec<RemoveWebhookError>,
}

impl RemoveWebhookPayload {
    fn refused(id: WebhookId) -> Self {
        Self { webhook_id: None, errors: vec![RemoveWebhookError::NotFound(WebhookNotFoundError::new(id))] }
    }
}

/// Why a webhook was not removed.
#[derive(Union)]
pub enum RemoveWebhookError {
    /// There is no such webhook.
    NotFound(WebhookNotFoundError),
}
