//! What is this bus' own. What all buses have in common is `wire::bus::behaviour`'s.

mod behaviour;
mod publishing;
mod reading;
mod retention;
mod sharing;

use std::collections::BTreeMap;

use wire::{
    bus::{Bus as _, BusError, Delivery, Message, Place, Subscription},
    topic::{Purpose, Topic},
};

use super::{LogBus, LogBusConfig};
use crate::testing::{TestDatabase, WAIT_MAX, wait_for};

fn events() -> Topic {
    Topic::new("orders", Purpose::Events).unwrap()
}

fn message(key: impl ToString, text: impl ToString) -> Message {
    Message { key: key.to_string().into(), text: text.to_string().into() }
}

/// So many messages of each of some keys, in turns.
fn messages(keys: usize, numbers: std::ops::Range<usize>) -> Vec<Message> {
    numbers.flat_map(|number| (0..keys).map(move |key| message(format!("key-{key}"), number))).collect()
}

async fn open(test: &TestDatabase) -> LogBus {
    LogBus::open(test.database().clone(), LogBusConfig::default()).await.unwrap()
}

async fn next(subscription: &mut dyn Subscription, most: usize) -> Vec<Delivery> {
    let deliveries = async {
        loop {
            match subscription.next(most).await {
                Ok(deliveries) => return deliveries,
                Err(BusError::Unavailable(_)) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let deliveries = tokio::time::timeout(WAIT_MAX, deliveries).await.expect("messages");
    assert!((1..=most).contains(&deliveries.len()));
    deliveries
}

async fn take(subscription: &mut dyn Subscription, number: usize) -> Vec<Delivery> {
    let mut taken = Vec::new();
    while taken.len() < number {
        taken.extend(next(subscription, number - taken.len()).await);
    }
    taken
}

fn places(deliveries: &[Delivery]) -> Vec<Place> {
    deliveries.iter().map(|delivery| delivery.place).collect()
}

/// The texts of each key, in the order in which they came.
fn by_key<'a>(deliveries: impl IntoIterator<Item = &'a Delivery>) -> BTreeMap<String, Vec<usize>> {
    let mut texts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for Delivery { message, .. } in deliveries {
        texts.entry(message.key.to_string()).or_default().push(message.text.parse().unwrap());
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_goes_on_where_the_last_has_acknowledged() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(5, 0..20)).await.unwrap();
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let first = take(&mut *subscription, 60).await;
    subscription.acknowledge(&places(&first)).await.unwrap();
    let unacknowledged = take(&mut *subscription, 20).await;
    bus.close().await;
    drop((subscription, bus));

    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let second = take(&mut *subscription, 40).await;
    assert_eq!(by_key(first.iter().chain(&second)), by_key_of(&messages(5, 0..20)));
    let again: Vec<Place> = places(&second);
    assert!(places(&unacknowledged).iter().all(|place| again.contains(place)));
    subscription.acknowledge(&again).await.unwrap();
    bus.publish(&events(), &messages(5, 20..21)).await.unwrap();
    assert_eq!(by_key(&take(&mut *subscription, 5).await), by_key_of(&messages(5, 20..21)));
    bus.close().await;
}

fn by_key_of(messages: &[Message]) -> BTreeMap<String, Vec<usize>> {
    let mut texts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for message in messages {
        texts.entry(message.key.to_string()).or_default().push(message.text.parse().unwrap());
    }
    texts
}

/// All of one partition: what is kept is the highest without a hole below it.
#[tokio::test(flavor = "multi_thread")]
async fn acknowledgements_in_any_order_keep_what_has_no_hole() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(1, 0..10)).await.unwrap();
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let taken = places(&take(&mut *subscription, 10).await);
    let client = test.database().bulk_connection().await.unwrap();
    let kept = async || -> i64 {
        client.query_one("SELECT max(acknowledged) FROM log_subscription", &[]).await.unwrap().get(0)
    };
    for (acknowledged, expected) in
        [(vec![4, 2], 0), (vec![1], 0), (vec![0], 3), (vec![9, 3, 5], 6), (vec![8, 6, 7], 10)]
    {
        let acknowledged: Vec<Place> = acknowledged.into_iter().map(|number| taken[number]).collect();
        subscription.acknowledge(&acknowledged).await.unwrap();
        assert_eq!(kept().await, expected);
    }
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hands_out_no_more_than_may_be_unacknowledged() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(50, 0..60)).await.unwrap();
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let taken = take(&mut *subscription, 2_000).await;
    let more = tokio::time::timeout(std::time::Duration::from_millis(300), subscription.next(100)).await;
    assert!(more.is_err(), "{more:?}");
    subscription.acknowledge(&places(&taken[..100])).await.unwrap();
    let rest = take(&mut *subscription, 100).await;
    subscription.acknowledge(&places(&taken[100..])).await.unwrap();
    let last = take(&mut *subscription, 900).await;
    assert_eq!(by_key(taken.iter().chain(&rest).chain(&last)), by_key_of(&messages(50, 0..60)));
    bus.close().await;
}

/// Long before it would look by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_waits_is_woken() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    bus.publish(&events(), &[message("a", 0)]).await.unwrap();
    let first = take(&mut *subscription, 1).await;
    subscription.acknowledge(&places(&first)).await.unwrap();
    let mut waits = Vec::new();
    for number in 0..10 {
        let waiting = tokio::spawn(async move {
            let delivered = next(&mut *subscription, 10).await;
            let at = std::time::Instant::now();
            subscription.acknowledge(&places(&delivered)).await.unwrap();
            (subscription, at)
        });
        let published = std::time::Instant::now();
        bus.publish(&events(), &[message("a", number)]).await.unwrap();
        let at;
        (subscription, at) = waiting.await.unwrap();
        waits.push(at.saturating_duration_since(published));
    }
    waits.sort_unstable();
    assert!(waits[5] < std::time::Duration::from_millis(500), "{waits:?}");
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_may_be_given_up_without_losing_anything() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let mut taken = Vec::new();
    for round in 0..200 {
        bus.publish(&events(), &messages(3, round..round + 1)).await.unwrap();
        let patience = std::time::Duration::from_micros(fastrand::u64(..3_000));
        if let Ok(Ok(deliveries)) = tokio::time::timeout(patience, subscription.next(7)).await {
            taken.extend(deliveries);
        }
    }
    let rest = 600 - taken.len();
    taken.extend(take(&mut *subscription, rest).await);
    assert_eq!(by_key(&taken), by_key_of(&messages(3, 0..200)));
    bus.close().await;
}
