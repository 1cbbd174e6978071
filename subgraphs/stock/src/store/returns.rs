//! Pieces that come back: from customers, and of orders that were called off after their pieces had been sold to them.

use std::num::NonZeroU32;

use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;
use wire::events::orders::{OrderRestockDue, OrderReturned};
use wire::events::stock::StockReceived;

use super::book::{Booking, book};
use super::tell::tell;
use super::{Cause, StoreError, items, reservation};
use crate::domain::{Item, ItemKey, Kind, STOCK_MAX, Status};
use crate::{OrderId, ReservationId};

const IS_BOOKED: &str =
    "SELECT EXISTS (SELECT FROM stock_movement WHERE item_id = ANY($1) AND cause = $2) AS is_booked";

#[derive(QueryableByName)]
struct Booked {
    #[diesel(sql_type = Bool)]
    is_booked: bool,
}

/// Takes back what a customer returned. Pieces of what isn't an item any more, or that would make too many of one, stay outside of
/// the books: they are given back to the caller, for the log.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn take_back(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    returned: &OrderReturned,
    booked_as: &str,
) -> Result<Vec<ItemKey>, StoreError> {
    let lines = returned.lines.iter().map(|line| (ItemKey::of_wire(line.product_id, line.variant_id), line.quantity));
    book_back(connection, cause, OrderId::from_uuid(returned.order_id.uuid()), lines.collect(), booked_as).await
}

/// Takes back what was sold to an order that was called off then, once. What stays outside of the books is as with [`take_back`].
///
/// # Errors
/// [`StoreError`], also when it was never sold to that order; then nothing may be committed.
pub async fn restock(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    due: &OrderRestockDue,
) -> Result<Vec<ItemKey>, StoreError> {
    let order_id = OrderId::from_uuid(due.order_id.uuid());
    // Until the transaction ends nobody else asks whether it is booked.
    let sold = reservation::lock(connection, ReservationId::from_uuid(due.reservation_id.uuid())).await?;
    let sold = sold.filter(|known| known.order_id == order_id && known.status == Status::Committed);
    let sold = sold.ok_or(StoreError::NotSold)?;
    let booked_as = format!("restock:{}", sold.id.uuid());
    let is_booked = sql_query(IS_BOOKED).bind::<Array<SqlUuid>, _>(sold.lines.item_ids()).bind::<Text, _>(&booked_as);
    if cached(is_booked).get_result::<Booked>(connection).await?.is_booked {
        return Ok(Vec::new());
    }
    let pieces = |quantity: i32| u32::try_from(quantity).ok().and_then(NonZeroU32::new);
    let lines = sold.lines.iter().map(|line| pieces(line.quantity).map(|quantity| (line.item, quantity)));
    let lines = lines.collect::<Option<_>>().ok_or(StoreError::Corrupt("quantity of a line"))?;
    book_back(connection, cause, order_id, lines, &booked_as).await
}

async fn book_back(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    order_id: OrderId,
    lines: Vec<(ItemKey, NonZeroU32)>,
    booked_as: &str,
) -> Result<Vec<ItemKey>, StoreError> {
    let ids: Vec<Uuid> = lines.iter().map(|(item, _)| item.id()).collect();
    let found = items::lock(connection, &ids).await?;
    let (mut pieces, mut messages, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (item, quantity) in lines {
        let is_twice = pieces.iter().any(|(id, _)| *id == item.id());
        match found.iter().find(|known| known.key == item).and_then(|known| room(known, quantity.get())) {
            Some(count) if !is_twice => {
                pieces.push((item.id(), count));
                messages.push(cause.event(&StockReceived {
                    product_id: item.product_id.uuid().into(),
                    variant_id: item.variant_id.map(|variant| variant.uuid().into()),
                    quantity,
                    order_id: Some(order_id.uuid().into()),
                })?);
            }
            _ => left_out.push(item),
        }
    }
    if !pieces.is_empty() {
        let booking = Booking {
            kind: Kind::Returned,
            cause: booked_as.to_owned(),
            reservation_id: None,
            order_id: Some(order_id.uuid()),
            reason: None,
            pieces,
        };
        let levels = book(connection, cause, booking).await?;
        tell(connection, cause, messages, &levels).await?;
    }
    Ok(left_out)
}

/// The pieces, if the item has room for them.
fn room(item: &Item, quantity: u32) -> Option<i32> {
    let quantity = i32::try_from(quantity).ok()?;
    item.on_hand.checked_add(quantity).filter(|on_hand| *on_hand <= STOCK_MAX).map(|_| quantity)
}
