//! Opens the whole shop in this process: databases made and migrated, data loaded, subgraphs and supergraph composed.

use std::sync::Arc;

use composition::SubgraphInput;
use futures::future::try_join_all;
use indexmap::IndexMap;
use kit::{Database, Subgraph};
use orders::catalogue::{InProcessCatalogue, InProcessTransport};

use super::databases::ServerUrl;
use super::keys::Keys;
use super::seeding::{self, SeedChoice};
use super::{Service, services};
use crate::compose;
use crate::failure::Failure;
use crate::live::Loaded;

/// What reports call the shop's supergraph.
const PLACE: &str = "the composed supergraph";

/// The shop, ready to be served.
pub struct Shop {
    /// The supergraph over all services.
    pub supergraph: Loaded,
    /// The services by name.
    pub subgraphs: IndexMap<&'static str, Subgraph>,
    /// Their databases by name.
    pub databases: IndexMap<&'static str, Database>,
}

/// Opens it. A second time everything is there already, and kept.
pub async fn open(server: &ServerUrl, keys: &Keys, seed: SeedChoice) -> Result<Shop, Failure> {
    server.create_missing().await?;
    let databases = try_join_all(Service::ALL.map(|service| migrated(service, server))).await?;
    if let Some(size) = seed.size() {
        // One after the other: one bar at a time, and the disk is the limit anyway.
        for (service, database) in Service::ALL.into_iter().zip(&databases) {
            let rows = seeding::seed(service, database, size).await?;
            if rows > 0 {
                tracing::info!(service = service.name(), rows, "demonstration data loaded");
            }
        }
    }
    let by_name = Service::ALL.map(Service::name).into_iter().zip(databases.iter().cloned()).collect();
    let [users, products, orders]: [Database; 3] =
        databases.try_into().map_err(|_| Failure::environment("not every service has a database"))?;
    let subgraphs = subgraphs(users, products, orders, keys)?;
    let sdl = compose::compose(inputs(subgraphs.values()))?;
    let supergraph =
        Loaded { supergraph: compose::supergraph(&sdl, PLACE)?, schemas: compose::subgraph_schemas(&sdl, PLACE)? };
    Ok(Shop { supergraph, subgraphs, databases: by_name })
}

async fn migrated(service: Service, server: &ServerUrl) -> Result<Database, Failure> {
    let database = services::open(service, &server.database(service)).await?;
    services::migrate(service, &database).await?;
    Ok(database)
}

/// The three subgraphs, by name.
pub(super) fn subgraphs(
    users: Database,
    products: Database,
    orders: Database,
    keys: &Keys,
) -> Result<IndexMap<&'static str, Subgraph>, Failure> {
    let access = keys.access();
    let products = services::products(products, access.clone());
    let transport = InProcessTransport::new(products.clone());
    let catalogue = InProcessCatalogue::over(transport, Arc::new(keys.orders.signer()?));
    Ok(IndexMap::from([
        (Service::Users.name(), services::users(users, access.clone())),
        (Service::Products.name(), products),
        (Service::Orders.name(), services::orders(orders, Arc::new(catalogue), access)),
    ]))
}

/// What composition takes: the same as `schema/supergraph.yaml` names.
pub fn inputs<'a>(subgraphs: impl Iterator<Item = &'a Subgraph>) -> Vec<SubgraphInput> {
    Service::ALL
        .into_iter()
        .zip(subgraphs)
        .map(|(service, subgraph)| SubgraphInput {
            name: service.name().to_owned(),
            url: service.routing_url().to_owned(),
            sdl: subgraph.sdl().to_owned(),
        })
        .collect()
}
