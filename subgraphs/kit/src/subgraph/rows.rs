//! The second bound of a request's work: rows of plain lists that it really
//! has. The first, before execution, can only assume how long such lists are.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Context;

use super::limits::ROWS_MAX;
use crate::error::{Error, Result, request_data};

/// The rows that a request has listed; one a request.
#[derive(Default)]
pub(super) struct RowCount(AtomicUsize);

/// Counts the rows of a plain list, before anything below them is resolved.
/// Resolvers of lists that one object may have many of call it.
///
/// # Errors
/// [`Error::TooComplex`] once the request has listed too many; an internal
/// error outside of a request.
pub fn count_rows(context: &Context<'_>, rows: usize) -> Result<()> {
    let listed = request_data::<RowCount>(context)?.0.fetch_add(rows, Ordering::Relaxed);
    if listed.saturating_add(rows) > ROWS_MAX { Err(Error::TooComplex { rows_max: ROWS_MAX }) } else { Ok(()) }
}
