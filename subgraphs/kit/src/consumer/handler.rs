//! What a domain does with a message.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use wire::bus::Delivery;

use crate::database::DatabaseError;

/// Handles messages of a topic.
pub trait Handler: Send + Sync + 'static {
    /// Whether there is anything to do about messages of a type, by its name with its version. Others are passed over: without a
    /// transaction, and without a word in the inbox. A look at the table by which [`Handler::handle`] reads, which does nothing about
    /// them; what can't be read, now or by this build, is wanted. Everything, if not said otherwise.
    fn wants(&self, type_name: &str) -> bool {
        let _ = type_name;
        true
    }

    /// Handles one message. What it writes by `connection` is kept together with the knowledge that the message was handled, or
    /// not at all, and so happens once; what it does elsewhere can happen several times, since an attempt may be repeated from
    /// the start. A panic gives the message up.
    ///
    /// # Errors
    /// [`HandlerError`]: whether to try again.
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>>;
}

/// Why a message isn't handled.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// It may be later: something that this needs fails. The message is tried again, some times.
    #[error("not now")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will be, once a store that the handler writes to can be had again. That is no attempt of the message's: it waits, however
    /// long, and so do those of its lane behind it.
    #[error("not while a store is away")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It never will be. The message is given up at once.
    #[error("never")]
    Poison(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl HandlerError {
    /// It may be handled later.
    pub fn transient(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Transient(reason.into())
    }

    /// A store that it needs can't be had.
    pub fn lost(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Lost(reason.into())
    }

    /// It will never be handled.
    pub fn poison(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Poison(reason.into())
    }
}

impl From<diesel::result::Error> for HandlerError {
    fn from(error: diesel::result::Error) -> Self {
        Self::transient(error)
    }
}

impl From<DatabaseError> for HandlerError {
    fn from(error: DatabaseError) -> Self {
        if error.is_of_content() { Self::poison(error) } else { Self::transient(error) }
    }
}
