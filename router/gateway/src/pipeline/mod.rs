//! One pipeline for every way in: a GraphQL request in, a stream of replies out.
//!
//! POST and GET are adapters to it, and so will be WebSocket, SSE and multipart. What is checked here therefore holds
//! on all of them. It knows no HTTP.

mod cache;
mod error_policies;
mod explain;
mod introspection;
mod overrides;
mod parts;
mod prepare;
mod prove;
mod reply;
mod settings;
mod share;
mod warm_up;

use std::sync::Arc;

use executor::{Fetch, RequestContext};
use federation::Supergraph;
use futures::FutureExt;
use futures::stream::{BoxStream, StreamExt};
use graphql::{Schema, Valid, coerce_variables, json};
use planner::plan::{OperationKind, QueryPlan};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::flights::Flights;
use crate::refusal::{Refusal, RefusalKind};
use crate::request::GraphQlRequest;
use crate::telemetry::metrics::Metrics;
use cache::Documents;
use overrides::Draws;
use parts::Execution;
pub(crate) use parts::is_last;
use prepare::Prepared;
pub use reply::{Errors, OperationInfo, Operations, Outcome, Reply, RequestScope};
use settings::Settings;
pub(crate) use warm_up::WarmUp;

/// A supergraph with the way to its subgraphs.
pub(crate) struct Snapshot {
    pub supergraph: Arc<Supergraph>,
    pub fetch: Arc<dyn Fetch>,
    /// The subgraphs' schemas, where plans are proved.
    pub proof: Option<Arc<[Valid<Schema>]>>,
}

/// See the module.
pub struct Pipeline {
    snapshot: Arc<Snapshot>,
    documents: Arc<Documents>,
    settings: Settings,
    metrics: Arc<Metrics>,
    /// Cancelled when the process gives up.
    stop: CancellationToken,
    draws: Draws,
    /// Queries being executed that others may wait for as well.
    flights: Flights<share::Key, executor::Response>,
    /// As many as the machine has processors: more at once would only take time from requests that are planned already.
    workers: Arc<Semaphore>,
}

impl Pipeline {
    /// Documents and plans of `previous` are taken over if they would come out alike.
    pub(crate) fn new(
        config: &Config,
        snapshot: Snapshot,
        metrics: Arc<Metrics>,
        stop: CancellationToken,
        previous: Option<&Self>,
    ) -> Self {
        let settings = Settings::new(config, &snapshot.supergraph);
        let alike = previous.filter(|previous| {
            previous.snapshot.supergraph.hash == snapshot.supergraph.hash && previous.settings.plans_as(&settings)
        });
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            snapshot: Arc::new(snapshot),
            documents: alike.map_or_else(|| Arc::new(Documents::new(&config.plan_cache)), |p| Arc::clone(&p.documents)),
            settings,
            metrics,
            stop,
            draws: Draws::default(),
            flights: Flights::default(),
            workers: previous.map_or_else(|| Arc::new(Semaphore::new(workers)), |p| Arc::clone(&p.workers)),
        }
    }

    /// What is served.
    pub(crate) fn supergraph(&self) -> &Supergraph {
        &self.snapshot.supergraph
    }

    /// Answers a request. The stream ends after one reply for queries and mutations, unless their response comes in
    /// parts.
    pub fn execute(self: &Arc<Self>, request: GraphQlRequest, scope: RequestScope) -> BoxStream<'static, Reply> {
        let pipeline = Arc::clone(self);
        let replies = async move {
            let mut operation = OperationInfo::new(request.operation_name.as_deref(), None);
            let outcomes = match pipeline.answer(request, &scope, &mut operation).await {
                Ok(outcomes) => outcomes,
                Err(refusal) => one(Outcome::Refused(refusal)),
            };
            outcomes.map(move |outcome| Reply { operation: operation.clone(), outcome })
        };
        replies.flatten_stream().boxed()
    }

    async fn answer(
        self: &Arc<Self>,
        mut request: GraphQlRequest,
        scope: &RequestScope,
        info: &mut OperationInfo,
    ) -> Result<BoxStream<'static, Outcome>, Refusal> {
        let given = std::mem::take(&mut request.variables);
        let explained = self.settings.query_plans.enabled && explain::is_wanted(&request.extensions);
        let snapshot = &self.snapshot;
        let text = document_text(&request, self.settings.document_bytes_max)?;
        let prepared = self.prepared(text, request.operation_name.as_deref(), scope).await?;
        let name = prepared.operation()?.name.as_ref();
        *info = OperationInfo::new(name.map(|name| name.as_str()), Some(prepared.kind));
        check_kind(prepared.kind, scope.operations)?;
        let variables = self.variables(&prepared, given)?;
        let plan = self.plan((text, &prepared), &variables, scope).await?;
        self.check_introspection(&plan, &variables, scope).await?;
        // Who asks for the plan gets it with the whole response.
        if let Some(form) = scope.parts.filter(|_| !plan.blocks.is_empty() && !explained) {
            let (pipeline, scope) = (Arc::clone(self), scope.clone());
            return Ok(parts::start(Execution { pipeline, plan, variables, scope }, form));
        }
        let response = self.executed(&plan, variables, &scope.context).await;
        let errors = if response.errors == 0 { Errors::None } else { Errors::Some };
        let explain = |body| explain::with_plan(&body, &plan, &snapshot.supergraph);
        let body = if explained { explain(response.body) } else { response.body };
        Ok(one(Outcome::Executed { body, errors }))
    }

    /// The document of a request, from the cache or parsed.
    async fn prepared(
        &self,
        text: &str,
        operation_name: Option<&str>,
        scope: &RequestScope,
    ) -> Result<Arc<Prepared>, Refusal> {
        if let Some(found) = self.documents.get(text, operation_name) {
            return Ok(found);
        }
        let owned: Arc<str> = text.into();
        let name = operation_name.map(Arc::<str>::from);
        let prepare = {
            let (snapshot, text, name) = (Arc::clone(&self.snapshot), Arc::clone(&owned), name.clone());
            let (limits, suggestions) = (self.settings.limits.clone(), self.settings.suggestions);
            let work = move || prepare::prepare(&snapshot.supergraph, &text, name.as_deref(), &limits, suggestions);
            self.off_thread(work, &scope.context)
        };
        self.documents.get_or_prepare(owned, name, async { prepare.await? }).await
    }

    fn variables(&self, prepared: &Prepared, given: json::Object) -> Result<json::Object, Refusal> {
        let operation = prepared.operation()?;
        coerce_variables(&self.snapshot.supergraph.api_schema, operation, given, self.settings.suggestions)
            .map_err(Refusal::operation)
    }

    /// The plan for these values of the variables in `@skip` and `@include`, and for overrides as the draw has it.
    async fn plan(
        &self,
        (text, prepared): (&str, &Arc<Prepared>),
        variables: &json::Object,
        scope: &RequestScope,
    ) -> Result<Arc<QueryPlan>, Refusal> {
        let decisions = prepared.decisions(variables, (&self.snapshot.supergraph, &self.draws), scope.parts)?;
        if let Some(plan) = prepared.planned(&decisions) {
            self.metrics.plan("hit");
            return Ok(plan);
        }
        self.metrics.plan("miss");
        let (snapshot, planned_for) = (Arc::clone(&self.snapshot), Arc::clone(prepared));
        let (text, documents) = (Arc::<str>::from(text), Arc::clone(&self.documents));
        let (planning, trace_id) = (self.settings.planning.clone(), Arc::clone(&scope.context.trace_id));
        let work = move || {
            let planned = prepare::plan(&snapshot, &planned_for, &decisions, &planning, &trace_id);
            // Here, since the work goes on when the client has gone.
            planned.map(|plan| {
                let plan = planned_for.keep(decisions, plan, documents.variants_max);
                documents.weigh_again(&text, &planned_for);
                plan
            })
        };
        self.off_thread(work, &scope.context).await?
    }

    /// Work that may take long is done beside the threads that serve, and bounded in number.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        context: &RequestContext,
    ) -> Result<T, Refusal> {
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(trace_id = &*context.trace_id, "preparing an operation failed: {error}");
            Refusal::internal(&context.trace_id)
        };
        let permit = Arc::clone(&self.workers).acquire_owned().await.map_err(|error| failed(&error))?;
        let work = tokio::task::spawn_blocking(move || {
            // Held by the work itself, which goes on when the client has gone.
            let _permit = permit;
            work()
        });
        work.await.map_err(|error| failed(&error))
    }
}

fn one(outcome: Outcome) -> BoxStream<'static, Outcome> {
    futures::stream::once(async { outcome }).boxed()
}

fn document_text(request: &GraphQlRequest, bytes_max: usize) -> Result<&str, Refusal> {
    match &request.query {
        Some(text) if text.len() > bytes_max => {
            let message = format!("The document is larger than {bytes_max} bytes.");
            Err(graphql::RequestError::new("MAX_DOCUMENT_LIMIT", message).into())
        }
        Some(text) => Ok(text),
        None if request.extensions.contains_key("persistedQuery") => {
            // Clients match on this very message, then send whole documents from there on.
            let (code, message) = ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
            Err(Refusal::new(RefusalKind::Convention, code, message))
        }
        None => Err(Refusal::parameters("the parameter \"query\" is missing")),
    }
}

fn check_kind(kind: OperationKind, operations: Operations) -> Result<(), Refusal> {
    match (kind, operations) {
        (OperationKind::Query, _) | (OperationKind::Mutation, Operations::QueriesAndMutations) => Ok(()),
        (OperationKind::Mutation, Operations::Queries) => {
            let message = "a GET may only query: send mutations by POST";
            Err(Refusal::new(RefusalKind::MethodNotAllowed("POST"), "METHOD_NOT_ALLOWED", message))
        }
        (OperationKind::Subscription, _) => {
            let message = "Subscriptions are not served over this transport.";
            Err(graphql::RequestError::new("SUBSCRIPTION_NOT_SUPPORTED", message).into())
        }
    }
}
