//! Why there is no invoice, or no export.

use async_graphql::SimpleObject;

use crate::exporting::{ExportError, ROWS_MAX};

/// The order isn't paid.
#[derive(SimpleObject)]
pub struct OrderNotPaidError {
    /// What is wrong.
    message: String,
}

impl OrderNotPaidError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "The order isn't paid: it has no invoice".to_owned() }
    }
}

/// The order's customer is erased.
#[derive(SimpleObject)]
pub struct OrderCustomerErasedError {
    /// What is wrong.
    message: String,
}

impl OrderCustomerErasedError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "The order's customer is erased: it has no invoice any more".to_owned() }
    }
}

/// The request breaks a rule of exports.
#[derive(SimpleObject)]
pub struct InvalidExportError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl InvalidExportError {
    pub(in crate::graphql) fn new(error: &ExportError, field: &str) -> Self {
        Self { message: error.to_string(), field: field.to_owned() }
    }
}

/// The export would have too many rows.
#[derive(SimpleObject)]
pub struct ExportTooLargeError {
    /// What is wrong.
    message: String,
    /// How many it may have.
    rows_max: i32,
}

impl ExportTooLargeError {
    pub(in crate::graphql) fn new(error: &ExportError) -> Self {
        Self { message: error.to_string(), rows_max: i32::try_from(ROWS_MAX).unwrap_or(i32::MAX) }
    }
}

/// The idempotency key was used for another export.
#[derive(SimpleObject)]
pub struct ExportConflictError {
    /// What is wrong.
    message: String,
}

impl ExportConflictError {
    pub(in crate::graphql) fn new(error: &ExportError) -> Self {
        Self { message: error.to_string() }
    }
}

/// There is no storage for files here.
#[derive(SimpleObject)]
pub struct FilesUnavailableError {
    /// What is wrong.
    message: String,
}

impl FilesUnavailableError {
    pub(in crate::graphql) fn new() -> Self {
        Self { message: "Files aren't kept here".to_owned() }
    }
}
