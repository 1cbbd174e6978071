//! What is thrown away, and what isn't.

use std::time::Duration;

use super::*;
use crate::log_bus::retention::clear;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn count(test: &TestDatabase) -> i64 {
    let client = test.database().bulk_connection().await.unwrap();
    client.query_one("SELECT count(*) FROM log_message", &[]).await.unwrap().get(0)
}

async fn execute(test: &TestDatabase, statement: &str) {
    test.database().bulk_connection().await.unwrap().batch_execute(statement).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_groups_age_alone_decides() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(1, 0..2_500)).await.unwrap();
    execute(&test, "UPDATE log_message SET published_at = now() - interval '3 days' WHERE position <= 2200").await;
    assert_eq!(clear(test.database(), 7 * DAY).await.unwrap(), 0);
    assert_eq!(clear(test.database(), 2 * DAY).await.unwrap(), 2_200);
    assert_eq!(clear(test.database(), 2 * DAY).await.unwrap(), 0);
    assert_eq!(count(&test).await, 300);
    // A new group begins with the oldest that is kept.
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    assert_eq!(&*take(&mut *subscription, 300).await[0].message.text, "2200");
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_group_has_not_acknowledged_is_kept() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(8, 0..50)).await.unwrap();
    let (mut quick, mut slow) =
        (bus.subscribe(&events(), "a.b").await.unwrap(), bus.subscribe(&events(), "a.c").await.unwrap());
    let taken = take(&mut *quick, 400).await;
    quick.acknowledge(&places(&taken)).await.unwrap();
    let taken = take(&mut *slow, 400).await;
    slow.acknowledge(&places(&taken[..100])).await.unwrap();
    execute(&test, "UPDATE log_message SET published_at = now() - interval '3 days'").await;
    let cleared = clear(test.database(), 2 * DAY).await.unwrap();
    assert!((1..=100).contains(&cleared), "{cleared}");
    slow.acknowledge(&places(&taken[100..])).await.unwrap();
    clear(test.database(), 2 * DAY).await.unwrap();
    assert_eq!(count(&test).await, 0);
    // Positions go on behind those that are gone.
    bus.publish(&events(), &messages(8, 50..51)).await.unwrap();
    assert_eq!(take(&mut *slow, 8).await.len(), 8);
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_stays_away_holds_nothing_and_goes_on_with_what_is_kept() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    bus.publish(&events(), &messages(1, 0..20)).await.unwrap();
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let taken = take(&mut *subscription, 5).await;
    subscription.acknowledge(&places(&taken)).await.unwrap();
    drop(subscription);
    execute(&test, "UPDATE log_message SET published_at = now() - interval '3 days' WHERE position <= 12").await;
    assert_eq!(clear(test.database(), 2 * DAY).await.unwrap(), 5);
    execute(&test, "UPDATE log_group SET seen_at = now() - interval '3 days'").await;
    assert_eq!(clear(test.database(), 2 * DAY).await.unwrap(), 7);
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let rest = take(&mut *subscription, 8).await;
    assert_eq!(by_key(&rest)["key-0"], (12..20).collect::<Vec<_>>());
    subscription.acknowledge(&places(&rest)).await.unwrap();
    let client = test.database().bulk_connection().await.unwrap();
    let acknowledged = client.query_one("SELECT max(acknowledged) FROM log_subscription", &[]).await.unwrap();
    assert_eq!(acknowledged.get::<_, i64>(0), 20);
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_task_clears() {
    let test = TestDatabase::bus().await;
    let config = LogBusConfig { kept_seconds: 2 * 24 * 60 * 60, cleared_every_seconds: 1 };
    let bus = LogBus::open(test.database().clone(), config).await.unwrap();
    bus.publish(&events(), &messages(4, 0..5)).await.unwrap();
    execute(&test, "UPDATE log_message SET published_at = now() - interval '3 days' WHERE position <= 3").await;
    wait_for("old messages to be gone", async || (count(&test).await < 20).then_some(())).await;
    bus.close().await;
}
