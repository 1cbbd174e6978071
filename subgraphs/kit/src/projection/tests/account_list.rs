//! A projection for tests: a list of accounts, whose code can be made to hang or fail.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use chrono::{DateTime, Utc};
use diesel::{
    sql_query,
    sql_types::{Array, BigInt, Integer, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::{FutureExt as _, future::BoxFuture};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    database::cached,
    event_store::{
        Recorded,
        tests::account::{Account, AccountEvent},
    },
    projection::{Definition, Projection, ProjectionError},
};

const TABLES: &str = "CREATE TABLE entry (id uuid PRIMARY KEY, cents bigint NOT NULL, events integer NOT NULL, \
    changed_at timestamptz NOT NULL); CREATE INDEX entry_by_cents ON entry (cents)";
/// What the second version calls the same.
const TABLES_2: &str = "CREATE TABLE account (id uuid PRIMARY KEY, cents bigint NOT NULL, events integer NOT NULL, \
    changed_at timestamptz NOT NULL)";
const WRITE: &str = "(id, cents, events, changed_at) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET \
    cents = known.cents + excluded.cents, events = known.events + excluded.events, changed_at = excluded.changed_at";

/// In version 1 or 2.
pub struct AccountList {
    version: u16,
    open: watch::Sender<bool>,
    /// How many batches have come so far.
    pub entered: AtomicU32,
    pub fails: AtomicBool,
}

impl AccountList {
    pub fn new(version: u16) -> Self {
        Self { version, open: watch::Sender::new(true), entered: AtomicU32::new(0), fails: AtomicBool::new(false) }
    }

    /// Batches that come hang until it is opened.
    pub fn shut(version: u16) -> Self {
        Self { open: watch::Sender::new(false), ..Self::new(version) }
    }

    pub fn set_open(&self, open: bool) {
        self.open.send_replace(open);
    }

    async fn write(&self, connection: &mut AsyncPgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
        self.entered.fetch_add(1, Ordering::SeqCst);
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
        if AtomicBool::load(&self.fails, Ordering::SeqCst) {
            sql_query("SELECT 1 / 0").execute(connection).await?;
        }
        let mut changes: BTreeMap<Uuid, (i64, i32, DateTime<Utc>)> = BTreeMap::new();
        for event in events {
            let cents = match event.event_of::<Account>()? {
                Some(AccountEvent::Deposited(deposited)) => deposited.cents,
                Some(AccountEvent::Withdrawn(withdrawn)) => -withdrawn.cents,
                None => continue,
            };
            let change = changes.entry(event.stream_id).or_insert((0, 0, event.recorded_at));
            *change = (change.0 + cents, change.1 + 1, event.recorded_at);
        }
        let table = if self.version == 1 { "entry" } else { "account" };
        let write = sql_query(format!("INSERT INTO {table} AS known {WRITE}"))
            .bind::<Array<SqlUuid>, _>(changes.keys().copied().collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(changes.values().map(|change| change.0).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(changes.values().map(|change| change.1).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(changes.values().map(|change| change.2).collect::<Vec<_>>());
        // One text for all generations: what a connection has prepared must be looked up anew in each.
        cached(write).execute(connection).await?;
        Ok(())
    }
}

impl Projection for AccountList {
    fn definition(&self) -> Definition {
        let tables = if self.version == 1 { TABLES } else { TABLES_2 };
        Definition { name: "account_list", version: self.version, tables }
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        self.write(connection, events).boxed()
    }
}
