//! What payments do in the background.

use std::sync::Arc;
use std::time::Duration;

use kit::job::JobConfig;
use kit::projection::Projector;
use kit::{CommandConsumer, Database, JobRunner, Workers};
use wire::Domain;
use wire::bus::Bus;

use crate::commands::PaymentCommands;
use crate::projection::PaymentList;
use crate::provider::PaymentProvider;
use crate::provider::test::TestProvider;
use crate::replies::replies;
use crate::settling::{HeedHandler, SettleHandler};
use crate::webhook::{Secret, WebhookError, Webhooks};

/// How often a test provider looks whether it has something to tell: soon enough for who watches.
const DELIVERY_EVERY: Duration = Duration::from_millis(500);

/// Relay, commands, the jobs that ask `provider`, and the read model.
///
/// # Errors
/// Never, unless the read model's name were none.
pub fn workers(
    database: &Database,
    bus: &Arc<dyn Bus>,
    provider: &Arc<dyn PaymentProvider>,
) -> Result<Workers, kit::projection::ProjectionError> {
    let runner = JobRunner::new(database.clone(), JobConfig::default())
        .handler(SettleHandler::new(database.clone(), Arc::clone(provider)))
        .handler(HeedHandler::new(database.clone(), Arc::clone(provider)));
    let commands = CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Payments, PaymentCommands);
    let list = Projector::new(database.clone(), Arc::new(PaymentList))?;
    let workers = Workers::of(Domain::Payments, database, bus).with(commands).with(list);
    let workers = replies(database.clone(), Arc::clone(bus)).into_iter().fold(workers, Workers::with);
    Ok(workers.with(runner))
}

/// What a test provider does of its own accord, for `dev`: it tells of what has happened.
#[must_use]
pub fn with_deliveries(workers: Workers, provider: &TestProvider, webhooks: &Webhooks, secret: &Secret) -> Workers {
    let (provider, webhooks, secret) = (provider.clone(), webhooks.clone(), secret.clone());
    workers.with_task("test provider's webhooks", move |stop| {
        let (provider, webhooks, secret) = (provider.clone(), webhooks.clone(), secret.clone());
        async move {
            while stop.run_until_cancelled(tokio::time::sleep(DELIVERY_EVERY)).await.is_some() {
                provider.deliver(&webhooks, &secret).await?;
            }
            Ok::<_, WebhookError>(())
        }
    })
}
