//! What the shop stands on goes away while customers buy: orders are accepted as long as their own database is there, and come to the same
//! end later.
//!
//! `OUTAGE_SECONDS` is how long the message bus is away, 20 by default; `KILLS` how often PostgreSQL is killed, 2 by default.

use std::time::Duration;

use serde_json::Value;

use crate::support::service;
use crate::support::shop::Shop;
use crate::support::wait::eventually;

use super::books::Books;
use super::buyers::{Buyers, Pace};
use super::fleet::Fleet;
use super::steps::WRITING;

/// Orders before anything goes away, and between two kills.
const ORDERS_BETWEEN: usize = 8;
/// How often it is looked, during an outage, whether orders are still accepted.
const LOOKS: u32 = 4;
/// How long everything that has waited may take to be published once the bus is back.
const DRAINED_WITHIN: Duration = Duration::from_secs(120);
/// How long what has waited for a second may take to come to its end: an unoptimised build on a loaded machine works off a few orders a
/// second, and buyers place a dozen.
const SETTLED_A_SECOND: u32 = 10;
/// And however short the outage was.
const SETTLED_AT_LEAST: Duration = Duration::from_secs(300);

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_accepted_without_the_message_bus_and_paid_when_it_is_back() {
    let away = Duration::from_secs(number("OUTAGE_SECONDS", 20));
    let mut pulsar = service::pulsar().await;
    let shop = Shop::start_with("small", service::pulsar_config(&pulsar)).await;
    let (customer, books) = (shop.customer.clone(), Books::open(&shop.databases()).await);
    let before = books.stand().await;
    let mut fleet = Fleet::start(shop).await;
    let buyers = Buyers::start(fleet.graphql(), customer, Pace::Steady).await;
    buyers.buy_more(ORDERS_BETWEEN).await;

    pulsar.kill().await;
    let placed = buyers.placed();
    for _ in 0..LOOKS {
        let before = buyers.placed();
        tokio::time::sleep(away / LOOKS).await;
        assert!(buyers.placed() > before, "no order is accepted any more");
    }
    let waiting = books.unpublished().await;
    let placed = buyers.placed() - placed;
    assert!(usize::try_from(waiting).is_ok_and(|waiting| waiting >= placed), "{placed} orders, {waiting} messages");
    pulsar.start_again();
    service::pulsar_is_ready(&mut pulsar).await;

    let bought = buyers.stop().await;
    let began = std::time::Instant::now();
    let is_drained = async || (books.unpublished().await < waiting / 10).then_some(());
    eventually(DRAINED_WITHIN, "what has waited to be published", is_drained).await;
    let drained = began.elapsed();
    books.settle_within(SETTLED_AT_LEAST.max(away * SETTLED_A_SECOND)).await;
    let settled = began.elapsed();
    assert!(fleet.is_whole(), "a process has ended");
    let end = books.reconcile(&bought, &before).await;
    assert_eq!(end.called_off, 0, "orders that came to nothing");
    println!(
        "{placed} orders and {waiting} messages waited {away:?}; drained in {drained:.1?}, settled in {settled:.1?}; {end}"
    );
}

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
