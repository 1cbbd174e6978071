//! Notifications: what users are told. It asks users for their contacts, and keeps nothing in caches.

use std::future::ready;
use std::sync::Arc;

use futures::future::LocalBoxFuture;
use kit::database::DatabaseError;
use kit::job::JobConfig;
use kit::{Access, Database, Subgraph, Workers};
use notifications::Ways;
use notifications::contacts::UsersService;
use notifications::webhook::WebhookConfig;
use wire::bus::Bus;

use super::Service;
use crate::failure::{Failure, chain};
use crate::shop::parts::{Parts, Surroundings};

/// What doesn't work without a key.
const LOST: &str = "users tells nobody's address, and no mail is sent";

/// See the module.
pub struct Notifications;

impl Parts for Notifications {
    fn name(&self) -> &'static str {
        notifications::NAME
    }

    fn routing_url(&self) -> &'static str {
        "http://127.0.0.1:4006/graphql"
    }

    fn sdl(&self) -> String {
        notifications::sdl()
    }

    fn nodes(&self) -> &'static [&'static str] {
        &["Notification", "Webhook"]
    }

    fn migrate<'a>(&self, database: &'a Database) -> LocalBoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(database.migrate(notifications::MIGRATIONS))
    }

    fn subgraph(&self, around: Surroundings<'_>, access: Access) -> Result<Subgraph, Failure> {
        let Surroundings { resources, config, .. } = around;
        let webhooks = config.notifications.as_ref().map_or_else(WebhookConfig::default, |told| told.webhooks);
        Ok(notifications::subgraph(&resources.reads(Service::Notifications), webhooks.reach(), access))
    }

    fn workers<'a>(
        &self,
        around: Surroundings<'a>,
        bus: &'a Arc<dyn Bus>,
    ) -> LocalBoxFuture<'a, Result<Workers, Failure>> {
        Box::pin(ready(workers(around, bus)))
    }
}

fn workers(around: Surroundings<'_>, bus: &Arc<dyn Bus>) -> Result<Workers, Failure> {
    let Surroundings { resources, config, peers } = around;
    let signer = peers.signer(Service::Notifications, LOST)?;
    let contacts = UsersService::new(peers.client(Service::Notifications, Service::Users, signer)?);
    let missing = || Failure::Refused("the services' file doesn't say how users are told: `notifications`".to_owned());
    let told = config.notifications.as_ref().ok_or_else(missing)?;
    let ways = Ways::new(told, Arc::new(contacts)).map_err(|error| Failure::Refused(chain(&error)))?;
    Ok(notifications::workers(&resources.database, bus, ways, JobConfig::default()))
}
