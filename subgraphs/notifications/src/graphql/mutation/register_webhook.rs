//! `registerWebhook`.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Error, GlobalId, Result, recent_writers::Reader, request_data};

use super::super::{
    errors::{InboxClosedError, InvalidWebhookError, TooManyWebhooksError},
    webhook::Webhook,
};
use crate::{
    UserId,
    domain::{WebhookUrl, webhook_url::Reach},
    store::{self, NotificationStore, Standing, StoreError, WebhookRow},
    webhook::SigningKey,
};

/// The mutation.
#[derive(Default)]
pub struct RegisterWebhook;

/// The mutation.
#[Object]
impl RegisterWebhook {
    /// Has a program of the caller's own called from now on, when the caller's preferences ask for it. Its secret is shown here and
    /// never again.
    async fn register_webhook(
        &self,
        context: &Context<'_>,
        input: RegisterWebhookInput,
    ) -> Result<Option<RegisterWebhookPayload>> {
        register(context, &input).await.map(Some)
    }
}

async fn register(context: &Context<'_>, input: &RegisterWebhookInput) -> Result<RegisterWebhookPayload> {
    let user = Caller::from_context(context)?.require_user::<UserId>()?.uuid();
    let url = match WebhookUrl::parse(&input.url, *request_data::<Reach>(context)?) {
        Ok(url) => url,
        Err(invalid) => return Ok(RegisterWebhookPayload::refused(RegisterWebhookError::Invalid(invalid.into()))),
    };
    let key = SigningKey::generate().ok_or_else(|| Error::internal("no randomness"))?;
    let (url, secret) = (url.url().as_str(), key.as_bytes());
    let registered = request_data::<NotificationStore>(context)?
        .database
        .unit(async |connection| {
            if store::lock_in_txn(connection, user).await? == Standing::Erased {
                return Ok(Err(RegisterWebhookError::Closed(InboxClosedError::new())));
            }
            let inserted: Option<WebhookRow> = store::webhook_insert_in_txn(connection, user, url, secret).await?;
            Ok::<_, StoreError>(inserted.ok_or_else(|| RegisterWebhookError::TooMany(TooManyWebhooksError::new())))
        })
        .await?;
    Ok(match registered {
        Ok(row) => {
            Reader::from_context(context)?.wrote().await;
            let webhook = Some(Webhook(Arc::new(row)));
            RegisterWebhookPayload { webhook, secret: Some(key.shown()), errors: Vec::new() }
        }
        Err(error) => RegisterWebhookPayload::refused(error),
    })
}

/// What to call.
#[derive(InputObject)]
pub struct RegisterWebhookInput {
    /// Its address: HTTPS, on the public Internet, at most 2,048 bytes.
    url: String,
}

/// What `registerWebhook` did.
#[derive(SimpleObject)]
pub struct RegisterWebhookPayload {
    /// The webhook; null when it was refused.
    webhook: Option<Webhook>,
    /// By what its calls are signed: `whsec_` and Base64. Shown once.
    secret: Option<String>,
    /// Why it was refused.
    errors: Vec<RegisterWebhookError>,
}

impl RegisterWebhookPayload {
    fn refused(error: RegisterWebhookError) -> Self {
        Self { webhook: None, secret: None, errors: vec![error] }
    }
}

/// Why a webhook was not registered.
#[derive(Union)]
pub enum RegisterWebhookError {
    /// The address can't be called.
    Invalid(InvalidWebhookError),
    /// There are too many.
    TooMany(TooManyWebhooksError),
    /// The user is gone.
    Closed(InboxClosedError),
}
