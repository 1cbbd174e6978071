//! A subgraph made of SDL and data, which records what it is asked: as a value, or on loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::dataset::Dataset;
use super::evaluate::{Answer, answer};
use super::subgraph_schema::SubgraphSchema;
use super::value::Counters;

/// What a subgraph is made of.
pub struct DataService {
    schema: Arc<SubgraphSchema>,
    dataset: Arc<Dataset>,
    counters: Counters,
    calls: Mutex<Vec<Value>>,
    faults: Mutex<Vec<String>>,
}

impl DataService {
    /// A subgraph that has answered nothing yet. Subgraphs of one supergraph share their counters.
    pub fn new(schema: Arc<SubgraphSchema>, dataset: Arc<Dataset>, counters: Counters) -> Self {
        Self { schema, dataset, counters, calls: Mutex::default(), faults: Mutex::default() }
    }

    /// Answers a request once its delay is over.
    pub async fn answer(&self, request: Value) -> Value {
        let Answer { body, faults, delay } = answer(&self.schema, &self.dataset, &self.counters, &request);
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        body
    }

    /// The requests so far, in order of arrival.
    pub fn calls(&self) -> Vec<Value> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What no router may ask but was asked, and what the data doesn't tell but was asked for.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A subgraph running on loopback; it ends when dropped.
pub struct DataSubgraph {
    /// Where it listens.
    pub address: SocketAddr,
    service: Arc<DataService>,
    server: JoinHandle<()>,
}

impl DataSubgraph {
    /// Starts one.
    pub async fn start(sdl: &str, dataset: Arc<Dataset>) -> Self {
        let schema = Arc::new(SubgraphSchema::new(sdl));
        let service = Arc::new(DataService::new(schema, dataset, Counters::default()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let app = axum::Router::new().fallback(post(serve)).with_state(Arc::clone(&service));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serving") });
        Self { address, service, server }
    }

    /// The requests so far, in order of arrival.
    pub fn calls(&self) -> Vec<Value> {
        self.service.calls()
    }

    /// The representations of all `_entities` calls so far.
    pub fn representations(&self) -> Vec<Value> {
        let variables = |call: &Value| call["variables"].as_object().cloned().unwrap_or_default();
        let lists = |call: &Value| {
            variables(call).into_iter().filter_map(|(_, value)| value.as_array().cloned()).flatten().collect::<Vec<_>>()
        };
        self.calls().iter().flat_map(lists).collect()
    }

    /// Its address as a URL.
    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }
}

impl Drop for DataSubgraph {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(State(service): State<Arc<DataService>>, Json(request): Json<Value>) -> Json<Value> {
    Json(service.answer(request).await)
}
