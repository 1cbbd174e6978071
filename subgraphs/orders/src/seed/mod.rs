//! Demonstration orders: deterministic, as what has happened to them, by COPY, in one transaction. The read model is then made of it
//! as ever, by the projector.
//!
//! Orders come in rounds: in each round every user places one, so that numbers rise with time and
//! every user has equally many.

mod life;
mod lines;
mod project;

use std::fmt::Display;

use kit::Database;
use kit::database::DatabaseError;
use kit::event_store::{Aggregate as _, EventSet as _};
use kit::seed::{Client, CopyWriter, Seed, SeedSize};

use self::life::{customer, life};
use crate::domain::Order;

/// How many rows lie between two reports of progress.
const PROGRESS_ROWS: u64 = 1_000;

const EVENT_COLUMNS: &[&str] =
    &["position", "stream", "stream_id", "version", "type", "type_version", "data", "metadata", "recorded_at"];
const CUSTOMER_COLUMNS: &[&str] = &["id", "last_order_id", "last_version", "orders_under_way"];

/// Fills an empty, migrated database; one in which anything has happened stays as it is. Gives the number of rows loaded, those of
/// the read model apart.
///
/// # Errors
/// The database fails; then nothing was loaded.
pub async fn seed(database: &Database, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut client = database.bulk_connection().await?;
    let transaction = client.transaction().await?;
    // Nobody appends until this is done.
    let row = transaction.query_one("SELECT position FROM event_head FOR UPDATE", &[]).await?;
    if row.try_get::<_, i64>(0)? > 0 {
        return Ok(0);
    }
    let events = copy_events(transaction.client(), seed).await?;
    let customers = copy_customers(transaction.client(), seed.size).await?;
    let orders = seed.size.orders();
    transaction
        .batch_execute(&format!(
            "UPDATE event_head SET position = {events}; SELECT setval('order_number', {orders}); ANALYZE event; ANALYZE customer"
        ))
        .await?;
    transaction.commit().await?;
    let rows = events.saturating_add(customers);
    (seed.progress)(rows);
    project::catch_up(database).await;
    Ok(rows)
}

async fn copy_events(client: &Client, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut copy = CopyWriter::start(client, "event", EVENT_COLUMNS).await?;
    let mut position = 0_u64;
    for number in 1..=seed.size.orders() {
        let id = kit::seed::order_id(number);
        for (version, (event, at)) in (1_u32..).zip(life(seed.size, number)) {
            // What can't be written as JSON isn't among what is seeded.
            let Ok(stored) = event.to_stored() else { continue };
            position += 1;
            let values: [&dyn Display; 9] = [
                &position,
                &Order::NAME,
                &id,
                &version,
                &stored.name,
                &stored.version,
                &stored.data,
                &"{}",
                &at.to_rfc3339(),
            ];
            for value in values {
                copy.value(value);
            }
            copy.end_row().await?;
        }
        if number.is_multiple_of(PROGRESS_ROWS) {
            (seed.progress)(position);
        }
    }
    copy.finish().await
}

/// What was written last of each customer's orders, and how many are under way.
async fn copy_customers(client: &Client, size: SeedSize) -> Result<u64, DatabaseError> {
    let mut copy = CopyWriter::start(client, "customer", CUSTOMER_COLUMNS).await?;
    for number in 1..=size.users() {
        let rounds = size.orders_per_user();
        let mut orders = (0..rounds).map(|round| round * size.users() + number);
        let under_way = orders.clone().filter(|&order| life::status(size, order).is_under_way()).count();
        let Some(last) = orders.next_back() else { continue };
        copy.value(kit::seed::user_id(customer(size, last)))
            .value(kit::seed::order_id(last))
            .value(life(size, last).len())
            .value(under_way);
        copy.end_row().await?;
    }
    copy.finish().await
}
