//! An object on its way.

use bytes::Bytes;
use futures::future::BoxFuture;
use kit::objects::{ObjectError, Upload};
use object_store::buffered::BufWriter;
use tokio::io::AsyncWriteExt as _;

use crate::store::unavailable;

/// An upload that ends where its object would be too long, and at its first failure.
pub(crate) struct BoundedUpload {
    writer: BufWriter,
    written: u64,
    bytes_max: u64,
    has_failed: bool,
}

impl BoundedUpload {
    pub(crate) fn new(writer: BufWriter, bytes_max: u64) -> Self {
        Self { writer, written: 0, bytes_max, has_failed: false }
    }

    async fn add(&mut self, bytes: Bytes) -> Result<(), ObjectError> {
        self.check()?;
        self.written = self.written.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.written > self.bytes_max {
            self.has_failed = true;
            return Err(ObjectError::TooLong(self.bytes_max));
        }
        let outcome = self.writer.put(bytes).await.map_err(unavailable);
        self.has_failed = outcome.is_err();
        outcome
    }

    fn check(&self) -> Result<(), ObjectError> {
        if self.has_failed { Err(unavailable("the upload has failed already")) } else { Ok(()) }
    }
}

impl Upload for BoundedUpload {
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, Result<(), ObjectError>> {
        Box::pin(self.add(bytes))
    }

    fn finish(mut self: Box<Self>) -> BoxFuture<'static, Result<u64, ObjectError>> {
        Box::pin(async move {
            self.check()?;
            self.writer.shutdown().await.map_err(unavailable)?;
            Ok(self.written)
        })
    }

    fn abort(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if let Err(error) = self.writer.abort().await {
                tracing::warn!(%error, "what was uploaded in vain couldn't be thrown away");
            }
        })
    }
}
