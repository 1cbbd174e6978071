//! The notifications subgraph: users are told of what happens to their orders, payments and accounts, in the shop's inbox, by mail,
//! by webhook and on their telephones, each as they wish and each once.
//!
//! ```text
//! events → intake → notification ─ job → plan → inbox
//!                                          └→ deliveries ─ jobs → mail · webhook · push → events
//! ```
//!
//! An inbox is its user's or an administrator's, on every way to it. It must never see another domain's crate: orders and users
//! appear here as entities with a key, and what users wish comes by [`contacts::Contacts`].

mod config;
pub mod contacts;
pub mod delivery;
pub mod domain;
mod erasure;
mod graphql;
mod intake;
pub mod mail;
pub mod push;
pub mod store;
#[cfg(test)]
mod tests;
pub mod texts;
pub mod webhook;
mod workers;

pub use config::{ConfigError, MailTo, NotificationsConfig};
pub use delivery::{Clock, Ways};
pub use graphql::{sdl, subgraph};
pub use workers::workers;

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "notifications";

/// The schema of the notifications database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/notifications");

kit::global_id!(NotificationId, "Notification");
kit::global_id!(OrderId, "Order");
kit::global_id!(UserId, "User");
kit::global_id!(WebhookId, "Webhook");
