//! The real services under `dev --stack real`, started from what `tests/services/install` installs: PostgreSQL with a hot standby,
//! Redis, Pulsar, and servers of MongoDB's and S3's protocols.
//!
//! Their data and logs are in the data folder, they listen on 127.0.0.1 alone, and end with this program. What runs already and is
//! configured is used as it is. This is for development and tests: hardly anything here has a password, and whoever is on this machine
//! may use it.

mod addresses;
mod kind;
mod log;
mod ports;
mod ready;
mod service;

use std::path::{Path, PathBuf};

use futures::future::{join_all, select_all, try_join_all};

pub use addresses::Addresses;
use kind::Kind;
use log::Log;
use service::Service;

use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::shop::config::ServicesConfig;

/// The folder of the data folder that has the services' own.
const FOLDER: &str = "stack";
/// The object store's secret key, in the data folder.
const S3_SECRET_FILE: &str = "stack.s3.secret";

/// The services that were started, and where they are.
pub struct Stack {
    /// Where they are.
    pub addresses: Addresses,
    running: Vec<Service>,
}

impl Stack {
    /// Starts those that neither `config` names nor the URL of a PostgreSQL; returns when each can be used. `scripts` is the folder
    /// with their start files. Dropped before, it stops what it started.
    pub async fn start(
        scripts: &Path,
        folder: &DataFolder,
        config: &ServicesConfig,
        postgres: Option<&str>,
    ) -> Result<Self, Failure> {
        let scripts = scripts_in(scripts)?;
        let place = folder.folder(FOLDER)?;
        let wanted = Kind::wanted(config, postgres);
        // Those of the last run first, should they still be ending: then their ports are free, too.
        let logs = wanted.iter().map(async |&kind| Ok((kind, Log::open(&place, kind.name()).await?)));
        let logs = try_join_all(logs).await?;
        let uses: Vec<&str> = wanted.iter().flat_map(|kind| kind.ports()).copied().collect();
        let secret = String::from_utf8(folder.secret(S3_SECRET_FILE, random)?).map_err(Failure::environment)?;
        let addresses = Addresses::new(&wanted, ports::kept_or_made(folder, &uses)?, secret);
        let chains = chains(logs).into_iter().map(async |chain| {
            let mut started = Vec::new();
            for (kind, log) in chain {
                started.push(Service::start(kind, &addresses, (&scripts, &place), log).await?);
            }
            Ok::<_, Failure>(started)
        });
        let running = try_join_all(chains).await?.into_iter().flatten().collect();
        Ok(Self { addresses, running })
    }

    /// Waits for the end of one that nobody asked for; says whose and why.
    pub async fn ended(&mut self) -> String {
        if self.running.is_empty() {
            return std::future::pending().await;
        }
        select_all(self.running.iter_mut().map(|service| Box::pin(service.ended()))).await.0
    }

    /// Stops those that were started, all at once.
    pub async fn stop(self) {
        join_all(self.running.into_iter().map(Service::stop)).await;
    }
}

/// The URL of the PostgreSQL that a data folder's stack has when it runs.
pub fn postgres_of(data_folder: &Path) -> Result<Option<String>, Failure> {
    let ports = ports::read(data_folder)?;
    Ok(ports.contains_key(Kind::Primary.name()).then(|| Addresses::new(&[], ports, String::new()).postgres()))
}

/// Those that are started one after the other, each when the one before it can be used: a standby copies its primary.
fn chains<T>(wanted: Vec<(Kind, T)>) -> Vec<Vec<(Kind, T)>> {
    let (databases, others): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|(kind, _)| matches!(kind, Kind::Primary | Kind::Standby));
    std::iter::once(databases).chain(others.into_iter().map(|other| vec![other])).collect()
}

fn scripts_in(folder: &Path) -> Result<PathBuf, Failure> {
    let advice = "name the checkout's tests/services with --services-dir, and run its `install` once";
    let folder = std::path::absolute(folder).map_err(|error| Failure::path("use", folder, &error, advice))?;
    let script = folder.join("postgres/run");
    script.metadata().map_err(|error| Failure::path("find", &script, &error, advice))?;
    Ok(folder)
}

fn random() -> Result<Vec<u8>, Failure> {
    let mut bytes = [0_u8; 24];
    let filled = aws_lc_rs::rand::fill(&mut bytes);
    filled.map_err(|_| Failure::environment("cannot make a key: the system gives no randomness"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes())
}
