//! A subgraph on loopback made of SDL and data, which records what it is asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::routing::post;
use graphql::{Schema, Valid};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::dataset::Dataset;
use super::evaluate::{answer, executable_schema};

/// A running subgraph; it ends when dropped.
pub struct DataSubgraph {
    /// Where it listens.
    pub address: SocketAddr,
    calls: Arc<Mutex<Vec<Value>>>,
    server: JoinHandle<()>,
}

struct Service {
    sdl: String,
    schema: Valid<Schema>,
    dataset: Arc<Dataset>,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl DataSubgraph {
    /// Starts one. `entity_types` are the types that `_entities` may give.
    pub async fn start(sdl: &str, entity_types: &[&str], dataset: Arc<Dataset>) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let service = Arc::new(Service {
            sdl: sdl.to_owned(),
            schema: executable_schema(sdl, entity_types),
            dataset,
            calls: Arc::clone(&calls),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let app = axum::Router::new().fallback(post(serve)).with_state(service);
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serving") });
        Self { address, calls, server }
    }

    /// The requests so far, in order of arrival.
    pub fn calls(&self) -> Vec<Value> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

async fn serve(State(service): State<Arc<Service>>, Json(request): Json<Value>) -> Json<Value> {
    service.calls.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    Json(answer(&service.schema, &service.sdl, &service.dataset, &request))
}
