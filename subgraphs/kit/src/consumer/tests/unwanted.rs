//! What a group has no use for.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{super::HandlerError, *};
use crate::{
    dead_letter::{self, Listed},
    outbox::Relay,
};

const WANTED: &str = "supergraph.orders.counted.v1";
const UNWANTED: &str = "supergraph.orders.weighed.v1";

/// An event of a type, of the key `a`.
fn of_type(type_name: &str, value: i32) -> Message {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{type_name} {value}").as_bytes());
    let (source, data) = ("/supergraph/orders", json!({ "value": value }));
    let text =
        json!({ "specversion": "1.0", "id": id, "source": source, "type": type_name, "subject": "a", "data": data });
    Message { key: "a".into(), text: text.to_string().into() }
}

async fn remembered(shop: &Shop) -> i64 {
    let client = shop.database().bulk_connection().await.unwrap();
    client.query_one("SELECT count(*) FROM inbox", &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_wanted_takes_no_statement_and_is_acknowledged() {
    let shop = Shop::open().await;
    let handler = Recording::plain().of_type(WANTED);
    let consumer = shop.consume(handler.clone(), quick());
    shop.publish(&[of_type(WANTED, 0)]).await;
    shop.wait_for_effects(1).await;
    shop.wait_for_acknowledgement().await;
    let before = shop.database().statements_executed();
    shop.publish(&(0..20).map(|value| of_type(UNWANTED, value)).collect::<Vec<_>>()).await;
    shop.wait_for_acknowledgement().await;
    assert_eq!(shop.database().statements_executed(), before);
    assert_eq!((handler.calls.load(Ordering::SeqCst), remembered(&shop).await), (1, 1));
    // What is behind it in its lane is handled.
    let behind = [of_type(UNWANTED, 20), of_type(WANTED, 1), of_type(UNWANTED, 21), of_type(WANTED, 2)];
    shop.publish(&behind).await;
    let effects = shop.wait_for_effects(3).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    assert_eq!(effects["a"], [0, 1, 2]);
    assert_eq!((handler.calls.load(Ordering::SeqCst), remembered(&shop).await), (3, 3));
}

/// Among others that aren't wanted, before it and behind it.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_of_what_is_wanted_is_replayed() {
    let shop = Shop::open().await;
    let is_broken = Arc::new(AtomicBool::new(true));
    let broken = Arc::clone(&is_broken);
    let handler = Recording::before(Arc::new(move |_, _, _| {
        let fails = broken.load(Ordering::SeqCst);
        Box::pin(async move { if fails { Err(HandlerError::poison("broken")) } else { Ok(()) } })
    }));
    let consumer = shop.consume(handler.of_type(WANTED), quick());
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(shop.database().clone(), shop.bus()).run(stop.clone()));
    shop.publish(&[of_type(UNWANTED, 0), of_type(WANTED, 1), of_type(UNWANTED, 2)]).await;
    let letters =
        async || dead_letter::list(&mut shop.database().connection().await.unwrap(), &Listed::default()).await.unwrap();
    let letter = wait_for("a letter", async || letters().await.first().map(|letter| letter.id)).await;
    shop.wait_for_acknowledgement().await;
    is_broken.store(false, Ordering::SeqCst);
    dead_letter::replay(shop.database(), letter).await.unwrap();
    let effects = shop.wait_for_effects(1).await;
    shop.wait_for_acknowledgement().await;
    consumer.stop().await;
    stop.cancel();
    relay.await.unwrap();
    assert_eq!(effects["a"], [1]);
    assert_eq!(remembered(&shop).await, 1);
    assert!(letters().await.is_empty());
}
