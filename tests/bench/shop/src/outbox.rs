//! Outbox events a second: appended as domains do, published by one relay.

use std::sync::Arc;
use std::time::Duration;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use kit::Database;
use kit::log_bus::{LogBus, LogBusConfig};
use kit::outbox::{self, Relay};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::bus::{Bus, Message};
use wire::topic::{Purpose, Topic};

use crate::programs::{Postgres, Pulsar};
use crate::table::Table;
use crate::{Failure, rate};

/// Any will do: kit's tables come with them, and no service's are needed.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/bus");
/// Messages of one transaction, when many are written at once.
const BATCH: usize = 500;
/// Keys, as many as there are orders at the same time.
const KEYS: usize = 500;
/// An event of the shop's has about as many bytes.
const TEXT_BYTES: usize = 600;
/// Between two looks whether the outbox is empty.
const LOOK_EACH: Duration = Duration::from_millis(20);

/// Relays into the bus in PostgreSQL, in another database of the same server.
pub async fn into_postgres(postgres: &Postgres, events: usize, table: &mut Table) -> Result<(), Failure> {
    let database = postgres.pool("bus_of_relay").await?;
    LogBus::migrate(&database).await?;
    let bus = Arc::new(LogBus::open(database, LogBusConfig::default()).await?);
    let outbox = filled(postgres, "outbox_to_postgres", events, table).await?;
    let relayed = Arc::clone(&bus) as Arc<dyn Bus>;
    rate(table, "outbox events relayed into the bus in PostgreSQL", events, drain(outbox, relayed)).await?;
    bus.close().await;
    Ok(())
}

/// Relays into Pulsar.
pub async fn into_pulsar(
    postgres: &Postgres,
    pulsar: &Pulsar,
    events: usize,
    table: &mut Table,
) -> Result<(), Failure> {
    let bus = Arc::new(pulsar.bus().await?);
    // The topic's partitions are made at its first use.
    bus.publish(&topic("relayed")?, &messages(1)).await?;
    let outbox = filled(postgres, "outbox_to_pulsar", events, table).await?;
    rate(table, "outbox events relayed into Pulsar", events, drain(outbox, bus)).await
}

/// Messages of an event's size and of many keys.
pub fn messages(number: usize) -> Vec<Message> {
    let text: Arc<str> = format!("{{\"id\":\"{}\",\"data\":\"{}\"}}", Uuid::now_v7(), "x".repeat(TEXT_BYTES)).into();
    (0..number)
        .map(|number| Message { key: format!("order-{}", number % KEYS).into(), text: text.to_string().into() })
        .collect()
}

/// A topic of its own for each measurement.
pub fn topic(domain: &str) -> Result<Topic, Failure> {
    Topic::new(domain, Purpose::Events).ok_or_else(|| "no topic".into())
}

async fn filled(postgres: &Postgres, name: &str, events: usize, table: &mut Table) -> Result<Database, Failure> {
    let database = postgres.pool(name).await?;
    database.migrate(MIGRATIONS).await?;
    let (topic, messages) = (topic("relayed")?, messages(events));
    let what = format!("outbox events appended, {BATCH} a transaction ({name})");
    rate(table, &what, events, async {
        for batch in messages.chunks(BATCH) {
            let (topic, batch) = (&topic, batch);
            database.unit(async |connection| outbox::append(connection, topic, batch).await).await?;
        }
        Ok(())
    })
    .await?;
    Ok(database)
}

/// Runs a relay until nothing waits any more.
async fn drain(database: Database, bus: Arc<dyn Bus>) -> Result<(), Failure> {
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(database.clone(), bus).run(stop.clone()));
    let client = database.bulk_connection().await?;
    let waiting = client.prepare("SELECT EXISTS (SELECT FROM outbox)").await?;
    while client.query_one(&waiting, &[]).await?.try_get::<_, bool>(0)? {
        tokio::time::sleep(LOOK_EACH).await;
    }
    stop.cancel();
    relay.await?;
    Ok(())
}
