//! What the router is made of, read at the start and again at each reload.

use std::path::PathBuf;

use federation::Supergraph;
use gateway::Edition;
use gateway::config::{Config, Override};
use indexmap::IndexMap;

use super::Arguments;
use crate::calls::Calls;
use crate::commands::{config, supergraph_file};
use crate::failure::Failure;

/// See the module.
pub struct Inputs {
    arguments: Arguments,
    /// Where single subgraphs are called instead.
    urls: IndexMap<String, String>,
    calls: Calls,
}

impl Inputs {
    /// By the command line, and the URLs that its flags give.
    pub fn new(arguments: Arguments, urls: IndexMap<String, String>) -> Self {
        Self { arguments, urls, calls: Calls::default() }
    }

    /// Reads the configuration.
    pub fn config(&self) -> Result<Config, Failure> {
        let arguments = &self.arguments;
        let listen = arguments.listen.iter();
        let flags: Vec<_> = listen.map(|address| Override::new(["server", "listen"], address.to_string())).collect();
        let mut config = config::load(arguments.config.as_deref(), &flags)?;
        if let Some(folder) = &arguments.graphiql_assets {
            config.graphiql.enabled = true;
            config.graphiql.assets = Some(folder.display().to_string());
        }
        Ok(config)
    }

    /// Reads the supergraph, to be served under a configuration.
    pub fn edition(&self, mut config: Config) -> Result<Edition, Failure> {
        let supergraph = supergraph_file::read(&self.arguments.supergraph)?;
        self.set_urls(&mut config, &supergraph)?;
        self.calls.edition(config, supergraph)
    }

    /// The files that it was started with.
    pub fn own_files(&self) -> Vec<PathBuf> {
        self.arguments.config.iter().chain([&self.arguments.supergraph]).cloned().collect()
    }

    /// All files that an edition is made of.
    pub fn files(&self, edition: &Edition) -> Vec<PathBuf> {
        self.own_files().into_iter().chain(edition.config.files().into_iter().map(PathBuf::from)).collect()
    }

    /// Takes the flags' URLs over; a name that the supergraph lacks is refused, it could only be a slip.
    fn set_urls(&self, config: &mut Config, supergraph: &Supergraph) -> Result<(), Failure> {
        let known: Vec<&str> = supergraph.subgraphs.iter().map(|subgraph| subgraph.name.as_str()).collect();
        for (name, url) in &self.urls {
            if !known.contains(&name.as_str()) {
                return Err(Failure::environment(format!(
                    "--subgraph-url names {name}, and the supergraph has {}; correct the name",
                    known.join(", ")
                )));
            }
            config.subgraphs.by_name.entry(name.clone()).or_default().url = Some(url.clone());
        }
        Ok(())
    }
}
