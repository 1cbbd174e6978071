//! Many at once: nobody gets what isn't there, and nobody waits in a circle.

use futures::future::join_all;
use kit::Database;
use kit::database::DatabaseConfig;
use wire::command::Reply;
use wire::commands::stock::{ReserveStock, ReserveStockRefusal};

use super::warehouse::{commit_in, commit_of, release_in, release_of, reserve_in};
use super::{Warehouse, line, product, reservation};

/// A pool as a service has it, for which a crowd waits longer than a person would.
async fn crowded(warehouse: &Warehouse) -> Database {
    let config = DatabaseConfig { pool_size_max: 16, acquire_timeout_ms: 120_000 };
    Database::connect(warehouse.test.url(), config).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_buyers_of_the_last_piece_one_gets_it() {
    let warehouse = Warehouse::with(&[1]).await;
    let database = crowded(&warehouse).await;
    let buying = (1..=1_000).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            let command = reservation(number, &[line(product(1), 1)]);
            reserve_in(&database, &command).await.unwrap()
        })
    });
    let (mut sold, mut refused) = (0, 0);
    for reply in join_all(buying).await {
        match reply.unwrap() {
            Reply::Done(_) => sold += 1,
            Reply::Refused { code: ReserveStockRefusal::OutOfStock, .. } => refused += 1,
            Reply::Refused { code, text } => panic!("{code}: {text}"),
        }
    }
    assert_eq!((sold, refused), (1, 999));
    assert_eq!(warehouse.level(product(1)).await, (1, 1));
    warehouse.reconciled().await;
}

/// Each has the same products in another order, twice at the same time, and half of them give theirs back.
#[tokio::test(flavor = "multi_thread")]
async fn crossing_lines_never_wait_in_a_circle() {
    const BUYERS: u64 = 120;
    let warehouse = Warehouse::with(&[60; 6]).await;
    let database = crowded(&warehouse).await;
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let buying = (1..=BUYERS).flat_map(|number| [number, number]).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(number);
            let mut products: Vec<u64> = (1..=6).collect();
            random.shuffle(&mut products);
            let lines: Vec<_> = products.iter().take(random.usize(1..=6)).map(|n| line(product(*n), 1)).collect();
            let command: ReserveStock = reservation(number, &lines);
            let reply = reserve_in(&database, &command).await.unwrap();
            if number % 2 == 0 {
                release_in(&database, &release_of(&command)).await.unwrap();
            } else if matches!(reply, Reply::Done(_)) {
                commit_in(&database, &commit_of(&command)).await.unwrap();
            }
        })
    });
    for bought in join_all(buying).await {
        bought.unwrap();
    }
    let found = warehouse.reconciled().await;
    assert_eq!((found.reserved, found.reservations_open), (0, 0));
    let client = warehouse.database().bulk_connection().await.unwrap();
    // Counted when the connections that met them end their transactions.
    client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    assert_eq!(client.query_one(deadlocks, &[]).await.unwrap().get::<_, i64>(0), 0);
}
