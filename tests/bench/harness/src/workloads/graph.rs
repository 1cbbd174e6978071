//! The supergraphs of the workloads.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::synthetic;
use super::upstream::Upstream;
use crate::failure::{Failure, Result, Tried};
use crate::replay::Hosts;
use crate::routers::Programs;

/// Where subgraphs are, by name.
type Addresses = BTreeMap<String, SocketAddr>;

/// A supergraph that workloads use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Graph {
    /// The one that federation routers are compared on (`tests/fixtures/bench`).
    Bench,
    /// One made up for what that has not.
    Synthetic,
}

const BENCH: &str = include_str!("../../../../fixtures/bench/supergraph.graphql");
/// Where that file says that its subgraphs are.
const BENCH_ADDRESS: &str = "127.0.0.1:14200";

impl Graph {
    /// Starts its real subgraphs, which answer what is recorded.
    pub fn upstream(self, programs: &Programs, folder: &Path) -> Result<Upstream> {
        let mut command = Command::new("node");
        match self {
            Self::Bench => command.arg(programs.peers.join("bench-subgraphs.mjs")),
            Self::Synthetic => {
                let schemas = folder.join("subgraphs");
                std::fs::create_dir(&schemas).tried("making a folder")?;
                for (name, text) in synthetic::subgraphs() {
                    std::fs::write(schemas.join(format!("{name}.graphql")), text).tried("writing a subgraph")?;
                }
                command.arg(programs.peers.join("synthetic-subgraphs.mjs")).arg("--folder").arg(schemas)
            }
        };
        Upstream::start(command.args(["--listen", "127.0.0.1:0"]))
    }

    /// Where its subgraphs are: the first one is defined with all of them behind one address.
    pub fn hosts(self) -> Hosts {
        match self {
            Self::Bench => Hosts::One,
            Self::Synthetic => Hosts::Each,
        }
    }

    /// Writes its supergraph with subgraphs at these addresses, after [`Self::upstream`] in the same folder.
    pub fn write(self, programs: &Programs, folder: &Path, subgraphs: &Addresses) -> Result<PathBuf> {
        let path = folder.join("supergraph.graphql");
        match self {
            Self::Bench => {
                let at = |text: String, (name, address): (&String, &SocketAddr)| {
                    text.replace(&format!("{BENCH_ADDRESS}/{name}"), &format!("{address}/{name}"))
                };
                let text = subgraphs.iter().fold(BENCH.to_owned(), at);
                std::fs::write(&path, text).tried("writing the supergraph")?;
            }
            Self::Synthetic => compose(programs, folder, subgraphs, &path)?,
        }
        Ok(path)
    }
}

/// Composes the made-up subgraphs as users compose theirs.
fn compose(programs: &Programs, folder: &Path, addresses: &Addresses, path: &Path) -> Result<()> {
    let mut manifest = String::from("subgraphs:\n");
    for (name, address) in addresses {
        // Writing to a string cannot fail.
        let _ = write!(
            manifest,
            "  {name}:\n    routing_url: http://{address}/{name}\n    schema: {{ file: subgraphs/{name}.graphql }}\n"
        );
    }
    let config = folder.join("supergraph.yaml");
    std::fs::write(&config, manifest).tried("writing what to compose")?;
    let mut command = Command::new(&programs.ours);
    command.arg("compose").arg("--config").arg(&config).arg("--output").arg(path);
    let done = command.output().tried("composing")?;
    match done.status.success() {
        true => Ok(()),
        false => Err(Failure::Program(format!("composing failed: {}", String::from_utf8_lossy(&done.stderr)))),
    }
}
