//! `enableWebhook`.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{GlobalId, Result, request_data};

use super::{
    super::{errors::WebhookNotFoundError, webhook::Webhook},
    remove_webhook::{owner, written},
};
use crate::{
    WebhookId,
    store::{self, NotificationStore},
};

/// The mutation.
#[derive(Default)]
pub struct EnableWebhook;

/// The mutation.
#[Object]
impl EnableWebhook {
    /// Has a webhook called again that was switched off, and forgets its failures: the caller's own, or anybody's for
    /// administrators. What it missed isn't told again.
    async fn enable_webhook(
        &self,
        context: &Context<'_>,
        input: EnableWebhookInput,
    ) -> Result<Option<EnableWebhookPayload>> {
        enable(context, input.webhook_id).await.map(Some)
    }
}

async fn enable(context: &Context<'_>, id: WebhookId) -> Result<EnableWebhookPayload> {
    let Some(owner) = owner(context, id).await? else { return Ok(EnableWebhookPayload::new(id, None)) };
    let enabled = request_data::<NotificationStore>(context)?
        .database
        .unit(async |connection| {
            store::lock_in_txn(connection, owner.uuid()).await?;
            store::webhook_enable_in_txn(connection, owner.uuid(), id.uuid()).await
        })
        .await?;
    written(context, id, owner).await?;
    Ok(EnableWebhookPayload::new(id, enabled.map(|row| Webhook(Arc::new(row)))))
}

/// Which webhook.
#[derive(InputObject)]
pub struct EnableWebhookInput {
    /// Its id.
    webhook_id: WebhookId,
}

/// What `enableWebhook` did.
#[derive(SimpleObject)]
pub struct EnableWebhookPayload {
    /// The webhook; null when it was refused.
    webhook: Option<Webhook>,
    /// Why it was refused.
    errors: Vec<EnableWebhookError>,
}

impl EnableWebhookPayload {
    fn new(id: WebhookId, webhook: Option<Webhook>) -> Self {
        let refusal = || EnableWebhookError::NotFound(WebhookNotFoundError::new(id));
        let errors = if webhook.is_some() { Vec::new() } else { vec![refusal()] };
        Self { webhook, errors }
    }
}

/// Why a webhook was not switched on.
#[derive(Union)]
pub enum EnableWebhookError {
    /// There is no such webhook.
    NotFound(WebhookNotFoundError),
}
