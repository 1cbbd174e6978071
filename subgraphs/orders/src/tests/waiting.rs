//! Lists of a read model that doesn't come: old rather than gone, and few statements.

use std::time::{Duration, Instant};

use kit::GlobalId as _;
use kit::database::Freshness;
use kit::seed::CUSTOMER;

use super::placing::{PLACE, request};
use super::{Shop, customer};
use crate::UserId;
use crate::store::OrderStore;

#[tokio::test(flavor = "multi_thread")]
async fn a_read_model_that_nobody_fills_is_looked_at_a_dozen_times_and_one_that_stands_once() {
    let shop = Shop::seeded().await;
    // Nobody is at work.
    shop.ask(&customer(), PLACE, request("a", &[(3, 1)])).await;
    let (database, customer) = (shop.database.database(), UserId::from_uuid(kit::seed::user_id(CUSTOMER)));
    let store = OrderStore::new(database.clone());
    let wait = async || {
        let (before, began) = (database.statements_executed(), Instant::now());
        let is_fresh = store.wait_until_fresh(customer, Freshness::Latest).await.unwrap();
        assert!(!is_fresh);
        (database.statements_executed() - before, began.elapsed())
    };
    let (looks, took) = wait().await;
    assert!((2..=13).contains(&looks), "{looks}");
    assert!(took >= Duration::from_secs(1), "{took:?}");

    let client = database.bulk_connection().await.unwrap();
    let fail = "UPDATE projection SET failure = 'a bug' WHERE name = 'order_list' AND generation = 'live'";
    assert_eq!(client.execute(fail, &[]).await.unwrap(), 1);
    assert_eq!(wait().await.0, 1);
}
