//! Letting go of pieces that nobody committed in time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;
use wire::events::stock::ReleaseReason;

use super::release::let_go;
use super::{Cause, StoreError, items, reservation};
use crate::domain::{Reservation, Status};
use crate::{OrderId, ReservationId};

/// Reservations of one transaction: it keeps the rows of all their items until it ends, which buyers wait for.
pub const EXPIRED_AT_ONCE_MAX: u32 = 32;

/// By the database's clock alone. Those that somebody works on are left to them.
const DUE: &str = "SELECT id, order_id, expires_at FROM reservation WHERE status = 'open' AND expires_at <= now() \
    ORDER BY expires_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED";

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
}

/// Lets go of the pieces of at most [`EXPIRED_AT_ONCE_MAX`] reservations whose time is over; how many they were. Several may do it
/// at the same time.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn expire(connection: &mut AsyncPgConnection) -> Result<u32, StoreError> {
    let due = sql_query(DUE).bind::<BigInt, _>(i64::from(EXPIRED_AT_ONCE_MAX));
    let due: Vec<Due> = cached(due).load(connection).await?;
    let mut open = Vec::with_capacity(due.len());
    for Due { id, order_id, expires_at } in due {
        let (id, order_id) = (ReservationId::from_uuid(id), OrderId::from_uuid(order_id));
        let lines = reservation::lines(connection, id).await?;
        open.push(Reservation { id, order_id, lines, expires_at: Some(expires_at), status: Status::Open });
    }
    // The items of all of them in one order, before the first is touched.
    let item_ids: BTreeSet<Uuid> = open.iter().flat_map(|open| open.lines.item_ids()).collect();
    items::lock(connection, &item_ids.into_iter().collect::<Vec<_>>()).await?;
    for open in &open {
        let_go(connection, &Cause::clock(), open, (Status::Expired, ReleaseReason::Expired)).await?;
    }
    Ok(u32::try_from(open.len()).unwrap_or(u32::MAX))
}
