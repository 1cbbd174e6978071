//! Identical queries that are being executed at the same time are executed once.
//!
//! Identical is what is answered alike: the plan (which stands for the document, the operation and what was decided of it),
//! the variables, the signed identity, and all headers that travel on to subgraphs, but for the trace. So nobody ever gets
//! an answer that was made for someone else. Mutations are never shared, nor are responses in parts. Who comes later waits
//! no longer than who came first.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use executor::{RequestContext, Response};
use graphql::json;
use planner::plan::{OperationKind, QueryPlan};

use super::Pipeline;
use crate::flights::Audience;

/// What a response may depend on.
#[derive(Clone)]
pub(super) struct Key {
    /// Kept while it is compared, so that no other one takes its address.
    plan: Arc<QueryPlan>,
    /// As JSON.
    variables: Vec<u8>,
    audience: Audience,
}

impl Key {
    fn new(plan: &Arc<QueryPlan>, variables: &json::Object, context: &RequestContext) -> Self {
        let mut text = Vec::new();
        for (name, value) in variables {
            json::write_string(name, &mut text);
            text.push(b':');
            json::write(value, &mut text);
            text.push(b',');
        }
        Self { plan: Arc::clone(plan), variables: text, audience: Audience::of(context) }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan) && self.variables == other.variables && self.audience == other.audience
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.plan).hash(state);
        self.variables.hash(state);
        self.audience.hash(state);
    }
}

impl Pipeline {
    /// Executes a plan, or waits for the same that is being executed.
    pub(super) async fn executed(
        self: &Arc<Self>,
        plan: &Arc<QueryPlan>,
        variables: json::Object,
        context: &RequestContext,
    ) -> Response {
        if !self.settings.share_requests || plan.kind != OperationKind::Query {
            return self.run(plan, &variables, context).await;
        }
        let start = |variables| {
            let (pipeline, plan) = (Arc::clone(self), Arc::clone(plan));
            // Whoever came first may go while others wait.
            let context = RequestContext { cancellation: self.stop.child_token(), ..context.clone() };
            async move { pipeline.run(&plan, &variables, &context).await }
        };
        self.flights.join(Key::new(plan, &variables, context), || start(variables)).await
    }

    async fn run(&self, plan: &QueryPlan, variables: &json::Object, context: &RequestContext) -> Response {
        let request = executor::Request {
            plan,
            supergraph: &self.snapshot.supergraph,
            variables,
            fetch: self.snapshot.fetch.as_ref(),
            context,
            policy: &self.settings.policy,
        };
        executor::execute(request).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use bytes::Bytes;
    use executor::{AnswerHeaders, Fetch, FetchError, Responses, SubgraphRequest};
    use futures::future::{BoxFuture, join_all};
    use futures::{FutureExt, StreamExt, stream};
    use http::HeaderMap;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::config::{Config, Metrics as MetricsConfig};
    use crate::pipeline::{Operations, Outcome, RequestScope, Snapshot};
    use crate::request::GraphQlRequest;
    use crate::telemetry::metrics::Metrics;
    use crate::telemetry::trace::TRACEPARENT;
    use crate::testing::supergraph;

    /// Answers after a while: the name is who asks.
    #[derive(Default)]
    struct Mirror(AtomicUsize);

    impl Fetch for Mirror {
        fn fetch<'a>(
            &'a self,
            _: SubgraphRequest,
            context: &'a RequestContext,
        ) -> BoxFuture<'a, Result<Responses, FetchError>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let tenant = context.headers.get("x-tenant").map(|tenant| tenant.to_str().unwrap()).unwrap_or_default();
            let name = format!("{}{tenant}", context.identity.as_deref().unwrap_or_default());
            async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let body = format!(r#"{{"data":{{"user":{{"name":"{name}"}},"rename":{{"name":"{name}"}}}}}}"#);
                Ok(stream::once(std::future::ready(Ok(Bytes::from(body)))).boxed() as Responses)
            }
            .boxed()
        }
    }

    struct Shared {
        pipeline: Arc<Pipeline>,
        mirror: Arc<Mirror>,
    }

    impl Shared {
        fn new() -> Self {
            let mut config = Config::default();
            config.http.share_requests = true;
            let mirror = Arc::new(Mirror::default());
            let snapshot = Snapshot { supergraph: supergraph(), fetch: Arc::clone(&mirror) as _, proof: None };
            let metrics = Arc::new(Metrics::new(&MetricsConfig::default()));
            Self {
                pipeline: Arc::new(Pipeline::new(&config, snapshot, metrics, CancellationToken::new(), None)),
                mirror,
            }
        }

        fn calls(&self) -> usize {
            self.mirror.0.load(Ordering::Relaxed)
        }

        async fn ask(&self, caller: &Caller) -> String {
            let request: GraphQlRequest = GraphQlRequest {
                query: Some(caller.query.to_owned()),
                variables: json::Object::from_iter([("id".into(), json::Value::String(caller.id.to_owned()))]),
                ..GraphQlRequest::default()
            };
            let mut headers = HeaderMap::new();
            headers.insert("x-tenant", caller.tenant.parse().unwrap());
            headers.insert(TRACEPARENT, caller.trace.parse().unwrap());
            let context = RequestContext {
                identity: Some(caller.identity.into()),
                headers: Arc::new(headers),
                deadline: Instant::now() + Duration::from_secs(5),
                cancellation: CancellationToken::new(),
                trace_id: caller.trace.into(),
                answer_headers: AnswerHeaders::default(),
            };
            let scope =
                RequestScope { context, operations: Operations::QueriesAndMutations, parts: None, admitted: None };
            match self.pipeline.execute(request, scope).next().await.unwrap().outcome {
                Outcome::Executed { body, .. } => String::from_utf8_lossy(&body).into_owned(),
                other => panic!("{other:?}"),
            }
        }
    }

    #[derive(Clone, Copy)]
    struct Caller {
        query: &'static str,
        id: &'static str,
        identity: &'static str,
        tenant: &'static str,
        trace: &'static str,
    }

    const ADA: Caller = Caller {
        query: "query($id: ID!) { user(id: $id) { name } }",
        id: "1",
        identity: "Ada",
        tenant: "",
        trace: "00-1",
    };

    #[tokio::test(start_paused = true)]
    async fn the_same_of_one_caller_is_executed_once() {
        let shared = Shared::new();
        let answers =
            join_all([ADA, ADA, Caller { trace: "00-2", ..ADA }].iter().map(|caller| shared.ask(caller))).await;
        assert_eq!(answers, [r#"{"data":{"user":{"name":"Ada"}}}"#; 3]);
        assert_eq!(shared.calls(), 1);
        // What is over is not shared: later requests see later data.
        shared.ask(&ADA).await;
        assert_eq!(shared.calls(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_gets_an_answer_that_was_made_for_someone_else() {
        let shared = Shared::new();
        let callers =
            [ADA, Caller { identity: "Bob", ..ADA }, Caller { tenant: "2", ..ADA }, Caller { id: "2", ..ADA }];
        let answers = join_all(callers.iter().map(|caller| shared.ask(caller))).await;
        let answer = |name: &str| format!(r#"{{"data":{{"user":{{"name":"{name}"}}}}}}"#);
        assert_eq!(answers, ["Ada", "Bob", "Ada2", "Ada"].map(answer));
        assert_eq!(shared.calls(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn mutations_are_each_executed() {
        let shared = Shared::new();
        let rename = Caller { query: "mutation($id: ID!) { rename(id: $id, name: \"\") { name } }", ..ADA };
        join_all([rename, rename].iter().map(|caller| shared.ask(caller))).await;
        assert_eq!(shared.calls(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_may_go() {
        let shared = Shared::new();
        let first = tokio::time::timeout(Duration::from_millis(10), shared.ask(&ADA));
        let (first, second) = tokio::join!(first, shared.ask(&ADA));
        assert!(first.is_err() && second.contains("Ada"), "{second}");
        assert_eq!(shared.calls(), 1);
    }
}
