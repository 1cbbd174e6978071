//! A batch becomes rows, set by set: five statements whatever its length.

use diesel::{
    sql_query,
    sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId as _;
use kit::database::cached;
use kit::projection::ProjectionError;
use uuid::Uuid;

use super::batch::{Batch, Change};
use crate::domain::OrderStatus;
use crate::domain::order::PlacedLine;

const PLACE: &str = "INSERT INTO entry (id, number, customer_id, status, currency, total_minor, refunded_minor, placed_at, version, \
    carrier, tracking_number, cancellation) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const LINES: &str = "INSERT INTO line (order_id, position, product_id, quantity, unit_price_minor, variant_id, name, sku) \
    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)";
/// What was cancelled stays so: what is refunded afterwards changes no status.
const CHANGE: &str = "UPDATE entry SET \
        status = CASE WHEN entry.status = 'CANCELLED' THEN entry.status ELSE coalesce(change.status, entry.status) END, \
        version = change.version, \
        refunded_minor = entry.refunded_minor + change.refunded_minor, \
        carrier = coalesce(change.carrier, entry.carrier), \
        tracking_number = coalesce(change.tracking_number, entry.tracking_number), \
        cancellation = coalesce(change.cancellation, entry.cancellation) \
    FROM unnest($1, $2, $3, $4, $5, $6, $7) \
        AS change (id, status, version, refunded_minor, carrier, tracking_number, cancellation) \
    WHERE entry.id = change.id";
const HISTORY: &str = "INSERT INTO history (position, order_id, customer_id, status, happened_at) \
    SELECT happened.position, happened.order_id, entry.customer_id, happened.status, happened.happened_at \
    FROM unnest($1, $2, $3, $4) AS happened (position, order_id, status, happened_at) \
    JOIN entry ON entry.id = happened.order_id";

/// Writes a batch into the generation that the connection is set to.
pub async fn write(connection: &mut AsyncPgConnection, batch: &Batch) -> Result<(), ProjectionError> {
    if !batch.placed.is_empty() {
        place(connection, batch).await?;
        lines(connection, batch).await?;
    }
    if !batch.changed.is_empty() {
        change(connection, batch).await?;
    }
    if !batch.history.is_empty() {
        history(connection, batch).await?;
    }
    Ok(())
}

async fn place(connection: &mut AsyncPgConnection, batch: &Batch) -> Result<(), ProjectionError> {
    let ids: Vec<Uuid> = batch.placed.keys().copied().collect();
    let (placed, changes): (Vec<_>, Vec<_>) = batch.placed.values().map(|(placed, change)| (placed, change)).unzip();
    let status = |change: &&Change| change.status.unwrap_or(OrderStatus::Placed).as_str();
    let insert = sql_query(PLACE)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<BigInt>, _>(placed.iter().map(|placed| placed.number).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(placed.iter().map(|placed| placed.customer_id.uuid()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(changes.iter().map(status).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(placed.iter().map(|placed| placed.currency.as_str().to_owned()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(placed.iter().map(|placed| placed.total_minor).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(changes.iter().map(|change| change.refunded_minor).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(placed.iter().map(|placed| placed.placed_at).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(changes.iter().map(|change| change.version).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(changes.iter().map(|change| change.carrier.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            changes.iter().map(|change| change.tracking_number.clone()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(changes.iter().map(|change| change.cancellation.clone()).collect::<Vec<_>>());
    cached(insert).execute(connection).await?;
    Ok(())
}

async fn lines(connection: &mut AsyncPgConnection, batch: &Batch) -> Result<(), ProjectionError> {
    let lines: Vec<(Uuid, i16, &PlacedLine)> = batch
        .placed
        .iter()
        .flat_map(|(id, (placed, _))| (0_i16..).zip(&placed.lines).map(|(position, line)| (*id, position, line)))
        .collect();
    let insert = sql_query(LINES)
        .bind::<Array<SqlUuid>, _>(lines.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(lines.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(lines.iter().map(|(_, _, line)| line.product_id.uuid()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(lines.iter().map(|(_, _, line)| line.quantity).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(lines.iter().map(|(_, _, line)| line.unit_price_minor).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(
            lines.iter().map(|(_, _, line)| line.variant_id.map(|variant| variant.uuid())).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(lines.iter().map(|(_, _, line)| line.name.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(lines.iter().map(|(_, _, line)| line.sku.clone()).collect::<Vec<_>>());
    cached(insert).execute(connection).await?;
    Ok(())
}

async fn change(connection: &mut AsyncPgConnection, batch: &Batch) -> Result<(), ProjectionError> {
    let changes = batch.changed.values();
    let status = |change: &Change| change.status.map(OrderStatus::as_str);
    let update = sql_query(CHANGE)
        .bind::<Array<SqlUuid>, _>(batch.changed.keys().copied().collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(changes.clone().map(status).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(changes.clone().map(|change| change.version).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(changes.clone().map(|change| change.refunded_minor).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(changes.clone().map(|change| change.carrier.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            changes.clone().map(|change| change.tracking_number.clone()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(changes.map(|change| change.cancellation.clone()).collect::<Vec<_>>());
    cached(update).execute(connection).await?;
    Ok(())
}

async fn history(connection: &mut AsyncPgConnection, batch: &Batch) -> Result<(), ProjectionError> {
    let history = &batch.history;
    let insert = sql_query(HISTORY)
        .bind::<Array<BigInt>, _>(history.iter().map(|happened| happened.position).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(history.iter().map(|happened| happened.order_id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(history.iter().map(|happened| happened.status.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(history.iter().map(|happened| happened.at).collect::<Vec<_>>());
    cached(insert).execute(connection).await?;
    Ok(())
}
