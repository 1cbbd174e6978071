//! `type Webhook` as clients see it.

use std::sync::Arc;

use async_graphql::Object;
use chrono::{DateTime, Utc};
use kit::GlobalId;

use crate::{WebhookId, store::WebhookRow};

/// A webhook. Whoever makes one of these has checked that the caller may read it.
#[derive(Clone)]
pub struct Webhook(pub Arc<WebhookRow>);

/// An address of a user's own program, called when the user is told something: a signed `POST`, as the Standard Webhooks
/// specification says.
#[Object]
impl Webhook {
    /// Its global id.
    async fn id(&self) -> WebhookId {
        WebhookId::from_uuid(self.0.id)
    }

    /// What is called.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Since when there is one.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Since when every call has failed; null if the last one succeeded.
    async fn failing_since(&self) -> Option<DateTime<Utc>> {
        self.0.failing_since
    }

    /// Since when it is called no more, since it failed for days or said that it is gone; null while it is called.
    async fn disabled_at(&self) -> Option<DateTime<Utc>> {
        self.0.disabled_at
    }
}
