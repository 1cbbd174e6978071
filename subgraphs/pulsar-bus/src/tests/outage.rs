//! An outage is told while it lasts, and then its end.

use std::time::Duration;

use tokio::time::timeout;
use wire::{
    bus::{Bus, Message},
    domain::Domain,
    topic::{PARTITIONS, Purpose, Topic},
};

use super::broker::Broker;
use crate::{PulsarBus, PulsarConfig};

/// Far shorter than the broker is away: every consumer fails to be opened again, time and again.
const OPERATION_TIMEOUT_MS: u64 = 1_000;
/// The broker takes up to 20 s to come back on a busy machine.
const WAIT: Duration = Duration::from_secs(150);

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_an_outage_does_not_wait_behind_its_failures() {
    let mut broker = Broker::start().await;
    let config = PulsarConfig { operation_timeout_ms: OPERATION_TIMEOUT_MS, ..broker.config() };
    let bus = PulsarBus::connect(config, None).await.unwrap();
    let (topic, quiet) = (Topic::of(Domain::Orders, Purpose::Events), Topic::of(Domain::Users, Purpose::Events));
    let mut subscription = bus.subscribe(&topic, "group").await.unwrap();
    let mut quiet = bus.subscribe(&quiet, "group").await.unwrap();
    broker.kill_and_start();
    let message = Message { key: "key".into(), text: "{}".into() };
    let publishing = async {
        let mut failures = 0_u16;
        while bus.publish(&topic, std::slice::from_ref(&message)).await.is_err() {
            failures += 1;
        }
        failures
    };
    let failures = timeout(WAIT, publishing).await.expect("the broker to be back");
    assert!(failures > 1, "the outage was too short to fail in it");

    let mut told = 0;
    let receiving = async {
        loop {
            match subscription.next(1).await {
                Ok(deliveries) if deliveries.is_empty() => {}
                Ok(deliveries) => return deliveries,
                Err(_) => told += 1,
            }
        }
    };
    let deliveries = timeout(WAIT, receiving).await.expect("the message");
    assert_eq!(deliveries[0].message, message);
    assert!(told < PARTITIONS, "{told} failures were told of consumers that are open again");

    // Where no message comes, the end is told as well.
    let hearing = async { while quiet.next(1).await.is_err() {} };
    timeout(WAIT, hearing).await.expect("the end of the outage");
}
