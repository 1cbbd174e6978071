//! A customer's cart: the order that isn't one yet. There is one at a time.

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::database::{Freshness, ReadConnection};
use kit::event_store::{Loaded, load};
use uuid::Uuid;

use super::change::ChangeError;
use super::record::{Actor, record};
use super::{OrderStore, StoreError, customer};
use crate::domain::order::Command;
use crate::domain::{Article, CartView, Order, OrderStatus, RequestedLine};
use crate::{OrderId, UserId};

/// A change of a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartChange {
    /// So many pieces more.
    Add(RequestedLine),
    /// So many pieces, whatever there were.
    Set(RequestedLine),
    /// None any more.
    Remove(Article),
}

impl OrderStore {
    /// The customer's cart; none if there is nothing in it that ever was.
    ///
    /// # Errors
    /// The database fails.
    pub async fn cart_find(&self, customer: UserId, freshness: Freshness) -> Result<Option<CartView>, StoreError> {
        self.database.read(freshness, async |connection: &mut ReadConnection| find(connection, customer).await).await
    }

    /// Changes the customer's cart, or begins one; if it is at `expected` when that is given. One transaction.
    ///
    /// # Errors
    /// [`ChangeError`]; then nothing has changed. [`ChangeError::NotFound`]: nothing is taken from this customer.
    pub async fn cart_change(
        &self,
        customer: UserId,
        expected: Option<u32>,
        change: CartChange,
        actor: &Actor,
    ) -> Result<CartView, ChangeError> {
        self.database.unit(async |connection| change_in_txn(connection, customer, expected, change, actor).await).await
    }
}

async fn find(connection: &mut AsyncPgConnection, customer: UserId) -> Result<Option<CartView>, StoreError> {
    let Some(id) = customer::cart_of(connection, customer).await? else { return Ok(None) };
    let loaded = load::<Order>(connection, id).await?;
    // It may have been placed since.
    Ok((loaded.state().status == OrderStatus::Cart).then(|| view(&loaded)))
}

async fn change_in_txn(
    connection: &mut AsyncPgConnection,
    customer_id: UserId,
    expected: Option<u32>,
    change: CartChange,
    actor: &Actor,
) -> Result<CartView, ChangeError> {
    let row = customer::lock(connection, customer_id).await?;
    if row.erased_at.is_some() {
        return Err(ChangeError::NotFound);
    }
    let cart = match row.cart_id {
        Some(id) => load::<Order>(connection, id).await?,
        None => Loaded::new(Uuid::now_v7()),
    };
    if expected.is_some_and(|expected| expected != cart.version()) {
        return Err(ChangeError::Stale(cart.version()));
    }
    let command = command(customer_id, cart.state(), change);
    let events = cart
        .state()
        .decide(command)
        .map_err(|refusal| ChangeError::Refused { refusal, status: cart.state().status })?;
    if row.cart_id.is_none() {
        customer::set_cart(connection, customer_id, Some(cart.id())).await?;
    }
    Ok(view(&record(connection, cart, events, actor).await?))
}

fn command(customer_id: UserId, cart: &Order, change: CartChange) -> Command {
    match change {
        CartChange::Set(line) => Command::SetLine { customer_id, line },
        CartChange::Remove(article) => Command::RemoveLine(article),
        CartChange::Add(line) => {
            let known = cart.cart.iter().find(|known| known.article() == line.article());
            // Less than one more is refused, whatever there is.
            let quantity = match line.quantity {
                ..=0 => 0,
                more => known.map_or(0, |known| known.quantity).saturating_add(more),
            };
            Command::SetLine { customer_id, line: RequestedLine { quantity, ..line } }
        }
    }
}

fn view(loaded: &Loaded<Order>) -> CartView {
    CartView { id: OrderId::from_uuid(loaded.id()), version: loaded.version(), lines: loaded.state().cart.clone() }
}
