//! What fails, and what is left of it.

use std::sync::atomic::Ordering;

use super::*;
use crate::key_hash::outbox_lane;

fn numbered(key: &str, numbers: std::ops::Range<u32>) -> Vec<Message> {
    numbers.map(|number| message(key, number)).collect()
}

/// The first time that each was published: what a consumer with an inbox sees.
fn first_times(texts: &[String]) -> Vec<&String> {
    let mut seen = std::collections::BTreeSet::new();
    texts.iter().filter(|text| seen.insert(*text)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_connection_is_killed_loses_nothing() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::shut()));
    append_now(database, &numbered("a", 0..300)).await;
    let config = RelayConfig { batch_messages_max: 100, ..RelayConfig::default() };
    let relays = Relays::start(2, database, &bus, config);
    wait_for("a batch", async || (bus.waiting.load(Ordering::SeqCst) == 1).then_some(())).await;
    let client = database.bulk_connection().await.unwrap();
    // The one that has the lane: the other one looks now and then whether it is free.
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(client.query_one(kill, &[]).await.unwrap().get::<_, i64>(0), 1);
    bus.let_in();
    wait_until_empty(database).await;
    relays.stop().await;
    let texts = bus.texts("a");
    assert!(texts.len() > 300, "the killed relay's batch came twice");
    assert_eq!(first_times(&texts), (0..300).map(|n| n.to_string()).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_bus_is_waited_out() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    bus.fails.store(true, Ordering::SeqCst);
    let relays = Relays::start(1, database, &bus, RelayConfig::default());
    append_now(database, &numbered("a", 0..50)).await;
    append_now(database, &numbered("b", 0..50)).await;
    wait_for("several refusals", async || (bus.answered.load(Ordering::SeqCst) >= 6).then_some(())).await;
    assert_eq!((waiting(database).await, bus.count()), (100, 0));
    bus.fails.store(false, Ordering::SeqCst);
    append_now(database, &numbered("a", 50..60)).await;
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), (0..60).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(bus.texts("b").len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_hangs_is_given_up_and_asked_again() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::shut()));
    append_now(database, &numbered("a", 0..5)).await;
    let relays = Relays::start(1, database, &bus, RelayConfig { publish_timeout_ms: 50, ..RelayConfig::default() });
    // Counted up with each attempt, and never down by those that are given up.
    wait_for("a second attempt", async || (bus.waiting.load(Ordering::SeqCst) >= 2).then_some(())).await;
    bus.let_in();
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), ["0", "1", "2", "3", "4"]);
}

/// Of the same lane: what is refused stays, and the rest leaves.
#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_refused_keeps_no_other() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let commands = Topic::new("orders", Purpose::Commands).unwrap();
    let bus = Arc::new(Recorder::refusing(commands.clone()));
    let database = test.database();
    let other_lane = (0..).map(|n| format!("b-{n}")).find(|key| outbox_lane(key) != outbox_lane("a")).unwrap();
    database
        .unit(async |connection| {
            append(connection, &commands, &numbered("a", 0..10)).await?;
            append(connection, &events(), &numbered("a", 10..20)).await?;
            append(connection, &events(), &numbered(&other_lane, 0..10)).await
        })
        .await
        .unwrap();
    let relays = Relays::start(1, database, &bus, RelayConfig::default());
    wait_for("what is taken", async || (waiting(database).await == 10).then_some(())).await;
    append_now(database, &numbered(&other_lane, 10..20)).await;
    wait_for("what comes later", async || (waiting(database).await == 10).then_some(())).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), (10..20).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(bus.texts(&other_lane), (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
}

/// One relay's bus is gone and the other's isn't: what the first left alone is done when it looks again.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_forgets_what_another_got_through_with() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, broken, sound) = (test.database(), Arc::new(Recorder::open()), Arc::new(Recorder::open()));
    broken.fails.store(true, Ordering::SeqCst);
    let first = Relays::start(1, database, &broken, RelayConfig::default());
    append_now(database, &numbered("a", 0..5)).await;
    wait_for("a refusal", async || (broken.answered.load(Ordering::SeqCst) >= 1).then_some(())).await;
    let second = Relays::start(1, database, &sound, RelayConfig::default());
    wait_until_empty(database).await;
    second.stop().await;
    // If it turned in circles that would show in the statements that it executes.
    wait_for("a calm second", async || {
        let before = database.statements_executed();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        (database.statements_executed() - before < 10).then_some(())
    })
    .await;
    broken.fails.store(false, Ordering::SeqCst);
    append_now(database, &numbered("a", 5..10)).await;
    wait_until_empty(database).await;
    first.stop().await;
    assert_eq!(sound.texts("a"), ["0", "1", "2", "3", "4"]);
    assert_eq!(broken.texts("a"), ["5", "6", "7", "8", "9"]);
}
