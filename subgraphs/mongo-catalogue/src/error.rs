//! From the driver's errors to those of a store.

use mongodb::error::{Error, ErrorKind, RETRYABLE_ERROR, RETRYABLE_WRITE_ERROR, WriteFailure};
use products::store::StoreError;

/// The code of a write that a unique index refuses.
const DUPLICATE_KEY: i32 = 11_000;
/// The codes of a server that is going, or isn't the primary, or can't reach the others: those on which drivers try again, by the
/// specifications of retryable reads and writes.
const AWAY: [i32; 14] = [6, 7, 89, 91, 134, 189, 262, 9_001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436];

/// An error of the driver's as a store's.
pub fn failed(error: Error) -> StoreError {
    if is_away(&error) { StoreError::Unavailable(Box::new(error)) } else { refused(error) }
}

/// Something that will fail the next time, too.
pub fn refused(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Refused(Box::new(error))
}

/// Whether a unique index refused the write.
pub fn is_duplicate(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(refused)) => refused.code == DUPLICATE_KEY,
        ErrorKind::Command(refused) => refused.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// Whether there is no server that could have done it, or none that lets us in: nothing that was asked is at fault.
fn is_away(error: &Error) -> bool {
    let is_away = match &*error.kind {
        ErrorKind::Io(_)
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Authentication { .. } => true,
        ErrorKind::Command(refused) => AWAY.contains(&refused.code),
        ErrorKind::Write(WriteFailure::WriteConcernError(refused)) => AWAY.contains(&refused.code),
        _ => false,
    };
    is_away || [RETRYABLE_ERROR, RETRYABLE_WRITE_ERROR].iter().any(|label| error.contains_label(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_no_fault_of_what_was_asked() {
        let broken = Error::from(ErrorKind::from(std::io::ErrorKind::ConnectionReset));
        assert!(matches!(failed(broken), StoreError::Unavailable(_)));
        assert!(matches!(failed(Error::custom("a test")), StoreError::Refused(_)));
    }
}
