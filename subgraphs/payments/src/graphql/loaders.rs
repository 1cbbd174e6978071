//! Payments, bookings and payments of orders, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::{Batch, Database, GlobalId as _, Loader, Result};
use uuid::Uuid;

use crate::ledger::{Transaction, transaction_list};
use crate::projection::list_by_order;
use crate::story::{Story, stories};
use crate::{OrderId, PaymentId};

/// Payments of one order that are shown: tries with several means of payment are a few.
const PAYMENTS_OF_ORDER_MAX: u32 = 50;

/// The loaders of one request.
pub(super) struct Loaders {
    /// Payments by id.
    pub payments: Loader<PaymentId, Arc<Story>, ById>,
    /// What was booked, by payment.
    pub transactions: Loader<PaymentId, Arc<[Transaction]>, BookedByPayment>,
    /// Payments and their customers, by order.
    pub by_order: Loader<OrderId, Arc<[(Uuid, Uuid)]>, ByOrder>,
}

impl Loaders {
    pub(super) fn new(database: &Database) -> Self {
        Self {
            payments: Loader::new(ById(database.clone())),
            transactions: Loader::new(BookedByPayment(database.clone())),
            by_order: Loader::new(ByOrder(database.clone())),
        }
    }
}

/// Loads payments by id.
pub(super) struct ById(Database);

impl Batch<PaymentId, Arc<Story>> for ById {
    async fn load(&self, keys: &[PaymentId]) -> Result<HashMap<PaymentId, Arc<Story>>> {
        let mut connection = self.0.connection().await?;
        let found = stories(&mut connection, &uuids(keys)).await?;
        Ok(found.into_iter().map(|(id, story)| (PaymentId::from_uuid(id), story)).collect())
    }
}

/// Loads what was booked by payment.
pub(super) struct BookedByPayment(Database);

impl Batch<PaymentId, Arc<[Transaction]>> for BookedByPayment {
    async fn load(&self, keys: &[PaymentId]) -> Result<HashMap<PaymentId, Arc<[Transaction]>>> {
        let mut connection = self.0.connection().await?;
        let found = transaction_list(&mut connection, &uuids(keys)).await?;
        Ok(found.into_iter().map(|(id, booked)| (PaymentId::from_uuid(id), booked.into())).collect())
    }
}

/// Loads payments by order.
pub(super) struct ByOrder(Database);

impl Batch<OrderId, Arc<[(Uuid, Uuid)]>> for ByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Arc<[(Uuid, Uuid)]>>> {
        let mut connection = self.0.connection().await?;
        let orders: Vec<Uuid> = keys.iter().map(OrderId::uuid).collect();
        let found = list_by_order(&mut connection, &orders, PAYMENTS_OF_ORDER_MAX).await?;
        Ok(found.into_iter().map(|(id, payments)| (OrderId::from_uuid(id), payments.into())).collect())
    }
}

fn uuids(keys: &[PaymentId]) -> Vec<Uuid> {
    keys.iter().map(PaymentId::uuid).collect()
}
