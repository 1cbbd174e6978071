//! `exportOrders`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use chrono::{DateTime, Utc};
use kit::{Caller, Error, Result, request_data};

use super::super::errors::{ExportConflictError, ExportTooLargeError, FilesUnavailableError, InvalidExportError};
use super::super::export::{ExportFormat, OrderExport};
use super::super::invoice::Objects;
use super::super::order::OrderStatus;
use crate::exporting::{self, ExportError, ExportTerms};
use crate::store::OrderStore;

/// The mutation.
#[derive(Default)]
pub struct ExportOrders;

/// The mutation.
#[Object]
impl ExportOrders {
    /// Has the orders of a stretch of time written into a file, in the background; at most 1,000,000. Repeated with the same key it is the
    /// same export. For administrators.
    async fn export_orders(
        &self,
        context: &Context<'_>,
        input: ExportOrdersInput,
    ) -> Result<Option<ExportOrdersPayload>> {
        let caller = Caller::from_context(context)?;
        caller.require_administrator()?;
        let administrator = caller.require_user()?;
        if request_data::<Objects>(context)?.0.is_none() {
            return Ok(Some(refused(ExportOrdersError::Unavailable(FilesUnavailableError::new()))));
        }
        let ExportOrdersInput { from, to, status, format, idempotency_key } = input;
        let terms = ExportTerms { from, to, status: status.map(Into::into), format: format.into() };
        let store = request_data::<OrderStore>(context)?;
        let wanted = exporting::want(store, administrator, &idempotency_key, terms).await;
        Ok(Some(match wanted {
            Ok(wanted) => ExportOrdersPayload { export: Some(OrderExport(wanted)), errors: Vec::new() },
            Err(error) => refused(why(error)?),
        }))
    }
}

/// Which orders, and how.
#[derive(InputObject)]
pub struct ExportOrdersInput {
    /// Orders that were placed from then on: a time of the years 1 to 9999.
    from: DateTime<Utc>,
    /// Orders that were placed before then: a time of the years 1 to 9999.
    to: DateTime<Utc>,
    /// Orders in this status only; all when left out.
    status: Option<OrderStatus>,
    /// How the file is written.
    format: ExportFormat,
    /// Chosen by the caller, 1 to 128 letters, digits or characters of `-_.:`; the same for each repetition.
    idempotency_key: String,
}

/// What `exportOrders` did.
#[derive(SimpleObject)]
pub struct ExportOrdersPayload {
    /// The export, which `orderExport` shows as it goes on; null when it was refused.
    export: Option<OrderExport>,
    /// Why it was refused.
    errors: Vec<ExportOrdersError>,
}

/// Why there will be no export.
#[derive(Union)]
pub enum ExportOrdersError {
    /// The request breaks a rule.
    Invalid(InvalidExportError),
    /// It would have too many rows.
    TooLarge(ExportTooLargeError),
    /// The key belongs to another one.
    Conflict(ExportConflictError),
    /// Files aren't kept here.
    Unavailable(FilesUnavailableError),
}

fn refused(error: ExportOrdersError) -> ExportOrdersPayload {
    ExportOrdersPayload { export: None, errors: vec![error] }
}

fn why(error: ExportError) -> Result<ExportOrdersError> {
    Ok(match error {
        ExportError::IdempotencyKey => ExportOrdersError::Invalid(InvalidExportError::new(&error, "idempotencyKey")),
        ExportError::Time(field) => ExportOrdersError::Invalid(InvalidExportError::new(&error, field)),
        ExportError::Range => ExportOrdersError::Invalid(InvalidExportError::new(&error, "from")),
        ExportError::TooLarge => ExportOrdersError::TooLarge(ExportTooLargeError::new(&error)),
        ExportError::Conflict => ExportOrdersError::Conflict(ExportConflictError::new(&error)),
        ExportError::Store(error) => return Err(Error::internal(error)),
    })
}
