//! What products do in the background.

use std::sync::Arc;

use kit::{Consumer, Database, Group, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::topic::{Purpose, Topic};

use crate::availability::FollowStock;
use crate::store::{PostgresProducts, ProductStore};

/// Publishes what happened to a catalogue in PostgreSQL, and follows stock.
#[must_use]
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    workers_over(Arc::new(PostgresProducts::new(database.clone())), database, bus)
}

/// The same for a catalogue elsewhere; `database` is where the service keeps what its consumers have seen.
#[must_use]
pub fn workers_over(store: Arc<dyn ProductStore>, database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    let (stock, group) = (Topic::of(Domain::Stock, Purpose::Events), Group::of(Domain::Products, "availability"));
    Workers::of(Domain::Products, database, bus).with(Consumer::new(
        database.clone(),
        Arc::clone(bus),
        stock,
        group,
        FollowStock(store),
    ))
}
