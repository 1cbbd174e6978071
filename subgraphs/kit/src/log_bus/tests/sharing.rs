//! Consumers of one group, in one process and in several, that come, go and are killed.

use std::collections::BTreeSet;

use super::*;

/// Publishes to all partitions until each consumer has got some of its own, and tells which partitions each got.
async fn shares(bus: &LogBus, consumers: &mut [Box<dyn Subscription>]) -> Vec<BTreeSet<u16>> {
    bus.publish(&events(), &messages(64, 0..1)).await.unwrap();
    let mut shares = Vec::new();
    for consumer in consumers {
        let patience = std::time::Duration::from_millis(300);
        let mut share = BTreeSet::new();
        while let Ok(Ok(deliveries)) = tokio::time::timeout(patience, consumer.next(100)).await {
            share.extend(deliveries.iter().map(|delivery| delivery.place.partition));
            consumer.acknowledge(&places(&deliveries)).await.unwrap();
        }
        shares.push(share);
    }
    shares
}

fn sizes(shares: &[BTreeSet<u16>]) -> Vec<usize> {
    let all: BTreeSet<u16> = shares.iter().flatten().copied().collect();
    let sizes: Vec<usize> = shares.iter().map(BTreeSet::len).collect();
    // Partitions that two had in one round were on their way from one to the other.
    if sizes.iter().sum::<usize>() == all.len() { sizes } else { Vec::new() }
}

async fn wait_for_sizes(bus: &LogBus, consumers: &mut [Box<dyn Subscription>], expected: &[usize]) {
    let waiting = async {
        loop {
            let shares = shares(bus, consumers).await;
            if sizes(&shares) == expected {
                return;
            }
        }
    };
    tokio::time::timeout(WAIT_MAX, waiting).await.unwrap_or_else(|_| panic!("never shared as {expected:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_of_a_process_share_and_share_again() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut consumers = vec![bus.subscribe(&events(), "a.b").await.unwrap()];
    wait_for_sizes(&bus, &mut consumers, &[8]).await;
    consumers.push(bus.subscribe(&events(), "a.b").await.unwrap());
    wait_for_sizes(&bus, &mut consumers, &[4, 4]).await;
    // Another group gets everything for itself.
    let mut others = vec![bus.subscribe(&events(), "a.c").await.unwrap()];
    wait_for_sizes(&bus, &mut others, &[8]).await;
    consumers.remove(0);
    wait_for_sizes(&bus, &mut consumers, &[8]).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_and_the_rest_goes_on_when_one_ends() {
    let test = TestDatabase::bus().await;
    let (one, two, three) = (open(&test).await, open(&test).await, open(&test).await);
    let mut consumers = Vec::new();
    for bus in [&one, &two, &three] {
        consumers.push(bus.subscribe(&events(), "a.b").await.unwrap());
    }
    let waiting = async {
        loop {
            let mut sizes = sizes(&shares(&one, &mut consumers).await);
            sizes.sort_unstable();
            if sizes == [2, 3, 3] {
                return;
            }
        }
    };
    tokio::time::timeout(WAIT_MAX, waiting).await.expect("a fair share");
    three.close().await;
    consumers.truncate(2);
    wait_for_sizes(&one, &mut consumers, &[4, 4]).await;
    // Without a word, as a process dies.
    drop(two);
    consumers.truncate(1);
    wait_for_sizes(&one, &mut consumers, &[8]).await;
    one.close().await;
}

/// What is handed out stays with whom it was handed to, until it is acknowledged or for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_partition_changes_hands_when_its_messages_are_acknowledged() {
    let test = TestDatabase::bus().await;
    let (one, two) = (open(&test).await, open(&test).await);
    let mut first = one.subscribe(&events(), "a.b").await.unwrap();
    one.publish(&events(), &messages(32, 0..1)).await.unwrap();
    let taken = take(&mut *first, 32).await;
    let mut second = two.subscribe(&events(), "a.b").await.unwrap();
    one.publish(&events(), &messages(32, 1..2)).await.unwrap();
    first.acknowledge(&places(&taken)).await.unwrap();
    let mut all = taken;
    while all.len() < 64 {
        for subscription in [&mut first, &mut second] {
            let patience = std::time::Duration::from_millis(100);
            if let Ok(Ok(deliveries)) = tokio::time::timeout(patience, subscription.next(64)).await {
                subscription.acknowledge(&places(&deliveries)).await.unwrap();
                all.extend(deliveries);
            }
        }
    }
    // Nothing twice.
    assert_eq!(by_key(&all), by_key_of(&messages(32, 0..2)));
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_acknowledged_goes_to_another_in_the_end() {
    let test = TestDatabase::bus().await;
    let (one, two) = (open(&test).await, open(&test).await);
    let mut stuck = one.subscribe(&events(), "a.b").await.unwrap();
    one.publish(&events(), &messages(32, 0..1)).await.unwrap();
    let taken = take(&mut *stuck, 32).await;
    let mut second = two.subscribe(&events(), "a.b").await.unwrap();
    let again = next(&mut *second, 32).await;
    assert!(again.iter().all(|delivery| places(&taken).contains(&delivery.place)));
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_killed_comes_back_and_hands_out_again() {
    let test = TestDatabase::bus().await;
    let bus = open(&test).await;
    let mut subscription = bus.subscribe(&events(), "a.b").await.unwrap();
    bus.publish(&events(), &messages(10, 0..10)).await.unwrap();
    let first = take(&mut *subscription, 60).await;
    subscription.acknowledge(&places(&first[..40])).await.unwrap();
    let client = test.database().bulk_connection().await.unwrap();
    for _ in 0..3 {
        let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
            AND datname = current_database() AND backend_type = 'client backend'";
        wait_for("a session to kill", async || {
            let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            (client.query_one(locks, &[]).await.unwrap().get::<_, i64>(0) == 9).then_some(())
        })
        .await;
        assert!(client.query_one(kill, &[]).await.unwrap().get::<_, i64>(0) >= 1);
    }
    let mut rest = Vec::new();
    let mut seen: BTreeSet<Place> = first.iter().map(|delivery| delivery.place).collect();
    while seen.len() < 100 {
        let deliveries = next(&mut *subscription, 100).await;
        seen.extend(places(&deliveries));
        if subscription.acknowledge(&places(&deliveries)).await.is_ok() {
            rest.extend(deliveries);
        }
    }
    // Everything that wasn't acknowledged came again, and in order.
    let acknowledged: BTreeSet<Place> = places(&first[..40]).into_iter().collect();
    let came: BTreeSet<Place> = rest.iter().map(|delivery| delivery.place).collect();
    assert!(acknowledged.union(&came).count() == 100);
    bus.close().await;
}
