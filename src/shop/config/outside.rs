//! What else is outside: the other services, who moves the money.

use serde::Deserialize;
use url::Url;

use super::Secret;

use crate::failure::Failure;
use crate::shop::Service;

/// Where services ask each other, each by its own address. What is left out is where `schema/supergraph.yaml` has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeersConfig {
    users: Option<Url>,
    products: Option<Url>,
    orders: Option<Url>,
    payments: Option<Url>,
}

impl PeersConfig {
    /// Where a service is.
    pub fn url(&self, service: Service) -> Result<Url, Failure> {
        let given = match service {
            Service::Users => &self.users,
            Service::Products => &self.products,
            Service::Orders => &self.orders,
            Service::Payments => &self.payments,
            // Nobody asks the others.
            _ => &None,
        };
        let default = || Url::parse(service.parts().routing_url()).and_then(|url| url.join("/"));
        given.clone().map_or_else(default, Ok).map_err(Failure::environment)
    }
}

/// Who moves the money.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PaymentsConfig {
    /// Nobody: a provider that only plays it.
    Test,
    /// Stripe, or what behaves like it.
    Stripe {
        /// Where it is: `https://api.stripe.com/`.
        url: Url,
        /// The secret key.
        secret_key: Secret,
        /// The secrets of its webhooks: several while one takes another's place.
        webhook_secrets: Vec<Secret>,
    },
}
