//! Takes invoices' documents away that nobody may have any more: those of forgotten customers, and of no order.
//!
//! Whoever forgets a customer has the documents removed that are known. An attempt to make one that stood still meanwhile, so that another
//! has its job, may write its document afterwards, and then nobody knows of it but the storage.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use kit::GlobalId as _;
use kit::job::{Leased, Schedule, Scheduled};
use kit::objects::{ObjectKey, ObjectStorage, Stored};
use kit::{JobError, JobHandler};
use uuid::Uuid;

use super::{FOLDER, object_key};
use crate::OrderId;
use crate::store::OrderStore;

/// Jobs that look for them.
pub const KIND: &str = "orders.sweep-invoices";
/// When, each day: in the night of Europe, after exports.
const SWEEP_AT: Duration = Duration::from_secs(4 * 60 * 60);
/// How old a document is at least: by then whoever knows of it has done what there was to do.
const AGE_MIN: Duration = Duration::from_secs(24 * 60 * 60);
/// Documents that are asked about at once: as many as storages list at once.
const BATCH: usize = 1_000;
/// Documents of one night: an hour or so. A shop with more of them has to keep them by year.
const DOCUMENTS_MAX: usize = 10_000_000;

/// Each night.
#[must_use]
pub fn sweeping() -> Schedule {
    Schedule::every(KIND, Duration::from_secs(24 * 60 * 60)).offset(SWEEP_AT)
}

/// Takes them away.
pub struct SweepInvoices {
    store: OrderStore,
    storage: Arc<dyn ObjectStorage>,
}

impl SweepInvoices {
    /// Those in `storage` that the orders in `store` have no use for.
    #[must_use]
    pub fn new(store: OrderStore, storage: Arc<dyn ObjectStorage>) -> Self {
        Self { store, storage }
    }

    async fn sweep(&self) -> Result<(), JobError> {
        let folder = ObjectKey::parse(FOLDER).ok_or_else(|| JobError::permanent("no folder"))?;
        let mut batches = self.storage.walk(&folder, None).take(DOCUMENTS_MAX).chunks(BATCH);
        let mut removed: u64 = 0;
        while let Some(batch) = batches.next().await {
            let batch = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
            let orders: Vec<OrderId> = batch.iter().filter(|stored| is_old(stored)).filter_map(order_of).collect();
            for order in self.store.invoice_list_unwanted(&orders).await? {
                let key = object_key(order).ok_or_else(|| JobError::permanent("no key"))?;
                self.storage.remove(&key).await?;
                removed = removed.saturating_add(1);
            }
        }
        if removed > 0 {
            tracing::warn!(removed, "documents of invoices were kept that nobody may have any more");
        }
        Ok(())
    }
}

impl JobHandler for SweepInvoices {
    type Payload = Scheduled;
    const KIND: &'static str = KIND;

    fn run<'a>(&'a self, _job: &'a Leased, _due: Scheduled) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.sweep())
    }
}

fn is_old(stored: &Stored) -> bool {
    Utc::now() - AGE_MIN > stored.written_at
}

/// Whose invoice it is; `None` for what else may be there.
fn order_of(stored: &Stored) -> Option<OrderId> {
    let (_, name) = stored.key.as_str().rsplit_once('/')?;
    let order = OrderId::from_uuid(Uuid::try_parse(name.strip_suffix(".pdf")?).ok()?);
    (object_key(order)? == stored.key).then_some(order)
}
