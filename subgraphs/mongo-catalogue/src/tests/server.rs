//! Servers for tests: one a test process, or the one that TEST_MONGO_URL names; and such as can be killed.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kit::testing::wait_to_see;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{MongoCatalogue, MongoConfig};

/// How long a server may take to start, on a machine that is busy with everything else.
const START_MAX: Duration = Duration::from_secs(120);
/// How long a test waits for a server: as long as the slowest machine needs.
const SERVER_TIMEOUT_MS: u64 = 30_000;
/// How long one waits for a server that is away: longer than a busy machine takes to find that it is there.
const AWAY_TIMEOUT_MS: u64 = 3_000;

/// `$1` is the server's process, which is ended when this one's end in any way closes the pipe. Nothing is ended that has been.
const GUARD: &str = r#"read -r line; [ "$line" = ended ] && exit; kill -KILL "$1"; rm -rf "$2""#;

static SHARED: OnceCell<(String, Option<Server>)> = OnceCell::const_new();

/// The URL of the server of this process, which is ready.
pub(super) async fn shared() -> &'static str {
    let (url, _) = SHARED
        .get_or_init(async || match std::env::var("TEST_MONGO_URL").ok().filter(|url| !url.is_empty()) {
            Some(url) => (url, None),
            None => {
                let server = Server::start(false).await;
                (server.url(), Some(server))
            }
        })
        .await;
    url
}

/// A catalogue of a test's own, in a database of its own.
pub(super) async fn catalogue(url: &str) -> MongoCatalogue {
    let database = format!("test_{}", Uuid::now_v7().simple());
    let config = MongoConfig { database, server_timeout_ms: SERVER_TIMEOUT_MS, ..MongoConfig::default() };
    MongoCatalogue::open(url, config).await.unwrap()
}

/// The same for a server that goes and comes.
pub(super) async fn impatient_catalogue(url: &str) -> MongoCatalogue {
    let database = format!("test_{}", Uuid::now_v7().simple());
    let config = MongoConfig { database, server_timeout_ms: AWAY_TIMEOUT_MS, ..MongoConfig::default() };
    MongoCatalogue::open(url, config).await.unwrap()
}

/// A server with a folder of its own.
pub(super) struct Server {
    folder: TempDir,
    port: u16,
    is_durable: bool,
    process: Child,
    guard: Child,
}

impl Server {
    /// Starts a server, in memory or on a file, and waits until it answers.
    pub(super) async fn start(is_durable: bool) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let (process, guard) = spawn(folder.path(), port, is_durable);
        let mut server = Self { folder, port, is_durable, process, guard };
        server.wait().await;
        server
    }

    /// Kills it.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let told = self.guard.stdin.take().unwrap().write_all(b"ended\n");
        told.and_then(|()| self.guard.wait()).unwrap();
    }

    /// Starts it again on what it has left behind, and waits until it answers.
    pub(super) async fn start_again(&mut self) {
        (self.process, self.guard) = spawn(self.folder.path(), self.port, self.is_durable);
        self.wait().await;
    }

    pub(super) fn url(&self) -> String {
        format!("mongodb://127.0.0.1:{}", self.port)
    }

    async fn wait(&mut self) {
        let config = MongoConfig { database: "started".to_owned(), server_timeout_ms: 1_000, ..MongoConfig::default() };
        let catalogue = MongoCatalogue::open(&self.url(), config).await.unwrap();
        let (process, log) = (&mut self.process, self.folder.path().join("log"));
        wait_to_see(START_MAX, "the server", async || {
            let Err(error) = catalogue.prepare().await else { return Ok(()) };
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the server ended with {status}; tests/services/install mongo installs it\n{log}");
            }
            Err((error, log))
        })
        .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.guard.stdin.is_some() {
            self.kill();
        }
    }
}

fn spawn(folder: &Path, port: u16, is_durable: bool) -> (Child, Child) {
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/services/mongo/run");
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(run);
    command.arg(port.to_string()).arg(folder.join("data"));
    if is_durable {
        command.env("DURABLE", "1");
    }
    let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
    let process = process.unwrap_or_else(|error| panic!("{run}: {error}"));
    let guard = Command::new("sh")
        .args(["-c", GUARD, "sh", &process.id().to_string()])
        .arg(folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    (process, guard)
}

/// A port that nobody has by now.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
