//! Brokers for tests: one a test process, or the one that TEST_PULSAR_URL and TEST_PULSAR_ADMIN_URL name; and such as can be killed.

use std::{
    fs::File,
    io::Write as _,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep},
};
use url::Url;
use wire::{
    bus::{Bus as _, Message},
    domain::Domain,
    topic::{Purpose, Topic},
};

use crate::{PulsarBus, PulsarConfig};

/// How long a broker may take to start, on a machine that is busy with everything else.
const START_MAX: Duration = Duration::from_secs(120);
/// How long to wait before it is looked again whether it has.
const PACE: Duration = Duration::from_millis(250);

/// `$1` is the broker's process, which is ended when this one's end in any way closes the pipe. Nothing is ended that has been.
const GUARD: &str = r#"read -r line; [ "$line" = ended ] && exit; kill -KILL "$1"; rm -rf "$2""#;

static SHARED: OnceCell<(PulsarConfig, Option<Broker>)> = OnceCell::const_new();

/// How to use the broker of this process, which is ready.
pub async fn shared() -> &'static PulsarConfig {
    let (config, _) = SHARED
        .get_or_init(async || {
            let of = |name| std::env::var(name).ok().filter(|url| !url.is_empty()).map(|url| Url::parse(&url).unwrap());
            match (of("TEST_PULSAR_URL"), of("TEST_PULSAR_ADMIN_URL")) {
                (Some(service_url), Some(admin_url)) => (PulsarConfig::new(service_url, admin_url), None),
                _ => {
                    let broker = Broker::start().await;
                    (broker.config(), Some(broker))
                }
            }
        })
        .await;
    config
}

/// A broker with a folder of its own.
pub struct Broker {
    folder: TempDir,
    /// For clients, for REST requests, and the bookie's.
    ports: [u16; 3],
    process: Child,
    guard: Child,
}

impl Broker {
    /// Starts a broker, and waits until something can be published.
    pub async fn start() -> Self {
        let (folder, ports) = (tempfile::tempdir().unwrap(), free_ports());
        let (process, guard) = spawn(folder.path(), ports);
        let mut broker = Self { folder, ports, process, guard };
        broker.wait().await;
        broker
    }

    /// Kills it and starts it again on what it has left behind, without waiting for it.
    pub fn kill_and_start(&mut self) {
        self.end();
        (self.process, self.guard) = spawn(self.folder.path(), self.ports);
    }

    pub fn config(&self) -> PulsarConfig {
        let [port, web_port, _] = self.ports;
        let url = |scheme, port| Url::parse(&format!("{scheme}://127.0.0.1:{port}")).unwrap();
        PulsarConfig::new(url("pulsar", port), url("http", web_port))
    }

    async fn wait(&mut self) {
        let config = PulsarConfig { tenant: "started".to_owned(), operation_timeout_ms: 5_000, ..self.config() };
        let (started, topic) = (Instant::now(), Topic::of(Domain::Orders, Purpose::Events));
        let message = Message { key: "key".into(), text: "{}".into() };
        loop {
            let error = match PulsarBus::connect(config.clone(), None).await {
                Ok(bus) => match bus.publish(&topic, std::slice::from_ref(&message)).await {
                    Ok(()) => return,
                    Err(error) => format!("{error:?}"),
                },
                Err(error) => format!("{error:?}"),
            };
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("Pulsar ended with {status}; tests/services/install pulsar installs it\n{}", log());
            }
            assert!(started.elapsed() < START_MAX, "Pulsar isn't ready: {error}\n{}", log());
            sleep(PACE).await;
        }
    }

    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let told = self.guard.stdin.take().unwrap().write_all(b"ended\n");
        told.and_then(|()| self.guard.wait()).unwrap();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(folder: &Path, [port, web_port, bookie_port]: [u16; 3]) -> (Child, Child) {
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/services/pulsar/run");
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let data = folder.join("data");
    let process = Command::new(run)
        .arg(port.to_string())
        .arg(&data)
        .args([web_port.to_string(), bookie_port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("{run}: {error}"));
    let guard = Command::new("sh")
        .args(["-c", GUARD, "sh", &process.id().to_string()])
        .arg(folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    (process, guard)
}

/// Three ports that nobody has by now.
fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
