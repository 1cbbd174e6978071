//! Whom orders asks at once: products for prices, payments for how an order is paid and to give money back.

use std::sync::Arc;

use axum::Router;
use kit::internal::{CallError, ClientConfig, InternalClient, InternalConfig};
use kit::{Access, Subgraph};
use orders::catalogue::{Catalogue, HttpCatalogue, HttpTransport, InProcessCatalogue, InProcessTransport};
use orders::payments::{Payments, PaymentsService};
use url::Url;

use super::config::ServicesConfig;
use super::keys::Keys;
use super::resources::Resources;
use super::{Service, split};
use crate::commands::trust::SigningKeys;
use crate::failure::{Failure, chain};

/// Whom orders asks.
pub struct OrdersPeers {
    /// What things cost.
    pub catalogue: Arc<dyn Catalogue>,
    /// How orders are paid.
    pub payments: Arc<dyn Payments>,
}

impl OrdersPeers {
    /// Services that are in this process.
    pub fn in_process(products: &Subgraph, payments: &Resources, keys: &Keys) -> Result<Self, Failure> {
        let access = keys.access();
        let signer = Arc::new(keys.of(Service::Orders)?.signer()?);
        let transport = InProcessTransport::new(products.clone());
        let catalogue = InProcessCatalogue::over(transport, Arc::clone(&signer));
        let router = payments_api(payments, access);
        let client = InternalClient::in_process(router, Service::Orders.name(), signer, ClientConfig::default());
        Ok(Self { catalogue: Arc::new(catalogue), payments: Arc::new(PaymentsService::new(client)) })
    }

    /// Services that are reached over the network; prices at `catalogue` where that is given.
    pub fn split(config: &ServicesConfig, keys: &SigningKeys, catalogue: Option<Url>) -> Result<Self, Failure> {
        let lost = "products tells no prices and no order can be placed, and payments doesn't say how orders are paid";
        let signer = keys.signer(Service::Orders, lost)?;
        let prices = catalogue.map_or_else(|| split::graphql_url(config, Service::Products), Ok)?;
        let transport = HttpTransport::new(prices).map_err(|error| Failure::environment(chain(&error)))?;
        let catalogue = HttpCatalogue::over(transport, Arc::clone(&signer));
        let origin = config.peers.url(Service::Payments)?;
        let client = InternalClient::over_http(origin, Service::Orders.name(), signer, ClientConfig::default());
        let client = client.map_err(|error: CallError| Failure::environment(chain(&error)))?;
        Ok(Self { catalogue: Arc::new(catalogue), payments: Arc::new(PaymentsService::new(client)) })
    }
}

fn payments_api(payments: &Resources, access: Access) -> Router {
    payments::internal_api(&payments.database, access, InternalConfig::default()).router
}
