//! Processes of ours are killed (`kill -9`) while customers buy: at each step from the order to its confirmation, over and over. What is
//! left is counted: nothing lost, nothing doubled, the ledger at zero, stock equal to its books.
//!
//! `KILLS` is how often a process is killed at each step; 2 by default.

mod buyers;
mod fleet;
mod reconciliation;
mod steps;

use std::time::{Duration, Instant};

use crate::support::shop::Shop;

use buyers::Buyers;
use fleet::Fleet;
use reconciliation::Books;
use steps::STEPS;

/// What is under way when the last process is back: leases of killed workers end first.
const SETTLED_MAX: Duration = Duration::from_secs(300);
/// Between two looks.
const LOOK_EACH: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread")]
async fn killed_processes_lose_nothing_and_double_nothing() {
    let kills: usize = std::env::var("KILLS").map_or(2, |text| text.parse().expect("a number"));
    let shop = Shop::start("small").await;
    let (customer, books) = (shop.customer.clone(), Books::open(&shop.databases()).await);
    let before = books.stand().await;
    let mut fleet = Fleet::start(shop).await;
    let buyers = Buyers::start(fleet.graphql(), customer).await;
    let mut met = Vec::new();
    for round in 0..kills {
        for step in STEPS {
            let seen = books.wait_for(step).await;
            fleet.kill_and_restart(step.kills).await;
            met.push((round, step.name, seen));
        }
    }
    let bought = buyers.stop().await;
    assert!(bought.len() >= kills * STEPS.len(), "only {} orders were placed", bought.len());
    let in_time = met.iter().filter(|(_, _, seen)| *seen).count();
    assert!(in_time * 2 >= met.len(), "most steps were never seen: {met:?}");

    let deadline = Instant::now() + SETTLED_MAX;
    loop {
        let under_way = books.under_way().await;
        if under_way.is_empty() {
            break;
        }
        assert!(Instant::now() < deadline, "not settled: {under_way:?}");
        tokio::time::sleep(LOOK_EACH).await;
    }
    books.reconcile(&bought, &before).await;
    println!("{} kills, {} of them at their step; {} orders", met.len(), in_time, bought.len());
}
