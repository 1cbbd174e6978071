//! What of payments is kept in front of their events, and what outdates it: any event about a payment, which tells its version.
//!
//! Whatever happens to a payment is told by an event; what is nobody else's business, as a change of which nothing is said.

use std::sync::Arc;

use kit::cache::{CacheValue, Change, Invalidation, Told, Version, about_subject};
use kit::{Cache, GlobalId as _, Reads, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::event::Envelope;
use wire::topic::{Purpose, Topic};

use crate::PaymentId;
use crate::domain::PaymentEvent;
use crate::story::Story;

/// What an event keeps outside of itself at most, mostly: ids and reasons of the provider's are some dozens of bytes.
const EVENT_HEAP_BYTES: usize = 128;

/// A process's caches.
#[derive(Clone)]
pub struct PaymentCaches {
    /// Payments.
    pub payments: Cache<PaymentId, Story>,
}

impl PaymentCaches {
    /// Empty ones.
    pub fn new(reads: &Reads) -> Self {
        Self { payments: reads.cache() }
    }

    /// What they forget, and when.
    pub fn invalidation(&self, reads: &Reads) -> Invalidation {
        let about_payment = |envelope: &Envelope| Ok(about_subject(envelope));
        Invalidation::new(Domain::Payments, reads.database().clone()).with(&self.payments, about_payment)
    }

    /// Something has happened to a payment, of which this is known; it may have been more.
    pub async fn forget(&self, story: &Story) {
        // Who isn't told now is told of the event.
        let _: Told = self.payments.forget(&[Change::to(PaymentId::from_uuid(story.id), version(story))]).await;
    }
}

/// Workers, and those that tell the caches of all processes what has changed.
#[must_use]
pub fn tell_caches(workers: Workers, reads: &Reads, bus: &Arc<dyn Bus>) -> Workers {
    let caches = PaymentCaches::new(reads).invalidation(reads);
    caches.tell_in(workers, bus, &Topic::of(Domain::Payments, Purpose::Events))
}

/// Which state of a payment this is.
pub fn version(story: &Story) -> Version {
    Version(u64::try_from(story.version()).unwrap_or(u64::MAX))
}

impl CacheValue for Story {
    const KIND: &'static str = "payment";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        // What the payment is made of are its events again.
        2 * self.events.capacity() * (size_of::<(PaymentEvent, chrono::DateTime<chrono::Utc>)>() + EVENT_HEAP_BYTES)
    }
}
