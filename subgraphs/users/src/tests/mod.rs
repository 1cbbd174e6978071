//! The subgraph as its callers see it, on a real database.

mod access;
mod contract;
mod deleting;
mod internal;
mod keeping;
mod migrating;
mod mutations;
mod paging;
mod preferences;
mod statements;
mod traces;
mod versions;

use kit::{
    Reads, Subgraph, id,
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
        let reads = Reads::new(crate::NAME, database.database().clone(), None);
        let subgraph = crate::subgraph(&reads, keys.access());
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

    /// What waits in the outbox, as it will be published.
    async fn events(&self) -> Vec<Value> {
        let client = self.database.database().bulk_connection().await.unwrap();
        let rows = client.query("SELECT envelope FROM outbox ORDER BY position", &[]).await.unwrap();
        rows.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect()
    }

    /// The customer's audit trail, the newest line first.
    async fn trail(&self) -> Vec<Value> {
        let query = "{ me { auditTrail(first: 100) { edges { node { actor origin action about fields } } } } }";
        let response = self.run(&customer(), query).await;
        let edges = response["data"]["me"]["auditTrail"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"].clone()).collect()
    }

    /// All rows of all tables that changes touch, as text.
    async fn everything(&self) -> String {
        let client = self.database.database().bulk_connection().await.unwrap();
        let mut all = String::new();
        for table in ["users", "addresses", "audit_trail", "notification_preferences", "account_deletions", "outbox"] {
            let query = format!("SELECT COALESCE(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} AS t");
            all += client.query_one(&query, &[]).await.unwrap().get::<_, &str>(0);
        }
        all
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
