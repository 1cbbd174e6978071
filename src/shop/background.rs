//! What the services do in the background, on one bus, as long as a process runs.

use std::time::Duration;

use futures::future::join_all;
use indexmap::IndexMap;
use kit::worker::{Monitor, Running};
use kit::{Subgraph, Workers};

use super::Service;
use super::bus::OpenBus;
use super::config::ServicesConfig;
use super::parts::Surroundings;
use super::peers::Peers;
use super::resources::Resources;
use crate::failure::Failure;

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
    /// That of services on what each stands on in this process.
    pub async fn of(
        services: &IndexMap<Service, Resources>,
        bus: OpenBus,
        config: &ServicesConfig,
        peers: Peers<'_>,
    ) -> Result<Self, Failure> {
        let (mut workers, shared) = (Vec::new(), bus.bus());
        for (&service, resources) in services {
            let around = Surroundings { resources, config, peers };
            workers.push(service.parts().workers(around, &shared).await?);
        }
        Ok(Self { workers, bus })
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
