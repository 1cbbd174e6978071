//! Calls of a service in this process, as the gateway makes them: the same bytes as over HTTP, without the socket.

use bytes::Bytes;
use gateway::fetch::InProcess;
use kit::Subgraph;
use kit::subgraph::Call;

/// A service as a subgraph that the gateway calls here.
pub fn in_process(subgraph: Subgraph) -> InProcess {
    InProcess::new(move |body: Bytes, identity, headers| {
        let subgraph = subgraph.clone();
        Box::pin(async move {
            let traceparent = headers.get("traceparent").and_then(|value| value.to_str().ok());
            let call = Call { identity: identity.as_deref(), traceparent };
            Ok(subgraph.call(body, call).await.body)
        })
    })
}
