//! What a service is made of: all that the program wants of each.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::projection::Projection;
use kit::seed::{Seed, SeedSize};
use kit::{Access, Database, Subgraph, Workers};
use wire::bus::Bus;

use crate::failure::Failure;
use crate::shop::config::ServicesConfig;
use crate::shop::peers::Peers;
use crate::shop::resources::Resources;

/// What a service finds around it in a process.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// What it stands on.
    pub resources: &'a Resources,
    /// What the services' file says.
    pub config: &'a ServicesConfig,
    /// How it reaches others.
    pub peers: Peers<'a>,
}

/// A service's parts. What has a default not every service has.
pub trait Parts {
    /// Its name: the subgraph's, and its database's.
    fn name(&self) -> &'static str;

    /// Where it is reached in the split form on one machine, as `schema/supergraph.yaml` says.
    fn routing_url(&self) -> &'static str;

    /// The contract of its subgraph, which needs nothing to stand on.
    fn sdl(&self) -> String;

    /// The types whose objects it owns: it knows whether there is such an object.
    fn nodes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Brings its database to the newest version of its schema.
    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>>;

    /// Whether the configuration says all that a process of its own must be told for it.
    fn check(&self, _config: &ServicesConfig) -> Result<(), Failure> {
        Ok(())
    }

    /// Its subgraph.
    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure>;

    /// What it answers other services, under `/internal/v1`.
    fn internal_api(&self, _database: &Database, _access: Access) -> Router {
        Router::new()
    }

    /// All that it answers beside GraphQL.
    fn routes(&self, database: &Database, _config: &ServicesConfig, access: Access) -> Result<Router, Failure> {
        Ok(self.internal_api(database, access))
    }

    /// What it does in the background; that includes telling its caches, in all processes, what has changed.
    fn workers<'a>(
        &self,
        around: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>>;

    /// Its read models.
    fn projections(&self) -> Vec<Arc<dyn Projection>> {
        Vec::new()
    }

    /// Fills what it keeps if that is empty; gives the rows loaded, or why they aren't.
    fn seed<'a>(&self, _resources: &'a Resources, _seed: Seed<'a>) -> LocalBoxFuture<'a, Result<u64, String>> {
        Box::pin(ready(Ok(0)))
    }

    /// About how many rows that are; a bar needs no more.
    fn seeded_rows(&self, _size: SeedSize) -> u64 {
        0
    }
}
