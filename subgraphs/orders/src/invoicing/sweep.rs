//! Takes invoices' documents away that nobody may have any more: those of forgotten customers, and of no order.
//!
//! Whoever forgets a customer has the documents removed that are known. An attempt to make one that stood still meanwhile, so that another
//! has its job, may write its document afterwards, and then nobody knows of it but the storage.
//!
//! A sweep that is broken off goes on behind the last document that it has dealt with.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use kit::GlobalId as _;
use kit::job::{JobLimits, Leased, Progress, Schedule, Scheduled};
use kit::objects::{ObjectKey, ObjectStorage, Stored};
use kit::{JobError, JobHandler};
use serde::{Deserialize, Serialize};
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
const DOCUMENTS_MAX: u64 = 10_000_000;
/// How long one attempt may take: twice what the most documents take.
const ATTEMPT_MAX: Duration = Duration::from_secs(2 * 60 * 60);

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

    async fn sweep(&self, job: &Leased) -> Result<(), JobError> {
        let folder = ObjectKey::parse(FOLDER).ok_or_else(|| JobError::permanent("no folder"))?;
        let mut reached = Reached::of(job);
        let after = reached.key();
        let left = usize::try_from(DOCUMENTS_MAX.saturating_sub(reached.documents)).unwrap_or(usize::MAX);
        let mut batches = self.storage.walk(&folder, after.as_ref()).take(left).chunks(BATCH);
        while let Some(batch) = batches.next().await {
            let batch = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
            self.remove_unwanted(&batch).await?;
            reached = reached.past(&batch);
            job.progress(&reached.progress()?).await?;
        }
        if reached.documents >= DOCUMENTS_MAX {
            tracing::warn!(documents = reached.documents, "what is behind these documents of invoices isn't looked at");
        }
        Ok(())
    }

    async fn remove_unwanted(&self, batch: &[Stored]) -> Result<(), JobError> {
        let orders: Vec<OrderId> = batch.iter().filter(|stored| is_old(stored)).filter_map(order_of).collect();
        let unwanted = self.store.invoice_list_unwanted(&orders).await?;
        for order in &unwanted {
            let key = object_key(*order).ok_or_else(|| JobError::permanent("no key"))?;
            self.storage.remove(&key).await?;
        }
        if !unwanted.is_empty() {
            tracing::warn!(removed = unwanted.len(), "documents of invoices were kept that nobody may have any more");
        }
        Ok(())
    }
}

/// How far a sweep is.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Reached {
    /// Documents that are behind it.
    documents: u64,
    /// The key of the last one.
    last: Option<String>,
}

impl Reached {
    /// Where the attempt before was. If that can't be read it begins anew, which is as right and takes longer.
    fn of(job: &Leased) -> Self {
        job.resume().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn key(&self) -> Option<ObjectKey> {
        ObjectKey::parse(self.last.as_deref()?)
    }

    fn past(self, batch: &[Stored]) -> Self {
        let documents = self.documents.saturating_add(u64::try_from(batch.len()).unwrap_or(u64::MAX));
        let last = batch.last().map(|stored| stored.key.to_string()).or(self.last);
        Self { documents, last }
    }

    fn progress(&self) -> Result<Progress, JobError> {
        let resume = serde_json::to_string(self).map_err(JobError::permanent)?;
        Ok(Progress { done: self.documents, total: None, resume: Some(resume) })
    }
}

impl JobHandler for SweepInvoices {
    type Payload = Scheduled;
    const KIND: &'static str = KIND;

    /// One at once, and long: nobody waits for it.
    fn limits(&self) -> JobLimits {
        let attempt_timeout_ms = u64::try_from(ATTEMPT_MAX.as_millis()).unwrap_or(u64::MAX);
        JobLimits { at_once: 1, attempt_timeout_ms, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, _due: Scheduled) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.sweep(job))
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
