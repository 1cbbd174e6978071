//! Projection events a second: a list that is made anew of what has happened, by a projector as services run it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::future::BoxFuture;
use kit::Database;
use kit::database::cached;
use kit::event_store::{Aggregate, EventData, Metadata, Recorded, StoreError, append, load};
use kit::projection::{Definition, Projection, ProjectionError, Projector, status};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::outbox::MIGRATIONS;
use crate::programs::Postgres;
use crate::table::Table;
use crate::{Failure, rate};

/// Events of one aggregate: more than most have.
const EVENTS_OF_EACH: usize = 100;
/// Between two looks whether all are taken in.
const LOOK_EACH: Duration = Duration::from_millis(20);

/// Something was counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Counted {
    pieces: i64,
}

impl EventData for Counted {
    const NAME: &'static str = "counted";
    const VERSION: u16 = 1;
}

kit::stored_events! {
    /// What can happen to a count.
    enum CountEvent {
        Counted(Counted),
    }
}

/// What is counted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Count {
    pieces: i64,
}

impl Aggregate for Count {
    type Event = CountEvent;
    const NAME: &'static str = "count";
    const SNAPSHOT_VERSION: u16 = 1;
    const SNAPSHOT_EVERY: u32 = 1_000;

    fn apply(&mut self, event: &CountEvent) {
        let CountEvent::Counted(counted) = event;
        self.pieces += counted.pieces;
    }
}

/// All counts.
struct Counts;

impl Projection for Counts {
    fn definition(&self) -> Definition {
        let tables = "CREATE TABLE entry (id uuid PRIMARY KEY, pieces bigint NOT NULL)";
        Definition { name: "counts", version: 1, tables }
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            let mut changes: BTreeMap<Uuid, i64> = BTreeMap::new();
            for event in events {
                if let Some(CountEvent::Counted(counted)) = event.event_of::<Count>()? {
                    *changes.entry(event.stream_id).or_default() += counted.pieces;
                }
            }
            let (ids, pieces): (Vec<Uuid>, Vec<i64>) = changes.into_iter().unzip();
            let write = "INSERT INTO entry AS known (id, pieces) SELECT * FROM unnest($1, $2) \
                ON CONFLICT (id) DO UPDATE SET pieces = known.pieces + excluded.pieces";
            cached(sql_query(write).bind::<Array<SqlUuid>, _>(ids).bind::<Array<BigInt>, _>(pieces))
                .execute(connection)
                .await?;
            Ok(())
        })
    }
}

/// Appends the events, then has them taken in.
pub async fn measure(postgres: &Postgres, events: usize, table: &mut Table) -> Result<(), Failure> {
    let database = postgres.pool("projected").await?;
    database.migrate(MIGRATIONS).await?;
    let aggregates = events.div_ceil(EVENTS_OF_EACH);
    let events = aggregates * EVENTS_OF_EACH;
    rate(table, "events appended to aggregates, 100 a transaction", events, happen(&database, aggregates)).await?;
    rate(table, "projection events", events, take_in(&database, events)).await
}

async fn happen(database: &Database, aggregates: usize) -> Result<(), Failure> {
    for _ in 0..aggregates {
        let id = Uuid::now_v7();
        database
            .unit(async |connection| {
                let count = load::<Count>(connection, id).await?;
                let events = vec![Counted { pieces: 1 }.into(); EVENTS_OF_EACH];
                append(connection, count, events, &Metadata::default()).await.map(drop)
            })
            .await
            .map_err(|error: StoreError| error)?;
    }
    Ok(())
}

async fn take_in(database: &Database, events: usize) -> Result<(), Failure> {
    let stop = CancellationToken::new();
    let projector = tokio::spawn(Projector::new(database.clone(), Arc::new(Counts))?.run(stop.clone()));
    let mut connection = database.connection().await?;
    while status(&mut connection).await?.iter().all(|counts| counts.position < events as u64) {
        tokio::time::sleep(LOOK_EACH).await;
    }
    stop.cancel();
    projector.await?;
    Ok(())
}
