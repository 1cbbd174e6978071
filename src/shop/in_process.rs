//! Calls of a service in this process, as the gateway makes them: the same bytes as over HTTP, without the socket.

use bytes::Bytes;
use gateway::fetch::InProcess;
use kit::Subgraph;
use kit::subgraph::Call;
use wire::read_after::READ_AFTER_HEADER;

/// A service as a subgraph that the gateway calls here.
pub fn in_process(subgraph: Subgraph) -> InProcess {
    InProcess::new(move |body: Bytes, identity, headers| {
        let subgraph = subgraph.clone();
        Box::pin(async move {
            let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
            let (traceparent, read_after) = (text("traceparent"), text(READ_AFTER_HEADER));
            let call = Call { identity: identity.as_deref(), traceparent, read_after };
            Ok(subgraph.call(body, call).await.body)
        })
    })
}
