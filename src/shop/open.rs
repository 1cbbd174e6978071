//! Opens the whole shop in this process: databases made and migrated, data loaded, subgraphs and supergraph composed.

use composition::SubgraphInput;
use federation::Nodes;
use futures::future::try_join_all;
use indexmap::IndexMap;
use kit::database::DatabaseConfig;
use kit::{Database, Metrics, Subgraph};

use super::background::Background;
use super::bus::OpenBus;
use super::config::ServicesConfig;
use super::keys::Keys;
use super::parts::Surroundings;
use super::peers::Peers;
use super::resources::Resources;
use super::seeding::{self, SeedChoice};
use super::server_url::ServerUrl;
use super::{Service, own_database, reads, split};
use crate::compose;
use crate::failure::Failure;
use crate::live::Loaded;

/// Connections of one service for requests, and for what it does in the background: apart, so that neither waits for the other. Those of
/// six services, beside those that wait to be woken, stay under what the embedded server allows.
const POOL_SIZE_MAX: u32 = 8;
const BACKGROUND_POOL_SIZE_MAX: u32 = 4;

/// What reports call the shop's supergraph.
const PLACE: &str = "the composed supergraph";

/// The shop, ready to be served.
pub struct Shop {
    /// The supergraph over all services.
    pub supergraph: Loaded,
    /// The services by name.
    pub subgraphs: IndexMap<&'static str, Subgraph>,
    /// What they tell of themselves.
    pub metrics: Metrics,
}

/// Opens it, and what its services do in the background. A second time everything is there already, and kept.
pub async fn open(
    server: &ServerUrl,
    config: &ServicesConfig,
    keys: &Keys,
    seed: SeedChoice,
) -> Result<(Shop, Background), Failure> {
    server.create_missing(Service::all()).await?;
    let metrics = Metrics::new();
    let front = try_join_all(Service::all().map(|service| migrated(service, (server, config), &metrics))).await?;
    let shared = reads::shared_tier(&config.cache, &metrics).await?;
    let front = front.into_iter().map(|resources| resources.sharing(&shared));
    let front: IndexMap<Service, Resources> = Service::all().zip(front).collect();
    if let Some(size) = seed.size() {
        // One after the other: one bar at a time, and the disk is the limit anyway.
        for (&service, resources) in &front {
            let rows = seeding::seed(service, resources, size).await?;
            if rows > 0 {
                tracing::info!(service = service.name(), rows, "demonstration data loaded");
            }
        }
    }
    let bus = OpenBus::open(&config.bus, Some(server)).await?;
    let behind =
        Service::all().map(|service| opened(service, (server, BACKGROUND_POOL_SIZE_MAX), &[], (&metrics, "work")));
    let behind = try_join_all(behind).await?;
    let behind = front.iter().zip(behind).map(|((&service, resources), database)| (service, resources.over(database)));
    let behind: IndexMap<Service, Resources> = behind.collect();
    behind.iter().for_each(|(&service, resources)| resources.watch(service, &metrics));
    // Nothing in the background asks for GraphQL.
    let peers = Peers::Here { resources: &behind, subgraphs: &IndexMap::new(), keys };
    let background = Background::of(&behind, bus, config, peers).await?;
    let subgraphs: IndexMap<_, _> = subgraphs(&front, config, keys)?
        .into_iter()
        .map(|(name, subgraph)| (name, subgraph.measured(metrics.service(name))))
        .collect();
    let background = background.beside(&subgraphs);
    let sdl = compose::compose(inputs(subgraphs.values()))?;
    let supergraph =
        Loaded { supergraph: compose::supergraph(&sdl, PLACE)?, schemas: compose::subgraph_schemas(&sdl, PLACE)? };
    Ok((Shop { supergraph, subgraphs, metrics }, background))
}

async fn migrated(
    service: Service,
    (server, config): (&ServerUrl, &ServicesConfig),
    metrics: &Metrics,
) -> Result<Resources, Failure> {
    let replicas = split::replica_urls(service, config)?;
    let database = opened(service, (server, POOL_SIZE_MAX), &replicas, (metrics, "requests")).await?;
    own_database::migrate(service, &database).await?;
    Resources::open(service, database, config).await
}

async fn opened(
    service: Service,
    (server, pool_size_max): (&ServerUrl, u32),
    replicas: &[String],
    (metrics, for_what): (&Metrics, &'static str),
) -> Result<Database, Failure> {
    let config = DatabaseConfig { pool_size_max, ..DatabaseConfig::default() };
    let database = own_database::open_to_read(service, &server.database(service), replicas, config).await?;
    Ok(metrics.measured(service.name(), for_what, database))
}

/// The subgraphs, by name.
pub(super) fn subgraphs(
    resources: &IndexMap<Service, Resources>,
    config: &ServicesConfig,
    keys: &Keys,
) -> Result<IndexMap<&'static str, Subgraph>, Failure> {
    let (access, mut subgraphs) = (keys.access(), IndexMap::new());
    for service in Service::all() {
        let own = resources.get(&service).cloned().unwrap_or_else(Resources::unconnected);
        // Who asks another gets the one that is served: what it keeps is to be told of once.
        let peers = Peers::Here { resources, subgraphs: &subgraphs, keys };
        let around = Surroundings { resources: &own, config, peers };
        let subgraph = service.parts().subgraph(around, access.clone())?;
        subgraphs.insert(service.name(), subgraph);
    }
    Ok(subgraphs)
}

/// What composition takes: the same as `schema/supergraph.yaml` names.
pub fn inputs<'a>(subgraphs: impl Iterator<Item = &'a Subgraph>) -> Vec<SubgraphInput> {
    Service::all()
        .zip(subgraphs)
        .map(|(service, subgraph)| SubgraphInput {
            name: service.name().to_owned(),
            url: service.parts().routing_url().to_owned(),
            sdl: subgraph.sdl().to_owned(),
        })
        .chain(nodes())
        .collect()
}

/// Any object of the shop by its global id. A type's owner is who knows whether there is such an object.
fn nodes() -> Option<SubgraphInput> {
    let owned = |service: Service| service.parts().nodes().iter().map(move |ty| (ty, service.name()));
    let owners = Service::all().flat_map(owned).map(|(&ty, owner)| (ty.to_owned(), owner.to_owned()));
    let mut owners: IndexMap<String, String> = owners.collect();
    owners.sort_keys();
    Nodes::new(owners).ok().as_ref().map(SubgraphInput::from)
}
