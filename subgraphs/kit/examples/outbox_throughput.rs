//! How many events a second go from transactions through the outbox into a bus in PostgreSQL, and how long each takes.
//!
//! `cargo run -p kit --features testing --example outbox_throughput`, on a server of its own without fsync, or on the one that
//! `TEST_DATABASE_URL` names.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement without its database can only fail; it prints its figures"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use kit::{
    Database, LogBus,
    log_bus::LogBusConfig,
    outbox::{Relay, append},
    testing::{TestDatabase, wait_for},
};
use tokio_util::sync::CancellationToken;
use wire::{
    bus::{Bus, Message},
    topic::{Purpose, Topic},
};

/// Kit's tables are all that is needed; these come along.
const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");
/// Events of each measurement.
const EVENTS: usize = 40_000;
/// Events of one transaction: what a domain's command has to say.
const EVENTS_A_UNIT: usize = 4;
const PRODUCERS: usize = 4;

#[tokio::main]
async fn main() {
    let (service, bus_database) = (TestDatabase::create("throughput", MIGRATIONS).await, TestDatabase::bus().await);
    let database = service.database();
    let bus: Arc<dyn Bus> =
        Arc::new(LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap());

    let begin = Instant::now();
    produce(database, EVENTS).await;
    tell("written into the outbox, no relay", begin.elapsed());

    let (stop, begin) = (CancellationToken::new(), Instant::now());
    let relay = tokio::spawn(Relay::new(database.clone(), Arc::clone(&bus)).run(stop.clone()));
    wait_until_empty(database).await;
    tell("relayed from a full outbox", begin.elapsed());

    let begin = Instant::now();
    produce(database, EVENTS).await;
    wait_until_empty(database).await;
    tell("written and relayed at the same time", begin.elapsed());
    tell_latencies(database, &*bus).await;
    stop.cancel();
    relay.await.unwrap();
}

async fn produce(database: &Database, events: usize) {
    let producers = (0..PRODUCERS).map(|producer| {
        let database = database.clone();
        tokio::spawn(async move {
            for unit in 0..events / PRODUCERS / EVENTS_A_UNIT {
                say(&database, &format!("{producer}-{unit}")).await;
            }
        })
    });
    for producer in futures::future::join_all(producers).await {
        producer.unwrap();
    }
}

/// One transaction with events of a kilobyte.
async fn say(database: &Database, key: &str) {
    let messages: Vec<Message> =
        (0..EVENTS_A_UNIT).map(|_| Message { key: key.into(), text: "e".repeat(1_000).into() }).collect();
    let topic = Topic::new("orders", Purpose::Events).unwrap();
    database.unit(async |connection| append(connection, &topic, &messages).await).await.unwrap();
}

/// From before the transaction until a consumer has the event, with little else to do.
async fn tell_latencies(database: &Database, bus: &dyn Bus) {
    let topic = Topic::new("latency", Purpose::Events).unwrap();
    let mut subscription = bus.subscribe(&topic, "a.b").await.unwrap();
    let mut latencies = Vec::new();
    for number in 0..500 {
        let message = Message { key: number.to_string().into(), text: "e".into() };
        let begin = Instant::now();
        database
            .unit(async |connection| append(connection, &topic, std::slice::from_ref(&message)).await)
            .await
            .unwrap();
        let delivered = subscription.next(1).await.unwrap();
        // The first waits until partitions are shared out.
        if number > 0 {
            latencies.push(begin.elapsed());
        }
        let places: Vec<_> = delivered.iter().map(|delivery| delivery.place).collect();
        subscription.acknowledge(&places).await.unwrap();
    }
    latencies.sort_unstable();
    let at = |percent: usize| latencies.get((latencies.len() - 1) * percent / 100).copied().unwrap_or_default();
    println!(
        "commit to consumer: p50 {:?}, p99 {:?}, longest {:?}",
        at(50),
        at(99),
        at(99).max(*latencies.last().unwrap())
    );
}

/// Looks seldom, and at little: looking takes from what is measured.
async fn wait_until_empty(database: &Database) {
    let client = database.bulk_connection().await.unwrap();
    wait_for("an empty outbox", async || {
        tokio::time::sleep(Duration::from_millis(20)).await;
        client.query_opt("SELECT FROM outbox LIMIT 1", &[]).await.ok()?.is_none().then_some(())
    })
    .await;
}

#[expect(clippy::cast_precision_loss, reason = "some ten thousand events")]
fn tell(what: &str, took: Duration) {
    println!("{what}: {:.0} events/s ({EVENTS} in {took:.2?})", EVENTS as f64 / took.as_secs_f64());
}
