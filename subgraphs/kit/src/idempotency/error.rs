//! Why nothing was done under a key.

use crate::database::DatabaseError;

/// Why nothing was done, nor answered from memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdempotencyError {
    /// The key was used for something else in the last 24 hours.
    #[error("the idempotency key was used with another body")]
    KeyReused,
    /// Whoever came first with this key takes too long. Nothing is known of what became of it.
    #[error("a request with this idempotency key is being worked on")]
    InProgress,
    /// The key is empty or longer than 255 bytes, or has a zero byte.
    #[error("an idempotency key has 1 to 255 bytes, none of them zero")]
    Key,
    /// The scope is empty or longer than 128 bytes, or has a zero byte: a fault of who calls.
    #[error("the scope of an idempotency key has 1 to 128 bytes, none of them zero")]
    Scope,
    /// The reply is longer than 256 KiB, or can't be written as JSON.
    #[error("the reply can't be kept")]
    Reply(#[source] Option<serde_json::Error>),
    /// The database failed.
    #[error("idempotency keys can't be read or written")]
    Database(#[from] DatabaseError),
}

impl From<diesel::result::Error> for IdempotencyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}
