//! Changes of status.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::GlobalId;

use super::rows::OrderRow;
use super::schema::orders;
use super::{OrderStore, StoreError};
use crate::OrderId;
use crate::domain::{Order, OrderStatus};

impl OrderStore {
    /// Cancels the order if it is still only placed; `None` when it isn't, or doesn't exist.
    /// One statement: of two parallel changes of status one wins.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_cancel(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        let mut connection = self.database.connection().await?;
        let row: Option<OrderRow> = diesel::update(orders::table)
            .filter(orders::id.eq(id.uuid()))
            .filter(orders::status.eq(OrderStatus::Placed.as_str()))
            .set(orders::status.eq(OrderStatus::Cancelled.as_str()))
            .returning(OrderRow::as_returning())
            .get_result(&mut connection)
            .await
            .optional()?;
        row.map(Order::try_from).transpose()
    }
}
