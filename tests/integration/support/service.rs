//! A real service, as `tests/services/NAME/run` starts it: it can be killed, and started again on what it has left behind.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use kit::testing::wait_within;
use mongo_catalogue::{MongoCatalogue, MongoConfig};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::group;

/// How long a service may take to start, on a machine that is busy with everything else: Pulsar takes 10 to 20 seconds.
const START_MAX: Duration = Duration::from_secs(120);

/// A running service; ended when dropped, and with the tests at the latest.
pub struct Service {
    name: &'static str,
    ports: Vec<u16>,
    folder: TempDir,
    process: Child,
}

impl Service {
    /// Starts a service that keeps what it has acknowledged, whatever happens, and has so many ports. It isn't ready yet.
    pub fn start(name: &'static str, ports: usize) -> Self {
        // Who runs PostgreSQL for root must be able to enter.
        let folder =
            tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o755)).tempdir().expect("a folder");
        let listeners: Vec<_> = (0..ports).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
        let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
        let ports: Vec<u16> = listeners.iter().map(port).collect();
        drop(listeners);
        let process = spawn(name, &ports, folder.path());
        Self { name, ports, folder, process }
    }

    /// One of its ports, in the order in which its `run` takes them.
    pub fn port(&self, number: usize) -> u16 {
        self.ports[number]
    }

    /// Kills it (`kill -9`).
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("a kill");
    }

    /// Starts it again where it was, once it was killed.
    pub fn start_again(&mut self) {
        self.process = spawn(self.name, &self.ports, self.folder.path());
    }

    /// Waits until an operation on it succeeds.
    pub async fn ready(&mut self, operation: impl AsyncFn() -> bool) {
        if let Some(status) = self.process.try_wait().expect("a status") {
            panic!("{0} ended with {status}: tests/services/install {0}", self.name);
        }
        wait_within(START_MAX, &format!("{} to be ready", self.name), async || operation().await.then_some(())).await;
    }
}

fn spawn(name: &str, ports: &[u16], folder: &Path) -> Child {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/services").join(name).join("run");
    let (first, others) = ports.split_first().expect("a port");
    let mut command = Command::from(group::command(&run));
    command.arg(first.to_string()).arg(folder.join("data")).args(others.iter().map(u16::to_string));
    if name == "postgres" {
        // A fleet has two workers, each with a dozen pools.
        command.arg("--max_connections=400");
    }
    command.env("DURABLE", "1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", run.display()))
}

/// A Pulsar broker that can be published on.
pub async fn pulsar() -> Service {
    let mut pulsar = Service::start("pulsar", 3);
    pulsar_is_ready(&mut pulsar).await;
    pulsar
}

/// Waits until the broker has published and read a message of its own.
pub async fn pulsar_is_ready(pulsar: &mut Service) {
    let health = format!("http://127.0.0.1:{}/admin/v2/brokers/health", pulsar.port(1));
    pulsar
        .ready(async || {
            let answer = reqwest::Client::new().get(&health).timeout(Duration::from_secs(5)).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
}

/// How the shop's services are told of it, as their file has it.
pub fn pulsar_config(pulsar: &Service) -> serde_json::Value {
    let url = |scheme: &str, number| format!("{scheme}://127.0.0.1:{}", pulsar.port(number));
    serde_json::json!({ "bus": { "pulsar": { "service_url": url("pulsar", 0), "admin_url": url("http", 1) } } })
}

/// A PostgreSQL that syncs what it commits, and its URL.
pub async fn postgres() -> (Service, String) {
    let mut postgres = Service::start("postgres", 1);
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", postgres.port(0));
    postgres_is_ready(&mut postgres, &url).await;
    (postgres, url)
}

/// Waits until it answers a query.
pub async fn postgres_is_ready(postgres: &mut Service, url: &str) {
    postgres
        .ready(async || match tokio_postgres::connect(url, tokio_postgres::NoTls).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                client.simple_query("SELECT").await.is_ok()
            }
            Err(_) => false,
        })
        .await;
}

/// A server of MongoDB's protocol that has written what it acknowledges, and its URL.
pub async fn mongo() -> (Service, String) {
    let mut mongo = Service::start("mongo", 1);
    let url = format!("mongodb://127.0.0.1:{}", mongo.port(0));
    mongo_is_ready(&mut mongo, &url).await;
    (mongo, url)
}

/// Waits until it can be used as a catalogue, apart from the one that is tested.
pub async fn mongo_is_ready(mongo: &mut Service, url: &str) {
    let config = MongoConfig { database: "started".to_owned(), server_timeout_ms: 1_000, ..MongoConfig::default() };
    let catalogue = MongoCatalogue::open(url, config).await.expect("a URL");
    mongo.ready(async || catalogue.is_ready_within(Duration::from_secs(1)).await).await;
}

/// How the shop's services are told of it, as their file has it.
pub fn mongo_config(url: &str) -> serde_json::Value {
    serde_json::json!({ "catalogue": { "mongodb": { "url": url } } })
}
