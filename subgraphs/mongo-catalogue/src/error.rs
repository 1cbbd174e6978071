//! From the driver's errors to those of a store.

use mongodb::error::{Error, ErrorKind, WriteFailure};
use products::store::StoreError;

/// The code of a write that a unique index refuses.
const DUPLICATE_KEY: i32 = 11_000;

/// An error of the driver's as a store's.
pub fn unavailable(error: Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// Whether a unique index refused the write.
pub fn is_duplicate(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(refused)) => refused.code == DUPLICATE_KEY,
        ErrorKind::Command(refused) => refused.code == DUPLICATE_KEY,
        _ => false,
    }
}
