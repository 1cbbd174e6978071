//! A provider with Stripe's API: PaymentIntents that are captured by hand, refunds and disputes.
//!
//! <https://docs.stripe.com/api>. Requests are forms, answers JSON; the key goes as `Idempotency-Key`, which Stripe remembers for
//! at least 24 hours together with the answer, and the API's version is pinned, so that answers keep their shape.
//! No number of a card ever comes here: means of payment are tokens that the client got from Stripe itself.

mod answer;
mod calls;
mod client;
mod objects;
#[cfg(test)]
mod tests;

use wire::id::{PaymentId, RefundId};
use wire::money::Money;

use self::client::Client;
use super::{Asked, Authorisation, Authorise, Capture, PaymentProvider, Refund, Refunding, Standing, Void};
use crate::domain::outcome::Disputed;

pub use client::StripeConfig;

/// The version of the API that is spoken.
pub const API_VERSION: &str = "2025-09-30.clover";

/// Stripe, or who behaves like it.
pub struct StripeProvider {
    client: Client,
}

impl StripeProvider {
    /// An adapter that asks nobody yet.
    ///
    /// # Errors
    /// The HTTP client can't be set up, for want of root certificates, or the secret key has characters that no header may have.
    pub fn new(config: StripeConfig) -> Result<Self, StripeConfigError> {
        Ok(Self { client: Client::new(config)? })
    }
}

/// Why there is no adapter.
#[derive(Debug, thiserror::Error)]
pub enum StripeConfigError {
    /// The HTTP client can't be set up.
    #[error("the HTTP client can't be set up")]
    Http(#[from] reqwest::Error),
    /// The base URL is no base of others.
    #[error("the provider's URL must be absolute, http or https")]
    Url,
    /// The secret key is no header's value. It isn't shown.
    #[error("the secret key has characters that a header can't have")]
    Key,
}

impl PaymentProvider for StripeProvider {
    fn authorise<'a>(&'a self, key: &'a str, request: &'a Authorise) -> Asked<'a, Authorisation> {
        Box::pin(calls::authorise(&self.client, key, request))
    }

    fn capture<'a>(&'a self, key: &'a str, reference: &'a str, amount: Money) -> Asked<'a, Capture> {
        Box::pin(calls::capture(&self.client, key, reference, amount))
    }

    fn void<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, Void> {
        Box::pin(calls::void(&self.client, key, reference))
    }

    fn refund<'a>(&'a self, key: &'a str, reference: &'a str, request: &'a Refund) -> Asked<'a, Refunding> {
        Box::pin(calls::refund(&self.client, key, reference, request))
    }

    fn find_payment(&self, payment_id: PaymentId) -> Asked<'_, Option<Authorisation>> {
        Box::pin(calls::find_payment(&self.client, payment_id))
    }

    fn find_refund<'a>(&'a self, reference: &'a str, refund_id: RefundId) -> Asked<'a, Option<Refunding>> {
        Box::pin(calls::find_refund(&self.client, reference, refund_id))
    }

    fn payment<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<Standing>> {
        Box::pin(calls::payment(&self.client, reference))
    }

    fn dispute<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<(PaymentId, Disputed)>> {
        Box::pin(calls::dispute(&self.client, reference))
    }
}
