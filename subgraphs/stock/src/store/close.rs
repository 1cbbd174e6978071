//! Taking a reservation's pieces out of the books' reserved ones, sold or not.

use diesel_async::AsyncPgConnection;
use kit::GlobalId;
use uuid::Uuid;
use wire::events::stock::StockLine;

use super::book::{Booking, Level, book};
use super::{Cause, StoreError, items, reservation};
use crate::domain::{Kind, Lines, Reservation, Status};

/// Ends an open reservation, which the caller has locked, and books its pieces.
pub(super) async fn close(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    open: &Reservation,
    end: &Status,
) -> Result<Vec<Level>, StoreError> {
    items::lock(connection, &open.lines.item_ids()).await?;
    let kind = if *end == Status::Committed { Kind::Committed } else { Kind::Released };
    let booking = Booking {
        kind,
        cause: format!("reservation:{}", open.id.uuid()),
        reservation_id: Some(open.id.uuid()),
        order_id: Some(open.order_id.uuid()),
        reason: None,
        pieces: open.lines.iter().map(|line| (line.item.id(), line.quantity)).collect::<Vec<(Uuid, i32)>>(),
    };
    let levels = book(connection, cause, booking).await?;
    reservation::end(connection, open.id, end).await?;
    Ok(levels)
}

/// Lines as messages carry them.
pub(super) fn wire_lines(lines: &Lines) -> Result<Vec<StockLine>, StoreError> {
    let line = |line: &crate::domain::Line| {
        let quantity = u32::try_from(line.quantity).ok().and_then(std::num::NonZeroU32::new)?;
        let variant_id = line.item.variant_id.map(|variant| variant.uuid().into());
        Some(StockLine { product_id: line.item.product_id.uuid().into(), variant_id, quantity })
    };
    lines.iter().map(line).collect::<Option<_>>().ok_or(StoreError::Corrupt("quantity of a line"))
}
