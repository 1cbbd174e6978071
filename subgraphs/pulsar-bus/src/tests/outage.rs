//! An outage that nobody has listened to is not told after its end.

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
    let topic = Topic::of(Domain::Orders, Purpose::Events);
    let mut subscription = bus.subscribe(&topic, "group").await.unwrap();
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
        while subscription.next(1).await.is_err() {
            told += 1;
        }
    };
    timeout(WAIT, receiving).await.expect("the message");
    assert!(told < PARTITIONS, "{told} failures were told of consumers that are open again");
}
