//! Processes of ours are killed (`kill -9`) while customers buy: at each step from the order to its confirmation, over and over. What is
//! left is counted: nothing lost, nothing doubled, the ledger at zero, stock equal to its books.
//!
//! `KILLS` is how often a process is killed at each step, 2 by default; `BUS=pulsar` has messages go over Pulsar in the place of PostgreSQL.

use std::time::Instant;

use crate::support::service;
use crate::support::shop::Shop;

use super::books::Books;
use super::buyers::{Buyers, Pace};
use super::fleet::Fleet;
use super::steps::steps;

#[tokio::test(flavor = "multi_thread")]
async fn killed_processes_lose_nothing_and_double_nothing() {
    let kills: usize = std::env::var("KILLS").map_or(2, |text| text.parse().expect("a number"));
    let pulsar = match std::env::var("BUS").as_deref() {
        Ok("pulsar") => Some(service::pulsar().await),
        Ok("postgres") | Err(_) => None,
        Ok(other) => panic!("no bus {other}"),
    };
    let shop = Shop::start_with("small", pulsar.as_ref().map(service::pulsar_config).unwrap_or_default()).await;
    let steps = steps(pulsar.is_some());
    let (customer, books) = (shop.customer.clone(), Books::open(&shop.databases()).await);
    let before = books.stand().await;
    let mut fleet = Fleet::start(shop).await;
    let buyers = Buyers::start(fleet.graphql(), customer, Pace::OneByOne).await;
    let (mut met, began) = (Vec::new(), Instant::now());
    for round in 0..kills {
        for step in &steps {
            let seen = books.wait_for(step).await;
            fleet.kill_and_restart(step.kills).await;
            met.push((round, step.name, seen));
        }
    }
    let killing = began.elapsed();
    let bought = buyers.stop().await;
    assert!(bought.len() >= kills, "only {} orders were placed", bought.len());
    let in_time = met.iter().filter(|(_, _, seen)| *seen).count();
    assert!(in_time * 2 >= met.len(), "most steps were never seen: {met:?}");
    books.settle().await;
    let end = books.reconcile(&bought, &before).await;
    let kills = met.len();
    println!("{kills} kills in {killing:.0?}, {in_time} of them at their step; {end}");
}
