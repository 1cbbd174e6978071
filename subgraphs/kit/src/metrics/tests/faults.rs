//! What can't be looked at is left out, soon, and said to be.

use std::time::{Duration, Instant};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_locked_costs_a_second_and_its_figures() {
    let shop = Shop::open().await;
    assert!(shop.figures().await.get("outbox_messages", &[]).is_some());
    let client = shop.database.bulk_connection().await.unwrap();
    client.batch_execute("BEGIN; LOCK TABLE outbox").await.unwrap();
    let began = Instant::now();
    let figures = shop.wait_for("scrape_failures_total", &[], |failures| failures >= 1.0).await;
    assert!(began.elapsed() < Duration::from_secs(30));
    assert!(figures.get("outbox_messages", &[]).is_none());
    // What is counted needs no table.
    assert!(figures.get("db_client_statements_total", &[]).is_some());
    client.batch_execute("ROLLBACK").await.unwrap();
    shop.wait_for("outbox_messages", &[], |messages| messages == 0.0).await;
}
