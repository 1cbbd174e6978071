//! Users: who the shop's users are. It is asked by notifications for their contacts.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
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
pub struct Users;

impl Parts for Users {
    fn name(&self) -> &'static str {
        users::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4001/graphql"
    }

    fn sdl(&self) -> String {
        users::sdl()
    }

    fn nodes(&self) -> &'static [&'static str] {
        &["User"]
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(users::MIGRATIONS))
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        Ok(users::subgraph(&around.resources.reads(Service::Users), access))
    }

    fn internal_api(&self, database: &Database, access: Access) -> Router {
        users::internal_api(database.clone(), access).router
    }

    fn workers<'a>(
        &self,
        Surroundings { resources, .. }: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        let workers = users::workers(&resources.database, bus);
        Box::pin(ready(Ok(users::tell_caches(workers, &resources.reads(Service::Users), bus))))
    }

    fn seed<'a>(&self, resources: &'a Resources, seed: Seed<'a>) -> LocalBoxFuture<'a, Result<u64, String>> {
        Box::pin(users::seed(&resources.database, seed).map_err(kept_nothing))
    }

    fn seeded_rows(&self, size: SeedSize) -> u64 {
        // A user has one or two addresses.
        size.users() * 7 / 3
    }
}
