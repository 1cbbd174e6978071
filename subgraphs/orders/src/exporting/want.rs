//! Wanting an export, once, however often it is asked for; and looking how far it is.

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::database::{DatabaseError, storable_time};
use kit::job::{self, Job, NewJob, RunAt};
use thiserror::Error;

use super::{ExportTerms, KIND, ROWS_MAX};
use crate::store::{OrderStore, StoreError};
use crate::{OrderExportId, UserId};

/// Longest idempotency key in characters.
const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 128;

/// An export, as far as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its job.
    pub job: Job,
    /// What it is of.
    pub terms: ExportTerms,
}

/// Why there will be no export.
#[derive(Debug, Error)]
pub enum ExportError {
    /// No key, or one that is too long.
    #[error("An idempotency key has 1 to {IDEMPOTENCY_KEY_LENGTH_MAX} letters, digits, or characters of -_.:")]
    IdempotencyKey,
    /// A time that no order was placed at: the input field.
    #[error("`{0}` must be a time of the years 1 to 9999")]
    Time(&'static str),
    /// A stretch of time that is none.
    #[error("`from` must be before `to`")]
    Range,
    /// Too many orders.
    #[error("There are more than {ROWS_MAX} orders; export shorter times")]
    TooLarge,
    /// The key belongs to another export.
    #[error("The idempotency key belongs to another export")]
    Conflict,
    /// The store failed. Internal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has an export made for an administrator, or finds the one that the same request asked for before.
///
/// # Errors
/// [`ExportError`].
pub async fn want(
    store: &OrderStore,
    administrator: UserId,
    idempotency_key: &str,
    terms: ExportTerms,
) -> Result<Wanted, ExportError> {
    if !is_key(idempotency_key) {
        return Err(ExportError::IdempotencyKey);
    }
    let from = storable_time(terms.from).ok_or(ExportError::Time("from"))?;
    let to = storable_time(terms.to).ok_or(ExportError::Time("to"))?;
    let terms = ExportTerms { from, to, ..terms };
    if terms.from >= terms.to {
        return Err(ExportError::Range);
    }
    let key = format!("{}/{idempotency_key}", administrator.uuid());
    if let Some(wanted) = store.export_find_by_key(&key).await? {
        return same(wanted, &terms);
    }
    if store.export_count(&terms, ROWS_MAX + 1).await? > ROWS_MAX {
        return Err(ExportError::TooLarge);
    }
    same(store.export_want(&key, &terms).await?, &terms)
}

/// An export by its id.
///
/// # Errors
/// The database fails.
pub async fn find(store: &OrderStore, id: OrderExportId) -> Result<Option<Wanted>, StoreError> {
    store.export_find(id).await
}

/// Has it made, in the caller's transaction.
pub(crate) async fn enqueue(
    connection: &mut AsyncPgConnection,
    key: &str,
    terms: &ExportTerms,
) -> Result<(), DatabaseError> {
    job::enqueue(connection, &NewJob { kind: KIND, key, payload: terms, run_at: RunAt::Now }).await?;
    Ok(())
}

fn same(wanted: Wanted, terms: &ExportTerms) -> Result<Wanted, ExportError> {
    if wanted.terms == *terms { Ok(wanted) } else { Err(ExportError::Conflict) }
}

fn is_key(key: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=IDEMPOTENCY_KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(is_allowed)
}
