//! PostgreSQL is killed within transactions, and syncs what it commits: what was confirmed is there afterwards.

use serde_json::Value;

use super::{ORDERS_BETWEEN, number};
use crate::faults::books::Books;
use crate::faults::buyers::{Buyers, Pace};
use crate::faults::fleet::Fleet;
use crate::faults::steps::WRITING;
use crate::support::service;
use crate::support::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postgresql_loses_no_order_that_was_confirmed() {
    let kills = number("KILLS", 2);
    let (mut postgres, url) = service::postgres().await;
    let shop = Shop::over(&url, "small", Value::Null).await;
    let (customer, books) = (shop.customer.clone(), Books::open(&url).await);
    let before = books.stand().await;
    let mut fleet = Fleet::start(shop).await;
    let buyers = Buyers::start(fleet.graphql(), customer, Pace::Steady).await;
    let mut in_a_transaction = 0;
    for _ in 0..kills {
        buyers.buy_more(ORDERS_BETWEEN).await;
        in_a_transaction += u64::from(Books::open(&url).await.wait_for(&WRITING).await);
        postgres.kill().await;
        postgres.start_again();
        service::postgres_is_ready(&mut postgres, &url).await;
    }
    buyers.buy_more(ORDERS_BETWEEN).await;
    let bought = buyers.stop().await;
    assert!(fleet.is_whole(), "a process has ended");
    let books = Books::open(&url).await;
    books.settle().await;
    let end = books.reconcile(&bought, &before).await;
    println!("{kills} kills, {in_a_transaction} of them within a transaction; {end}");
}
