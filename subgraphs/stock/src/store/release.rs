//! Letting go of a reservation's pieces, and closing what never was.

use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use wire::command::Reply;
use wire::commands::stock::{ReleaseStock, ReleaseStockDone};
use wire::events::stock::{ReleaseReason, StockReleased};

use super::close::{close, wire_lines};
use super::tell::tell;
use super::{Cause, StoreError, reservation};
use crate::domain::{Reservation, Status};
use crate::{OrderId, ReservationId};

const CLOSE_UNMADE: &str = "INSERT INTO reservation (id, order_id, status, closed_at) VALUES ($1, $2, 'released', now()) \
    ON CONFLICT DO NOTHING";

/// Lets go of a reservation's pieces. One that was never made can't be made any more.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn release(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    command: &ReleaseStock,
) -> Result<Reply<ReleaseStock>, StoreError> {
    let id = ReservationId::from_uuid(command.reservation_id.uuid());
    let order_id = OrderId::from_uuid(command.order_id.uuid());
    let close_unmade = sql_query(CLOSE_UNMADE).bind::<SqlUuid, _>(id.uuid()).bind::<SqlUuid, _>(order_id.uuid());
    if cached(close_unmade).execute(connection).await? == 1 {
        return Ok(Reply::Done(ReleaseStockDone {}));
    }
    let known = reservation::lock(connection, id).await?.ok_or(StoreError::Corrupt("reservation"))?;
    match known.release(order_id) {
        Err(answer) => Ok(answer),
        Ok(()) => {
            let reason = (Status::Released, ReleaseReason::Cancelled);
            let_go(connection, cause, &known, reason).await?;
            Ok(Reply::Done(ReleaseStockDone {}))
        }
    }
}

/// Lets go of an open reservation's pieces, which the caller has locked.
pub(super) async fn let_go(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    open: &Reservation,
    (end, reason): (Status, ReleaseReason),
) -> Result<(), StoreError> {
    let levels = close(connection, cause, open, &end).await?;
    let released = cause.event(&StockReleased {
        reservation_id: open.id.uuid().into(),
        order_id: open.order_id.uuid().into(),
        lines: wire_lines(&open.lines)?,
        reason,
    })?;
    tell(connection, cause, vec![released], &levels).await
}
