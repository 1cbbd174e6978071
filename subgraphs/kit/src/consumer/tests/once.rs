//! Once, and in order.

use std::sync::atomic::Ordering;

use super::*;

/// Ten times each message, in each key's order but shuffled across keys, and two consumers.
#[tokio::test(flavor = "multi_thread")]
async fn effects_are_exactly_once_and_in_order_under_redelivery() {
    const KEYS: usize = 12;
    let shop = Shop::open().await;
    let mut random = fastrand::Rng::with_seed(7);
    // What each key still has to say, ten times over from the start.
    let mut rest: Vec<Vec<i32>> = (0..KEYS).map(|_| (0..10).flat_map(|_| 0..8).rev().collect()).collect();
    let mut messages = Vec::new();
    while rest.iter().any(|values| !values.is_empty()) {
        let key = random.usize(..KEYS);
        if let Some(value) = rest[key].pop() {
            messages.push(event(&format!("key-{key}"), value));
        }
    }
    assert_eq!(messages.len(), 960);
    let handler = Recording::plain();
    let consumers = [shop.consume(handler.clone(), quick()), shop.consume(handler, quick())];
    for messages in messages.chunks(37) {
        shop.publish(messages).await;
    }
    shop.wait_for_acknowledgement().await;
    for consumer in consumers {
        consumer.stop().await;
    }
    let effects = shop.effects().await;
    assert_eq!(effects.len(), KEYS);
    assert!(effects.values().all(|values| values.iter().copied().eq(0..8)), "{effects:?}");
}

/// Each group sees every message, and none of them twice.
#[tokio::test(flavor = "multi_thread")]
async fn groups_have_inboxes_of_their_own() {
    let shop = Shop::open().await;
    let messages: Vec<Message> = (0..20).map(|value| event("a", value)).collect();
    shop.publish(&messages).await;
    let first = shop.consume(Recording::plain(), quick());
    let other = Group::new("billing", "orders").unwrap();
    let stop = CancellationToken::new();
    let consumer = Consumer::new(shop.database().clone(), shop.bus(), events(), other, Recording::plain());
    let second = tokio::spawn(consumer.run(stop.clone()));
    let effects = shop.wait_for_effects(40).await;
    shop.wait_for_acknowledgement().await;
    first.stop().await;
    stop.cancel();
    second.await.unwrap();
    let mut values = effects["a"].clone();
    values.sort_unstable();
    assert!(values.into_iter().eq((0..20).flat_map(|value| [value, value])));
}

/// Lanes at the same time: as many are being handled as there may be, and never two of one key.
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_handled_at_the_same_time_within_bounds() {
    let shop = Shop::open().await;
    let (now, most) = (Arc::new(std::sync::atomic::AtomicU32::new(0)), Arc::new(std::sync::atomic::AtomicU32::new(0)));
    let (counted, highest) = (Arc::clone(&now), Arc::clone(&most));
    let handler = Recording::before(Arc::new(move |_, _, _| {
        let (now, most) = (Arc::clone(&counted), Arc::clone(&highest));
        Box::pin(async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        })
    }));
    let messages: Vec<Message> =
        (0..40).flat_map(|key| (0..2).map(move |value| event(&format!("key-{key}"), value))).collect();
    shop.publish(&messages).await;
    let consumer = shop.consume(handler, ConsumerConfig { connections_max: 3, ..quick() });
    let effects = shop.wait_for_effects(80).await;
    consumer.stop().await;
    assert_eq!(most.load(Ordering::SeqCst), 3);
    assert!(effects.values().all(|values| values == &[0, 1]), "{effects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_it_hands_back_the_rest() {
    let shop = Shop::open().await;
    let messages: Vec<Message> =
        (0..10).flat_map(|value| (0..10).map(move |key| event(&format!("key-{key}"), value))).collect();
    shop.publish(&messages).await;
    // The third call and all later ones are held up until it is to stop.
    let (begun, go_on) = (Arc::new(tokio::sync::Semaphore::new(0)), Arc::new(tokio::sync::Semaphore::new(2)));
    let (announce, gate) = (Arc::clone(&begun), Arc::clone(&go_on));
    let handler = Recording::before(Arc::new(move |_, _, _| {
        let (announce, gate) = (Arc::clone(&announce), Arc::clone(&gate));
        Box::pin(async move {
            announce.add_permits(1);
            gate.acquire().await.unwrap().forget();
            Ok(())
        })
    }));
    let consumer = shop.consume(handler.clone(), ConsumerConfig { connections_max: 2, ..quick() });
    begun.acquire_many(4).await.unwrap().forget();
    consumer.stop.cancel();
    go_on.add_permits(100);
    consumer.stop().await;
    let done: usize = shop.effects().await.values().map(Vec::len).sum();
    // Those that were begun are finished, and nothing else.
    assert_eq!(done, 4);
    assert_eq!(handler.calls.load(Ordering::SeqCst), 4);

    let consumer = shop.consume(Recording::plain(), quick());
    let effects = shop.wait_for_effects(100).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert!(effects.values().all(|values| values.iter().copied().eq(0..10)), "{effects:?}");
}
