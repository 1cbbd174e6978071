//! From events to rows: a batch is two statements.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::cached;
use kit::event_store::{Aggregate as _, Recorded, StoreError};
use kit::projection::ProjectionError;
use uuid::Uuid;

use crate::domain::{Payment, PaymentEvent};

const READ: &str = "SELECT id, state FROM entry WHERE id = ANY($1)";
const WRITE: &str = "INSERT INTO entry (id, order_id, customer_id, requested_at, status, state) \
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[]) \
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, state = excluded.state";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    state: String,
}

pub(super) async fn apply(connection: &mut AsyncPgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    let mut happened: BTreeMap<Uuid, Vec<PaymentEvent>> = BTreeMap::new();
    for event in events {
        if let Some(payment_event) = event.event_of::<Payment>()? {
            happened.entry(event.stream_id).or_default().push(payment_event);
        }
    }
    if happened.is_empty() {
        return Ok(());
    }
    let mut payments = known(connection, happened.keys().copied().collect()).await?;
    for (id, events) in happened {
        let payment = payments.entry(id).or_default();
        events.iter().for_each(|event| payment.apply(event));
    }
    write(connection, &payments).await
}

/// The payments as they stand in the rows.
async fn known(connection: &mut AsyncPgConnection, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Payment>, ProjectionError> {
    let rows: Vec<Row> = cached(sql_query(READ).bind::<Array<SqlUuid>, _>(ids)).load(connection).await?;
    let read = |row: Row| Ok((row.id, serde_json::from_str(&row.state).map_err(StoreError::Unwritable)?));
    rows.into_iter().map(read).collect()
}

async fn write(connection: &mut AsyncPgConnection, payments: &BTreeMap<Uuid, Payment>) -> Result<(), ProjectionError> {
    let (mut ids, mut orders, mut customers): (Vec<Uuid>, Vec<Uuid>, Vec<Uuid>) = Default::default();
    let (mut times, mut statuses, mut states): (Vec<DateTime<Utc>>, Vec<&str>, Vec<String>) = Default::default();
    for (id, payment) in payments {
        // What was closed before anybody asked for it is of nobody, and stays that way.
        let (Some(terms), Some(status)) = (&payment.terms, payment.status()) else { continue };
        ids.push(*id);
        orders.push(terms.order_id.uuid());
        customers.push(terms.customer_id.uuid());
        times.push(terms.requested_at);
        statuses.push(status.as_str());
        states.push(serde_json::to_string(payment).map_err(StoreError::Unwritable)?);
    }
    let write = sql_query(WRITE)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(orders)
        .bind::<Array<SqlUuid>, _>(customers)
        .bind::<Array<Timestamptz>, _>(times)
        .bind::<Array<Text>, _>(statuses)
        .bind::<Array<Text>, _>(states);
    cached(write).execute(connection).await?;
    Ok(())
}
