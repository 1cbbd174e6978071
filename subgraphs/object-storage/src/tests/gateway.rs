//! A real S3 gateway: one a test, with a bucket of its own.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kit::objects::{ObjectKey, ObjectStorage};
use kit::testing::wait_to_see;
use tempfile::TempDir;

use crate::{S3, S3Config};

/// How long it may take to start, on a machine that is busy with everything else.
const START_MAX: Duration = Duration::from_secs(60);
/// `$1` is the gateway's process, which is ended when this one's end in any way closes the pipe. Nothing is ended that has been.
const GUARD: &str = r#"read -r line; [ "$line" = ended ] && exit; kill -KILL "$1"; rm -rf "$2""#;
const BUCKET: &str = "shop";

pub(super) struct Gateway {
    folder: TempDir,
    config: S3Config,
    process: Child,
    guard: Child,
}

impl Gateway {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let config = S3Config {
            endpoint: Some(format!("http://127.0.0.1:{port}").parse().unwrap()),
            public_endpoint: None,
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key_id: "shop".to_owned(),
            secret_access_key: uuid::Uuid::now_v7().to_string(),
        };
        let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/services/s3/run");
        let process = Command::new(run)
            .args([&port.to_string(), folder.path().join("data").to_str().unwrap(), BUCKET])
            .env("ROOT_ACCESS_KEY_ID", &config.access_key_id)
            .env("ROOT_SECRET_ACCESS_KEY", &config.secret_access_key)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap_or_else(|error| panic!("{run}: {error}"));
        let guard = Command::new("sh")
            .args(["-c", GUARD, "sh", &process.id().to_string()])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        Self { folder, config, process, guard }
    }

    /// Its bucket, once it answers.
    pub(super) async fn bucket(&self) -> Arc<dyn ObjectStorage> {
        let storage = S3::open(&self.config).unwrap();
        let (key, log) = (ObjectKey::parse("none").unwrap(), self.folder.path().join("log"));
        let looked = async || {
            let failed = |error| (error, std::fs::read_to_string(&log).unwrap_or_default());
            storage.find(&key).await.map_err(failed)
        };
        wait_to_see(START_MAX, "the gateway, which tests/services/install s3 installs", looked).await;
        Arc::new(storage)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        let told = self.guard.stdin.take().map(|mut guard| guard.write_all(b"ended\n"));
        drop((ended, told, self.guard.wait()));
    }
}
