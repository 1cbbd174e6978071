//! The subgraph as its callers meet it, on a real PostgreSQL.

mod behaviour;
mod content;
mod entities;
mod keeping;
mod levels;
mod migrating;
mod mutations;
mod paging;
mod seeding;
mod telling;

use std::sync::Arc;

use kit::cache::CacheConfig;
use kit::seed::{Seed, SeedSize};
use kit::testing::{TestDatabase, TestIdentity};
use kit::{GlobalId, Reads, Subgraph};
use serde_json::{Value, json};
use wire::identity::Identity;

use crate::ProductId;
use crate::store::PostgresProducts;

/// A products subgraph on a database of its own, with the small seed.
struct Catalogue {
    database: TestDatabase,
    identity: TestIdentity,
    subgraph: Subgraph,
}

impl Catalogue {
    async fn seeded() -> Self {
        let database = TestDatabase::create("products", crate::MIGRATIONS).await;
        let seed = Seed { size: SeedSize::Small, progress: &|_| {} };
        assert_eq!(crate::seed(database.database(), seed).await.unwrap(), 60);
        let identity = TestIdentity::new("orders");
        let store = Arc::new(PostgresProducts::new(database.database().clone()));
        // What is done behind its back is told nobody here: nothing is kept.
        let nothing = CacheConfig { bytes_max: 0, ..CacheConfig::default() };
        let reads = Reads::new(crate::NAME, database.database().clone(), None).bounded(nothing);
        let subgraph = crate::subgraph(store, &reads, identity.access());
        Self { database, identity, subgraph }
    }

    async fn ask(&self, identity: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.identity.token(identity);
        let answer = self.subgraph.execute(body.into(), Some(&token)).await;
        serde_json::from_slice(&answer).unwrap()
    }

    async fn ask_as_anyone(&self, query: &str, variables: Value) -> Value {
        self.ask(&Identity::anonymous(), query, variables).await
    }

    async fn ask_as_administrator(&self, query: &str, variables: Value) -> Value {
        let subject = kit::id::encode("User", kit::seed::user_id(kit::seed::ADMINISTRATOR));
        self.ask(&Identity::administrator(subject), query, variables).await
    }
}

fn product(number: u64) -> String {
    ProductId::from_uuid(kit::seed::product_id(number)).to_global()
}
