//! Placing an order once, however often and in parallel it is asked for.

use chrono::{SubsecRound as _, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use kit::event_store::{Loaded, load};
use uuid::Uuid;

use super::customer::{self, CustomerRow};
use super::record::{Actor, record};
use super::schema::placement;
use super::{OrderStore, StoreError, address};
use crate::domain::order::{Command, OrderEvent, Refusal};
use crate::domain::{CartView, Order, OrderView, Placement, PricedOrder};
use crate::{OrderId, UserId, sagas};

/// What became of a request under its idempotency key.
#[derive(Clone, Debug, PartialEq)]
pub enum Placed {
    /// The order that this request, now or earlier, placed.
    Order(Box<OrderView>),
    /// The key belongs to another request of this customer.
    Conflict,
    /// The cart isn't what it was when its prices were asked for.
    CartChanged,
    /// Nothing is taken from this customer, who is blocked or forgotten.
    CustomerClosed,
}

/// What is to be placed, with its prices.
#[derive(Clone, Copy, Debug)]
pub struct PlacingTerms<'a> {
    /// What was asked for.
    pub placement: &'a Placement,
    /// At these prices.
    pub priced: &'a PricedOrder,
    /// The cart that it was, if it was one, as it was priced.
    pub cart: Option<&'a CartView>,
}

impl OrderStore {
    /// What `customer` placed earlier under the key of `placement`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_find_by_key(
        &self,
        customer: UserId,
        placement: &Placement,
    ) -> Result<Option<Placed>, StoreError> {
        let mut connection = self.database.connection().await?;
        find_by_key(&mut connection, customer, placement).await
    }

    /// Places the order unless its key is taken; then answers like [`OrderStore::order_find_by_key`]. One transaction, with what
    /// is told of the order and the beginning of its saga; of several at once by one customer each waits for the one before.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_place(
        &self,
        customer: UserId,
        terms: PlacingTerms<'_>,
        actor: &Actor,
    ) -> Result<Placed, StoreError> {
        self.database.unit(async |connection| place_in_txn(connection, customer, terms, actor).await).await
    }
}

async fn place_in_txn(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    terms: PlacingTerms<'_>,
    actor: &Actor,
) -> Result<Placed, StoreError> {
    let row = customer::lock(connection, customer).await?;
    if row.erased_at.or(row.blocked_at).is_some() {
        return Ok(Placed::CustomerClosed);
    }
    if let Some(placed) = find_by_key(connection, customer, terms.placement).await? {
        return Ok(placed);
    }
    let Some(loaded) = blank(connection, &row, terms.cart).await? else { return Ok(Placed::CartChanged) };
    let Some(events) = decide(connection, customer, &loaded, terms.priced).await? else {
        return Ok(Placed::CartChanged);
    };
    let id = loaded.id();
    remember(connection, customer, id, terms.placement).await?;
    if let Some(to) = terms.placement.address() {
        address::insert(connection, id, customer, to).await?;
    }
    if terms.cart.is_some() {
        customer::set_cart(connection, customer, None).await?;
    }
    let purchase = sagas::purchase(OrderId::from_uuid(id), customer, terms.priced, terms.placement.method_token());
    sagas::begin_placing(connection, purchase, actor).await?;
    let placed = record(connection, loaded, events, actor).await?;
    view(&placed)
}

/// What the order is made of: the cart, if it still is the one that was priced, or nothing yet.
async fn blank(
    connection: &mut AsyncPgConnection,
    row: &CustomerRow,
    cart: Option<&CartView>,
) -> Result<Option<Loaded<Order>>, StoreError> {
    let Some(cart) = cart else { return Ok(Some(Loaded::new(Uuid::now_v7()))) };
    if row.cart_id != Some(cart.id.uuid()) {
        return Ok(None);
    }
    let loaded = load::<Order>(connection, cart.id.uuid()).await?;
    Ok((loaded.version() == cart.version).then_some(loaded))
}

/// The order under the next number. The time is the database's precision, so that it reads back as it was written.
async fn decide(
    connection: &mut AsyncPgConnection,
    customer_id: UserId,
    loaded: &Loaded<Order>,
    priced: &PricedOrder,
) -> Result<Option<Vec<OrderEvent>>, StoreError> {
    let number: i64 = diesel::select(sql::<BigInt>("nextval('order_number')")).get_result(connection).await?;
    let placed_at = Utc::now().trunc_subsecs(6);
    let place = Command::Place { customer_id, number, placed_at, priced: priced.clone() };
    match loaded.state().decide(place) {
        Ok(events) => Ok(Some(events)),
        Err(Refusal::IllegalTransition { .. }) => Ok(None),
        Err(_) => Err(StoreError::Corrupt("cart")),
    }
}

async fn remember(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    order: Uuid,
    asked: &Placement,
) -> Result<(), StoreError> {
    diesel::insert_into(placement::table)
        .values((
            placement::customer_id.eq(customer.uuid()),
            placement::idempotency_key.eq(asked.idempotency_key()),
            placement::request_fingerprint.eq(asked.fingerprint()),
            placement::order_id.eq(order),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The same answer as the first time, whatever has become of the order since.
async fn find_by_key(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    asked: &Placement,
) -> Result<Option<Placed>, StoreError> {
    let found: Option<(Uuid, Uuid)> = placement::table
        .find((customer.uuid(), asked.idempotency_key()))
        .select((placement::request_fingerprint, placement::order_id))
        .first(connection)
        .await
        .optional()?;
    match found {
        None => Ok(None),
        Some((fingerprint, _)) if fingerprint != asked.fingerprint() => Ok(Some(Placed::Conflict)),
        Some((_, order)) => view(&load::<Order>(connection, order).await?).map(Some),
    }
}

fn view(loaded: &Loaded<Order>) -> Result<Placed, StoreError> {
    let view = OrderView::of(loaded.id(), loaded.version(), loaded.state());
    view.map(|view| Placed::Order(Box::new(view))).ok_or(StoreError::Corrupt("placement"))
}

/// Keeps the requests of a customer no longer.
pub async fn forget(connection: &mut AsyncPgConnection, customer: UserId) -> Result<(), StoreError> {
    diesel::delete(placement::table.filter(placement::customer_id.eq(customer.uuid()))).execute(connection).await?;
    Ok(())
}
