//! Putting the books right.

use kit::GlobalId;
use uuid::Uuid;
use wire::events::stock::{AdjustmentReason, StockAdjusted};

use super::book::{Booking, book};
use super::receive::after;
use super::tell::tell;
use super::{Cause, StockStore, StoreError, items};
use crate::domain::{Item, ItemKey, Kind, STOCK_MAX};

/// What is put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Of what.
    pub item: ItemKey,
    /// The version that was counted.
    pub expected_version: i32,
    /// How many pieces more there are, or fewer; not 0.
    pub change: i32,
    /// Why.
    pub reason: AdjustmentReason,
}

/// What became of an adjustment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adjusted {
    /// It is in the books; what there is now.
    Booked(Item),
    /// There is no such item.
    Missing,
    /// Pieces came or went since; the item has this version now.
    VersionConflict(i32),
    /// There would be fewer than are reserved: so many.
    Reserved(i32),
    /// There would be more than [`STOCK_MAX`].
    TooMany,
}

impl StockStore {
    /// Puts the books right, unless pieces came or went since they were counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn adjust(&self, cause: &Cause, adjustment: &Adjustment) -> Result<Adjusted, StoreError> {
        // Outside of the unit, which may be done again.
        let booked_as = format!("adjustment:{}", Uuid::now_v7());
        self.database
            .unit(async |connection| {
                let id = adjustment.item.id();
                let found = items::lock(connection, &[id]).await?.into_iter().next();
                let Some(item) = found.filter(|item| item.key == adjustment.item) else {
                    return Ok(Adjusted::Missing);
                };
                if item.version != adjustment.expected_version {
                    return Ok(Adjusted::VersionConflict(item.version));
                }
                let on_hand = match item.on_hand.checked_add(adjustment.change) {
                    Some(on_hand) if on_hand < item.reserved => return Ok(Adjusted::Reserved(item.reserved)),
                    Some(on_hand) if on_hand <= STOCK_MAX => on_hand,
                    _ => return Ok(Adjusted::TooMany),
                };
                let booking = Booking {
                    kind: Kind::Adjusted,
                    cause: booked_as.clone(),
                    reservation_id: None,
                    order_id: None,
                    reason: Some(adjustment.reason.as_str()),
                    pieces: vec![(id, adjustment.change)],
                };
                let levels = book(connection, cause, booking).await?;
                let adjusted = cause.event(&StockAdjusted {
                    product_id: item.key.product_id.uuid().into(),
                    variant_id: item.key.variant_id.map(|variant| variant.uuid().into()),
                    change: adjustment.change,
                    reason: adjustment.reason.clone(),
                })?;
                tell(connection, cause, vec![adjusted], &levels).await?;
                Ok(Adjusted::Booked(after(item, on_hand, &levels)))
            })
            .await
    }
}
