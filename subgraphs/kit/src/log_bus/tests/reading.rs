//! How often the database is asked.

use std::time::{Duration, Instant};

use super::*;
use crate::log_bus::subscription::POLL;

/// As a consumer does that begins to wait anew whenever it is done with something. Long enough to read in, so that one of the first
/// waits comes to the end.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_to_its_end_is_not_read_again_without_a_notice() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    bus.publish(&events(), &messages(20, 0..1)).await.unwrap();
    let taken = take(&mut *subscription, 20).await;
    subscription.acknowledge(&places(&taken)).await.unwrap();
    let (asked, began) = (test.database().statements_executed(), Instant::now());
    for _ in 0..40 {
        let waited = tokio::time::timeout(Duration::from_millis(20), subscription.next(10)).await;
        assert!(waited.is_err(), "{waited:?}");
    }
    let asked = test.database().statements_executed() - asked;
    let looks = began.elapsed().as_secs() / POLL.as_secs() + 1;
    assert!(asked <= 10 + 10 * looks, "{asked} statements in {looks} looks");
    // And it is, with one.
    bus.publish(&events(), &messages(20, 1..2)).await.unwrap();
    assert_eq!(by_key(&take(&mut *subscription, 20).await), by_key_of(&messages(20, 1..2)));
    bus.close().await;
}

/// As if its publisher had died before it told anybody.
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_was_told_of_is_read_all_the_same() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    bus.publish(&events(), &[message("a", 0)]).await.unwrap();
    let first = take(&mut *subscription, 1).await;
    subscription.acknowledge(&places(&first)).await.unwrap();
    let silent = "WITH advanced AS (UPDATE log_partition SET position = position + 1 WHERE position > 0 \
            RETURNING topic_id, partition, position) \
        INSERT INTO log_message (topic_id, partition, position, key, text) \
        SELECT topic_id, partition, position, 'a', '1' FROM advanced";
    test.database().bulk_connection().await.unwrap().batch_execute(silent).await.unwrap();
    assert_eq!(by_key(&take(&mut *subscription, 1).await), by_key_of(&[message("a", 1)]));
    bus.close().await;
}
