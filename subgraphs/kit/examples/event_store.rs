//! Measures the event store and projections on the database that the only argument names, which must be empty:
//! appends of one and of sixteen writers, and building and rebuilding a plain list of a million events. Fails if the two lists differ.
//!
//! ```text
//! cargo run -p kit --example event_store -- postgres://…/empty [events]
//! ```
#![expect(clippy::print_stdout, reason = "a measurement for people to read")]

use std::{
    collections::BTreeMap,
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    sql_query,
    sql_types::{Array, BigInt, Integer, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::{FutureExt as _, future::BoxFuture};
use kit::{
    Database,
    database::DatabaseConfig,
    event_store::{Aggregate, EventData, Metadata, Recorded, StoreError, append, load},
    projection::{Definition, Generation, Projection, ProjectionError, Projector, rebuild, status},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");
/// Appends of one writer each.
const APPENDS: u32 = 500;
const WRITERS: u32 = 16;
/// Events of one aggregate, which are appended at once.
const STREAM_EVENTS: u64 = 20;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Changed {
    status: String,
    cents: i64,
    note: String,
}

impl EventData for Changed {
    const NAME: &'static str = "changed";
    const VERSION: u16 = 1;
}

kit::stored_events! {
    enum OrderEvent {
        Changed(Changed),
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Order {
    cents: i64,
}

impl Aggregate for Order {
    type Event = OrderEvent;
    const NAME: &'static str = "order";
    const SNAPSHOT_VERSION: u16 = 1;

    fn apply(&mut self, event: &OrderEvent) {
        let OrderEvent::Changed(changed) = event;
        self.cents += changed.cents;
    }
}

struct OrderList;

const TABLES: &str = "CREATE TABLE entry (id uuid PRIMARY KEY, cents bigint NOT NULL, changes integer NOT NULL)";
const WRITE: &str = "INSERT INTO entry AS known (id, cents, changes) SELECT * FROM unnest($1, $2, $3) \
    ON CONFLICT (id) DO UPDATE SET cents = known.cents + excluded.cents, changes = known.changes + excluded.changes";

impl Projection for OrderList {
    fn definition(&self) -> Definition {
        Definition { name: "order_list", version: 1, tables: TABLES }
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        async move {
            let mut orders: BTreeMap<Uuid, (i64, i32)> = BTreeMap::new();
            for event in events {
                if let Some(OrderEvent::Changed(changed)) = event.event_of::<Order>()? {
                    let order = orders.entry(event.stream_id).or_default();
                    *order = (order.0 + changed.cents, order.1 + 1);
                }
            }
            sql_query(WRITE)
                .bind::<Array<SqlUuid>, _>(orders.keys().copied().collect::<Vec<_>>())
                .bind::<Array<BigInt>, _>(orders.values().map(|order| order.0).collect::<Vec<_>>())
                .bind::<Array<Integer>, _>(orders.values().map(|order| order.1).collect::<Vec<_>>())
                .execute(connection)
                .await?;
            Ok(())
        }
        .boxed()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which database?")?;
    let events = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    let config = DatabaseConfig { pool_size_max: WRITERS + 4, ..DatabaseConfig::default() };
    let database = Database::connect(&url, config).await?;
    database.migrate(MIGRATIONS).await?;

    for writers in [1, WRITERS] {
        let begun = Instant::now();
        let tasks = (0..writers).map(|_| tokio::spawn(write(database.clone(), u64::from(APPENDS), 1)));
        for task in futures::future::join_all(tasks).await {
            task??;
        }
        told(&format!("appends, a unit each, {writers} writers"), u64::from(APPENDS * writers), begun.elapsed());
    }
    let begun = Instant::now();
    write(database.clone(), events / STREAM_EVENTS, STREAM_EVENTS).await?;
    told("events, 20 an append, one writer", events, begun.elapsed());

    let stop = CancellationToken::new();
    let projecting = tokio::spawn(Projector::new(database.clone(), Arc::new(OrderList))?.run(stop.clone()));
    let begun = Instant::now();
    let built = settled(&database, 0).await?;
    told("events into a new projection", built, begun.elapsed());
    let live = digest(&database).await?;
    let begun = Instant::now();
    rebuild(&database, &OrderList).await?;
    settled(&database, 1).await?;
    told("events rebuilt beside the live one and swapped", built, begun.elapsed());
    stop.cancel();
    projecting.await?;
    let rebuilt = digest(&database).await?;
    if rebuilt == live { Ok(()) } else { Err(format!("the rebuilt list differs: {rebuilt}, not {live}").into()) }
}

/// Units of some events, each of an aggregate of its own.
async fn write(database: Database, units: u64, events: u64) -> Result<(), StoreError> {
    for number in 0..units {
        let id = Uuid::now_v7();
        database
            .unit(async |connection| {
                let order = load::<Order>(connection, id).await?;
                let change = |n: u64| {
                    let (status, note) = ("packed".to_owned(), "left with the neighbours at number nine".to_owned());
                    Changed { status, cents: (number + n).cast_signed(), note }.into()
                };
                append(connection, order, (0..events).map(change).collect(), &Metadata::default()).await
            })
            .await?;
    }
    Ok(())
}

/// Waits until all events are in the one generation there is, begun later than so many before; how many they are.
async fn settled(database: &Database, generations_before: usize) -> Result<u64, Box<dyn Error>> {
    let mut seen = 0;
    loop {
        let statuses = status(&mut *database.connection().await?).await?;
        let next = statuses.iter().any(|status| status.generation != Generation::Live);
        seen = seen.max(usize::from(next));
        if let [live] = &*statuses
            && live.behind() == 0
            && seen >= generations_before
        {
            return Ok(live.position);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn digest(database: &Database) -> Result<String, Box<dyn Error>> {
    let client = database.bulk_connection().await?;
    let digest = "SELECT md5(string_agg(entry::text, '' ORDER BY id)) FROM order_list.entry AS entry";
    Ok(client.query_one(digest, &[]).await?.try_get(0)?)
}

fn told(what: &str, number: u64, time: Duration) {
    println!("{what}: {number} in {time:.1?}, {:.0}/s", number as f64 / time.as_secs_f64());
}
