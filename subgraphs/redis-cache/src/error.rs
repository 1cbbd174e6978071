//! Why Redis can't be used.

/// Why there is no cache in Redis. Never shows the URL: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisError {
    /// Not `redis://` or `rediss://` with a host, or with a path that is no database.
    #[error("the Redis URL isn't understood; write it as rediss://name:password@host:6379/0")]
    Url,
    /// TLS was asked for and can't be set up.
    #[error("TLS towards Redis can't be set up")]
    Tls(#[from] kit::tls::TlsError),
    /// The client can't be made.
    #[error("the Redis client can't be made")]
    Client(#[source] fred::error::Error),
}

/// An answer that none of our scripts gives.
#[derive(Debug, thiserror::Error)]
#[error("Redis answered something else than the script does")]
pub(crate) struct Unexpected;
