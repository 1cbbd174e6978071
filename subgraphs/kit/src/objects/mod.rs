//! Objects: documents and exports, which are too long for a database and are fetched by those for whom they were made.
//!
//! A service writes an object whole or not at all, and hands out links ([`ObjectStorage::link`]), which open that one object for a bounded
//! time and need no other right: so a link is only given to who may read the object. Nothing else of the storage is ever open to anybody.
//!
//! Where they are kept is an adapter's matter; no service knows it.

mod key;
mod link;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use futures::stream::BoxStream;

pub use key::{KEY_BYTES_MAX, MediaType, ObjectKey};
pub use link::{LINK_LIFE, Link, LinkTerms};

/// Where objects are kept.
pub trait ObjectStorage: Send + Sync {
    /// Begins to write an object of at most `bytes_max` bytes, in the place of the one that is there. Nobody sees it before
    /// [`Upload::finish`].
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`].
    fn begin<'a>(&'a self, key: &'a ObjectKey, bytes_max: u64) -> BoxFuture<'a, Result<Box<dyn Upload>, ObjectError>>;

    /// What is known of an object; `None` if there is none.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`].
    fn find<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<Option<Stored>, ObjectError>>;

    /// All objects whose keys have this folder before them and come behind `after`, if there is one, in the order of their keys: those
    /// that are there from its beginning to its end, and perhaps some that come or go meanwhile. So who was broken off goes on behind the
    /// last key that it was given.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`] in the place of what couldn't be listed.
    fn walk<'a>(
        &'a self,
        folder: &'a ObjectKey,
        after: Option<&'a ObjectKey>,
    ) -> BoxStream<'a, Result<Stored, ObjectError>>;

    /// Removes an object. One that isn't there is removed already.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`].
    fn remove<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<(), ObjectError>>;

    /// A link by which anybody who has it can fetch this object, and nothing else, until it expires. Asks nobody: whether there is such an
    /// object is found out by who follows it.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`] if it can't be signed.
    fn link<'a>(&'a self, key: &'a ObjectKey, terms: &'a LinkTerms) -> BoxFuture<'a, Result<Link, ObjectError>>;
}

/// An object that is being written. What is dropped without having been finished never becomes one.
pub trait Upload: Send {
    /// Adds bytes, and waits while too many are on their way.
    ///
    /// # Errors
    /// [`ObjectError::TooLong`], [`ObjectError::Unavailable`]; nothing can be added then.
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, Result<(), ObjectError>>;

    /// Makes it an object; how long it is.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`]; whether it became one is unknown then, and it is to be written again.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<u64, ObjectError>>;

    /// Throws away what was written, as far as the storage can be reached.
    fn abort(self: Box<Self>) -> BoxFuture<'static, ()>;
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its key.
    pub key: ObjectKey,
    /// How long it is.
    pub bytes: u64,
    /// When it was written, by the storage's clock.
    pub written_at: DateTime<Utc>,
}

/// Why the storage didn't do it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// It can't be reached, or refuses.
    #[error("the object storage")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The object would be longer than whoever writes it allows.
    #[error("the object has more than {0} bytes")]
    TooLong(u64),
}

impl From<ObjectError> for crate::JobError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::TooLong(_) => Self::permanent(error),
            ObjectError::Unavailable(_) => Self::transient(error),
        }
    }
}

/// Writes an object that is whole already.
///
/// # Errors
/// [`ObjectError::Unavailable`].
pub async fn put(storage: &dyn ObjectStorage, key: &ObjectKey, bytes: Bytes) -> Result<u64, ObjectError> {
    let mut upload = storage.begin(key, u64::try_from(bytes.len()).unwrap_or(u64::MAX)).await?;
    match upload.write(bytes).await {
        Ok(()) => upload.finish().await,
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}
