//! What the services do in the background, on one bus, as long as a process runs.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use indexmap::IndexMap;
use kit::internal::{ClientConfig, InternalClient};
use kit::worker::{Monitor, Running};
use kit::{Database, Subgraph, Workers};
use notifications::contacts::{Contacts, UsersService};

use super::bus::OpenBus;
use super::config::ServicesConfig;
use super::keys::Keys;
use super::resources::Resources;
use super::{Service, outside, workers};
use crate::commands::trust::SigningKeys;
use crate::failure::{Failure, chain};

/// Workers that are yet to be started, and the bus that they work on.
pub struct Background {
    workers: Vec<Workers>,
    bus: OpenBus,
}

/// Workers that run.
pub struct RunningBackground {
    running: Vec<Running>,
    bus: OpenBus,
}

impl Background {
    /// That of services that are all in this process.
    pub async fn in_process(
        services: &IndexMap<Service, Resources>,
        bus: OpenBus,
        config: &ServicesConfig,
        keys: &Keys,
    ) -> Result<Self, Failure> {
        let users = services.get(&Service::Users).map_or_else(Database::unconnected, |users| users.database.clone());
        let router = users::internal_api(users, keys.access()).router;
        let signer = Arc::new(keys.of(Service::Notifications)?.signer()?);
        let name = Service::Notifications.name();
        let client = InternalClient::in_process(router, name, signer, ClientConfig::default());
        Self::of(services, bus, config, || ways(config, &client)).await
    }

    /// That of some services, which reach the others over the network.
    pub async fn split(
        services: &IndexMap<Service, Resources>,
        bus: OpenBus,
        config: &ServicesConfig,
        keys: &SigningKeys,
    ) -> Result<Self, Failure> {
        Self::of(services, bus, config, || {
            let origin = config.peers.url(Service::Users)?;
            let lost = "users tells nobody's address, and no mail is sent";
            let signer = keys.signer(Service::Notifications, lost)?;
            let name = Service::Notifications.name();
            let client = InternalClient::over_http(origin, name, signer, ClientConfig::default());
            let client = client.map_err(|error| Failure::environment(chain(&error)))?;
            ways(config, &client)
        })
        .await
    }

    async fn of(
        services: &IndexMap<Service, Resources>,
        bus: OpenBus,
        config: &ServicesConfig,
        ways: impl Fn() -> Result<notifications::Ways, Failure>,
    ) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for (&service, resources) in services {
            all.push(workers::of(service, resources, &bus.bus(), config, &ways).await?);
        }
        Ok(Self { workers: all, bus })
    }

    /// And what runs beside subgraphs in the same process.
    pub fn beside(mut self, subgraphs: &IndexMap<&'static str, Subgraph>) -> Self {
        self.workers.extend(subgraphs.values().map(Subgraph::beside));
        self
    }

    /// Starts all of them.
    pub fn start(self) -> RunningBackground {
        RunningBackground { running: self.workers.into_iter().map(Workers::start).collect(), bus: self.bus }
    }
}

impl RunningBackground {
    /// Tells how they are doing.
    pub fn monitors(&self) -> Vec<Monitor> {
        self.running.iter().map(Running::monitor).collect()
    }

    /// Lets them finish what they began, `within` a time, and leaves the bus.
    pub async fn stop(self, within: Duration) {
        join_all(self.running.into_iter().map(|running| running.stop_within(within))).await;
        self.bus.close().await;
    }
}

/// By whom users are told.
fn ways(config: &ServicesConfig, users: &InternalClient) -> Result<notifications::Ways, Failure> {
    let missing = || Failure::Refused("the services' file doesn't say how users are told: `notifications`".to_owned());
    let contacts: Arc<dyn Contacts> = Arc::new(UsersService::new(users.clone()));
    outside::ways(config.notifications.as_ref().ok_or_else(missing)?, contacts)
}
