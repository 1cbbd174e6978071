//! How a service of this process asks others at once: those that are in the process too, or over the network.

use std::sync::Arc;

use indexmap::IndexMap;
use kit::internal::{ClientConfig, InternalClient};
use kit::{Database, Subgraph};
use url::Url;
use wire::identity::Signer;

use super::config::ServicesConfig;
use super::keys::Keys;
use super::resources::Resources;
use super::trust::SigningKeys;
use super::{Service, split};
use crate::failure::{Failure, chain};

/// See the module.
#[derive(Clone, Copy)]
pub enum Peers<'a> {
    /// All services are in this process.
    Here {
        /// What they stand on.
        resources: &'a IndexMap<Service, Resources>,
        /// Their subgraphs, by name: those before the one that asks.
        subgraphs: &'a IndexMap<&'static str, Subgraph>,
        /// Their keys.
        keys: &'a Keys,
    },
    /// They are reached over the network.
    Elsewhere {
        /// Where they are.
        config: &'a ServicesConfig,
        /// The keys of those in this process.
        keys: &'a SigningKeys,
        /// One whose GraphQL is at another place than the configuration says.
        moved: Option<(Service, &'a Url)>,
    },
}

/// A service's GraphQL.
pub enum Graphql {
    /// In this process.
    Here(Subgraph),
    /// At an address.
    At(Url),
}

impl Peers<'_> {
    /// By what a service signs its questions. Whoever runs one without a key is warned of what is `lost`.
    pub fn signer(self, asking: Service, lost: &str) -> Result<Arc<Signer>, Failure> {
        match self {
            Self::Here { keys, .. } => Ok(Arc::new(keys.of(asking)?.signer()?)),
            Self::Elsewhere { keys, .. } => keys.signer(asking, lost),
        }
    }

    /// A service's internal API, for another one.
    pub fn client(self, asking: Service, asked: Service, signer: Arc<Signer>) -> Result<InternalClient, Failure> {
        let (name, bounds) = (asking.name(), ClientConfig::default());
        match self {
            Self::Here { resources, keys, .. } => {
                let database = resources.get(&asked).map_or_else(Database::unconnected, |asked| asked.database.clone());
                let router = asked.parts().internal_api(&database, keys.access());
                Ok(InternalClient::in_process(router, name, signer, bounds))
            }
            Self::Elsewhere { config, .. } => {
                let client = InternalClient::over_http(config.peers.url(asked)?, name, signer, bounds);
                client.map_err(|error| Failure::environment(chain(&error)))
            }
        }
    }

    /// A service's GraphQL.
    pub fn graphql(self, asked: Service) -> Result<Graphql, Failure> {
        match self {
            Self::Here { subgraphs, .. } => {
                let missing = || Failure::environment(format!("{} isn't there to be asked yet", asked.name()));
                subgraphs.get(asked.name()).cloned().map(Graphql::Here).ok_or_else(missing)
            }
            Self::Elsewhere { moved: Some((service, url)), .. } if service == asked => Ok(Graphql::At(url.clone())),
            Self::Elsewhere { config, .. } => split::graphql_url(config, asked).map(Graphql::At),
        }
    }
}
