//! What each service does in the background.

use std::sync::Arc;

use kit::Workers;
use kit::job::JobConfig;
use notifications::Ways;
use payments::webhook::Webhooks;
use wire::bus::Bus;

use super::Service;
use super::config::ServicesConfig;
use super::outside::{Provider, webhook_secrets};
use super::reads;
use super::resources::Resources;
use crate::failure::{Failure, chain};

/// The workers of a service on what it stands on. `ways` is by whom notifications tell users.
pub async fn of(
    service: Service,
    resources: &Resources,
    bus: &Arc<dyn Bus>,
    config: &ServicesConfig,
    ways: impl FnOnce() -> Result<Ways, Failure>,
) -> Result<Workers, Failure> {
    let database = &resources.database;
    let workers = match service {
        Service::Users => users::workers(database, bus),
        Service::Products => resources.catalogue.workers(database, bus),
        Service::Stock => stock::workers(database, bus),
        Service::Orders => {
            let workers = orders::workers(database, bus).map_err(|error| Failure::environment(chain(&error)))?;
            match &resources.objects {
                Some(objects) => workers.with(orders::jobs(database, objects)),
                None => {
                    tracing::warn!("the services' file names no `objects`: invoices and exports wait");
                    workers
                }
            }
        }
        Service::Payments => {
            let config = config.payments()?;
            let provider = Provider::open(config, database).await?;
            let workers = payments::workers(database, bus, &provider.provider());
            let workers = workers.map_err(|error| Failure::environment(chain(&error)))?;
            match (&provider, webhook_secrets(config).as_slice()) {
                (Provider::Test(provider), [secret, ..]) => {
                    let webhooks = Webhooks::new(database.clone(), vec![secret.clone()]);
                    payments::with_deliveries(workers, provider, &webhooks, secret)
                }
                _ => workers,
            }
        }
        Service::Notifications => notifications::workers(database, bus, ways()?, JobConfig::default()),
    };
    Ok(reads::tell_caches(service, workers, resources, bus))
}
