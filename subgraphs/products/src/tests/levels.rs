//! How levels of stock are heard: in one transaction with the knowledge of it, on the one connection that this takes.

use std::sync::Arc;

use kit::database::{DatabaseConfig, DatabaseError};
use kit::{Database, Handler as _, HandlerError};
use serde_json::json;
use uuid::Uuid;
use wire::bus::{Delivery, Place};
use wire::event::{Envelope, Stamp};
use wire::events::stock::StockLevelChanged;

use super::{Catalogue, product};
use crate::availability::FollowStock;
use crate::store::PostgresProducts;

fn delivery(number: u64, on_hand: u32, sequence: Option<u64>) -> Delivery {
    let product_id = kit::seed::product_id(number).into();
    let event = StockLevelChanged { product_id, variant_id: None, on_hand, reserved: 0, withdrawn: None };
    let stamp = Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
    let envelope = Envelope { sequence, ..Envelope::event(&event, stamp).unwrap() };
    Delivery { place: Place { partition: 0, position: (0, 0) }, message: envelope.to_message().unwrap() }
}

/// A follower whose database is the catalogue's, by a pool of its own.
struct Follower {
    database: Database,
    follow: FollowStock,
}

impl Follower {
    async fn of(catalogue: &Catalogue) -> Self {
        // One connection: who takes a second one waits for itself.
        let alone = DatabaseConfig { pool_size_max: 1, acquire_timeout_ms: 2_000, ..DatabaseConfig::default() };
        let database = Database::connect(catalogue.database.url(), alone).await.unwrap();
        let follow = FollowStock(Arc::new(PostgresProducts::new(database.clone())));
        Self { database, follow }
    }

    /// Hears a level in a transaction, which `end` ends well or not.
    async fn hear(&self, delivery: &Delivery, end: Result<(), &'static str>) -> Result<(), HandlerError> {
        let handling = self.database.unit(async |connection| {
            self.follow.handle(connection, delivery).await.map_err(Failure)?;
            end.map_err(|reason| Failure(HandlerError::transient(reason)))
        });
        handling.await.map_err(|Failure(error)| error)
    }
}

/// A unit's error can be had from the database's.
#[derive(Debug, thiserror::Error)]
#[error("not followed")]
struct Failure(#[source] HandlerError);

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self(error.into())
    }
}

async fn is_listed(catalogue: &Catalogue, number: u64) -> bool {
    let query = "query { products(first: 100, filter: { inStock: true }) { edges { node { id } } } }";
    let answer = catalogue.ask_as_anyone(query, json!({})).await;
    let edges = answer["data"]["products"]["edges"].as_array().unwrap().clone();
    edges.iter().any(|edge| edge["node"]["id"] == product(number))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_is_written_by_the_connection_that_hears_it_or_not_at_all() {
    let catalogue = Catalogue::seeded().await;
    let follower = Follower::of(&catalogue).await;
    assert!(is_listed(&catalogue, 1).await);
    let heard = follower.hear(&delivery(1, 0, Some(2)), Err("a test")).await;
    assert!(matches!(heard, Err(HandlerError::Transient(_))), "{heard:?}");
    assert!(is_listed(&catalogue, 1).await);
    follower.hear(&delivery(1, 0, Some(2)), Ok(())).await.unwrap();
    assert!(!is_listed(&catalogue, 1).await);
}

/// As a dead letter is, when it is replayed.
#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_comes_after_newer_ones_changes_nothing() {
    let catalogue = Catalogue::seeded().await;
    let follower = Follower::of(&catalogue).await;
    for (on_hand, sequence, is_on_stock) in
        [(0, Some(9), false), (4, Some(8), false), (4, Some(10), true), (0, Some(9), true), (0, None, false)]
    {
        follower.hear(&delivery(1, on_hand, sequence), Ok(())).await.unwrap();
        assert_eq!(is_listed(&catalogue, 1).await, is_on_stock, "after {sequence:?}");
    }
    let beyond = follower.hear(&delivery(1, 0, Some(u64::MAX)), Ok(())).await;
    assert!(matches!(beyond, Err(HandlerError::Poison(_))), "{beyond:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_levels_is_wanted() {
    let follower = Follower::of(&Catalogue::seeded().await).await;
    assert_eq!(kit::testing::wanted(&follower.follow), ["supergraph.stock.level-changed.v1"]);
}
