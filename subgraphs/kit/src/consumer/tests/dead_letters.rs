//! What is given up, and taken up again.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::{super::HandlerError, *};
use crate::{
    dead_letter::{self, DeadLetter, Listed},
    outbox::Relay,
};

async fn list(shop: &Shop) -> Vec<DeadLetter> {
    dead_letter::list(&mut shop.database().connection().await.unwrap(), &Listed::default()).await.unwrap()
}

/// Poison is given up at once, what fails for ever after its attempts, and the key goes on behind both.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_handled_is_given_up_and_the_key_goes_on() {
    let shop = Shop::open().await;
    let handler = Recording::after(Arc::new(|_, _, value| {
        Box::pin(async move {
            match value {
                1 => Err(HandlerError::poison("bad from the start")),
                2 => Err(HandlerError::transient(std::io::Error::other("never ready"))),
                3 => panic!("beyond its powers"),
                _ => Ok(()),
            }
        })
    }));
    let mut messages: Vec<Message> = (0..6).map(|value| event("a", value)).collect();
    messages.insert(2, Message { key: "a".into(), text: "no envelope".into() });
    shop.publish(&messages).await;
    let consumer = shop.consume(handler.clone(), ConsumerConfig { attempts_max: 3, ..quick() });
    let effects = shop.wait_for_effects(3).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert_eq!(effects["a"], [0, 4, 5]);
    let letters = list(&shop).await;
    let told: Vec<(u32, &str)> = letters.iter().map(|letter| (letter.attempts, letter.reason.as_str())).collect();
    let expected = [
        (1, "never: bad from the start"),
        (1, "never: the message is no envelope with an id"),
        (3, "not now: never ready"),
        (1, "never: the handler panicked: beyond its powers"),
    ];
    assert_eq!(told, expected);
    let (letter, text) =
        dead_letter::show(&mut shop.database().connection().await.unwrap(), letters[0].id).await.unwrap().unwrap();
    assert_eq!(letter, letters[0]);
    assert_eq!((letter.topic.as_str(), letter.consumer.as_str()), ("orders/events", "shipping.orders"));
    assert_eq!((letter.key.as_str(), text.as_str()), ("a", &*event("a", 1).text));
    assert_eq!(letter.place.position, (2, 0));
}

/// As others read it: on the domain's topic, by way of the outbox.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_told_on_its_domains_topic() {
    let shop = Shop::open().await;
    let handler = Recording::before(Arc::new(|_, _, _| Box::pin(async { Err(HandlerError::poison("\"bad\"")) })));
    // As long as a message may be: with it the notice would be longer.
    let mut long = event("b", 0);
    let padding = wire::bus::MESSAGE_BYTES_MAX - long.text.len();
    long.text = format!("{}{}", long.text, " ".repeat(padding)).into();
    shop.publish(&[event("a", 7), long.clone()]).await;
    let consumer = shop.consume(handler, quick());
    wait_for("letters", async || (list(&shop).await.len() == 2).then_some(())).await;
    consumer.stop().await;
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(shop.database().clone(), shop.bus()).run(stop.clone()));
    let topic = Topic::new("shipping", Purpose::DeadLetters).unwrap();
    let mut subscription = shop.bus.subscribe(&topic, "a.watcher").await.unwrap();
    let mut notices = Vec::new();
    while notices.len() < 2 {
        notices.extend(subscription.next(10).await.unwrap());
    }
    stop.cancel();
    relay.await.unwrap();
    for letter in list(&shop).await {
        let notice = notices.iter().find(|notice| *notice.message.key == *letter.key).unwrap();
        let notice: Value = serde_json::from_str(&notice.message.text).unwrap();
        assert_eq!(notice["type"], "supergraph.shipping.dead-letter.v1");
        assert_eq!(notice["source"], "/supergraph/shipping");
        let data = &notice["data"];
        assert_eq!(data["letter"], letter.id.to_string());
        assert_eq!(data["topic"], "orders/events");
        assert_eq!(data["group"], "shipping.orders");
        assert_eq!(data["reason"], "never: \"bad\"");
        assert_eq!(data["position"], json!([letter.place.position.0.to_string(), "0"]));
        let text = if letter.key == "a" { json!(&*event("a", 7).text) } else { Value::Null };
        assert_eq!(data["text"], text);
    }
}

/// The group that gave it up handles it again; another, which had handled it, doesn't.
#[tokio::test(flavor = "multi_thread")]
async fn a_replay_works_for_the_group_that_gave_up_and_for_no_other() {
    let shop = Shop::open().await;
    let is_broken = Arc::new(AtomicBool::new(true));
    let broken = Arc::clone(&is_broken);
    let handler = Recording::before(Arc::new(move |_, _, value| {
        let fails = value % 2 == 1 && broken.load(Ordering::SeqCst);
        Box::pin(async move { if fails { Err(HandlerError::poison("broken")) } else { Ok(()) } })
    }));
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(shop.database().clone(), shop.bus()).run(stop.clone()));
    let other = Group::new("billing", "orders").unwrap();
    let others = Recording::plain();
    let other = Consumer::new(shop.database().clone(), shop.bus(), events(), other, others.clone());
    let other = tokio::spawn(other.run(stop.clone()));
    let consumer = shop.consume(handler, quick());
    let messages: Vec<Message> = (0..6).map(|value| event("a", value)).collect();
    shop.publish(&messages).await;
    let effects = shop.wait_for_effects(6 + 3).await;
    assert_eq!(effects["a"].len(), 9);
    wait_for("letters", async || (list(&shop).await.len() == 3).then_some(())).await;

    is_broken.store(false, Ordering::SeqCst);
    let first = list(&shop).await[0].id;
    dead_letter::replay(shop.database(), first).await.unwrap();
    let again = dead_letter::replay(shop.database(), first).await;
    assert!(matches!(again, Err(dead_letter::ReplayError::Replayed(id)) if id == first), "{again:?}");
    assert_eq!(dead_letter::replay_group(shop.database(), "shipping.orders").await.unwrap(), 2);
    assert_eq!(dead_letter::replay_group(shop.database(), "shipping.orders").await.unwrap(), 0);
    let effects = shop.wait_for_effects(12).await;
    wait_for("the relay", async || {
        let status = crate::outbox::status(&mut shop.database().connection().await.unwrap()).await.unwrap();
        (status.waiting == 0).then_some(())
    })
    .await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    stop.cancel();
    relay.await.unwrap();
    other.await.unwrap();
    assert_eq!(effects["a"][9..], [1, 3, 5]);
    assert_eq!(shop.effects().await, effects);
    assert_eq!(others.calls.load(Ordering::SeqCst), 6);
    assert!(list(&shop).await.is_empty());
}
