//! Order, with many at work.

use std::collections::BTreeMap;

use diesel_async::SimpleAsyncConnection as _;

use super::*;

/// Producers take turns on keys as aggregates do, by a row's lock, and number what they say; several relays publish.
#[tokio::test(flavor = "multi_thread")]
async fn keys_keep_their_order_under_several_relays_and_producers() {
    const KEYS: usize = 40;
    const ROUNDS: usize = 30;
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    let table = format!(
        "CREATE TABLE aggregate (key text PRIMARY KEY, version int NOT NULL); \
        INSERT INTO aggregate SELECT 'key-' || n, 0 FROM generate_series(0, {}) AS n",
        KEYS - 1
    );
    database.connection().await.unwrap().batch_execute(&table).await.unwrap();
    // Small batches, so that a key's messages are spread over many.
    let relays = Relays::start(
        3,
        database,
        &bus,
        RelayConfig { batch_messages_max: 7, connections_max: 2, ..RelayConfig::default() },
    );
    let producers = (0..4_u64).map(|seed| {
        let database = database.clone();
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            for _ in 0..ROUNDS {
                let key = format!("key-{}", random.usize(..KEYS));
                database.unit(async |connection| say_next(connection, &key).await).await.unwrap();
            }
        })
    });
    for producer in futures::future::join_all(producers).await {
        producer.unwrap();
    }
    wait_until_empty(database).await;
    relays.stop().await;
    let client = database.bulk_connection().await.unwrap();
    let versions = client.query("SELECT key, version FROM aggregate", &[]).await.unwrap();
    let versions: BTreeMap<String, i32> = versions.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (key, version) in &versions {
        let expected: Vec<String> = (1..=*version).map(|number| number.to_string()).collect();
        assert_eq!(bus.texts(key), expected, "{key}");
    }
    assert_eq!(bus.count(), 4 * ROUNDS * 2);
}

async fn say_next(connection: &mut diesel_async::AsyncPgConnection, key: &str) -> Result<(), DatabaseError> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        version: i32,
    }
    let next = format!("UPDATE aggregate SET version = version + 2 WHERE key = '{key}' RETURNING version");
    let Row { version } = diesel_async::RunQueryDsl::get_result(diesel::sql_query(next), connection).await?;
    append(connection, &events(), &[message(key, version - 1), message(key, version)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_position_that_is_committed_later_is_published() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    let relays = Relays::start(1, database, &bus, RelayConfig::default());
    let mut slow = database.connection().await.unwrap();
    slow.batch_execute("BEGIN").await.unwrap();
    append(&mut slow, &events(), &[message("slow", 1)]).await.unwrap();
    // In the same lane, so that they are behind it.
    let lane = crate::key_hash::outbox_lane("slow");
    let others: Vec<Message> = (0..400)
        .map(|number| message(&format!("quick-{number}"), number))
        .filter(|message| crate::key_hash::outbox_lane(&message.key) == lane)
        .collect();
    assert!(others.len() > 5);
    append_now(database, &others).await;
    wait_until_empty(database).await;
    assert_eq!(bus.count(), others.len());
    slow.batch_execute("COMMIT").await.unwrap();
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("slow"), ["1"]);
    assert_eq!(bus.count(), others.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_messages_leave_in_several_batches() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    let texts: Vec<String> =
        (0..40).map(|number| format!("{number:03}{}", "x".repeat(MESSAGE_BYTES_MAX - 3))).collect();
    let messages: Vec<Message> = texts.iter().map(|text| message("a", text)).collect();
    append_now(database, &messages).await;
    let relays = Relays::start(2, database, &bus, RelayConfig::default());
    wait_until_empty(database).await;
    relays.stop().await;
    assert!(bus.texts("a") == texts);
}
