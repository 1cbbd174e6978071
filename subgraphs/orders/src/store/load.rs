//! Orders and lines by id, many at once.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::GlobalId;
use uuid::Uuid;

use super::rows::{LineRow, OrderRow};
use super::schema::{order_lines, orders};
use super::{OrderStore, StoreError};
use crate::OrderId;
use crate::domain::{Order, OrderLine};

impl OrderStore {
    /// Those of `ids` that exist. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_list_by_id(&self, ids: &[OrderId]) -> Result<Vec<Order>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let mut connection = self.database.connection().await?;
        let rows: Vec<OrderRow> =
            orders::table.filter(orders::id.eq_any(ids)).select(OrderRow::as_select()).load(&mut connection).await?;
        rows.into_iter().map(Order::try_from).collect()
    }

    /// The lines of each of `ids`, in the order in which they were asked for. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn line_list_by_order(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<OrderLine>>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let mut connection = self.database.connection().await?;
        let rows: Vec<LineRow> = order_lines::table
            .inner_join(orders::table.on(orders::id.eq(order_lines::order_id)))
            .filter(order_lines::order_id.eq_any(ids))
            .order((order_lines::order_id, order_lines::position))
            .select((
                order_lines::order_id,
                order_lines::product_id,
                order_lines::quantity,
                order_lines::unit_price_minor,
                orders::currency,
            ))
            .load(&mut connection)
            .await?;
        let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
        for row in rows {
            lines.entry(OrderId::from_uuid(row.order_id)).or_default().push(row.try_into()?);
        }
        Ok(lines)
    }
}
