//! Payments, bookings and payments of orders, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::cache::{Loaded, Versioned};
use kit::database::{DatabaseError, Freshness, ReadConnection};
use kit::loader::{Source, Through};
use kit::recent_writers::Reader;
use kit::{Batch, Database, Error, GlobalId as _, Loader, Result};
use uuid::Uuid;

use crate::caches::{PaymentCaches, version};
use crate::ledger::{Transaction, transaction_list};
use crate::projection::list_by_order;
use crate::story::{Story, stories};
use crate::{OrderId, PaymentId};

/// Payments of one order that are shown: tries with several means of payment are a few.
const PAYMENTS_OF_ORDER_MAX: u32 = 50;

/// The loaders of one request.
pub(super) struct Loaders {
    /// Payments by id.
    pub payments: Loader<PaymentId, Arc<Story>, Through<PaymentId, Story, ById>>,
    /// What was booked, by payment.
    pub transactions: Loader<PaymentId, Arc<[Transaction]>, BookedByPayment>,
    /// Payments and their customers, by order.
    pub by_order: Loader<OrderId, Arc<[(Uuid, Uuid)]>, ByOrder>,
}

impl Loaders {
    /// Through `caches`, for who `reader` is.
    pub(super) fn new(database: &Database, caches: &PaymentCaches, reader: &Reader) -> Self {
        Self {
            payments: Loader::through(&caches.payments, reader, ById(database.clone())),
            transactions: Loader::new(BookedByPayment(database.clone(), reader.clone())),
            by_order: Loader::new(ByOrder(database.clone(), reader.clone())),
        }
    }
}

/// Reads payments by id.
pub(super) struct ById(Database);

impl Source<PaymentId, Story> for ById {
    async fn read(&self, keys: Vec<PaymentId>, freshness: Freshness) -> Result<Loaded<PaymentId, Story>> {
        let ids = uuids(&keys);
        let read = async |connection: &mut ReadConnection| Ok::<_, Error>(stories(connection, &ids).await?);
        let found = self.0.read(freshness, read).await?;
        let versioned = |story: Story| Versioned { version: version(&story), value: story };
        let read =
            found.into_iter().map(|(id, read)| (PaymentId::from_uuid(id), read.map(versioned).map_err(Error::from)));
        Ok(read.collect())
    }
}

/// Loads what was booked by payment.
pub(super) struct BookedByPayment(Database, Reader);

impl Batch<PaymentId, Arc<[Transaction]>> for BookedByPayment {
    async fn load(&self, keys: &[PaymentId]) -> Result<HashMap<PaymentId, Arc<[Transaction]>>> {
        let ids = uuids(keys);
        let read =
            async |connection: &mut ReadConnection| Ok::<_, DatabaseError>(transaction_list(connection, &ids).await?);
        let found = self.0.read(self.1.freshness().await, read).await?;
        Ok(found.into_iter().map(|(id, booked)| (PaymentId::from_uuid(id), booked.into())).collect())
    }
}

/// Loads payments by order.
pub(super) struct ByOrder(Database, Reader);

impl Batch<OrderId, Arc<[(Uuid, Uuid)]>> for ByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Arc<[(Uuid, Uuid)]>>> {
        let orders: Vec<Uuid> = keys.iter().map(OrderId::uuid).collect();
        let read = async |connection: &mut ReadConnection| {
            Ok::<_, DatabaseError>(list_by_order(connection, &orders, PAYMENTS_OF_ORDER_MAX).await?)
        };
        let found = self.0.read(self.1.freshness().await, read).await?;
        Ok(found.into_iter().map(|(id, payments)| (OrderId::from_uuid(id), payments.into())).collect())
    }
}

fn uuids(keys: &[PaymentId]) -> Vec<Uuid> {
    keys.iter().map(PaymentId::uuid).collect()
}
