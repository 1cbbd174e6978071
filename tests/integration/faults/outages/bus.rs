//! The message bus is killed, and comes back: what was bought meanwhile waits, and is paid then.

use std::time::Duration;

use kit::testing::wait_within;

use super::{ORDERS_BETWEEN, number};
use crate::faults::books::Books;
use crate::faults::buyers::{Buyers, Pace, stock_up};
use crate::faults::fleet::Fleet;
use crate::support::service;
use crate::support::shop::Shop;

/// What no process takes, whatever waits: a quarter of a gigabyte is a worker's in an unoptimised build.
const MEMORY_MAX: u64 = 1024 * 1024 * 1024;
/// How often it is looked, during an outage, whether orders are still accepted.
const LOOKS: u32 = 4;
/// Pieces of each product that buyers choose from, a second of the outage: more than they can buy.
const PIECES_A_SECOND: u64 = 20;
/// How long everything that has waited may take to be published once the bus is back.
const DRAINED_WITHIN: Duration = Duration::from_secs(120);
/// How long what has waited for a second may take to come to its end: an unoptimised build on a loaded machine works off a few orders a
/// second, and buyers place a dozen.
const SETTLED_A_SECOND: u32 = 10;
/// And however short the outage was.
const SETTLED_AT_LEAST: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_accepted_without_the_message_bus_and_paid_when_it_is_back() {
    let away = Duration::from_secs(number("OUTAGE_SECONDS", 20));
    let mut pulsar = service::pulsar().await;
    let shop = Shop::start_with("small", service::pulsar_config(&pulsar)).await;
    let (customer, administrator) = (shop.customer.clone(), shop.administrator.clone());
    let books = Books::open(&shop.databases()).await;
    let mut fleet = Fleet::start(shop).await;
    stock_up(&fleet.graphql(), &administrator, away.as_secs() * PIECES_A_SECOND).await;
    let before = books.stand().await;
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
    let messages = waiting.messages;
    assert!(usize::try_from(messages).is_ok_and(|messages| messages >= placed), "{placed} orders, {messages} messages");
    pulsar.start_again();
    service::pulsar_is_ready(&mut pulsar).await;

    let began = std::time::Instant::now();
    let bought = buyers.stop().await;
    let is_drained = async || (books.still_unpublished(&waiting).await == 0).then_some(());
    wait_within(DRAINED_WITHIN, "what has waited to be published", is_drained).await;
    let drained = began.elapsed();
    books.settle_within(SETTLED_AT_LEAST.max(away * SETTLED_A_SECOND)).await;
    let settled = began.elapsed();
    assert!(fleet.is_whole(), "a process has ended");
    let memory = fleet.memory_peak();
    assert!(memory < MEMORY_MAX, "a process took {memory} bytes");
    let end = books.reconcile(&bought, &before).await;
    assert_eq!(end.called_off, 0, "orders that came to nothing");
    println!(
        "{placed} orders and {messages} messages waited {away:?}; drained in {drained:.1?}, settled in {settled:.1?}, {} MiB at most a process; {end}",
        memory / 1024 / 1024
    );
}
