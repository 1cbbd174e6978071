//! A folder whose router is served.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use bytes::Bytes;
use kit::objects::{LinkTerms, ObjectKey, ObjectStorage, put};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Folder;

pub(super) struct Served {
    place: TempDir,
    folder: Folder,
    server: JoinHandle<()>,
}

impl Served {
    pub(super) async fn start() -> Self {
        let place = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let folder = Folder::open(&place.path().join("objects"), base).unwrap();
        let router = folder.router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { place, folder, server }
    }

    pub(super) fn storage(&self) -> Arc<dyn ObjectStorage> {
        Arc::new(self.folder.clone())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[tokio::test]
async fn it_is_open_to_nobody_else_and_its_links_die_with_it() {
    let served = Served::start().await;
    let key = ObjectKey::parse("a.pdf").unwrap();
    put(&served.folder, &key, Bytes::from_static(b"a")).await.unwrap();
    let mode = std::fs::metadata(served.place.path().join("objects")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    // Another process on the same folder.
    let other = Folder::open(&served.place.path().join("objects"), served.folder_base()).unwrap();
    let link = other.link(&key, &LinkTerms::named("a")).await.unwrap();
    assert_eq!(reqwest::get(&link.url).await.unwrap().status(), 403);
    let link = served.folder.link(&key, &LinkTerms::named("a")).await.unwrap();
    assert_eq!(reqwest::get(&link.url).await.unwrap().status(), 200);
}

#[tokio::test]
async fn nothing_beside_the_folder_is_ever_read() {
    let served = Served::start().await;
    std::fs::write(served.place.path().join("secret.pdf"), "secret").unwrap();
    let base = served.folder_base();
    for path in [
        "objects/../secret.pdf",
        "objects/..%2fsecret.pdf",
        "objects/%2e%2e/secret.pdf",
        "objects//secret.pdf",
        "objects/a/..%2f..%2fsecret.pdf",
        "objects/..%5csecret.pdf",
        "objects/secret.pdf%00",
        "objects/",
        "objects",
        "",
    ] {
        // As bytes: a client's library would put the path right.
        let answer = raw(&base, path).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
        assert!(!answer.contains("secret"), "{path}: {answer}");
    }
}

impl Served {
    fn folder_base(&self) -> url::Url {
        self.folder.base().clone()
    }
}

async fn raw(base: &url::Url, path: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = format!("{}:{}", base.host_str().unwrap(), base.port().unwrap());
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /{path}?expires=9999999999&name=a&signature=AAAA HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
