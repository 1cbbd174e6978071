//! A running `dev --stack real`, and what stands below it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;

use super::broker::Broker;
use crate::support::process::{self, Process};
use crate::support::shop::{start_dev, token};

/// The platform on real services, with its data folder's keys and tokens.
pub struct Platform {
    /// The program.
    pub dev: Process,
    /// The seeded customer's token.
    pub customer: String,
    /// The seeded administrator's token.
    pub administrator: String,
    ports: BTreeMap<String, u16>,
    objects: PathBuf,
}

impl Platform {
    /// Starts it on a folder, with whatever that holds.
    pub async fn start(folder: &TempDir) -> Self {
        let dev = start_dev(command(folder.path())).await;
        let (customer, administrator) = (token(&dev, "customer"), token(&dev, "administrator"));
        let ports = std::fs::read(folder.path().join("stack.ports.json")).expect("the ports");
        Self {
            dev,
            customer,
            administrator,
            ports: serde_json::from_slice(&ports).expect("ports"),
            objects: folder.path().join("stack/s3/buckets/supergraph"),
        }
    }

    /// The ports of its services.
    pub fn ports(&self) -> &BTreeMap<String, u16> {
        &self.ports
    }

    /// The URL of a database.
    pub fn database(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.ports["postgres"])
    }

    /// The URL of a database on the standby.
    pub fn standby(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.ports["standby"])
    }

    /// The port of Redis.
    pub fn redis(&self) -> u16 {
        self.ports["redis"]
    }

    /// The folder of the object store's bucket.
    pub fn objects(&self) -> &Path {
        &self.objects
    }

    /// The message bus, as its operators see it.
    pub fn broker(&self) -> Broker {
        Broker::at(self.ports["pulsar_admin"])
    }

    /// The URL of the catalogue's server.
    pub fn mongo(&self) -> String {
        format!("mongodb://127.0.0.1:{}", self.ports["mongo"])
    }
}

fn command(folder: &Path) -> Command {
    let mut command = process::command(&["dev", "--stack", "real", "--listen", "127.0.0.1:0", "--seed", "small"]);
    command.arg("--services-dir").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services"));
    command.arg("--data-dir").arg(folder);
    command
}
