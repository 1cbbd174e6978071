//! What the catalogue does in the background when it is in MongoDB.

use std::sync::Arc;

use kit::{Database, Workers};
use wire::bus::Bus;

use crate::MongoCatalogue;
use crate::relay::keep_publishing;

/// Publishes what waits in documents, and follows stock. `database` is the service's PostgreSQL: what its consumers have seen is
/// there, as everywhere.
#[must_use]
pub fn workers(catalogue: &MongoCatalogue, database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    let (catalogue_of_relay, bus_of_relay) = (catalogue.clone(), Arc::clone(bus));
    ::products::workers_over(Arc::new(catalogue.clone()), database, bus).with_task("pending events", move |stop| {
        keep_publishing(catalogue_of_relay.clone(), Arc::clone(&bus_of_relay), stop)
    })
}
