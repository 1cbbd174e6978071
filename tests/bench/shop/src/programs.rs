//! What is measured: PostgreSQL, Pulsar and the shop, each a process that ends with this one.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use kit::Database;
use kit::database::DatabaseConfig;
use pulsar_bus::{PulsarBus, PulsarConfig};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio_postgres::{Client, NoTls};
use url::Url;
use wire::bus::{Bus as _, Message};
use wire::topic::{Purpose, Topic};

use crate::Failure;

/// How long a program may take to start.
const START_MAX: Duration = Duration::from_secs(120);
/// Between two looks whether it has.
const LOOK_EACH: Duration = Duration::from_millis(250);

/// The embedded server with its usual settings, but for more connections.
pub struct Postgres {
    url: String,
    _process: Child,
    _folder: TempDir,
}

/// A broker.
pub struct Pulsar {
    config: PulsarConfig,
    _process: Child,
    _folder: TempDir,
}

/// The shop in one process, seeded with little.
pub struct Shop {
    /// Where it answers.
    pub graphql: String,
    /// A customer's token.
    pub customer: String,
    /// The database of orders.
    pub orders: Client,
    _process: Child,
    _folder: TempDir,
}

impl Postgres {
    /// Starts one.
    pub async fn start(ours: &Path) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(ours);
        command.args(["postgres", "-c", "max_connections=300", "--data-dir"]).arg(folder.path());
        let (process, lines) = start(command, |lines| lines.iter().any(|line| line.starts_with("postgres"))).await?;
        let url = lines.into_iter().find(|line| line.starts_with("postgres")).ok_or("no URL")?;
        Ok(Self { url, _process: process, _folder: folder })
    }

    /// A new database's URL.
    pub async fn database(&self, name: &str) -> Result<String, Failure> {
        connect(&self.url).await?.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        Ok(self.url_of(name))
    }

    /// A pool of 16 connections to it, as services have.
    pub async fn pool(&self, name: &str) -> Result<Database, Failure> {
        Ok(Database::connect(&self.database(name).await?, DatabaseConfig::default()).await?)
    }

    fn url_of(&self, name: &str) -> String {
        let server = self.url.rsplit_once('/').map_or(&*self.url, |(server, _)| server);
        format!("{server}/{name}")
    }
}

impl Pulsar {
    /// Starts one by its script.
    pub async fn start(run: &Path) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let listeners =
            [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        let mut ports = Vec::new();
        for listener in listeners {
            ports.push(listener.local_addr()?.port());
        }
        let &[port, web_port, bookie_port] = ports.as_slice() else { return Err("no ports".into()) };
        let mut command = Command::new(run);
        command
            .arg(port.to_string())
            .arg(folder.path().join("data"))
            .args([web_port.to_string(), bookie_port.to_string()]);
        command.env("DURABLE", "1").stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let process = command.spawn()?;
        let url = |scheme: &str, port: u16| Url::parse(&format!("{scheme}://127.0.0.1:{port}"));
        let config = PulsarConfig::new(url("pulsar", port)?, url("http", web_port)?);
        let pulsar = Self { config, _process: process, _folder: folder };
        let (began, topic) = (Instant::now(), Topic::new("ready", Purpose::Events).ok_or("a topic")?);
        let message = Message { key: "key".into(), text: "{}".into() };
        loop {
            let publishing = async {
                pulsar.bus().await?.publish(&topic, std::slice::from_ref(&message)).await.map_err(Failure::from)
            };
            match publishing.await {
                Ok(()) => return Ok(pulsar),
                Err(error) if began.elapsed() > START_MAX => return Err(error),
                Err(_) => tokio::time::sleep(LOOK_EACH).await,
            }
        }
    }

    /// A bus on it.
    pub async fn bus(&self) -> Result<PulsarBus, Failure> {
        Ok(PulsarBus::connect(self.config.clone(), None).await?)
    }
}

impl Shop {
    /// Starts it over a server.
    pub async fn start(ours: &Path, postgres: &Postgres) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(ours);
        command.args([
            "dev",
            "--listen",
            "127.0.0.1:0",
            "--seed",
            "small",
            "--database-url",
            &postgres.url,
            "--data-dir",
        ]);
        command.arg(folder.path());
        let is_ready = |lines: &[String]| lines.iter().any(|line| line.contains("listening on http://"));
        let (process, lines) = start(command, is_ready).await?;
        let after = |line: &str, mark: &str| line.split_once(mark).map(|(_, rest)| rest.trim().to_owned());
        let address = lines.iter().find_map(|line| after(line, "listening on http://")).ok_or("no address")?;
        let address: String = address.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
        let customer = lines.iter().filter(|line| line.contains("customer")).find_map(|line| after(line, "Bearer "));
        let orders = connect(&postgres.url_of("orders")).await?;
        // Nobody shall find a shelf empty.
        connect(&postgres.url_of("stock")).await?.batch_execute("UPDATE stock_item SET on_hand = 1000000000").await?;
        let graphql = format!("http://{address}/graphql");
        Ok(Self { graphql, customer: customer.ok_or("no token")?, orders, _process: process, _folder: folder })
    }
}

/// A connection; its task ends with it.
pub async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Starts a program and waits until what it has printed says that it is ready.
async fn start(mut command: Command, is_ready: impl Fn(&[String]) -> bool) -> Result<(Child, Vec<String>), Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut process = command.spawn()?;
    let mut printed = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
    let mut lines = Vec::new();
    let starting = async {
        while !is_ready(&lines) {
            lines.push(printed.next_line().await?.ok_or("it ended before it was ready")?);
        }
        Ok::<_, Failure>(())
    };
    tokio::time::timeout(START_MAX, starting).await??;
    // Read on, so that it never blocks on a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = printed.next_line().await {} });
    Ok((process, lines))
}
