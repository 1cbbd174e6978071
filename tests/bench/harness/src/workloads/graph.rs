//! The supergraphs of the workloads, and the real subgraphs that answer what is recorded.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Result, Tried};
use crate::routers::{Programs, guarded};

/// A supergraph that workloads use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Graph {
    /// The one that federation routers are compared on.
    Bench,
}

const BENCH: &str = include_str!("../../../../fixtures/bench/supergraph.graphql");
/// Where that file says that its subgraphs are.
const BENCH_ADDRESS: &str = "127.0.0.1:14200";

/// The real subgraphs of a supergraph, as one process that ends with this value.
pub struct Upstream {
    child: Child,
    /// Where each listens; all of them answer at `/<name>`.
    pub addresses: BTreeMap<String, SocketAddr>,
}

impl Graph {
    /// Starts its subgraphs.
    pub fn upstream(self, programs: &Programs) -> Result<Upstream> {
        let mut command = Command::new("node");
        match self {
            Self::Bench => command.arg(programs.peers.join("bench-subgraphs.mjs")).args(["--listen", "127.0.0.1:0"]),
        };
        Upstream::start(&command)
    }

    /// Writes its supergraph with subgraphs at one address.
    pub fn write(self, folder: &Path, subgraphs: SocketAddr) -> Result<PathBuf> {
        let text = match self {
            Self::Bench => BENCH.replace(BENCH_ADDRESS, &subgraphs.to_string()),
        };
        let path = folder.join("supergraph.graphql");
        std::fs::write(&path, text).tried("writing the supergraph")?;
        Ok(path)
    }
}

impl Upstream {
    /// Starts a program that prints its subgraphs' addresses as one line of JSON when it is ready.
    fn start(command: &Command) -> Result<Self> {
        let mut child =
            guarded(command).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().tried("starting the subgraphs")?;
        let mut line = String::new();
        if let Some(printed) = child.stdout.take() {
            BufReader::new(printed).read_line(&mut line).tried("starting the subgraphs")?;
        }
        let mut upstream = Self { child, addresses: BTreeMap::new() };
        let told: BTreeMap<String, String> = serde_json::from_str(&line)
            .map_err(|_| Failure::Program(format!("the subgraphs did not say where they are: {line}")))?;
        for (name, url) in told {
            let authority = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            let address = authority.parse().map_err(|_| Failure::Program(format!("no address of {name}: {url}")))?;
            upstream.addresses.insert(name, address);
        }
        Ok(upstream)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
