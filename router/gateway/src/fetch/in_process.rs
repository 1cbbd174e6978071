//! Calls of a subgraph in the same process, each as a task of its own: one that panics answers nothing and the process
//! goes on, one that computes without a rest can still be given up on, and subgraphs work at the same time.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use executor::{FetchError, RequestContext};
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio_util::task::AbortOnDropHandle;

use super::endpoint::Endpoint;
use super::read_after;

/// Answers a request: its body, the signed identity, the headers let through.
pub type InProcessCall = Arc<
    dyn Fn(Bytes, Option<Arc<str>>, HeaderMap) -> BoxFuture<'static, Result<InProcessAnswer, FetchError>> + Send + Sync,
>;

/// What it answers.
#[derive(Clone, Debug, Default)]
pub struct InProcessAnswer {
    /// The body.
    pub body: Bytes,
    /// Headers, as over HTTP; those that concern the body alone may be left out.
    pub headers: HeaderMap,
}

impl From<Bytes> for InProcessAnswer {
    fn from(body: Bytes) -> Self {
        Self { body, headers: HeaderMap::new() }
    }
}

/// A subgraph in the same process.
#[derive(Clone)]
pub struct InProcess {
    /// What answers.
    pub call: InProcessCall,
}

impl InProcess {
    /// From a function of body, signed identity and headers.
    pub fn new<F>(call: F) -> Self
    where
        F: Fn(Bytes, Option<Arc<str>>, HeaderMap) -> BoxFuture<'static, Result<InProcessAnswer, FetchError>>
            + Send
            + Sync
            + 'static,
    {
        Self { call: Arc::new(call) }
    }

    pub(super) async fn call(
        &self,
        endpoint: &Endpoint,
        body: Bytes,
        context: &RequestContext,
    ) -> Result<Bytes, FetchError> {
        let headers = endpoint.headers(context);
        let start = AssertUnwindSafe(|| (self.call)(body, context.identity.clone(), headers));
        let answer = std::panic::catch_unwind(start).map_err(|_| panicked())?;
        let task = AbortOnDropHandle::new(tokio::spawn(answer));
        let answer = task.await.map_err(|_| panicked())??;
        if answer.body.len() > endpoint.response_bytes_max {
            return Err(FetchError::TooLarge { limit_bytes: endpoint.response_bytes_max });
        }
        if endpoint.reads_after {
            read_after::gather(context, &answer.headers);
        }
        Ok(answer.body)
    }
}

fn panicked() -> FetchError {
    FetchError::Malformed("the subgraph panicked".to_owned())
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcess")
    }
}
