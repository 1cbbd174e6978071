//! The refusals of notifications, as typed errors of mutation payloads.

use async_graphql::SimpleObject;

use crate::{NotificationId, WebhookId, domain::InvalidWebhookUrl, store::WEBHOOKS_MAX};

/// Notifications of one mutation: a page.
pub const NOTIFICATIONS_MAX: usize = 100;

/// There is no notification with the id, or it isn't the caller's.
#[derive(SimpleObject)]
pub struct NotificationNotFoundError {
    /// What is wrong.
    message: String,
    /// The id that names none.
    notification_id: NotificationId,
}

impl NotificationNotFoundError {
    pub(super) fn new(notification_id: NotificationId) -> Self {
        Self { message: "There is no such notification".to_owned(), notification_id }
    }
}

/// The mutation names no notification, or too many.
#[derive(SimpleObject)]
pub struct InvalidNotificationListError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl InvalidNotificationListError {
    pub(super) fn new() -> Self {
        Self { message: format!("Name 1 to {NOTIFICATIONS_MAX} notifications"), field: "notificationIds".to_owned() }
    }
}

/// The user is gone, and the inbox with it.
#[derive(SimpleObject)]
pub struct InboxClosedError {
    /// What is wrong.
    message: String,
}

impl InboxClosedError {
    pub(super) fn new() -> Self {
        Self { message: "The user is gone".to_owned() }
    }
}

/// The address can't be called.
#[derive(SimpleObject)]
pub struct InvalidWebhookError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidWebhookUrl> for InvalidWebhookError {
    fn from(invalid: InvalidWebhookUrl) -> Self {
        Self { message: format!("The address {invalid}"), field: "url".to_owned() }
    }
}

/// The user has as many webhooks as there may be.
#[derive(SimpleObject)]
pub struct TooManyWebhooksError {
    /// What is wrong.
    message: String,
    /// How many there may be.
    webhooks_max: i32,
}

impl TooManyWebhooksError {
    pub(super) fn new() -> Self {
        let message = format!("A user has at most {WEBHOOKS_MAX} webhooks");
        Self { message, webhooks_max: i32::try_from(WEBHOOKS_MAX).unwrap_or(i32::MAX) }
    }
}

/// There is no webhook with the id, or it isn't the caller's.
#[derive(SimpleObject)]
pub struct WebhookNotFoundError {
    /// What is wrong.
    message: String,
    /// The id that names none.
    webhook_id: WebhookId,
}

impl WebhookNotFoundError {
    pub(super) fn new(webhook_id: WebhookId) -> Self {
        Self { message: "There is no such webhook".to_owned(), webhook_id }
    }
}
