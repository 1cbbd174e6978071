//! Figures move with the work.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_the_outbox_rises_while_the_bus_is_away_and_falls_after() {
    let shop = Shop::open().await;
    let relay = shop.relay();
    shop.bus.set_away(true);
    shop.append(&[message("a"), message("b"), message("c")]).await;
    let figures = shop.wait_for("outbox_messages", &[], |messages| messages == 3.0).await;
    assert!(figures.get("messaging_client_sent_messages_total", &[]).is_none());
    let age = figures.get("outbox_oldest_age_seconds", &[]).unwrap();
    let figures = shop.wait_for("outbox_oldest_age_seconds", &[], |later| later > age).await;
    assert!(figures.get("outbox_publish_failures_total", &[]).is_some_and(|failures| failures >= 1.0));
    shop.bus.set_away(false);
    let figures = shop.wait_for("outbox_messages", &[], |messages| messages == 0.0).await;
    assert_eq!(figures.get("outbox_oldest_age_seconds", &[]), Some(0.0));
    let topic = [("messaging_destination_name", "orders/events")];
    assert_eq!(figures.get("messaging_client_sent_messages_total", &topic), Some(3.0));
    relay.stop().await;
}

/// As one outbox, since it is what alarms are set on.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_elsewhere_counts_as_the_outbox() {
    let shop = Shop::open().await;
    let elsewhere = Arc::new(std::sync::Mutex::new(Some((2, 90))));
    let look = Arc::clone(&elsewhere);
    shop.metrics.watch_pending(SERVICE, move || {
        let found = *look.lock().unwrap();
        let age = std::time::Duration::from_secs;
        let status = found.map(|(waiting, oldest)| outbox::Status { waiting, oldest_age: Some(age(oldest)) });
        std::future::ready(status.ok_or_else(|| std::io::Error::other("away")))
    });
    shop.append(&[message("a")]).await;
    let figures = shop.wait_for("outbox_messages", &[], |messages| messages == 3.0).await;
    assert_eq!(figures.get("outbox_oldest_age_seconds", &[]), Some(90.0));
    *elsewhere.lock().unwrap() = Some((0, 0));
    let figures = shop.wait_for("outbox_messages", &[], |messages| messages == 1.0).await;
    assert!(figures.get("outbox_oldest_age_seconds", &[]).is_some_and(|age| age > 0.0 && age < 90.0));
    // What can't be told whole isn't told; the rest is.
    *elsewhere.lock().unwrap() = None;
    let group = ("messaging_consumer_group_name", "orders.testing");
    let failing = shop.consume(Handling { outcome: || Err(HandlerError::poison("never")) }, ConsumerConfig::default());
    shop.bus.publish(&events(), &[message("b")]).await.unwrap();
    let figures = shop.wait_for("dead_letters", &[group], |letters| letters == 1.0).await;
    assert!(figures.get("scrape_failures_total", &[]).is_some_and(|failures| failures >= 1.0));
    assert!(figures.get("outbox_messages", &[]).is_none() && figures.get("outbox_oldest_age_seconds", &[]).is_none());
    failing.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_lags_until_it_has_consumed() {
    let shop = Shop::open().await;
    let group = [("messaging_consumer_group_name", "orders.testing"), ("messaging_destination_name", "orders/events")];
    // The group is known to the bus from its first consumer on.
    shop.consume(Handling { outcome: || Ok(()) }, ConsumerConfig::default()).stop().await;
    let consumer = shop.consume(Handling { outcome: || Ok(()) }, ConsumerConfig::default());
    shop.wait_for("messaging_consumer_lag", &group, |lag| lag == 0.0).await;
    consumer.stop().await;
    shop.bus.publish(&events(), &[message("a"), message("b")]).await.unwrap();
    let figures = shop.wait_for("messaging_consumer_lag", &group, |lag| lag == 2.0).await;
    assert_eq!(figures.get("messaging_client_consumed_messages_total", &group), Some(0.0));
    let consumer = shop.consume(Handling { outcome: || Ok(()) }, ConsumerConfig::default());
    let figures = shop.wait_for("messaging_consumer_lag", &group, |lag| lag == 0.0).await;
    assert_eq!(figures.get("messaging_client_consumed_messages_total", &group), Some(2.0));
    let handled = [group[0], group[1], ("outcome", "handled")];
    assert_eq!(figures.get("messaging_process_attempts_total", &handled), Some(2.0));
    consumer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_retried_and_given_up_is_told() {
    let shop = Shop::open().await;
    let config =
        ConsumerConfig { attempts_max: 3, retry_first_ms: 1, retry_longest_ms: 2, ..ConsumerConfig::default() };
    let consumer = shop.consume(Handling { outcome: || Err(HandlerError::transient("not now")) }, config);
    shop.bus.publish(&events(), &[message("a")]).await.unwrap();
    let group = ("messaging_consumer_group_name", "orders.testing");
    let figures = shop.wait_for("dead_letters", &[group], |letters| letters == 1.0).await;
    let attempts = |outcome| figures.get("messaging_process_attempts_total", &[group, ("outcome", outcome)]);
    assert_eq!(
        (attempts("retried"), attempts("dead_lettered"), attempts("handled")),
        (Some(3.0), Some(1.0), Some(0.0))
    );
    consumer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_group_has_no_use_for_is_told_apart() {
    let shop = Shop::open().await;
    let consumer = shop.consume(Unwilling, ConsumerConfig::default());
    let id = Uuid::now_v7();
    let text = json!({ "specversion": "1.0", "id": id, "source": "/a", "type": "com.example.someevent" });
    shop.bus.publish(&events(), &[Message { key: "a".into(), text: text.to_string().into() }]).await.unwrap();
    let group = ("messaging_consumer_group_name", "orders.testing");
    let figures = shop.wait_for("messaging_client_consumed_messages_total", &[group], |messages| messages == 1.0).await;
    let attempts = |outcome| figures.get("messaging_process_attempts_total", &[group, ("outcome", outcome)]);
    assert_eq!((attempts("passed"), attempts("handled"), attempts("repeated")), (Some(1.0), Some(0.0), Some(0.0)));
    consumer.stop().await;
}
