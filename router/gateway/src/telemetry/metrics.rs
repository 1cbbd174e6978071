//! Metrics in Prometheus' text form, named by the OpenTelemetry conventions for HTTP.
//!
//! Labels come from closed sets, or through [`BoundedClients`]: nothing that a client sends makes a series without bound.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::bounded::{BoundedClients, Labelled};
use super::client::Client;
use super::external::{ExternalMetrics, Registered};
use super::reloads::Reloads;
use crate::config;
use crate::fetch::Position;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of durations in seconds, as the conventions advise for HTTP, with two finer ones below.
const BUCKETS: [f64; 16] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Served {
    http_request_method: &'static str,
    http_route: &'static str,
    http_response_status_code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    subgraph: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operated {
    graphql_operation_type: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByClient {
    client_name: String,
    client_version: String,
}

impl From<Client> for ByClient {
    fn from(Client { name, version }: Client) -> Self {
        Self { client_name: name, client_version: version }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Looked {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSubgraph {
    subgraph: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Turned {
    subgraph: String,
    to: &'static str,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// All metrics of a gateway.
pub struct Metrics {
    /// Off: nothing is kept, whatever is told.
    collects: bool,
    registry: Mutex<Registry>,
    externals: Mutex<Vec<Arc<dyn ExternalMetrics>>>,
    served: Histograms<Served>,
    called: Histograms<Called>,
    retries: Family<OfSubgraph, Counter>,
    circuits: Family<OfSubgraph, Gauge>,
    circuit_changes: Family<Turned, Counter>,
    active: Gauge,
    operations: Family<Operated, Counter>,
    clients: Family<ByClient, Counter>,
    plans: Family<Looked, Counter>,
    resident: Gauge,
    reloads: Reloads,
    bounded: BoundedClients,
}

impl Metrics {
    pub(crate) fn new(config: &config::Metrics) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let metrics = Self {
            collects: config.enabled,
            registry: Mutex::default(),
            externals: Mutex::default(),
            served: Family::new_with_constructor(histogram),
            called: Family::new_with_constructor(histogram),
            retries: Family::default(),
            circuits: Family::default(),
            circuit_changes: Family::default(),
            active: Gauge::default(),
            operations: Family::default(),
            clients: Family::default(),
            plans: Family::default(),
            resident: Gauge::default(),
            reloads: Reloads::default(),
            bounded: BoundedClients::new(config.clients_max),
        };
        metrics.register_all();
        metrics
    }

    fn register_all(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = || Unit::Seconds;
        let help = "Time from a request's head to the end of its answer";
        registry.register_with_unit("http_server_request_duration", help, seconds(), self.served.clone());
        let help = "Time from a call of a subgraph to the end of its answer";
        registry.register_with_unit("http_client_request_duration", help, seconds(), self.called.clone());
        registry.register("subgraph_retries", "Calls of a subgraph that were repeated", self.retries.clone());
        let help = "Circuit breakers: 0 closed, 1 half open, 2 open";
        registry.register("subgraph_circuit_position", help, self.circuits.clone());
        let help = "Changes of circuit breakers";
        registry.register("subgraph_circuit_changes", help, self.circuit_changes.clone());
        registry.register("http_server_active_requests", "Requests being answered", self.active.clone());
        registry.register("graphql_operations", "Operations by type and outcome", self.operations.clone());
        registry.register("graphql_client_requests", "Requests by client", self.clients.clone());
        registry.register("graphql_plan_cache_lookups", "Look-ups in the plan cache", self.plans.clone());
        let help = "Memory resident";
        registry.register_with_unit("process_resident_memory", help, Unit::Bytes, self.resident.clone());
        self.reloads.register(&mut registry);
    }

    /// Adds metrics from elsewhere in the process.
    pub fn register(&self, external: Arc<dyn ExternalMetrics>) {
        self.externals.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&external));
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register_collector(Box::new(Registered(external)));
    }

    /// Lets those from elsewhere look before they are told.
    pub(crate) async fn refresh(&self) {
        let externals = self.externals.lock().unwrap_or_else(PoisonError::into_inner).clone();
        join_all(externals.iter().map(|external| external.refresh())).await;
    }

    /// Everything, as text.
    pub(crate) fn text(&self, resident_bytes: Option<u64>) -> String {
        if let Some(bytes) = resident_bytes {
            self.resident.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        match encode(&mut text, &registry) {
            Ok(()) => text,
            Err(_) => String::from("# EOF\n"),
        }
    }

    /// A request was answered.
    pub(crate) fn served(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        if !self.collects {
            return;
        }
        let labels = Served { http_request_method: method, http_route: route, http_response_status_code: status };
        self.served.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Where calls of a subgraph are counted that are answered: for those who make many, with the time each took in
    /// seconds. Nowhere if nothing is kept.
    pub(crate) fn answered_calls(&self, subgraph: &str) -> Option<Histogram> {
        let labels = Called { subgraph: subgraph.to_owned(), outcome: "ok" };
        self.collects.then(|| self.called.get_or_create(&labels).clone())
    }

    /// A call of a subgraph failed, with this code.
    pub(crate) fn failed_call(&self, subgraph: &str, code: &'static str, took: Duration) {
        if !self.collects {
            return;
        }
        let labels = Called { subgraph: subgraph.to_owned(), outcome: code };
        self.called.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A call of a subgraph is repeated.
    pub(crate) fn retried(&self, subgraph: &str) {
        if !self.collects {
            return;
        }
        self.retries.get_or_create(&OfSubgraph { subgraph: subgraph.to_owned() }).inc();
    }

    /// A subgraph has a circuit breaker, which is closed.
    pub(crate) fn circuit_begins(&self, subgraph: &str) {
        if self.collects {
            self.circuits.get_or_create(&OfSubgraph { subgraph: subgraph.to_owned() }).set(0);
        }
    }

    /// A subgraph's circuit breaker is gone.
    pub(crate) fn circuit_ends(&self, subgraph: &str) {
        self.circuits.remove(&OfSubgraph { subgraph: subgraph.to_owned() });
    }

    /// A subgraph's circuit breaker has changed.
    pub(crate) fn circuit(&self, subgraph: &str, position: Position) {
        if !self.collects {
            return;
        }
        let (number, to) = match position {
            Position::Closed => (0, "closed"),
            Position::HalfOpen => (1, "half_open"),
            Position::Open => (2, "open"),
        };
        self.circuits.get_or_create(&OfSubgraph { subgraph: subgraph.to_owned() }).set(number);
        self.circuit_changes.get_or_create(&Turned { subgraph: subgraph.to_owned(), to }).inc();
    }

    /// An operation was answered. The type is `unknown` when it never got so far.
    pub(crate) fn operated(&self, kind: &'static str, outcome: &'static str) {
        if self.collects {
            self.operations.get_or_create(&Operated { graphql_operation_type: kind, outcome }).inc();
        }
    }

    /// A client called.
    pub(crate) fn client(&self, client: &Client) {
        if !self.collects {
            return;
        }
        let Labelled { client, displaced } = self.bounded.label(client);
        if let Some(displaced) = displaced {
            self.merge_into_other(displaced);
        }
        self.clients.get_or_create(&ByClient::from(client)).inc();
    }

    /// A client that lost its label counts as `other` from the beginning, so that the sum of all never falls.
    fn merge_into_other(&self, displaced: Client) {
        let labels = ByClient::from(displaced);
        let count = self.clients.get_or_create(&labels).get();
        self.clients.remove(&labels);
        self.clients.get_or_create(&ByClient::from(Client::other())).inc_by(count);
    }

    /// A plan was looked up: `hit` or `miss`.
    pub(crate) fn plan(&self, result: &'static str) {
        if self.collects {
            self.plans.get_or_create(&Looked { result }).inc();
        }
    }

    /// What is served from the start on.
    pub(crate) fn serves(&self, version: u64) {
        self.reloads.serves(version);
    }

    /// Another version is served.
    pub(crate) fn reloaded(&self, version: u64) {
        self.reloads.applied(version);
    }

    /// Another version was refused.
    pub(crate) fn refused_reload(&self, reason: &str) {
        self.reloads.refused(reason);
    }

    /// Counts a request as active until the guard is dropped.
    pub(crate) fn active(&self) -> Active {
        self.active.inc();
        Active(self.active.clone())
    }
}

/// One active request.
pub(crate) struct Active(Gauge);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests;
