//! The way to the subgraphs, made anew for each version of a supergraph over connections that stay.

use std::sync::{Arc, Mutex, PoisonError};

use federation::Supergraph;
use gateway::config::Config;
use gateway::{Edition, InProcess, RoutedFetch};
use indexmap::IndexMap;

use crate::failure::{Failure, chain};

/// See the module.
#[derive(Default)]
pub struct Calls {
    /// Subgraphs in this process.
    in_process: IndexMap<String, InProcess>,
    /// The way made last, whose connections the next one goes on with.
    previous: Mutex<Option<Arc<RoutedFetch>>>,
}

impl Calls {
    /// With some subgraphs in this process.
    pub fn new(in_process: IndexMap<String, InProcess>) -> Self {
        Self { in_process, previous: Mutex::default() }
    }

    /// What is served of a supergraph under a configuration.
    pub fn edition(&self, config: Config, supergraph: Arc<Supergraph>) -> Result<Edition, Failure> {
        let made = RoutedFetch::new(&config, &supergraph, self.in_process.clone());
        let made = made.map_err(|error| Failure::environment(chain(&error)))?;
        let mut previous = self.previous.lock().unwrap_or_else(PoisonError::into_inner);
        let fetch = Arc::new(match previous.take() {
            Some(previous) => made.continuing(&previous),
            None => made,
        });
        *previous = Some(Arc::clone(&fetch));
        Ok(Edition::new(config, supergraph, fetch))
    }
}
