//! Positions.

use super::*;
use crate::database::Database;

async fn positions(database: &Database) -> BTreeMap<i16, Vec<i64>> {
    let client = database.bulk_connection().await.unwrap();
    let rows =
        client.query("SELECT partition, position FROM log_message ORDER BY partition, position", &[]).await.unwrap();
    let mut positions: BTreeMap<i16, Vec<i64>> = BTreeMap::new();
    for row in rows {
        positions.entry(row.get(0)).or_default().push(row.get(1));
    }
    positions
}

/// Each publishes to all partitions at once: who locked them in any order would block each other in a circle.
#[tokio::test(flavor = "multi_thread")]
async fn many_publishers_leave_no_gap_and_keep_their_order() {
    let test = TestDatabase::bus().await;
    let bus = std::sync::Arc::new(open(&test).await);
    let publishers = (0..6).map(|publisher| {
        let bus = std::sync::Arc::clone(&bus);
        tokio::spawn(async move {
            for round in 0..25_usize {
                let mut batch: Vec<Message> = (0..12).map(|key| message(format!("{publisher}-{key}"), round)).collect();
                fastrand::shuffle(&mut batch);
                bus.publish(&events(), &batch).await.unwrap();
            }
        })
    });
    for publisher in futures::future::join_all(publishers).await {
        publisher.unwrap();
    }
    for (partition, positions) in positions(test.database()).await {
        let gap_free: Vec<i64> = (1..=i64::try_from(positions.len()).unwrap()).collect();
        assert_eq!(positions, gap_free, "partition {partition}");
    }
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let taken = take(&mut *subscription, 6 * 25 * 12).await;
    let texts = by_key(&taken);
    assert_eq!(texts.len(), 72);
    assert!(texts.values().all(|texts| texts.iter().copied().eq(0..25)), "{texts:?}");
    bus.close().await;
}

/// Of a thousand rounds in which a reader follows a writer, none sees a message before those that stand before it.
#[tokio::test(flavor = "multi_thread")]
async fn positions_become_visible_in_their_order() {
    let test = TestDatabase::bus().await;
    let bus = std::sync::Arc::new(open(&test).await);
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    let publishers = (0..4).map(|publisher| {
        let bus = std::sync::Arc::clone(&bus);
        tokio::spawn(async move {
            for _ in 0..100 {
                bus.publish(&events(), &[message("one-key", publisher)]).await.unwrap();
            }
        })
    });
    let reading = async {
        let mut taken = Vec::new();
        while taken.len() < 400 {
            let deliveries = next(&mut *subscription, 400).await;
            subscription.acknowledge(&places(&deliveries)).await.unwrap();
            taken.extend(deliveries.iter().map(|delivery| delivery.place.position.0));
        }
        taken
    };
    let (taken, published) = tokio::join!(reading, futures::future::join_all(publishers));
    assert!(published.into_iter().all(|publisher| publisher.is_ok()));
    assert!(taken.into_iter().eq(1..=400));
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_make_the_same_topic_and_group_once() {
    let test = TestDatabase::bus().await;
    let buses = futures::future::join_all((0..4).map(|_| open(&test))).await;
    let (topic, batch) = (events(), messages(4, 0..1));
    let published = futures::future::join_all(buses.iter().map(|bus| bus.publish(&topic, &batch))).await;
    assert!(published.iter().all(Result::is_ok), "{published:?}");
    let subscriptions = futures::future::join_all(buses.iter().map(|bus| bus.subscribe(&topic, "a.b"))).await;
    assert!(subscriptions.iter().all(Result::is_ok));
    let client = test.database().bulk_connection().await.unwrap();
    let counts = "SELECT (SELECT count(*) FROM log_topic), (SELECT count(*) FROM log_partition), \
        (SELECT count(*) FROM log_group), (SELECT count(*) FROM log_subscription), (SELECT count(*) FROM log_message)";
    let counts = client.query_one(counts, &[]).await.unwrap();
    let counts: Vec<i64> = (0..5).map(|column| counts.get(column)).collect();
    assert_eq!(counts, [1, 8, 1, 8, 16]);
    for bus in buses {
        bus.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_is_refused_whole() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let batch = [message("a", 1), message("a", "x".repeat(wire::bus::MESSAGE_BYTES_MAX + 1))];
    assert!(matches!(bus.publish(&events(), &batch).await, Err(BusError::TooLong { .. })));
    bus.publish(&events(), &[]).await.unwrap();
    assert!(positions(test.database()).await.is_empty());
    bus.close().await;
}
