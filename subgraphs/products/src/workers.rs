//! What products do in the background.

use std::sync::Arc;

use kit::{Consumer, Database, Group, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::topic::{Purpose, Topic};

use crate::availability::FollowStock;
use crate::store::PostgresProducts;

/// Publishes what happened to the catalogue, and follows stock.
#[must_use]
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    let store = Arc::new(PostgresProducts::new(database.clone()));
    let (stock, group) = (Topic::of(Domain::Stock, Purpose::Events), Group::of(Domain::Products, "availability"));
    Workers::of(Domain::Products, database, bus).with(Consumer::new(
        database.clone(),
        Arc::clone(bus),
        stock,
        group,
        FollowStock(store),
    ))
}
