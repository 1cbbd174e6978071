//! A collector that takes spans over HTTP, as the protocol says, and keeps them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use bytes::Bytes;
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    trace::v1::Span,
};
use prost::Message as _;
use tokio::net::TcpListener;

type Spans = Arc<Mutex<Vec<Span>>>;

/// See the module.
pub struct Collector {
    pub url: url::Url,
    spans: Spans,
}

impl Collector {
    pub async fn start() -> Self {
        let spans = Spans::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&spans));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, spans }
    }

    /// The spans of a trace, by name.
    pub fn trace(&self, id: &str) -> HashMap<String, Span> {
        let spans = self.spans.lock().unwrap();
        let of_trace = spans.iter().filter(|span| hexadecimal(&span.trace_id) == id);
        of_trace.map(|span| (span.name.clone(), span.clone())).collect()
    }
}

async fn take(State(spans): State<Spans>, headers: HeaderMap, body: Bytes) -> Vec<u8> {
    assert_eq!(headers.get("content-type").unwrap(), "application/x-protobuf");
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let told = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    spans.lock().unwrap().extend(told.flat_map(|scope| scope.spans));
    ExportTraceServiceResponse::default().encode_to_vec()
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
