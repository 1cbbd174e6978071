//! The read model of orders: lists by customer and for administrators, their lines, and what happened to an account's orders.
//!
//! Made of the orders' events and of nothing else, so that it can be made anew at any time; filled by a
//! [`Projector`](kit::projection::Projector), read by [`crate::store`]. Carts aren't in it.

mod batch;
mod write;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::event_store::Recorded;
use kit::projection::{Definition, Projection, ProjectionError};

use self::batch::Batch;

/// Its name, and its schema's.
pub const NAME: &str = "order_list";

const TABLES: &str = include_str!("tables.sql");

/// The read model.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderList;

impl Projection for OrderList {
    fn definition(&self) -> Definition {
        Definition { name: NAME, version: 3, tables: TABLES }
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            let batch = Batch::of(events)?;
            write::write(connection, &batch).await
        })
    }
}
