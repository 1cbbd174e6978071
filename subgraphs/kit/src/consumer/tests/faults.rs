//! Handlers and databases that fail.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use diesel_async::SimpleAsyncConnection as _;

use super::{super::HandlerError, *};
use crate::dead_letter;

async fn letters(shop: &Shop) -> u64 {
    dead_letter::count(&mut shop.database().connection().await.unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_a_while_is_tried_again_in_order() {
    let shop = Shop::open().await;
    let failures = Arc::new(AtomicU32::new(0));
    let failing = Arc::clone(&failures);
    // Message 3 of each key fails six times in all.
    let handler = Recording::after(Arc::new(move |_, _, value| {
        let fails = value == 3 && failing.fetch_add(1, Ordering::SeqCst) < 6;
        Box::pin(async move { if fails { Err(HandlerError::transient("not yet")) } else { Ok(()) } })
    }));
    let messages: Vec<Message> = (0..6).flat_map(|value| ["a", "b"].map(|key| event(key, value))).collect();
    shop.publish(&messages).await;
    let consumer = shop.consume(handler, quick());
    let effects = shop.wait_for_effects(12).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert!(failures.load(Ordering::SeqCst) >= 7);
    assert!(effects.values().all(|values| values.iter().copied().eq(0..6)), "{effects:?}");
    assert_eq!(letters(&shop).await, 0);
}

/// Other keys don't wait for the one that does.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_waits_holds_up_no_other_lane() {
    let shop = Shop::open().await;
    let handler = Recording::before(Arc::new(|_, key, _| {
        let fails = key == "bad";
        Box::pin(async move { if fails { Err(HandlerError::transient("not yet")) } else { Ok(()) } })
    }));
    let bad_lane = crate::key_hash::consumer_lane("bad", 16);
    let good: Vec<String> = (0..40).map(|n| format!("good-{n}")).collect();
    let good = good.iter().filter(|key| crate::key_hash::consumer_lane(key, 16) != bad_lane);
    let mut messages = vec![event("bad", 0)];
    messages.extend(good.map(|key| event(key, 0)));
    shop.publish(&messages).await;
    // It would wait for an hour.
    let config = ConsumerConfig { retry_first_ms: 3_600_000, retry_longest_ms: 3_600_000, ..quick() };
    let consumer = shop.consume(handler, config);
    let effects = shop.wait_for_effects(messages.len() - 1).await;
    assert!(!effects.contains_key("bad"));
    // And stops all the same.
    consumer.stop().await;
    assert_eq!(letters(&shop).await, 0);
}

/// More often than a message may be tried: the database's failures aren't the message's.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_lost_again_and_again_uses_up_no_attempts() {
    let shop = Shop::open().await;
    let kills = Arc::new(AtomicU32::new(0));
    let killing = Arc::clone(&kills);
    let handler = Recording::after(Arc::new(move |connection, _, value| {
        let kill = value == 1 && killing.fetch_add(1, Ordering::SeqCst) < 4;
        Box::pin(async move {
            if kill {
                connection.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())").await?;
            }
            Ok(())
        })
    }));
    let messages: Vec<Message> = (0..4).map(|value| event("a", value)).collect();
    shop.publish(&messages).await;
    let consumer = shop.consume(handler, ConsumerConfig { attempts_max: 2, ..quick() });
    let effects = shop.wait_for_effects(4).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert_eq!(effects["a"], [0, 1, 2, 3]);
    assert_eq!(kills.load(Ordering::SeqCst), 5);
    assert_eq!(letters(&shop).await, 0);
}

/// Nor are those of a store that a handler writes to; what it did before by its connection is taken back each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_uses_up_no_attempts() {
    let shop = Shop::open().await;
    let losses = Arc::new(AtomicU32::new(0));
    let losing = Arc::clone(&losses);
    let handler = Recording::after(Arc::new(move |_, key, value| {
        let is_away = (key, value) == ("a", 1) && losing.fetch_add(1, Ordering::SeqCst) < 4;
        Box::pin(async move { if is_away { Err(HandlerError::lost("the store is away")) } else { Ok(()) } })
    }));
    let messages: Vec<Message> = (0..4).flat_map(|value| ["a", "b"].map(|key| event(key, value))).collect();
    shop.publish(&messages).await;
    let consumer = shop.consume(handler, ConsumerConfig { attempts_max: 2, ..quick() });
    let effects = shop.wait_for_effects(8).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert!(effects.values().all(|values| values.iter().copied().eq(0..4)), "{effects:?}");
    assert_eq!(losses.load(Ordering::SeqCst), 5);
    assert_eq!(letters(&shop).await, 0);
}

/// It says that it succeeded, but its transaction is aborted.
#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_swallows_an_error_is_not_believed() {
    let shop = Shop::open().await;
    let first = Arc::new(Mutex::new(true));
    let handler = Recording::after(Arc::new(move |connection, _, _| {
        let fails = std::mem::take(&mut *first.lock().unwrap());
        Box::pin(async move {
            if fails {
                drop(connection.batch_execute("SELECT 1 / 0").await);
            }
            Ok(())
        })
    }));
    shop.publish(&[event("a", 0), event("a", 1)]).await;
    let consumer = shop.consume(handler, quick());
    let effects = shop.wait_for_effects(2).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert_eq!(effects["a"], [0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_may_be_killed_meanwhile() {
    let shop = Shop::open().await;
    let consumer = shop.consume(Recording::plain(), quick());
    let killer = shop.bus_database.database().bulk_connection().await.unwrap();
    for round in 0..10 {
        let messages: Vec<Message> = (0..5).map(|key| event(&format!("key-{key}"), round)).collect();
        // A message may be there although its publisher was told nothing.
        while shop.bus.publish(&events(), &messages).await.is_err() {
            tokio::task::yield_now().await;
        }
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'";
        killer.batch_execute(kill).await.unwrap();
    }
    let effects = shop.wait_for_effects(50).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert!(effects.values().all(|values| values.iter().copied().eq(0..10)), "{effects:?}");
}
