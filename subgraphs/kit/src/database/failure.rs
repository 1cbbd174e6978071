//! Why a unit of work failed, as far as that decides what to do next.

use std::{error::Error, sync::Arc};

use diesel::result::{DatabaseErrorKind, Error as Statement};

/// A unit of work that failed; nothing of it was kept, unless it was lost on its commit.
#[derive(Debug)]
pub(crate) struct Failed<E> {
    /// What the caller is told.
    pub error: E,
    /// Whose fault it is.
    pub cause: Cause,
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The database can't be had, or was lost on the way.
    Lost,
    /// Another transaction was in the way: the same work may succeed now.
    Conflict,
    /// The work itself, or what it asked of the database.
    Work,
}

impl<E: Error + 'static> Failed<E> {
    /// The work failed on a connection that still works.
    pub(super) fn of_work(error: E) -> Self {
        let cause = if is_conflict(&error) { Cause::Conflict } else { Cause::Work };
        Self { error, cause }
    }
}

/// Whether the database refused for the sake of another transaction: a serialization failure or a deadlock, looked for in all
/// causes of the error.
///
/// diesel doesn't tell deadlocks from other errors but by their message, which a server that speaks another language than
/// English (`lc_messages`) says in its own: there they aren't tried again.
fn is_conflict(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| match cause.downcast_ref::<Statement>() {
        Some(Statement::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Some(Statement::DatabaseError(DatabaseErrorKind::Unknown, told)) => told.message() == "deadlock detected",
        _ => false,
    })
}

/// Whether the database said that it hasn't a table, column or function that it was asked for, which a migration may make; looked for
/// in all causes of the error. As with deadlocks the message alone tells: a server that speaks another language is not understood.
#[must_use]
pub fn is_missing(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| match cause.downcast_ref::<Statement>() {
        Some(Statement::DatabaseError(DatabaseErrorKind::Unknown, told)) => told.message().ends_with("does not exist"),
        _ => false,
    })
}

/// The error and what brought it about, the last cause last.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let cause = |&error: &&'e (dyn Error + 'static)| -> Option<&'e (dyn Error + 'static)> {
        // A shared error is an error itself, whose source is its content's source: its content would be passed over.
        match error.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
            Some(shared) => Some(shared.as_ref()),
            None => error.source(),
        }
    };
    std::iter::successors(Some(error), cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::DatabaseError;

    fn conflict() -> Statement {
        Statement::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new("could not serialize".to_owned()))
    }

    #[test]
    fn finds_a_conflict_below_other_errors() {
        assert!(is_conflict(&conflict()));
        assert!(is_conflict(&DatabaseError::Statement(conflict())));
        assert!(is_conflict(&crate::Error::internal(conflict())));
        assert!(is_conflict(&crate::Error::internal(DatabaseError::Statement(conflict()))));
        let deadlock = Statement::DatabaseError(DatabaseErrorKind::Unknown, Box::new("deadlock detected".to_owned()));
        assert!(is_conflict(&deadlock));
    }

    #[test]
    fn other_errors_are_none() {
        assert!(!is_conflict(&Statement::NotFound));
        let other = Statement::DatabaseError(DatabaseErrorKind::Unknown, Box::new("division by zero".to_owned()));
        assert!(!is_conflict(&DatabaseError::Statement(other)));
    }

    #[test]
    fn what_a_migration_may_make_is_known_by_its_message() {
        let told = |message: &str| Statement::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()));
        assert!(is_missing(&DatabaseError::Statement(told("relation \"dead_letter\" does not exist"))));
        assert!(is_missing(&crate::Error::internal(told("column stock_item.turns does not exist"))));
        assert!(!is_missing(&DatabaseError::Statement(told("timestamp out of range"))));
        assert!(!is_missing(&DatabaseError::PoolExhausted(std::time::Duration::from_secs(1))));
    }
}
