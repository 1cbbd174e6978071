//! The subgraph as its callers see it, on a real database.

mod access;
mod contract;
mod mutations;
mod paging;
mod statements;

use kit::{
    Subgraph, id,
    seed::{self, Seed, SeedSize},
    testing::{TestDatabase, TestIdentity},
};
use serde_json::{Value, json};
use wire::identity::Identity;

/// A seeded subgraph and the keys of its callers.
struct Fixture {
    database: TestDatabase,
    keys: TestIdentity,
    subgraph: Subgraph,
}

impl Fixture {
    async fn new() -> Self {
        let database = TestDatabase::create(crate::NAME, crate::MIGRATIONS).await;
        let small = Seed { size: SeedSize::Small, progress: &|_| {} };
        crate::seed(database.database(), small).await.unwrap();
        let keys = TestIdentity::new("orders");
        let subgraph = crate::subgraph(database.database().clone(), keys.access());
        Self { database, keys, subgraph }
    }

    async fn run(&self, caller: &Identity, query: &str) -> Value {
        self.run_with(caller, query, json!({})).await
    }

    async fn run_with(&self, caller: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.keys.token(caller);
        let reply = self.subgraph.execute(body.into(), Some(&token)).await;
        serde_json::from_slice(&reply).unwrap()
    }
}

/// The global id of a seeded user.
fn user(number: u64) -> String {
    id::encode("User", seed::user_id(number))
}

fn administrator() -> Identity {
    Identity::administrator(user(seed::ADMINISTRATOR))
}

fn customer() -> Identity {
    Identity::user(user(seed::CUSTOMER))
}

fn codes(response: &Value) -> Vec<&str> {
    let errors = response["errors"].as_array();
    let errors = errors.map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
}
