//! Writes an export: page after page of the read model, into a file that is sent as it grows. What is in memory is a page, what the format
//! gathers, and the parts on their way.
//!
//! An attempt that is broken off leaves no object, and the next one begins anew: what was sent is none before it is whole, and the end of
//! a Parquet file tells where all that comes before it stands. It is a minute's work at most that is done again. The parts that a killed
//! process had sent are the storage's to remove.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use documents::table::{Format, Table};
use futures::future::BoxFuture;
use kit::job::{JobLimits, Leased, Progress};
use kit::objects::{ObjectStorage, Upload};
use kit::{JobError, JobHandler};

use super::columns::{COLUMNS, Texts};
use super::{ExportFormat, ExportTerms, Exported, KIND, ROWS_MAX, object_key};
use crate::domain::OrderPosition;
use crate::store::OrderStore;

/// Orders of a page: a statement of some milliseconds.
const PAGE_ROWS: u32 = 2_000;
/// Bytes of a file: what all rows take with the longest texts.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// How long one attempt may take: the most rows on a slow database and a slow line.
const ATTEMPT_MAX: Duration = Duration::from_secs(60 * 60);

/// Writes exports.
pub struct ExportOrders {
    store: OrderStore,
    storage: Arc<dyn ObjectStorage>,
}

impl ExportOrders {
    /// Of the orders in `store`, into `storage`.
    #[must_use]
    pub fn new(store: OrderStore, storage: Arc<dyn ObjectStorage>) -> Self {
        Self { store, storage }
    }

    async fn export(&self, job: &Leased, terms: ExportTerms) -> Result<(), JobError> {
        let key = object_key(job.id(), terms.format).ok_or_else(|| JobError::permanent("no key"))?;
        let mut upload = self.storage.begin(&key, BYTES_MAX).await?;
        let rows = match self.write(job, &terms, &mut *upload).await {
            Ok(rows) => rows,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        let exported = Exported { rows, bytes: upload.finish().await? };
        job.finish(async |_connection| Ok::<_, JobError>(exported)).await
    }

    async fn write(&self, job: &Leased, terms: &ExportTerms, upload: &mut dyn Upload) -> Result<u64, JobError> {
        let total = self.store.export_count(terms, ROWS_MAX).await?;
        let mut progress = Progress { done: 0, total: Some(total), resume: None };
        let mut table = Table::new(format(terms.format), COLUMNS).map_err(JobError::permanent)?;
        let mut after: Option<OrderPosition> = None;
        loop {
            job.progress(&progress).await?;
            let page = self.store.export_page(terms, after.as_ref(), PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after = Some(OrderPosition { placed_at: kit::paging::SortTime(last.placed_at), id: last.id });
            for order in &page {
                table.row(&Texts::of(order).row(order)).map_err(JobError::permanent)?;
            }
            send(upload, table.take().map_err(JobError::permanent)?).await?;
            progress.done = progress.done.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
            // Orders that were placed meanwhile.
            progress.total = progress.total.max(Some(progress.done));
            if progress.done > ROWS_MAX {
                return Err(JobError::permanent(format!("there are more than {ROWS_MAX} orders")));
            }
        }
        send(upload, table.finish().map_err(JobError::permanent)?).await?;
        Ok(progress.done)
    }
}

impl JobHandler for ExportOrders {
    type Payload = ExportTerms;
    const KIND: &'static str = KIND;

    /// One at once: it's long, and nobody waits before the screen.
    fn limits(&self) -> JobLimits {
        let attempt_timeout_ms = u64::try_from(ATTEMPT_MAX.as_millis()).unwrap_or(u64::MAX);
        JobLimits { at_once: 1, attempt_timeout_ms, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, terms: ExportTerms) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.export(job, terms))
    }
}

async fn send(upload: &mut dyn Upload, bytes: Bytes) -> Result<(), JobError> {
    if !bytes.is_empty() {
        upload.write(bytes).await?;
    }
    Ok(())
}

fn format(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Parquet => Format::Parquet,
    }
}
