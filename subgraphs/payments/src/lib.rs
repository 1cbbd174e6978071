//! The payments subgraph: money is kept, taken, given back and fought over, by a provider, exactly once.
//!
//! A payment is made of its events ([`domain`]); the ledger ([`ledger`]) books what they moved in the transaction that appends
//! them. Nobody here asks a provider ([`provider`]) but jobs ([`settling`]), so that whatever dies, a question is asked again under
//! its key until it has an answer. Whose an order is it asks by [`orders::Orders`]. It must never see another domain's crate, keep a
//! means of payment in its tables longer than its authorisation takes, or believe a webhook more than that something has happened.
//!
//! The command that brings a means of payment outlasts that: it lies on the bus, in `payments/commands`, for as long as the bus
//! keeps messages, and as a dead letter, if it can't be handled, until somebody purges it. What it holds is the provider's token,
//! by which nobody is paid but us, and by whoever has our secret key.

pub mod caches;
mod commands;
pub mod counter;
pub mod desk;
pub mod domain;
mod graphql;
mod internal;
pub mod ledger;
pub mod orders;
pub mod projection;
pub mod provider;
mod replies;
mod schema;
pub mod settling;
pub mod story;
#[cfg(test)]
mod tests;
pub mod webhook;
mod workers;

pub use caches::tell_caches;
pub use graphql::{sdl, subgraph};
pub use internal::{PaymentList, PaymentView, RefundBody, RefundView, internal_api};
pub use workers::{with_deliveries, workers};

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "payments";

/// The schema of the payments database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/payments");

kit::global_id!(PaymentId, "Payment");
kit::global_id!(RefundId, "Refund");
kit::global_id!(OrderId, "Order");
kit::global_id!(UserId, "User");
kit::global_id!(ChargebackId, "Chargeback");
kit::global_id!(LedgerTransactionId, "LedgerTransaction");
