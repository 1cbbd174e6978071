//! What stores do alone: nothing that stands on them can do more.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use wire::bus::Bus as _;

use crate::machine::Meter;
use crate::outbox::{messages, topic};
use crate::programs::{Postgres, Pulsar, connect};
use crate::table::Table;
use crate::{Failure, rate};

/// Clients at the same time: as many as a service's pool has connections.
const CLIENTS: usize = 16;
/// Rows of one statement, and messages of one publish, as the relay has them.
const BATCH: usize = 256;

/// Transactions that change one row each, of one client and of many.
pub async fn commits(postgres: &Postgres, within: Duration, table: &mut Table) -> Result<(), Failure> {
    let url = postgres.database("bound_commits").await?;
    let rows = "CREATE TABLE number (id integer PRIMARY KEY, value bigint NOT NULL); \
        INSERT INTO number SELECT id, 0 FROM generate_series(1, 64) AS id";
    connect(&url).await?.batch_execute(rows).await?;
    for clients in [1, CLIENTS] {
        let meter = Meter::start();
        let committing = (0..clients).map(async |client| -> Result<usize, Failure> {
            let (connection, began, mut commits) = (connect(&url).await?, Instant::now(), 0);
            let update = connection.prepare("UPDATE number SET value = value + 1 WHERE id = $1").await?;
            let row = i32::try_from(client)? + 1;
            while began.elapsed() < within {
                connection.execute(&update, &[&row]).await?;
                commits += 1;
            }
            Ok(commits)
        });
        let commits: usize = try_join_all(committing).await?.into_iter().sum();
        let used = meter.stop();
        let name = format!("bound: PostgreSQL, commits of {clients} client(s)");
        table.rate(&name, commits as f64 / used.elapsed.as_secs_f64(), &used);
    }
    Ok(())
}

/// Rows of an outbox's size, in batches of a commit each.
pub async fn inserts(postgres: &Postgres, events: usize, table: &mut Table) -> Result<(), Failure> {
    let connection = connect(&postgres.database("bound_inserts").await?).await?;
    connection
        .batch_execute("CREATE TABLE message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text, text text)")
        .await?;
    let insert =
        connection.prepare("INSERT INTO message (key, text) SELECT * FROM unnest($1::text[], $2::text[])").await?;
    let messages = messages(events);
    rate(table, "bound: PostgreSQL, rows inserted, 256 a commit", events, async {
        for batch in messages.chunks(BATCH) {
            let keys: Vec<&str> = batch.iter().map(|message| &*message.key).collect();
            let texts: Vec<&str> = batch.iter().map(|message| &*message.text).collect();
            connection.execute(&insert, &[&keys, &texts]).await?;
        }
        Ok(())
    })
    .await
}

/// Messages that the broker has acknowledged, four batches at a time.
pub async fn publishes(pulsar: &Pulsar, events: usize, table: &mut Table) -> Result<(), Failure> {
    let (bus, topic, messages) = (pulsar.bus().await?, topic("bare")?, messages(events));
    let quarters = messages.chunks(messages.len().div_ceil(4).max(1));
    rate(table, "bound: Pulsar, bare publishes", events, async {
        let publishing = quarters.map(async |quarter| {
            for batch in quarter.chunks(BATCH) {
                bus.publish(&topic, batch).await?;
            }
            Ok::<_, Failure>(())
        });
        try_join_all(publishing).await?;
        Ok(())
    })
    .await
}
