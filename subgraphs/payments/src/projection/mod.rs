//! The read model of lists: one row a payment, by order, customer and status. What a payment itself shows is read from its
//! events, which are never behind.

mod apply;
mod list;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::event_store::Recorded;
use kit::projection::{Definition, Projection, ProjectionError};

pub use list::{PaymentFilter, PaymentPosition, list, list_by_order};

/// Its tables. A row's state is what its status is made of.
const TABLES: &str = "CREATE TABLE entry (id uuid PRIMARY KEY, order_id uuid NOT NULL, customer_id uuid NOT NULL, \
    requested_at timestamptz NOT NULL, status text COLLATE \"C\" NOT NULL, state text COLLATE \"C\" NOT NULL); \
    CREATE INDEX entry_newest ON entry (requested_at DESC, id DESC); \
    CREATE INDEX entry_by_status ON entry (status, requested_at DESC, id DESC); \
    CREATE INDEX entry_by_customer ON entry (customer_id, requested_at DESC, id DESC); \
    CREATE INDEX entry_by_order ON entry (order_id, requested_at, id)";

/// The list of payments, in the schema `payment_list`.
pub struct PaymentList;

impl Projection for PaymentList {
    fn definition(&self) -> Definition {
        Definition { name: "payment_list", version: 2, tables: TABLES }
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(apply::apply(connection, events))
    }
}
