//! Calls of a service in this process, as the gateway makes them: the same bytes as over HTTP, without the socket.

use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use gateway::fetch::{InProcess, InProcessAnswer};
use kit::Subgraph;
use kit::subgraph::{Call, Reply};
use wire::read_after::READ_AFTER_HEADER;

/// A service as a subgraph that the gateway calls here.
pub fn in_process(subgraph: Subgraph) -> InProcess {
    InProcess::new(move |body: Bytes, identity, headers| {
        let subgraph = subgraph.clone();
        Box::pin(async move {
            let traceparent = headers.get("traceparent").and_then(|value| value.to_str().ok());
            let read_after = headers.get(READ_AFTER_HEADER).and_then(|value| value.to_str().ok());
            let call = Call { identity: identity.as_deref(), traceparent, read_after };
            let Reply { body, read_after, .. } = subgraph.call(body, call).await;
            let read_after = read_after.and_then(|written| HeaderValue::try_from(written).ok());
            let headers = read_after.map(|written| (HeaderName::from_static(READ_AFTER_HEADER), written));
            Ok(InProcessAnswer { body, headers: headers.into_iter().collect() })
        })
    })
}
