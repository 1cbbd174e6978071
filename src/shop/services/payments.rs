//! Payments. It asks orders whose an order is, is asked by orders how one is paid, and told by the provider what has happened to money.

use std::sync::Arc;

use axum::Router;
use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::internal::InternalConfig;
use kit::projection::Projection;
use kit::{Access, Database, Subgraph, Workers};
use payments::orders::OrdersService;
use payments::projection::PaymentList;
use payments::webhook::Webhooks;
use wire::bus::Bus;

use super::Service;
use crate::failure::{Failure, chain};
use crate::shop::config::ServicesConfig;
use crate::shop::outside::{Provider, webhook_secrets};
use crate::shop::parts::{Parts, Surroundings};

/// What doesn't work without a key.
const LOST: &str = "orders doesn't say whose an order is, and nothing can be paid for one by hand";

/// See the module.
pub struct Payments;

impl Parts for Payments {
    fn name(&self) -> &'static str {
        payments::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4005/graphql"
    }

    fn sdl(&self) -> String {
        payments::sdl()
    }

    fn nodes(&self) -> &'static [&'static str] {
        &["Payment"]
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(payments::MIGRATIONS))
    }

    fn check(&self, config: &ServicesConfig) -> Result<(), Failure> {
        config.payments().map(|_| ())
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        let Surroundings { resources, peers, .. } = around;
        let signer = peers.signer(Service::Payments, LOST)?;
        let orders = Arc::new(OrdersService::new(peers.client(Service::Payments, Service::Orders, signer)?));
        Ok(payments::subgraph(&resources.reads(Service::Payments), orders, access))
    }

    fn internal_api(&self, database: &Database, access: Access) -> Router {
        payments::internal_api(database, access, InternalConfig::default()).router
    }

    fn routes(&self, database: &Database, config: &ServicesConfig, access: Access) -> Result<Router, Failure> {
        let webhooks = Webhooks::new(database.clone(), webhook_secrets(config.payments()?));
        Ok(self.internal_api(database, access).merge(payments::webhook::router(webhooks)))
    }

    fn workers<'a>(
        &self,
        around: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        Box::pin(workers(around, bus))
    }

    fn projections(&self) -> Vec<Arc<dyn Projection>> {
        vec![Arc::new(PaymentList)]
    }
}

async fn workers(around: Surroundings<'_>, bus: &Arc<dyn Bus>) -> Result<Workers, Failure> {
    let Surroundings { resources, config, .. } = around;
    let (database, config) = (&resources.database, config.payments()?);
    let provider = Provider::open(config, database).await?;
    let workers = payments::workers(database, bus, &provider.provider());
    let workers = workers.map_err(|error| Failure::environment(chain(&error)))?;
    let workers = match (&provider, webhook_secrets(config).as_slice()) {
        (Provider::Test(provider), [secret, ..]) => {
            let webhooks = Webhooks::new(database.clone(), vec![secret.clone()]);
            payments::with_deliveries(workers, provider, &webhooks, secret)
        }
        _ => workers,
    };
    Ok(payments::tell_caches(workers, &resources.reads(Service::Payments), bus))
}
