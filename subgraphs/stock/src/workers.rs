//! What stock does in the background.

use std::sync::Arc;

use kit::{CommandConsumer, Consumer, Database, Group, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::topic::{Purpose, Topic};

use crate::catalogue::FollowCatalogue;
use crate::expiry::keep_expiring;
use crate::handler::StockDesk;
use crate::returns::FollowReturns;
use crate::untold::keep_telling;

/// Publishes what happened, handles commands, follows the catalogue and returns, lets go of what nobody committed in time, and tells what a
/// migration changed.
#[must_use]
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    let events = |domain| Topic::of(domain, Purpose::Events);
    let group = |purpose| Group::of(Domain::Stock, purpose);
    let (products, orders) = (events(Domain::Products), events(Domain::Orders));
    let (expiring, telling) = (database.clone(), database.clone());
    Workers::of(Domain::Stock, database, bus)
        .with(CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Stock, StockDesk))
        .with(Consumer::new(database.clone(), Arc::clone(bus), products, group("catalogue"), FollowCatalogue))
        .with(Consumer::new(database.clone(), Arc::clone(bus), orders, group("returns"), FollowReturns))
        .with_task("expiry", move |stop| keep_expiring(expiring.clone(), stop))
        .with_task("untold-levels", move |stop| keep_telling(telling.clone(), stop))
}
