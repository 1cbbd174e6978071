//! `type Query`: one order, pages of them, the cart, and what happened to an account's orders.

use async_graphql::{Context, InputObject, Object};
use kit::recent_writers::Reader;
use kit::{Caller, Connection, Error, PageBound, PageRequest, Result, request_data};

use super::cart::Cart;
use super::entities::find_order;
use super::history::OrderHistoryEntry;
use super::order::{Order, OrderStatus};
use super::page_of_orders;
use crate::domain;
use crate::store::OrderStore;
use crate::{OrderId, UserId};

/// Pages of an account's history.
const NEWEST_HISTORY_FIRST: PageBound = PageBound::new("order-history:newest");

/// Reading orders: one's own, or all for administrators.
#[derive(Default)]
pub struct OrderQuery;

/// Reading orders.
#[Object]
impl OrderQuery {
    /// The order with this id, or null. For its customer and administrators.
    async fn order(&self, context: &Context<'_>, id: OrderId) -> Result<Option<Order>> {
        find_order(context, id).await
    }

    /// The caller's orders, or everyone's for administrators, newest first.
    async fn orders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; all when left out.")] filter: Option<OrderFilter>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Order>>> {
        let filter = visible(Caller::from_context(context)?, filter.unwrap_or_default())?;
        let page = page_of_orders(first, after, last, before)?;
        let (store, freshness) =
            (request_data::<OrderStore>(context)?, Reader::from_context(context)?.freshness().await);
        if let Some(customer) = filter.customer_id {
            store.wait_until_fresh(customer, freshness).await?;
        }
        let rows = store.order_list(filter, &page, freshness).await?;
        let orders = rows.into_iter().map(Order::from).collect();
        page.connection(orders, Order::position).map(Some)
    }

    /// What is in the caller's cart; null if nothing ever was since the last order.
    async fn cart(&self, context: &Context<'_>) -> Result<Option<Cart>> {
        let customer = Caller::from_context(context)?.require_user()?;
        let freshness = Reader::from_context(context)?.freshness().await;
        let cart = request_data::<OrderStore>(context)?.cart_find(customer, freshness).await?;
        Ok(cart.map(Cart))
    }

    /// What happened to the orders of an account, newest first: the caller's, or anyone's for administrators.
    async fn order_history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose; the caller's own when left out.")] customer_id: Option<UserId>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<OrderHistoryEntry>>> {
        let caller = Caller::from_context(context)?;
        let customer = customer_id.map_or_else(|| caller.require_user(), Ok)?;
        caller.require_owner(customer)?;
        let page = PageRequest::parse(first, after, last, before, NEWEST_HISTORY_FIRST)?;
        let (store, freshness) =
            (request_data::<OrderStore>(context)?, Reader::from_context(context)?.freshness().await);
        store.wait_until_fresh(customer, freshness).await?;
        let entries = store.history_list(customer, &page, freshness).await?;
        let entries = entries.into_iter().map(OrderHistoryEntry).collect();
        page.connection(entries, OrderHistoryEntry::position).map(Some)
    }
}

/// Which orders a list holds: all that meet every condition given.
#[derive(Default, InputObject)]
pub struct OrderFilter {
    /// Orders in this status only.
    status: Option<OrderStatus>,
    /// Orders of this user only. Others than oneself are for administrators.
    customer_id: Option<UserId>,
}

/// What of `filter` the caller may see: administrators everything, others their own.
fn visible(caller: &Caller, filter: OrderFilter) -> Result<domain::OrderFilter> {
    let status = filter.status.map(domain::OrderStatus::from);
    if caller.is_administrator() {
        return Ok(domain::OrderFilter { customer_id: filter.customer_id, status });
    }
    let own: UserId = caller.require_user()?;
    match filter.customer_id {
        Some(other) if other != own => Err(Error::Forbidden),
        _ => Ok(domain::OrderFilter { customer_id: Some(own), status }),
    }
}
