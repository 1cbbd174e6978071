//! What both kinds of storage have in common, over the client's own trait.

use std::sync::Arc;

use futures::future::ready;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kit::objects::{ObjectError, ObjectKey, Stored, Upload};
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Attribute, Attributes, Error, ObjectMeta, ObjectStore, ObjectStoreExt as _};

use crate::upload::BoundedUpload;

/// Bytes of a part: S3 takes at least 5 MiB, and 10,000 of them, which is 80 GB in all.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at once: with the one that is being filled they are the memory that an upload takes, 24 MiB.
const PARTS_AT_ONCE: usize = 2;

/// Objects below a root.
#[derive(Clone)]
pub(crate) struct Store {
    pub inner: Arc<dyn ObjectStore>,
    /// Whether it keeps what an object is.
    pub keeps_types: bool,
    /// Whether it lists objects in the order of their keys.
    pub lists_in_order: bool,
}

impl Store {
    pub(crate) fn begin(&self, key: &ObjectKey, bytes_max: u64) -> Box<dyn Upload> {
        let writer = BufWriter::with_capacity(Arc::clone(&self.inner), path(key), PART_BYTES);
        let mut writer = writer.with_max_concurrency(PARTS_AT_ONCE);
        if self.keeps_types {
            let media_type = key.media_type().as_str();
            writer = writer.with_attributes(Attributes::from_iter([(Attribute::ContentType, media_type)]));
        }
        Box::new(BoundedUpload::new(writer, bytes_max))
    }

    pub(crate) async fn find(&self, key: &ObjectKey) -> Result<Option<Stored>, ObjectError> {
        match self.inner.head(&path(key)).await {
            Ok(meta) => Ok(stored(meta)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    pub(crate) fn walk(
        &self,
        folder: &ObjectKey,
        after: Option<&ObjectKey>,
    ) -> BoxStream<'static, Result<Stored, ObjectError>> {
        let folder = path(folder);
        let found = match after {
            Some(after) => self.inner.list_with_offset(Some(&folder), &path(after)),
            None => self.inner.list(Some(&folder)),
        };
        // What is no key is none of ours.
        let found = found.map_err(unavailable).try_filter_map(|meta| ready(Ok(stored(meta)))).boxed();
        if self.lists_in_order { found } else { in_order(found) }
    }

    pub(crate) async fn remove(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        match self.inner.delete(&path(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

/// A key has no character that a path would write otherwise.
pub(crate) fn path(key: &ObjectKey) -> Path {
    Path::from(key.as_str())
}

pub(crate) fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ObjectError {
    ObjectError::Unavailable(error.into())
}

fn stored(meta: ObjectMeta) -> Option<Stored> {
    let key = ObjectKey::parse(meta.location.as_ref())?;
    Some(Stored { key, bytes: meta.size, written_at: meta.last_modified })
}

/// Holds all of them: for folders of who develops.
fn in_order(found: BoxStream<'static, Result<Stored, ObjectError>>) -> BoxStream<'static, Result<Stored, ObjectError>> {
    let sorted = async move {
        let mut all: Vec<Stored> = found.try_collect().await?;
        all.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        Ok::<_, ObjectError>(stream::iter(all.into_iter().map(Ok::<_, ObjectError>)))
    };
    stream::once(sorted).try_flatten().boxed()
}

/// Gives the trait's methods that are the store's own.
macro_rules! as_the_store_does {
    () => {
        fn begin<'a>(
            &'a self,
            key: &'a ObjectKey,
            bytes_max: u64,
        ) -> BoxFuture<'a, Result<Box<dyn Upload>, ObjectError>> {
            Box::pin(async move { Ok(self.store.begin(key, bytes_max)) })
        }

        fn find<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<Option<Stored>, ObjectError>> {
            Box::pin(self.store.find(key))
        }

        fn walk<'a>(
            &'a self,
            folder: &'a ObjectKey,
            after: Option<&'a ObjectKey>,
        ) -> BoxStream<'a, Result<Stored, ObjectError>> {
            self.store.walk(folder, after)
        }

        fn remove<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<(), ObjectError>> {
            Box::pin(self.store.remove(key))
        }
    };
}

pub(crate) use as_the_store_does;
