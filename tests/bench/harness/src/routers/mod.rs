//! The routers that are compared: how each is started under equal conditions, one file a router.
//!
//! Equal conditions: the same supergraph, its own defaults but for what a workload is about, errors and warnings in the log
//! and nothing for a request, no cache of answers.

mod apollo;
mod hive;
mod ours;
mod running;

pub use running::{Running, guarded};

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};

/// What a router may do with requests that are identical and under way at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Nothing: each client's request makes its own subgraph calls.
    Off,
    /// Identical subgraph calls are made once.
    Calls,
    /// Identical requests of clients are answered once, and identical subgraph calls made once.
    Requests,
}

/// Which version of HTTP a router speaks to subgraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubgraphHttp {
    /// HTTP/1.1.
    One,
    /// HTTP/2 without TLS.
    Two,
}

/// What a workload asks of a router's configuration.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'a> {
    /// The supergraph, as a file.
    pub supergraph: &'a Path,
    /// Where the router may write.
    pub folder: &'a Path,
    /// The core that it runs on.
    pub core: usize,
    /// What it shares.
    pub sharing: Sharing,
    /// How it speaks to subgraphs.
    pub subgraph_http: SubgraphHttp,
}

/// A router that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Router {
    /// This project's.
    Ours,
    /// This project's as it was: another build, to see what a change brings.
    Baseline,
    /// Hive Router.
    Hive,
    /// npm `@apollo/gateway`.
    Apollo,
}

/// Where the routers' programs are.
#[derive(Debug, Clone, clap::Args)]
pub struct Programs {
    /// The program `supergraph`
    #[arg(long, value_name = "FILE")]
    pub ours: PathBuf,
    /// Another build of the program `supergraph`, measured beside it
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The program `hive_router`
    #[arg(long, value_name = "FILE")]
    pub hive: Option<PathBuf>,
    /// The folder with `serve-gateway.mjs` and its packages
    #[arg(long, value_name = "DIR")]
    pub peers: PathBuf,
}

impl Programs {
    /// Fails for a program that was named and isn't there: it would be left out of an hour's work.
    pub fn check(&self) -> Result<()> {
        let named = [Some(&self.ours), self.baseline.as_ref(), self.hive.as_ref()];
        match named.into_iter().flatten().find(|program| !program.is_file()) {
            Some(missing) => Err(Failure::Usage(format!("there is no program {}", missing.display()))),
            None => Ok(()),
        }
    }
}

impl Router {
    /// How tables call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ours => "Supergraph",
            Self::Baseline => "Supergraph before",
            Self::Hive => "Hive Router",
            Self::Apollo => "@apollo/gateway",
        }
    }

    /// Where it answers GraphQL.
    pub fn path(self) -> &'static str {
        match self {
            Self::Ours | Self::Baseline | Self::Hive => "/graphql",
            Self::Apollo => "/",
        }
    }

    /// How it is started; none if it can't be had, or not under these conditions.
    fn command(self, programs: &Programs, conditions: &Conditions<'_>, port: u16) -> Result<Option<Command>> {
        match self {
            Self::Ours => ours::command(&programs.ours, conditions, port),
            Self::Baseline => {
                programs.baseline.as_ref().map_or(Ok(None), |program| ours::command(program, conditions, port))
            }
            Self::Hive => programs.hive.as_ref().map_or(Ok(None), |program| hive::command(program, conditions, port)),
            Self::Apollo => Ok(apollo::command(&programs.peers, conditions, port)),
        }
    }
}

/// Writes a router's configuration, which is JSON: all of them read YAML.
fn write_configuration(path: &Path, configuration: &serde_json::Value) -> Result<()> {
    std::fs::write(path, configuration.to_string())
        .map_err(|source| Failure::System { what: format!("writing {}", path.display()), source })
}
