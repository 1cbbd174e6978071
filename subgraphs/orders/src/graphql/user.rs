//! What orders add to `type User`.

use std::sync::Arc;

use async_graphql::{Context, Object};
use kit::{Caller, Connection, Result, request_data};

use super::loaders::{Loaders, PageKey};
use super::order::Order;
use super::page_of_orders;
use crate::UserId;

/// A user, known here by key only.
pub struct User {
    /// The key.
    pub id: UserId,
}

// Users describes the type and its key.
#[Object]
impl User {
    async fn id(&self) -> UserId {
        self.id
    }

    /// The user's orders, newest first. For the user and administrators.
    async fn orders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Order>>> {
        let caller = Caller::from_context(context)?;
        caller.require_owner(self.id)?;
        let page = page_of_orders(first, after, last, before)?;
        let key = PageKey { customer: self.id, page: page.clone(), is_own: caller.user() == Some(self.id) };
        let rows = request_data::<Loaders>(context)?.pages.load(key).await?;
        let orders = rows.iter().flat_map(|rows| rows.iter()).map(|order| Order(Arc::clone(order))).collect();
        page.connection(orders, Order::position).map(Some)
    }
}
