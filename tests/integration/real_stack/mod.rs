//! `dev --stack real`: the shop on PostgreSQL with a standby, Redis, Pulsar, and servers of MongoDB's and S3's protocols. One stack for
//! all: Pulsar takes long to start.

pub mod arrows;
mod broker;
mod platform;
mod sights;
mod traffic;

use std::time::Duration;

use kit::testing::wait_within;

use arrows::ARROWS;
use platform::Platform;

use crate::lifecycle::{processes_of, until_gone};
use crate::support::process;

/// What was done is on its way by then.
const ARRIVAL_MAX: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn every_arrow_carries_traffic() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut platform = Platform::start(&folder).await;
    let product = traffic::product(&platform).await;
    let mut before = Vec::new();
    for (_, _, sight) in ARROWS {
        before.push(sight.count(&platform, &product).await.unwrap_or(0));
    }
    traffic::make(&platform, &product).await;
    for ((service, column, sight), before) in ARROWS.iter().zip(before) {
        let heading = column.heading();
        wait_within(ARRIVAL_MAX, &format!("{service}, {heading}: {sight:?} beyond {before}"), async || {
            traffic::read(&platform).await;
            sight.count(&platform, &product).await.filter(|&now| now > before)
        })
        .await;
    }
    // The catalogue is nowhere else.
    assert_eq!(sights::rows(&platform, "products", "SELECT count(*) FROM products").await, 0);

    let order = traffic::buy(&platform, &product, "last").await;
    let running = processes_of(&folder);
    for name in ["walsender", "walreceiver", "redis-server", "Standalone", "Mongo ", "versitygw"] {
        assert!(running.iter().any(|process| process.contains(name)), "{name} isn't among {running:#?}");
    }
    let data_dir = folder.path().display().to_string();
    let looked = process::run(&["outbox", "status", "--data-dir", &data_dir]).await;
    assert!(looked.code == 0 && looked.stdout.contains("payments"), "beside dev: {looked:?}");

    platform.dev.signal("KILL").await;
    assert_eq!(platform.dev.wait().await, None);
    // At once, as who meets a crash does: it waits for those who are still ending.
    let mut again = Platform::start(&folder).await;
    assert_eq!(again.ports(), platform.ports());
    assert_eq!(traffic::status(&again, &order).await, "PAID");
    again.dev.signal("TERM").await;
    assert_eq!(again.dev.wait().await, Some(0));
    until_gone(&folder).await;
}
