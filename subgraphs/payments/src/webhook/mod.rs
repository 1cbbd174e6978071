//! What a provider tells of its own accord: webhooks as Stripe sends them.
//!
//! ```text
//! POST → size · signature · age → [ inbox row · job ] in one transaction → 200 → the job asks the provider how things stand
//! ```
//!
//! Whoever can reach the endpoint can post to it, so nothing is looked at before its signature holds, and nothing but names of
//! objects is taken from what holds.

mod event;
mod receive;
mod route;
pub mod signature;
#[cfg(test)]
mod tests;

pub use receive::{Received, WebhookError, Webhooks};
pub use route::{PATH, router};
pub use signature::{Secret, SignatureError};
