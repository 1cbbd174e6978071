//! Pieces that come in from suppliers.

use diesel::dsl::sql_query;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;
use wire::events::stock::StockReceived;

use super::book::{Booking, book};
use super::tell::tell;
use super::{Cause, StockStore, StoreError, items};
use crate::domain::{Item, ItemKey, Kind, STOCK_MAX};

const BOOKED: &str = "SELECT on_hand_change AS quantity FROM stock_movement \
    WHERE item_id = $1 AND cause = $2 AND kind = 'received'";

#[derive(QueryableByName)]
struct Booked {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    quantity: i32,
}

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Of what.
    pub item: ItemKey,
    /// How many pieces, from 1.
    pub quantity: i32,
    /// What brings it about, by which it is known when it comes again: `delivery:<key>`.
    pub cause: String,
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is in the books, now or since it came the first time; what there is now.
    Booked(Item),
    /// There is no such item.
    Missing,
    /// There would be more than [`STOCK_MAX`].
    TooMany,
    /// The cause has brought another number of pieces before.
    OtherQuantity(i32),
}

impl StockStore {
    /// Books a delivery, once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receive(&self, cause: &Cause, delivery: &Delivery) -> Result<Received, StoreError> {
        self.database.unit(async |connection| receive(connection, cause, delivery).await).await
    }
}

pub(crate) async fn receive(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    delivery: &Delivery,
) -> Result<Received, StoreError> {
    let id = delivery.item.id();
    let found = items::lock(connection, &[id]).await?.into_iter().next();
    let Some(item) = found.filter(|item| item.key == delivery.item) else { return Ok(Received::Missing) };
    if let Some(quantity) = booked_before(connection, id, &delivery.cause).await? {
        let is_same = quantity == delivery.quantity;
        return Ok(if is_same { Received::Booked(item) } else { Received::OtherQuantity(quantity) });
    }
    let on_hand = item.on_hand.checked_add(delivery.quantity).filter(|on_hand| *on_hand <= STOCK_MAX);
    let Some(on_hand) = on_hand else { return Ok(Received::TooMany) };
    let booking = Booking {
        kind: Kind::Received,
        cause: delivery.cause.clone(),
        reservation_id: None,
        order_id: None,
        reason: None,
        pieces: vec![(id, delivery.quantity)],
    };
    let levels = book(connection, cause, booking).await?;
    let quantity = u32::try_from(delivery.quantity).ok().and_then(std::num::NonZeroU32::new);
    let received = cause.event(&StockReceived {
        product_id: delivery.item.product_id.uuid().into(),
        variant_id: delivery.item.variant_id.map(|variant| variant.uuid().into()),
        quantity: quantity.ok_or(StoreError::Corrupt("quantity of a delivery"))?,
        order_id: None,
    })?;
    tell(connection, cause, vec![received], &levels).await?;
    Ok(Received::Booked(after(item, on_hand, &levels)))
}

/// The item after a change of what is on hand.
pub(super) fn after(item: Item, on_hand: i32, levels: &[super::book::Level]) -> Item {
    let (version, movements) =
        levels.first().map_or((item.version, item.movements), |level| (level.version, level.movements));
    Item { on_hand, version, movements, ..item }
}

async fn booked_before(connection: &mut AsyncPgConnection, item: Uuid, cause: &str) -> Result<Option<i32>, StoreError> {
    let booked = sql_query(BOOKED).bind::<SqlUuid, _>(item).bind::<Text, _>(cause);
    let booked: Option<Booked> = cached(booked).get_result(connection).await.optional()?;
    Ok(booked.map(|booked| booked.quantity))
}
