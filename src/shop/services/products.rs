//! Products: the catalogue, in its database or in MongoDB. Orders ask its subgraph for prices.

use std::future::ready;
use std::sync::Arc;

use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::seed::{Seed, SeedSize};
use kit::{Access, Database, Subgraph, Workers};
use wire::bus::Bus;

use super::Service;
use crate::failure::Failure;
use crate::shop::parts::{Parts, Surroundings};
use crate::shop::resources::Resources;

/// See the module.
pub struct Products;

impl Parts for Products {
    fn name(&self) -> &'static str {
        products::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4002/graphql"
    }

    fn sdl(&self) -> String {
        products::sdl()
    }

    fn nodes(&self) -> &'static [&'static str] {
        &["Page", "Product", "ProductVariant"]
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(products::MIGRATIONS))
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        let resources = around.resources;
        let store = resources.catalogue.store(resources.database.clone());
        Ok(products::subgraph(store, &resources.reads(Service::Products), access))
    }

    fn workers<'a>(
        &self,
        Surroundings { resources, .. }: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        let workers = resources.catalogue.workers(&resources.database, bus);
        Box::pin(ready(Ok(products::tell_caches(workers, &resources.reads(Service::Products), bus))))
    }

    fn seed<'a>(&self, resources: &'a Resources, seed: Seed<'a>) -> LocalBoxFuture<'a, Result<u64, String>> {
        Box::pin(resources.catalogue.seed(&resources.database, seed))
    }

    fn seeded_rows(&self, size: SeedSize) -> u64 {
        size.products()
    }
}
