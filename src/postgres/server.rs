//! A running embedded server: start, connection URLs, and the way it ends.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use super::account::account_for;
use super::binaries::{self, Binaries};
use super::cluster::{self, Layout, ROLE};
use super::password::{self, Password};
use super::{PostgresError, Source, stale};
use crate::guarded::{Account, FOLDER, Guarded, Stage, last_words_in};

/// The longest start: after a crash the log of writes is replayed first.
const START_MAX: Duration = Duration::from_secs(60);
/// How often a start is tried when somebody else takes the free port first.
const PORT_ATTEMPTS: usize = 3;

/// PostgreSQL for one data folder. Dropping it stops PostgreSQL, [`Server::stop`] also waits for it.
#[derive(Debug)]
pub struct Server {
    process: Guarded,
    port: u16,
    password: Password,
    layout: Layout,
}

impl Server {
    /// Starts PostgreSQL on `<data_folder>/postgres`, which the caller has locked; makes the cluster at the first time.
    /// `extra` are settings such as `fsync=off` over our own.
    pub async fn start(data_folder: &Path, source: Source, extra: &[String]) -> Result<Self, PostgresError> {
        let layout = Layout { folder: data_folder.join("postgres") };
        let account = account_for(&layout.folder)?;
        layout.create(account)?;
        let binaries = binaries::find(source, layout.made_by(), account).await?;
        let password = password::read_or_make(&layout.password(), account)?;
        cluster::initialise(&layout, &binaries, account)?;
        stale::take_over(&layout.cluster())?;
        for _ in 1..PORT_ATTEMPTS {
            match Self::launch(&layout, &binaries, account, password.clone(), extra).await {
                Err(PostgresError::Ended { reason, .. }) if reason.contains("TCP/IP") => {}
                outcome => return outcome,
            }
        }
        Self::launch(&layout, &binaries, account, password, extra).await
    }

    async fn launch(
        layout: &Layout,
        binaries: &Binaries,
        account: Option<Account>,
        password: Password,
        extra: &[String],
    ) -> Result<Self, PostgresError> {
        let program = binaries.folder.join("postgres");
        let spawn = |error| PostgresError::Spawn { program: program.clone(), error };
        let port = free_port().map_err(spawn)?;
        let log = layout.log();
        let log_file = File::create(&log).map_err(|error| PostgresError::folder("write", &log, error))?;
        let stage = Stage::new(account, &layout.folder, program.clone(), settings(port, extra));
        let process = Guarded::start(&stage, &[], log_file).map_err(spawn)?;
        let mut server = Self { process, port, password, layout: layout.clone() };
        server.wait_until_ready().await?;
        Ok(server)
    }

    async fn wait_until_ready(&mut self) -> Result<(), PostgresError> {
        let deadline = Instant::now() + START_MAX;
        loop {
            let refused = match tokio_postgres::connect(&self.url("postgres"), tokio_postgres::NoTls).await {
                Ok(_) => return Ok(()),
                Err(error) => crate::failure::chain(&error),
            };
            let ended = self.process.has_ended();
            let wrong_password = refused.contains("password authentication failed");
            if ended || wrong_password || Instant::now() > deadline {
                let log = self.layout.log();
                let reason = if ended { last_words_in(&log) } else { refused };
                return Err(PostgresError::Ended { doing: "start", reason, log });
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// The URL of one of its databases, password included: never to be logged.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}:{}@127.0.0.1:{}/{database}", self.password.reveal(), self.port)
    }

    /// Waits for an end that nobody asked for; says why.
    pub async fn ended(&mut self) -> String {
        self.process.ended().await;
        last_words_in(&self.layout.log())
    }

    /// Stops PostgreSQL and waits until it is gone, a few seconds at most by the guard's steps.
    pub async fn stop(self) {
        self.process.stop().await;
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A small server that keeps data safe: durability stays on, memory is kept low.
fn settings(port: u16, extra: &[String]) -> Vec<String> {
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        // Of each service a pool for requests (8), one for what it does in the background (4), and connections that wait to be woken or keep leases (6);
        // the bus; migrations, loading, and a person's psql. Those that aren't used cost nothing.
        "max_connections=140".to_owned(),
        "shared_buffers=32MB".to_owned(),
        // Compiling queries costs more than these queries do.
        "jit=off".to_owned(),
        // No replicas: loading a fresh table then writes no log.
        "wal_level=minimal".to_owned(),
        "max_wal_senders=0".to_owned(),
        "max_wal_size=512MB".to_owned(),
    ];
    let mut arguments = vec!["-D".to_owned(), format!("{FOLDER}/cluster")];
    arguments.extend(settings.into_iter().chain(extra.iter().cloned()).flat_map(|setting| ["-c".to_owned(), setting]));
    arguments
}
