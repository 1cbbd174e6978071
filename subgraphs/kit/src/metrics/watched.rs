//! What is looked at when somebody scrapes.

use std::{
    error::Error,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use futures::future::BoxFuture;
use wire::{bus::Bus, topic::Topic};

use super::{
    catalogue,
    page::{OfService, Page},
    pool::pool_name,
};
use crate::{Database, cache::SharedTier, consumer::Group, database::PoolHealth, outbox, worker::Monitor};

/// The `service` of what all services of a process have together.
const ALL_SERVICES: &str = "all";

/// Pools, tables and workers of a process.
#[derive(Default)]
pub(super) struct Watched {
    pools: Mutex<Vec<Pool>>,
    tables: Mutex<Vec<(Arc<str>, Database)>>,
    pending: Mutex<Vec<(Arc<str>, Pending)>>,
    monitors: Mutex<Vec<Monitor>>,
    tiers: Mutex<Vec<SharedTier>>,
}

/// Looks for what waits to be published elsewhere than in the outbox.
pub(super) type Pending = Arc<dyn Fn() -> BoxFuture<'static, Result<outbox::Status, PendingError>> + Send + Sync>;

/// Why that can't be told.
#[derive(Debug, thiserror::Error)]
#[error("what waits elsewhere than in the outbox can't be had")]
pub(super) struct PendingError(#[source] pub Box<dyn Error + Send + Sync>);

struct Pool {
    service: Arc<str>,
    name: Arc<str>,
    database: Database,
}

impl Watched {
    pub(super) fn pool(&self, service: &str, for_what: &str, database: &Database) {
        let pool = Pool { service: service.into(), name: pool_name(service, for_what), database: database.clone() };
        locked(&self.pools).push(pool);
    }

    pub(super) fn tables(&self, service: &str, database: &Database) {
        locked(&self.tables).push((service.into(), database.clone()));
    }

    pub(super) fn pending(&self, service: &str, pending: Pending) {
        locked(&self.pending).push((service.into(), pending));
    }

    pub(super) fn workers(&self, monitor: Monitor) {
        locked(&self.monitors).push(monitor);
    }

    pub(super) fn tier(&self, tier: &SharedTier) {
        locked(&self.tiers).push(tier.clone());
    }

    /// Those whose tables are looked into.
    pub(super) fn databases(&self) -> Vec<(Arc<str>, Database)> {
        locked(&self.tables).clone()
    }

    /// Where messages of a service wait beside its outbox.
    pub(super) fn pending_of(&self, service: &Arc<str>) -> Vec<Pending> {
        let pending = locked(&self.pending);
        pending.iter().filter(|(of, _)| of == service).map(|(_, pending)| Arc::clone(pending)).collect()
    }

    /// Tells what needs no statement.
    pub(super) fn tell(&self, page: &mut Page) {
        for pool in locked(&self.pools).iter() {
            pool.tell(&mut page.of(&pool.service));
        }
        for tier in locked(&self.tiers).iter() {
            page.of(&ALL_SERVICES.into()).shared_tier(&tier.counts());
        }
        for monitor in locked(&self.monitors).iter() {
            let service = monitor.name().into();
            let mut page = page.of(&service);
            for worker in monitor.status() {
                page.whole(&catalogue::WORKER_RUNNING, &[&worker.name], worker.running_since.is_some().into());
                page.whole(&catalogue::WORKER_RESTARTS, &[&worker.name], worker.restarts.into());
            }
        }
    }
}

impl Pool {
    fn tell(&self, page: &mut OfService<'_>) {
        let name = &*self.name;
        let PoolHealth { connections, idle, timed_out } = self.database.pool_health();
        page.whole(&catalogue::CONNECTIONS, &[name, "idle"], idle.into());
        page.whole(&catalogue::CONNECTIONS, &[name, "used"], connections.saturating_sub(idle).into());
        page.whole(&catalogue::CONNECTIONS_MAX, &[name], self.database.pool_size_max().into());
        page.whole(&catalogue::CONNECTION_TIMEOUTS, &[name], timed_out);
        page.whole(&catalogue::STATEMENTS, &[name], self.database.statements_executed());
        let replicas = self.database.replicas_read_from();
        if let Some(read_from) = replicas {
            page.whole(&catalogue::REPLICAS_READ_FROM, &[name], read_from);
            let reads = self.database.reads();
            for (server, count) in
                [("replica", reads.replica), ("primary", reads.primary), ("failed_over", reads.failed_over)]
            {
                page.whole(&catalogue::READS, &[name, server], count);
            }
        }
    }
}

/// Groups of consumers whose lag is told, while their bus lives.
#[derive(Default)]
pub(crate) struct Groups(Mutex<Vec<Consuming>>);

/// A group that consumes a topic.
#[derive(Clone)]
pub(super) struct Consuming {
    pub service: Arc<str>,
    pub topic: Topic,
    pub group: Group,
    pub bus: Weak<dyn Bus>,
}

impl Groups {
    pub(super) fn add(&self, service: &Arc<str>, topic: &Topic, group: &Group, bus: Weak<dyn Bus>) {
        let mut groups = locked(&self.0);
        // A consumer that is started again is the same one.
        groups.retain(|known| known.bus.strong_count() > 0 && (&known.topic, &known.group) != (topic, group));
        groups.push(Consuming { service: Arc::clone(service), topic: topic.clone(), group: group.clone(), bus });
    }

    pub(super) fn all(&self) -> Vec<Consuming> {
        locked(&self.0).clone()
    }
}

/// Writes what it counts; `false` when it is gone.
pub(super) type Source = Box<dyn Fn(&mut OfService<'_>) -> bool + Send + Sync>;

/// What tells its counts itself.
#[derive(Default)]
pub(crate) struct Sources(Mutex<Vec<(Arc<str>, Source)>>);

impl Sources {
    pub(super) fn add(&self, source: Source, service: &Arc<str>) {
        locked(&self.0).push((Arc::clone(service), source));
    }

    pub(super) fn tell(&self, page: &mut Page) {
        locked(&self.0).retain(|(service, source)| source(&mut page.of(service)));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
