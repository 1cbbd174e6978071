//! Redis is flushed, killed and comes back empty while customers buy: no request fails, who has written reads nothing older, and orders come
//! to their end.

use std::time::Duration;

use kit::testing::{TestRedis, wait_within};
use serde_json::json;

use super::{ORDERS_BETWEEN, number};
use crate::faults::books::Books;
use crate::faults::buyers::{Buyers, Pace, products};
use crate::faults::fleet::Fleet;
use crate::faults::reader::Reader;
use crate::support::callers::Callers;
use crate::support::shop::Shop;

/// Writes of each kind that are read back in each state of Redis.
const PAIRS: usize = 4;
/// How long Redis may stay unused: it is left alone for four seconds at most once it is back, and the rest is patience with a loaded
/// machine.
const USED_WITHIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_flushed_and_gone_fails_no_request_and_shows_nothing_stale() {
    let kills = number("KILLS", 2);
    let mut redis = TestRedis::start();
    let shop = Shop::start_with("small", json!({ "cache": { "redis": { "url": redis.url() } } })).await;
    let books = Books::open(&shop.databases()).await;
    let before = books.stand().await;
    let (customer, administrator) = (shop.customer.clone(), shop.administrator.clone());
    let mut fleet = Fleet::start(shop).await;
    let callers = Callers { graphql: fleet.graphql(), customer: customer.clone(), administrator };
    let product = products(&fleet.graphql(), &customer).await.swap_remove(0);
    let buyers = Buyers::start(fleet.graphql(), customer, Pace::OneByOne).await;
    let reader = Reader::start(callers.clone());
    let read_back = async |state: &str| {
        callers.write_and_read_back(state, PAIRS).await;
        callers.raise_price_and_read_back(&product, PAIRS).await;
    };
    for _ in 0..kills {
        read_back("there").await;
        is_used(&redis).await;
        assert!(redis.ask("FLUSHALL").starts_with("+OK"), "Redis isn't flushed");
        read_back("flushed").await;
        is_used(&redis).await;
        redis.kill();
        read_back("gone").await;
        buyers.buy_more(ORDERS_BETWEEN).await;
        redis.restart();
        read_back("back").await;
        is_used(&redis).await;
    }
    assert_eq!(buyers.failed(), 0, "orders that were asked for in vain");
    let (looks, bought) = (reader.stop().await, buyers.stop().await);
    assert!(fleet.is_whole(), "a process has ended");
    books.settle().await;
    let end = books.reconcile(&bought, &before).await;
    println!("flushed and killed {kills} times; {looks} looks at everything; {end}");
}

/// Waits until there are values in Redis.
async fn is_used(redis: &TestRedis) {
    let has_keys = async || (!redis.ask("DBSIZE").starts_with(":0\r")).then_some(());
    wait_within(USED_WITHIN, "keys in Redis", has_keys).await;
}
