//! What of orders is kept in front of their events, and what outdates it: any event about an order, which tells its version.

use std::sync::Arc;

use kit::cache::{CacheValue, Change, Invalidation, Told, Version, about_subject};
use kit::{Cache, Reads, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::event::Envelope;
use wire::topic::{Purpose, Topic};

use crate::OrderId;
use crate::domain::{OrderLine, OrderView};

/// A process's caches.
#[derive(Clone)]
pub struct OrderCaches {
    /// Placed orders.
    pub orders: Cache<OrderId, OrderView>,
}

impl OrderCaches {
    /// Empty ones.
    pub fn new(reads: &Reads) -> Self {
        Self { orders: reads.cache() }
    }

    /// What they forget, and when.
    pub fn invalidation(&self, reads: &Reads) -> Invalidation {
        let about_order = |envelope: &Envelope| Ok(about_subject(envelope));
        Invalidation::new(Domain::Orders, reads.database().clone()).with(&self.orders, about_order)
    }

    /// Something has happened to an order, which is as given now.
    pub async fn forget(&self, order: &OrderView) {
        // Who isn't told now is told of the event.
        let _: Told = self.orders.forget(&[Change::to(order.id, version(order))]).await;
    }
}

/// Workers, and those that tell the caches of all processes what has changed.
#[must_use]
pub fn tell_caches(workers: Workers, reads: &Reads, bus: &Arc<dyn Bus>) -> Workers {
    let caches = OrderCaches::new(reads).invalidation(reads);
    caches.tell_in(workers, bus, &Topic::of(Domain::Orders, Purpose::Events))
}

/// Which state of an order this is.
pub fn version(order: &OrderView) -> Version {
    Version(u64::from(order.version))
}

impl CacheValue for OrderView {
    const KIND: &'static str = "order";
    const SCHEMA: u32 = 3;

    fn heap_bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
        let line = |line: &OrderLine| size_of::<OrderLine>() + text(&line.name) + text(&line.sku);
        let lines: usize = self.lines.iter().flat_map(|lines| lines.iter()).map(line).sum();
        text(&self.carrier) + text(&self.tracking_number) + lines
    }
}
