//! Pieces that come back from customers.

use diesel_async::AsyncPgConnection;
use kit::GlobalId;
use uuid::Uuid;
use wire::events::orders::OrderReturned;
use wire::events::stock::StockReceived;

use super::book::{Booking, book};
use super::tell::tell;
use super::{Cause, StoreError, items};
use crate::domain::{Item, ItemKey, Kind, STOCK_MAX};

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
    let mut lines: Vec<(ItemKey, std::num::NonZeroU32)> = Vec::new();
    for line in &returned.lines {
        lines.push((ItemKey::of_wire(line.product_id, line.variant_id), line.quantity));
    }
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
                    order_id: Some(returned.order_id),
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
            order_id: Some(returned.order_id.uuid()),
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
