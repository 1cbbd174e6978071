//! `type Mutation`: reading, and webhooks. One file a mutation.

mod enable_webhook;
mod mark_all_notifications_read;
mod mark_notifications_read;
mod register_webhook;
mod remove_webhook;

use async_graphql::MergedObject;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    mark_notifications_read::MarkNotificationsRead,
    mark_all_notifications_read::MarkAllNotificationsRead,
    register_webhook::RegisterWebhook,
    remove_webhook::RemoveWebhook,
    enable_webhook::EnableWebhook,
);
