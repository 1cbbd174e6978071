//! Orders. It asks products for prices, and payments for how an order is paid and to give money back; payments ask it whose an order is.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use futures::TryFutureExt as _;
use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::projection::Projection;
use kit::seed::{Seed, SeedSize};
use kit::{Access, Database, Subgraph, Workers};
use orders::catalogue::{Catalogue, HttpCatalogue, HttpTransport, InProcessCatalogue, InProcessTransport};
use orders::payments::PaymentsService;
use orders::projection::OrderList;
use wire::bus::Bus;

use super::Service;
use crate::failure::{Failure, chain};
use crate::shop::parts::{Parts, Surroundings};
use crate::shop::peers::Graphql;
use crate::shop::resources::Resources;
use crate::shop::seeding::kept_nothing;

/// What doesn't work without a key.
const LOST: &str = "products tells no prices and no order can be placed, and payments doesn't say how orders are paid";

/// See the module.
pub struct Orders;

impl Parts for Orders {
    fn name(&self) -> &'static str {
        orders::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4003/graphql"
    }

    fn sdl(&self) -> String {
        orders::sdl()
    }

    fn nodes(&self) -> &'static [&'static str] {
        &["Order"]
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(orders::MIGRATIONS))
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        let Surroundings { resources, peers, .. } = around;
        let signer = peers.signer(Service::Orders, LOST)?;
        let catalogue: Arc<dyn Catalogue> = match peers.graphql(Service::Products)? {
            Graphql::Here(products) => {
                Arc::new(InProcessCatalogue::over(InProcessTransport::new(products), Arc::clone(&signer)))
            }
            Graphql::At(url) => {
                let transport = HttpTransport::new(url).map_err(|error| Failure::environment(chain(&error)))?;
                Arc::new(HttpCatalogue::over(transport, Arc::clone(&signer)))
            }
        };
        let payments = Arc::new(PaymentsService::new(peers.client(Service::Orders, Service::Payments, signer)?));
        Ok(orders::subgraph(&resources.reads(Service::Orders), catalogue, payments, resources.objects.clone(), access))
    }

    fn internal_api(&self, database: &Database, access: Access) -> Router {
        orders::internal_api(database, access).router
    }

    fn workers<'a>(
        &self,
        around: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        Box::pin(ready(workers(around.resources, bus)))
    }

    fn projections(&self) -> Vec<Arc<dyn Projection>> {
        vec![Arc::new(OrderList)]
    }

    fn seed<'a>(&self, resources: &'a Resources, seed: Seed<'a>) -> LocalBoxFuture<'a, Result<u64, String>> {
        Box::pin(orders::seed(&resources.database, seed).map_err(kept_nothing))
    }

    fn seeded_rows(&self, size: SeedSize) -> u64 {
        // What has happened to an order that was delivered.
        size.orders() * 6
    }
}

fn workers(resources: &Resources, bus: &Arc<dyn Bus>) -> Result<Workers, Failure> {
    let database = &resources.database;
    let workers = orders::workers(database, bus).map_err(|error| Failure::environment(chain(&error)))?;
    let workers = match &resources.objects {
        Some(objects) => workers.with(orders::jobs(database, objects)),
        None => {
            tracing::warn!("the services' file names no `objects`: invoices and exports wait");
            workers
        }
    };
    Ok(orders::tell_caches(workers, &resources.reads(Service::Orders), bus))
}
