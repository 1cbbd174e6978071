//! From a transaction to the bus: nothing lost, in the order of keys, whatever fails in between.

mod faults;
mod order;
mod recorder;

use std::sync::Arc;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::{
    bus::{Bus, BusError, MESSAGE_BYTES_MAX, Message},
    topic::{Purpose, Topic},
};

use self::recorder::Recorder;
use super::{Relay, RelayConfig, append, status};
use crate::{
    database::{Database, DatabaseError},
    testing::{TestDatabase, wait_for},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

fn events() -> Topic {
    Topic::new("orders", Purpose::Events).unwrap()
}

fn message(key: &str, text: impl ToString) -> Message {
    Message { key: key.into(), text: text.to_string().into() }
}

async fn append_now(database: &Database, messages: &[Message]) {
    database.unit(async |connection| append(connection, &events(), messages).await).await.unwrap();
}

async fn waiting(database: &Database) -> u64 {
    status(&mut database.connection().await.unwrap()).await.unwrap().waiting
}

/// Relays that run until they are stopped.
struct Relays {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Relays {
    fn start(number: usize, database: &Database, bus: &Arc<Recorder>, config: RelayConfig) -> Self {
        let stop = CancellationToken::new();
        let tasks = (0..number)
            .map(|_| {
                let bus: Arc<dyn Bus> = Arc::clone(bus) as Arc<dyn Bus>;
                tokio::spawn(Relay::new(database.clone(), bus).with_config(config).run(stop.clone()))
            })
            .collect();
        Self { stop, tasks }
    }

    async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

async fn wait_until_empty(database: &Database) {
    wait_for("the outbox to be empty", async || (waiting(database).await == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rolled_back_is_not_published() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    let relays = Relays::start(1, database, &bus, RelayConfig::default());
    let failed = database
        .unit(async |connection| {
            append(connection, &events(), &[message("a", "never")]).await?;
            Err::<(), _>(DatabaseError::Statement(diesel::result::Error::RollbackTransaction))
        })
        .await;
    assert!(failed.is_err());
    append_now(database, &[message("a", "kept")]).await;
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), ["kept"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_bus_takes_is_refused_before_anything_is_written() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let mut connection = test.database().connection().await.unwrap();
    let messages = [message("a", "fits"), message("a", "x".repeat(MESSAGE_BYTES_MAX + 1))];
    let refused = append(&mut connection, &events(), &messages).await;
    assert!(matches!(refused, Err(DatabaseError::Message(BusError::TooLong { .. }))), "{refused:?}");
    append(&mut connection, &events(), &[message(&"k".repeat(256), "\u{20ac}".repeat(MESSAGE_BYTES_MAX / 3))])
        .await
        .unwrap();
    append(&mut connection, &events(), &[]).await.unwrap();
    drop(connection);
    assert_eq!(waiting(test.database()).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_what_waits_and_for_how_long() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let mut connection = database.connection().await.unwrap();
    let empty = status(&mut connection).await.unwrap();
    assert_eq!((empty.waiting, empty.oldest_age), (0, None));
    append_now(database, &[message("a", 1), message("b", 2)]).await;
    let client = database.bulk_connection().await.unwrap();
    client
        .batch_execute("UPDATE outbox SET created_at = created_at - interval '1 hour' WHERE key = 'a'")
        .await
        .unwrap();
    let full = status(&mut connection).await.unwrap();
    assert_eq!((full.waiting, full.oldest_age.unwrap().as_secs() / 60), (2, 60));
}

/// With a poll that comes too late for the test.
#[tokio::test(flavor = "multi_thread")]
async fn is_woken_by_a_commit_also_after_its_ear_was_cut_off() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::open()));
    let relays = Relays::start(1, database, &bus, RelayConfig { poll_ms: 3_600_000, ..RelayConfig::default() });
    append_now(database, &[message("a", 1)]).await;
    wait_until_empty(database).await;
    let client = database.bulk_connection().await.unwrap();
    let listening =
        "SELECT pid FROM pg_stat_activity WHERE query LIKE '%LISTEN outbox' AND datname = current_database()";
    let ear = async || client.query_opt(listening, &[]).await.unwrap().map(|row| row.get::<_, i32>(0));
    let first = wait_for("the ear", ear).await;
    client.execute("SELECT pg_terminate_backend($1)", &[&first]).await.unwrap();
    append_now(database, &[message("a", 2)]).await;
    wait_until_empty(database).await;
    wait_for("another ear", async || ear().await.filter(|&pid| pid != first)).await;
    append_now(database, &[message("a", 3)]).await;
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_with_what_it_has_begun_done() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, bus) = (test.database(), Arc::new(Recorder::shut()));
    let messages: Vec<Message> = (0..1_000).map(|number| message("a", number)).collect();
    append_now(database, &messages).await;
    let relays = Relays::start(1, database, &bus, RelayConfig { batch_messages_max: 100, ..RelayConfig::default() });
    wait_for("a batch", async || (bus.waiting.load(std::sync::atomic::Ordering::SeqCst) == 1).then_some(())).await;
    relays.stop.cancel();
    bus.let_in();
    relays.stop().await;
    assert_eq!(bus.count(), 100);
    assert_eq!(waiting(database).await, 900);
    let relays = Relays::start(1, database, &bus, RelayConfig::default());
    wait_until_empty(database).await;
    relays.stop().await;
    assert_eq!(bus.texts("a"), (0..1_000).map(|number| number.to_string()).collect::<Vec<_>>());
}
