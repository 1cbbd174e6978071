//! Orders by id, many at once: made of their events, so that nothing that is committed is missing. And lines of lists.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::GlobalId;
use kit::database::{Freshness, ReadConnection};
use kit::event_store::{self, Aggregate as _, EventSet as _};
use uuid::Uuid;

use super::rows::LineRow;
use super::schema::{entry, event, line};
use super::{OrderStore, StoreError};
use crate::OrderId;
use crate::domain::order::OrderEvent;
use crate::domain::{Order, OrderLine, OrderView};

impl OrderStore {
    /// Those of `ids` that were placed, as they are now. One statement. A stream is a few events long and bounded
    /// ([`crate::domain::order::CART_CHANGES_MAX`]), so all of it is read. An order of which this build can't read an event is an error of
    /// its own, and none of the others'.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_list_by_id(
        &self,
        ids: &[OrderId],
        freshness: Freshness,
    ) -> Result<HashMap<OrderId, Result<OrderView, StoreError>>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let read = async |connection: &mut ReadConnection| {
            let events = event::table
                .filter(event::stream.eq(Order::NAME))
                .filter(event::stream_id.eq_any(&ids))
                .order((event::stream_id, event::version))
                .select((event::stream_id, event::version, event::type_name, event::type_version, event::data))
                .load(&mut **connection);
            Ok::<_, StoreError>(events.await?)
        };
        let rows: Vec<(Uuid, i32, String, i16, String)> = self.database.read(freshness, read).await?;
        let mut orders: HashMap<Uuid, Result<(u32, Order), StoreError>> = HashMap::new();
        for (id, version, name, type_version, data) in rows {
            let read = orders.entry(id).or_insert_with(|| Ok((0, Order::default())));
            let Ok((known, order)) = read else { continue };
            *known = version.unsigned_abs();
            match OrderEvent::from_stored(&name, type_version.unsigned_abs(), &data) {
                Ok(event) => order.apply(&event),
                Err(source) => {
                    let (stream, version) = (Order::NAME.to_owned(), *known);
                    *read = Err(event_store::StoreError::Unreadable { stream, id, version, source }.into());
                }
            }
        }
        let view = |(id, read): (Uuid, Result<(u32, Order), StoreError>)| {
            let view = read.map(|(version, order)| OrderView::of(id, version, &order)).transpose()?;
            Some((OrderId::from_uuid(id), view))
        };
        Ok(orders.into_iter().filter_map(view).collect())
    }

    /// The lines of each of `ids` that the read model has, in the order in which they were asked for. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn line_list_by_order(
        &self,
        ids: &[OrderId],
        freshness: Freshness,
    ) -> Result<HashMap<OrderId, Vec<OrderLine>>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let read = async |connection: &mut ReadConnection| {
            let lines = line::table
                .inner_join(entry::table.on(entry::id.eq(line::order_id)))
                .filter(line::order_id.eq_any(&ids))
                .order((line::order_id, line::position))
                .select((
                    line::order_id,
                    line::product_id,
                    line::variant_id,
                    line::quantity,
                    line::unit_price_minor,
                    line::name,
                    line::sku,
                    entry::currency,
                ))
                .load(&mut **connection);
            Ok::<_, StoreError>(lines.await?)
        };
        let rows: Vec<LineRow> = self.database.read(freshness, read).await?;
        let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
        for row in rows {
            lines.entry(OrderId::from_uuid(row.order_id)).or_default().push(row.try_into()?);
        }
        Ok(lines)
    }
}
