//! Stock: how many pieces there are. It keeps nothing in caches.

use std::future::ready;
use std::sync::Arc;

use futures::TryFutureExt as _;
use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::seed::{Seed, SeedSize};
use kit::{Access, Database, Subgraph, Workers};
use wire::bus::Bus;

use super::Service;
use crate::failure::Failure;
use crate::shop::parts::{Parts, Surroundings};
use crate::shop::resources::Resources;
use crate::shop::seeding::kept_nothing;

/// See the module.
pub struct Stock;

impl Parts for Stock {
    fn name(&self) -> &'static str {
        stock::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4004/graphql"
    }

    fn sdl(&self) -> String {
        stock::sdl()
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(stock::MIGRATIONS))
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        Ok(stock::subgraph(&around.resources.reads(Service::Stock), access))
    }

    fn workers<'a>(
        &self,
        around: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        Box::pin(ready(Ok(stock::workers(&around.resources.database, bus))))
    }

    fn seed<'a>(&self, resources: &'a Resources, seed: Seed<'a>) -> LocalBoxFuture<'a, Result<u64, String>> {
        Box::pin(stock::seed(&resources.database, seed).map_err(kept_nothing))
    }

    fn seeded_rows(&self, size: SeedSize) -> u64 {
        size.products()
    }
}
