//! How soon others go on with what a killed worker had in its hands: partitions, lanes of outboxes, jobs.

use std::time::{Duration, Instant};

use kit::testing::wait_within;

use crate::support::shop::Shop;

use super::books::Books;
use super::buyers::{buy, products};
use super::fleet::Fleet;

/// Times that a worker is killed.
const KILLS: usize = 6;
/// How long after a kill an order may take that is placed at that moment. On a quiet machine it is one or two seconds; a worker's start is
/// no part of it.
const PAID_WITHIN: Duration = Duration::from_secs(15);
/// How long everything may take that isn't measured.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_soon_after_a_worker_was_killed() {
    let shop = Shop::start("small").await;
    let (customer, books) = (shop.customer.clone(), Books::open(&shop.databases()).await);
    let mut fleet = Fleet::start(shop).await;
    let graphql = fleet.graphql();
    let (client, products) = (reqwest::Client::new(), products(&graphql, &customer).await);
    let mut number = 0;
    let mut order = async |within: Duration, what: &str| {
        number += 1;
        let (began, paid) = (Instant::now(), books.paid().await);
        buy(&client, &graphql, &customer, &format!("hand-over-{number}"), &products[0]).await;
        let is_paid = async || (books.paid().await > paid).then_some(());
        wait_within(within, what, is_paid).await;
        began.elapsed()
    };
    // The first also waits until both workers have shared out what there is.
    for _ in 0..3 {
        order(PATIENCE, "an order to be paid").await;
    }
    let quiet = order(PATIENCE, "an order to be paid").await;
    let mut other_goes_on = Vec::new();
    for kill in 0..KILLS {
        fleet.kill_worker(kill % 2).await;
        other_goes_on.push(order(PAID_WITHIN, "an order to be paid by the other worker").await);
        fleet.start_worker(kill % 2).await;
        order(PATIENCE, "an order to be paid by both").await;
    }
    fleet.kill_worker(0).await;
    fleet.kill_worker(1).await;
    fleet.start_worker(0).await;
    let lone = order(PAID_WITHIN, "an order to be paid by a lone worker that was started again").await;
    println!("undisturbed {quiet:.1?}; after a kill {other_goes_on:.1?}; by a lone worker after its start {lone:.1?}");
}
