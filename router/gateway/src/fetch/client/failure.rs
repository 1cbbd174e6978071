//! Why a call has no answer, and whether it may be made again.

use std::error::Error;
use std::io;

use executor::fetch::Idempotent;

use crate::fetch::causes;

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// For logs.
    pub text: String,
    pub reached: Reached,
}

/// How far the request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It has not been worked on: it never went out whole, or the other side says so.
    Nobody,
    /// Perhaps the other side: the connection closed before anything came back.
    Perhaps,
    /// The other side, which answered nothing that is one.
    Them,
}

impl Failure {
    /// There is no connection.
    pub fn no_connection(error: &dyn Error) -> Self {
        Self { text: causes(error), reached: Reached::Nobody }
    }

    /// Whether the request may be sent again: what was perhaps worked on only if it asks for nothing to be changed.
    pub fn may_be_repeated(&self, idempotent: Idempotent) -> bool {
        self.reached == Reached::Nobody || (self.reached == Reached::Perhaps && idempotent == Idempotent::Yes)
    }

    /// There was a connection, and what was said on it is no answer.
    pub fn of<T>(mut error: hyper::client::conn::TrySendError<T>) -> Self {
        let never_sent = error.take_message().is_some();
        let error = error.into_error();
        let reached = if never_sent || is_refused(&error) {
            Reached::Nobody
        } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_io(&error) {
            Reached::Perhaps
        } else {
            Reached::Them
        };
        Self { text: causes(&error), reached }
    }
}

/// Whether the other side says that it has done nothing (RFC 9113 §8.7).
fn is_refused(error: &hyper::Error) -> bool {
    let Some(error) = error.source().and_then(|source| source.downcast_ref::<h2::Error>()) else { return false };
    error.is_remote()
        && ((error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR))
            || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM)))
}

fn is_io(error: &hyper::Error) -> bool {
    error.source().is_some_and(|source| {
        source.is::<io::Error>() || source.downcast_ref::<h2::Error>().is_some_and(h2::Error::is_io)
    })
}
