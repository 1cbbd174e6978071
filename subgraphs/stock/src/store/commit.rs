//! A reservation's pieces are sold.

use diesel_async::AsyncPgConnection;
use kit::GlobalId;
use wire::command::Reply;
use wire::commands::stock::{CommitStock, CommitStockDone, CommitStockRefusal};
use wire::events::stock::StockCommitted;

use super::close::{close, wire_lines};
use super::tell::tell;
use super::{Cause, StoreError, reservation};
use crate::domain::Status;
use crate::{OrderId, ReservationId};

/// Takes a reservation's pieces out of the books. One whose time is over is still good as long as nobody let go of its pieces.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn commit(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    command: &CommitStock,
) -> Result<Reply<CommitStock>, StoreError> {
    let id = ReservationId::from_uuid(command.reservation_id.uuid());
    let Some(known) = reservation::lock(connection, id).await? else {
        let text = format!("there is no {id:?}");
        return Ok(Reply::Refused { code: CommitStockRefusal::UnknownReservation, text });
    };
    if let Err(answer) = known.commit(OrderId::from_uuid(command.order_id.uuid())) {
        return Ok(answer);
    }
    let levels = close(connection, cause, &known, &Status::Committed).await?;
    let committed = cause.event(&StockCommitted {
        reservation_id: command.reservation_id,
        order_id: command.order_id,
        lines: wire_lines(&known.lines)?,
    })?;
    tell(connection, cause, vec![committed], &levels).await?;
    Ok(Reply::Done(CommitStockDone {}))
}
