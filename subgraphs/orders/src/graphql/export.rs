//! `type OrderExport`: how far an export is, and its file.

use async_graphql::{Context, Enum, Object};
use chrono::{DateTime, Utc};
use kit::job::JobState;
use kit::{BigInt, Caller, GlobalId as _, Result, request_data};

use super::invoice::{FileLink, link};
use super::order::OrderStatus;
use crate::OrderExportId;
use crate::exporting::{self, Exported, KEPT, Wanted, object_key};
use crate::store::OrderStore;

/// Reading exports.
#[derive(Default)]
pub struct ExportQuery;

/// Reading exports.
#[Object]
impl ExportQuery {
    /// The export with this id, or null. For administrators.
    async fn order_export(&self, context: &Context<'_>, id: OrderExportId) -> Result<Option<OrderExport>> {
        Caller::from_context(context)?.require_administrator()?;
        let found = exporting::find(request_data::<OrderStore>(context)?, id).await?;
        Ok(found.map(OrderExport))
    }
}

/// An export. Whoever makes one of these has checked that the caller is an administrator.
pub struct OrderExport(pub Wanted);

/// Orders as one file: visible to administrators.
#[Object]
impl OrderExport {
    /// Its global id.
    async fn id(&self) -> OrderExportId {
        OrderExportId::from_uuid(self.0.job.id)
    }

    /// What has become of it.
    async fn state(&self) -> ExportState {
        match self.0.job.state {
            JobState::Waiting => ExportState::Waiting,
            JobState::Running => ExportState::Running,
            JobState::Done => ExportState::Done,
            JobState::Failed => ExportState::Failed,
            JobState::Cancelled => ExportState::Cancelled,
        }
    }

    /// How many orders are written.
    async fn done(&self) -> BigInt {
        BigInt(self.0.job.done.unwrap_or_default().cast_signed())
    }

    /// Of how many; null while they aren't counted.
    async fn total(&self) -> Option<BigInt> {
        self.0.job.total.map(|total| BigInt(total.cast_signed()))
    }

    /// Orders that were placed from then on.
    async fn from(&self) -> DateTime<Utc> {
        self.0.terms.from
    }

    /// Orders that were placed before then.
    async fn to(&self) -> DateTime<Utc> {
        self.0.terms.to
    }

    /// Orders in this status only.
    async fn status(&self) -> Option<OrderStatus> {
        self.0.terms.status.map(OrderStatus::from)
    }

    /// How it is written.
    async fn format(&self) -> ExportFormat {
        self.0.terms.format.into()
    }

    /// How long the file is, in bytes, once it is done.
    async fn bytes(&self) -> Option<BigInt> {
        self.exported().map(|exported| BigInt(exported.bytes.cast_signed()))
    }

    /// Until when the file is kept.
    async fn kept_until(&self) -> Option<DateTime<Utc>> {
        self.until()
    }

    /// The file, once it is done and as long as it is kept; null where files aren't kept. Each time another link.
    async fn file(&self, context: &Context<'_>) -> Result<Option<FileLink>> {
        let format = self.0.terms.format;
        let is_kept = self.until().is_some_and(|until| Utc::now() < until);
        match object_key(self.0.job.id, format).filter(|_| is_kept) {
            Some(key) => {
                link(context, &key, &format!("orders-{}.{}", self.0.terms.from.date_naive(), format.end())).await
            }
            None => Ok(None),
        }
    }
}

impl OrderExport {
    fn exported(&self) -> Option<Exported> {
        serde_json::from_str(self.0.job.result.as_deref()?).ok()
    }

    fn until(&self) -> Option<DateTime<Utc>> {
        self.exported()?;
        Some(self.0.job.finished_at? + KEPT)
    }
}

/// What has become of an export.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum ExportState {
    /// It is made soon.
    Waiting,
    /// It is being made.
    Running,
    /// There is the file.
    Done,
    /// It was given up.
    Failed,
    /// It was called off.
    Cancelled,
}

/// How an export is written.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "exporting::ExportFormat")]
pub enum ExportFormat {
    /// CSV by RFC 4180, in UTF-8 with a head; a text that a spreadsheet would calculate has an apostrophe before it.
    Csv,
    /// Apache Parquet.
    Parquet,
}
