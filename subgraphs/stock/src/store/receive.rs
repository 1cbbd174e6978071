//! Pieces that come in from suppliers.

use std::ops::ControlFlow;

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
    /// It is sold no more.
    Withdrawn,
    /// Its product is sold by its variants alone, and none is named.
    VariantRequired,
    /// There would be more than [`STOCK_MAX`].
    TooMany,
    /// The cause has brought another number of pieces before.
    OtherQuantity(i32),
}

impl StockStore {
    /// Books a delivery of what is sold, once. Nobody could buy any other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receive(&self, cause: &Cause, delivery: &Delivery) -> Result<Received, StoreError> {
        self.database
            .unit(async |connection| match begin(connection, delivery).await? {
                ControlFlow::Continue(item) if item.is_withdrawn => {
                    why_unsold(connection, delivery, Received::Withdrawn).await
                }
                ControlFlow::Continue(item) => add(connection, cause, delivery, item).await,
                ControlFlow::Break(Received::Missing) => why_unsold(connection, delivery, Received::Missing).await,
                ControlFlow::Break(received) => Ok(received),
            })
            .await
    }
}

/// The same of what products tells that there is from the start: should the item be withdrawn by now, they stay in its books.
pub(crate) async fn receive(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    delivery: &Delivery,
) -> Result<Received, StoreError> {
    match begin(connection, delivery).await? {
        ControlFlow::Continue(item) => add(connection, cause, delivery, item).await,
        ControlFlow::Break(received) => Ok(received),
    }
}

/// The item, locked, if there is one and the delivery is new.
async fn begin(
    connection: &mut AsyncPgConnection,
    delivery: &Delivery,
) -> Result<ControlFlow<Received, Item>, StoreError> {
    let id = delivery.item.id();
    let found = items::lock(connection, &[id]).await?.into_iter().next();
    let Some(item) = found.filter(|item| item.key == delivery.item) else {
        return Ok(ControlFlow::Break(Received::Missing));
    };
    Ok(match booked_before(connection, id, &delivery.cause).await? {
        None => ControlFlow::Continue(item),
        Some(quantity) if quantity == delivery.quantity => ControlFlow::Break(Received::Booked(item)),
        Some(quantity) => ControlFlow::Break(Received::OtherQuantity(quantity)),
    })
}

/// That a variant must be named, where one can be; else `otherwise`.
async fn why_unsold(
    connection: &mut AsyncPgConnection,
    delivery: &Delivery,
    otherwise: Received,
) -> Result<Received, StoreError> {
    let ItemKey { product_id, variant_id } = delivery.item;
    let is_required = variant_id.is_none() && items::has_variants(connection, product_id).await?;
    Ok(if is_required { Received::VariantRequired } else { otherwise })
}

async fn add(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    delivery: &Delivery,
    item: Item,
) -> Result<Received, StoreError> {
    let on_hand = item.on_hand.checked_add(delivery.quantity).filter(|on_hand| *on_hand <= STOCK_MAX);
    let Some(on_hand) = on_hand else { return Ok(Received::TooMany) };
    let booking = Booking {
        kind: Kind::Received,
        cause: delivery.cause.clone(),
        reservation_id: None,
        order_id: None,
        reason: None,
        pieces: vec![(delivery.item.id(), delivery.quantity)],
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
