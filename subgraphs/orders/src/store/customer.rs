//! A customer's row: locked by whoever decides about the customer, so that decisions come one after the other.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use kit::event_store::load;
use uuid::Uuid;

use super::schema::customer;
use super::{OrderStore, StoreError};
use crate::domain::Order;
use crate::{OrderId, UserId};

/// A customer as far as decisions need.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customer, check_for_backend(diesel::pg::Pg))]
pub struct CustomerRow {
    /// The order that is their cart.
    pub cart_id: Option<Uuid>,
    /// Placed orders that somebody still has to do something about.
    pub orders_under_way: i32,
    /// Since when nothing is taken from them.
    pub erased_at: Option<DateTime<Utc>>,
    /// Since when they can't order, for as long as they are blocked.
    pub blocked_at: Option<DateTime<Utc>>,
}

/// What was written of a customer's placed order.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// Which.
    pub order_id: Uuid,
    /// The version that it has now.
    pub version: u32,
    /// By how many there are more orders under way: 1, 0 or -1.
    pub under_way: i32,
}

impl OrderStore {
    /// Whose an order is that was placed, and whether they are erased.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_customer(&self, id: OrderId) -> Result<Option<(UserId, bool)>, StoreError> {
        let mut connection = self.database.connection().await?;
        let order = load::<Order>(&mut connection, id.uuid()).await?;
        let state = order.state();
        let (Some(customer_id), Some(_placed)) = (state.customer_id, &state.placed) else { return Ok(None) };
        Ok(Some((customer_id, is_erased(&mut connection, customer_id).await?)))
    }
}

/// The customer, whom nobody else decides about until the end of the transaction.
pub async fn lock(connection: &mut AsyncPgConnection, id: UserId) -> Result<CustomerRow, StoreError> {
    diesel::insert_into(customer::table)
        .values(customer::id.eq(id.uuid()))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    let locked = customer::table.find(id.uuid()).select(CustomerRow::as_select()).for_update();
    Ok(locked.first(connection).await?)
}

/// Notes what was written last, and how many orders are under way.
pub async fn write(connection: &mut AsyncPgConnection, id: UserId, written: Written) -> Result<(), StoreError> {
    diesel::insert_into(customer::table)
        .values((
            customer::id.eq(id.uuid()),
            customer::last_order_id.eq(written.order_id),
            customer::last_version.eq(written.version.cast_signed()),
            customer::orders_under_way.eq(written.under_way.max(0)),
        ))
        .on_conflict(customer::id)
        .do_update()
        .set((
            customer::last_order_id.eq(excluded(customer::last_order_id)),
            customer::last_version.eq(excluded(customer::last_version)),
            customer::orders_under_way.eq(customer::orders_under_way + written.under_way),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Which order is the cart from now on.
pub async fn set_cart(connection: &mut AsyncPgConnection, id: UserId, cart: Option<Uuid>) -> Result<(), StoreError> {
    diesel::update(customer::table.find(id.uuid())).set(customer::cart_id.eq(cart)).execute(connection).await?;
    Ok(())
}

/// Nothing is taken from them any more.
pub async fn close(connection: &mut AsyncPgConnection, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(customer::table.find(id.uuid()))
        .set((customer::erased_at.eq(at), customer::cart_id.eq(None::<Uuid>)))
        .execute(connection)
        .await?;
    Ok(())
}

/// They can't order from then on; again, if there is no time.
pub async fn set_blocked(
    connection: &mut AsyncPgConnection,
    id: UserId,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    diesel::update(customer::table.find(id.uuid())).set(customer::blocked_at.eq(at)).execute(connection).await?;
    Ok(())
}

/// Whether nothing is taken from them any more and nothing personal of theirs is kept, without a lock.
pub async fn is_erased(connection: &mut AsyncPgConnection, id: UserId) -> Result<bool, StoreError> {
    let erased_at = customer::table.find(id.uuid()).select(customer::erased_at);
    let found: Option<Option<DateTime<Utc>>> = erased_at.first(connection).await.optional()?;
    Ok(found.flatten().is_some())
}

/// The customer's cart, without a lock.
pub async fn cart_of(connection: &mut AsyncPgConnection, id: UserId) -> Result<Option<Uuid>, StoreError> {
    let found: Option<Option<Uuid>> =
        customer::table.find(id.uuid()).select(customer::cart_id).first(connection).await.optional()?;
    Ok(found.flatten())
}
