//! How long users of a pool wait for a connection, and how many do.

use std::{sync::Arc, time::Instant};

use prometheus_client::metrics::{gauge::Gauge, histogram::Histogram};

use super::{Instruments, catalogue, instruments::labels};

/// The instruments of one pool, at hand.
#[derive(Clone)]
pub(crate) struct PoolTimes {
    wait: Histogram,
    pending: Gauge,
}

/// Somebody who waits; has done so when it is dropped.
pub(crate) struct Waiting<'a> {
    times: &'a PoolTimes,
    since: Instant,
}

impl PoolTimes {
    pub(super) fn new(instruments: &Instruments, service: &Arc<str>, for_what: &str) -> Self {
        let labels = labels(&catalogue::CONNECTION_WAIT, &[service, &pool_name(service, for_what)]);
        Self {
            wait: instruments.connection_wait.get_or_create_owned(&labels),
            pending: instruments.connections_pending.get_or_create_owned(&labels),
        }
    }

    /// Somebody begins to wait.
    pub(crate) fn waiting(&self) -> Waiting<'_> {
        self.pending.inc();
        Waiting { times: self, since: Instant::now() }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.times.pending.dec();
        self.times.wait.observe(self.since.elapsed().as_secs_f64());
    }
}

/// What a pool is called: the conventions want it to be one name alone.
pub(super) fn pool_name(service: &str, for_what: &str) -> Arc<str> {
    format!("{service}.{for_what}").into()
}
