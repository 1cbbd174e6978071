//! What was acknowledged to a publisher is kept, in order a key, when the broker is killed while messages are published and consumed.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};
use wire::{
    bus::{Bus, BusError, Message, Place, Subscription},
    domain::Domain,
    topic::{Purpose, Topic},
};

use super::broker::Broker;
use crate::{PulsarBus, PulsarConfig};

const KEYS: usize = 32;
/// Messages a key.
const EACH: usize = 150;
/// Messages published at once: some keys come twice, and no batch begins with the same key as the last.
const BATCH: usize = 45;
/// How many batches have been acknowledged when the broker is killed: about a third, so that both sides are in the middle of it.
const KILLED_AT: usize = KEYS * EACH / BATCH / 3;
/// Shorter than the broker is away, so that both sides are told of it and try again: the order must hold through that as well.
const OPERATION_TIMEOUT_MS: u64 = 3_000;
/// How long all of it may take: the broker takes up to 20 s to come back on a busy machine.
const WAIT: Duration = Duration::from_secs(150);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_when_the_broker_is_killed() {
    let mut broker = Broker::start().await;
    let config = PulsarConfig { operation_timeout_ms: OPERATION_TIMEOUT_MS, ..broker.config() };
    let bus = Arc::new(PulsarBus::connect(config, None).await.unwrap());
    let topic = Topic::of(Domain::Orders, Purpose::Events);
    let messages: Vec<Message> = (0..KEYS * EACH).map(message).collect();
    let mut subscription = bus.subscribe(&topic, "group").await.unwrap();

    let (kill, killed) = oneshot::channel();
    let publishing = tokio::spawn(publish(Arc::clone(&bus), topic.clone(), messages.clone(), kill));
    let consuming = tokio::spawn(async move {
        let received = consume(&mut *subscription, KEYS * EACH).await;
        (received, subscription)
    });
    timeout(WAIT, killed).await.unwrap().unwrap();
    broker.kill_and_start();
    assert!(!publishing.is_finished(), "all was published before the broker was killed");
    let failures = timeout(WAIT, publishing).await.expect("all to be published").unwrap();
    assert!(failures > 0, "nothing failed while there was no broker");
    let (received, subscription) = timeout(WAIT, consuming).await.expect("all to be received").unwrap();

    let expected = (0..KEYS).map(|key| (format!("key-{key}"), (0..EACH).map(text).collect::<Vec<_>>()));
    assert_eq!(received, expected.collect::<BTreeMap<_, _>>());

    // The bus goes on. What was handed out twice may not have been taken the second time: it comes before what is new, once.
    drop(subscription);
    let again = rest_until(&*bus, &topic, "first").await;
    assert!(again.iter().all(|message| messages.contains(message)), "{again:?}");
    assert_eq!(rest_until(&*bus, &topic, "second").await, []);
}

/// What comes of a group before a message that is published now, acknowledged.
async fn rest_until(bus: &dyn Bus, topic: &Topic, key: &str) -> Vec<Message> {
    let last = Message { key: key.into(), text: "{}".into() };
    bus.publish(topic, std::slice::from_ref(&last)).await.unwrap();
    let (mut subscription, mut rest) = (bus.subscribe(topic, "group").await.unwrap(), Vec::new());
    while rest.last() != Some(&last) {
        let deliveries = timeout(WAIT, subscription.next(1)).await.expect("the last message").unwrap();
        let places: Vec<Place> = deliveries.iter().map(|delivery| delivery.place).collect();
        subscription.acknowledge(&places).await.unwrap();
        rest.extend(deliveries.into_iter().map(|delivery| delivery.message));
    }
    rest.pop();
    rest
}

fn message(at: usize) -> Message {
    Message { key: format!("key-{}", at % KEYS).into(), text: text(at / KEYS).into() }
}

fn text(number: usize) -> String {
    format!("{{\"number\":{number}}}")
}

/// As whoever has an outbox does it: a batch again and again until it is acknowledged, then the next one. Says when to kill, and in
/// the end how often publishing failed.
async fn publish(bus: Arc<PulsarBus>, topic: Topic, messages: Vec<Message>, kill: oneshot::Sender<()>) -> usize {
    let (mut kill, mut failures) = (Some(kill), 0);
    for (at, batch) in messages.chunks(BATCH).enumerate() {
        if at == KILLED_AT {
            kill.take().unwrap().send(()).unwrap();
        }
        while let Err(error) = bus.publish(&topic, batch).await {
            assert!(matches!(error, BusError::Unavailable(_)), "{error:?}");
            failures += 1;
        }
    }
    failures
}

/// Receives until so many different ones have come. What comes again is left out.
async fn consume(subscription: &mut dyn Subscription, count: usize) -> BTreeMap<String, Vec<String>> {
    let (mut received, mut different) = (BTreeMap::<String, Vec<String>>::new(), 0);
    let started = Instant::now();
    while different < count {
        let deliveries = match subscription.next(64).await {
            Ok(deliveries) => deliveries,
            Err(error) => {
                assert!(started.elapsed() < WAIT, "{error:?}");
                continue;
            }
        };
        let places: Vec<Place> = deliveries.iter().map(|delivery| delivery.place).collect();
        for delivery in deliveries {
            let texts = received.entry(delivery.message.key.to_string()).or_default();
            if !texts.iter().any(|text| **text == *delivery.message.text) {
                texts.push(delivery.message.text.to_string());
                different += 1;
            }
        }
        subscription.acknowledge(&places).await.unwrap();
    }
    received
}
