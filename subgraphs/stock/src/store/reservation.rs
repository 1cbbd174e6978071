//! Reservations as rows: read and locked, and their ends written.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;
use wire::commands::stock::ReserveStockRefusal;

use super::StoreError;
use crate::domain::{ItemKey, Line, Lines, Reservation, Status};
use crate::{OrderId, ProductId, ReservationId, VariantId};

const LOCK: &str = "SELECT order_id, status, refusal_code, refusal_text, expires_at \
    FROM reservation WHERE id = $1 FOR NO KEY UPDATE";
const LINES: &str = "SELECT product_id, variant_id, quantity FROM reservation_line WHERE reservation_id = $1";
const END: &str = "UPDATE reservation SET status = $2, refusal_code = $3, refusal_text = $4, closed_at = now() \
    WHERE id = $1 AND status = 'open'";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Text>)]
    refusal_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    refusal_text: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = SqlUuid)]
    product_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    variant_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    quantity: i32,
}

/// The reservation, if there is one, and nobody else's until the transaction ends.
pub(super) async fn lock(
    connection: &mut AsyncPgConnection,
    id: ReservationId,
) -> Result<Option<Reservation>, StoreError> {
    let row: Option<Row> =
        cached(sql_query(LOCK).bind::<SqlUuid, _>(id.uuid())).get_result(connection).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let lines = lines(connection, id).await?;
    let status = match (row.status.as_str(), row.refusal_code, row.refusal_text) {
        ("open", None, None) => Status::Open,
        ("committed", None, None) => Status::Committed,
        ("released", None, None) => Status::Released,
        ("expired", None, None) => Status::Expired,
        ("refused", Some(code), Some(text)) => {
            let code = ReserveStockRefusal::try_from(code).map_err(|_| StoreError::Corrupt("refusal"))?;
            Status::Refused(code, text)
        }
        _ => return Err(StoreError::Corrupt("status of a reservation")),
    };
    let order_id = OrderId::from_uuid(row.order_id);
    Ok(Some(Reservation { id, order_id, lines, expires_at: row.expires_at, status }))
}

/// The lines of a reservation.
pub(super) async fn lines(connection: &mut AsyncPgConnection, id: ReservationId) -> Result<Lines, StoreError> {
    let rows: Vec<LineRow> = cached(sql_query(LINES).bind::<SqlUuid, _>(id.uuid())).load(connection).await?;
    let line = |row: LineRow| Line {
        item: ItemKey {
            product_id: ProductId::from_uuid(row.product_id),
            variant_id: row.variant_id.map(VariantId::from_uuid),
        },
        quantity: row.quantity,
    };
    Ok(Lines::stored(rows.into_iter().map(line)))
}

/// Ends an open reservation.
pub(super) async fn end(
    connection: &mut AsyncPgConnection,
    id: ReservationId,
    status: &Status,
) -> Result<(), StoreError> {
    let (name, code, text) = match status {
        Status::Open => return Err(StoreError::Corrupt("end of a reservation")),
        Status::Committed => ("committed", None, None),
        Status::Released => ("released", None, None),
        Status::Expired => ("expired", None, None),
        Status::Refused(code, text) => ("refused", Some(code.as_str()), Some(text.as_str())),
    };
    let end = sql_query(END)
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<Text, _>(name)
        .bind::<Nullable<Text>, _>(code)
        .bind::<Nullable<Text>, _>(text);
    match cached(end).execute(connection).await? {
        1 => Ok(()),
        _ => Err(StoreError::Corrupt("end of a reservation")),
    }
}
