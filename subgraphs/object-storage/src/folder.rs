//! A folder of objects, for who develops: one process alone writes and serves it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use chrono::Utc;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use kit::objects::{Link, LinkTerms, ObjectError, ObjectKey, ObjectStorage, Stored, Upload};
use object_store::local::LocalFileSystem;
use url::Url;

use crate::OpenError;
use crate::serve::{self, Served};
use crate::signature::{Signatures, Signed};
use crate::store::{Store, as_the_store_does, unavailable};

/// A folder, and the way by which links into it are followed ([`Folder::router`]).
#[derive(Clone)]
pub struct Folder {
    store: Store,
    /// Where [`Folder::router`] is reached.
    base: Url,
    /// Made anew each time: links die with the process that gave them.
    signatures: Arc<Signatures>,
}

impl Folder {
    /// The objects of a folder, which is made if it isn't there, open to nobody else of the machine. `base` is where clients reach the
    /// router.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(folder: &Path, base: Url) -> Result<Self, OpenError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(OpenError::Folder)?;
        let inner = LocalFileSystem::new_with_prefix(folder).map_err(|error| OpenError::Config(error.into()))?;
        let signatures = Signatures::generate().ok_or(OpenError::Randomness)?;
        let store = Store { inner: Arc::new(inner), keeps_types: false, lists_in_order: false };
        Ok(Self { store, base, signatures: Arc::new(signatures) })
    }

    /// Serves what links open, below `/objects`, and nothing without a link.
    pub fn router(&self) -> Router {
        serve::router(Served { store: self.store.clone(), signatures: Arc::clone(&self.signatures) })
    }

    /// Where clients reach the router.
    pub fn base(&self) -> &Url {
        &self.base
    }

    fn signed(&self, key: &ObjectKey, terms: &LinkTerms) -> Result<Link, ObjectError> {
        let expires_at = Utc::now() + terms.life();
        let signed = Signed { key, expires: expires_at.timestamp(), name: terms.file_name() };
        let mut url = self.base.join(&format!("objects/{key}")).map_err(unavailable)?;
        url.query_pairs_mut()
            .append_pair("expires", &signed.expires.to_string())
            .append_pair("name", signed.name)
            .append_pair("signature", &self.signatures.sign(&signed));
        Ok(Link { url: url.into(), expires_at })
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Folder").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl ObjectStorage for Folder {
    as_the_store_does!();

    fn link<'a>(&'a self, key: &'a ObjectKey, terms: &'a LinkTerms) -> BoxFuture<'a, Result<Link, ObjectError>> {
        Box::pin(async move { self.signed(key, terms) })
    }
}
