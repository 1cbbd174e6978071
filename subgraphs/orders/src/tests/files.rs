//! A place for files whose links can be followed, and one that fails.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::{BoxFuture, ready};
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use kit::objects::{Link, LinkTerms, ObjectError, ObjectKey, ObjectStorage, Stored, Upload};
use object_storage::Folder;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub struct Files {
    place: TempDir,
    pub folder: Folder,
    server: JoinHandle<()>,
}

impl Files {
    pub async fn open() -> Self {
        let place = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let folder = Folder::open(place.path(), base).unwrap();
        let router = folder.router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { place, folder, server }
    }

    pub fn storage(&self) -> Arc<dyn ObjectStorage> {
        Arc::new(self.folder.clone())
    }

    /// The file of an object.
    pub fn path(&self, key: &ObjectKey) -> PathBuf {
        self.place.path().join(key.as_str())
    }

    /// The keys below a folder.
    pub async fn keys(&self, folder: &str) -> Vec<String> {
        let folder = ObjectKey::parse(folder).unwrap();
        let stored: Vec<Stored> = self.folder.walk(&folder, None).try_collect().await.unwrap();
        stored.into_iter().map(|stored| stored.key.to_string()).collect()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Follows a link.
pub async fn fetch(url: &str) -> Bytes {
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap()
}

/// A storage whose uploads fail as they are finished, some times, and which may break a walk off.
#[derive(Clone)]
pub struct Failing {
    inner: Arc<dyn ObjectStorage>,
    failures: Arc<AtomicU32>,
    walk_breaks_after: Arc<Mutex<Option<usize>>>,
}

impl Failing {
    pub fn new(inner: Arc<dyn ObjectStorage>, failures: u32) -> Self {
        Self { inner, failures: Arc::new(AtomicU32::new(failures)), walk_breaks_after: Arc::default() }
    }

    /// The same that breaks its next walk off after so many objects.
    pub fn breaking_off_after(self, objects: usize) -> Self {
        Self { walk_breaks_after: Arc::new(Mutex::new(Some(objects))), ..self }
    }
}

impl ObjectStorage for Failing {
    fn begin<'a>(&'a self, key: &'a ObjectKey, bytes_max: u64) -> BoxFuture<'a, Result<Box<dyn Upload>, ObjectError>> {
        Box::pin(async move {
            let left = self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            let upload = self.inner.begin(key, bytes_max).await?;
            Ok(if left.is_ok() { Box::new(FailingUpload(upload)) as Box<dyn Upload> } else { upload })
        })
    }

    fn find<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<Option<Stored>, ObjectError>> {
        self.inner.find(key)
    }

    fn walk<'a>(
        &'a self,
        folder: &'a ObjectKey,
        after: Option<&'a ObjectKey>,
    ) -> BoxStream<'a, Result<Stored, ObjectError>> {
        let walk = self.inner.walk(folder, after);
        match self.walk_breaks_after.lock().unwrap().take() {
            Some(objects) => walk.take(objects).chain(stream::once(ready(Err(broken())))).boxed(),
            None => walk,
        }
    }

    fn remove<'a>(&'a self, key: &'a ObjectKey) -> BoxFuture<'a, Result<(), ObjectError>> {
        self.inner.remove(key)
    }

    fn link<'a>(&'a self, key: &'a ObjectKey, terms: &'a LinkTerms) -> BoxFuture<'a, Result<Link, ObjectError>> {
        self.inner.link(key, terms)
    }
}

struct FailingUpload(Box<dyn Upload>);

impl Upload for FailingUpload {
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, Result<(), ObjectError>> {
        self.0.write(bytes)
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<u64, ObjectError>> {
        Box::pin(async { Err(broken()) })
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.0.abort()
    }
}

fn broken() -> ObjectError {
    ObjectError::Unavailable("the line broke".into())
}
