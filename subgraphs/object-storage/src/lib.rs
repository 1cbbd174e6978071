//! Where objects are kept: in S3-compatible storage, or in a folder for who develops. Nothing else names the client.
//!
//! Both hold to one behaviour, which its tests check on both: an object is there whole or not at all, and a link opens one of them, for a while. Buckets
//! are private: nothing here makes one, or makes anything of one public. What an interrupted upload leaves in a bucket is removed by the
//! bucket's own rule for incomplete uploads; it never becomes an object.

mod folder;
mod s3;
mod serve;
mod signature;
mod store;
#[cfg(test)]
mod tests;
mod upload;

pub use folder::Folder;
pub use s3::{S3, S3Config};

/// Why there is no storage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration is of no storage.
    #[error("the object storage's configuration")]
    Config(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The folder can't be made.
    #[error("the folder of objects")]
    Folder(#[source] std::io::Error),
    /// No key can be made for links.
    #[error("the system gives no randomness")]
    Randomness,
}
