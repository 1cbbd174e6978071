//! Runs a case as a router would: parsed, planned, executed on subgraphs made of data.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use executor::{Fetch, FetchError, Policy, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use graphql::{OperationLimits, Suggestions, json as router_json};
use planner::{Budget, QueryPlan};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::suite::{Case, Suite};
use crate::support::data_subgraph::DataService;
use crate::support::value::Counters;

/// The subgraphs of a supergraph.
pub struct Subgraphs<'a> {
    supergraph: &'a Supergraph,
    /// By name.
    pub services: BTreeMap<String, Arc<DataService>>,
}

impl<'a> Subgraphs<'a> {
    /// The subgraphs of a suite, as if just started.
    pub fn new(suite: &'a Suite) -> Self {
        let counters = Counters::default();
        let service = |(name, (schema, dataset)): (&String, &(Arc<_>, Arc<_>))| {
            (name.clone(), Arc::new(DataService::new(Arc::clone(schema), Arc::clone(dataset), counters.clone())))
        };
        Self { supergraph: &suite.supergraph, services: suite.subgraphs.iter().map(service).collect() }
    }

    /// What the router asked wrongly, and what the data doesn't tell.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.services.iter().flat_map(|(name, service)| {
            service.faults().into_iter().map(move |fault| format!("fault in {name}: {fault}"))
        });
        faults.collect()
    }

    /// What was asked of whom.
    fn calls(&self) -> Vec<String> {
        let calls = self
            .services
            .iter()
            .flat_map(|(name, service)| service.calls().into_iter().map(move |call| format!("to {name}: {call}")));
        calls.collect()
    }
}

impl Fetch for Subgraphs<'_> {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let service = &self.services[&self.supergraph.subgraph(request.subgraph).name];
            let request = serde_json::from_slice(&request.body).expect("a request in JSON");
            let body = Bytes::from(service.answer(request).await.to_string());
            Ok(stream::once(async { Ok(body) }).boxed())
        }
        .boxed()
    }
}

/// Runs a case. Where the audit doesn't say whether there are errors there must be none, but for `hidden`: the name of
/// an inaccessible type or value that a subgraph gives in this case. In its place stands null, with an error that
/// doesn't tell the name.
///
/// # Errors
/// What is wrong, with the plan and the calls.
pub async fn run(suite: &Suite, case: &Case, hidden: Option<&str>) -> Result<(), String> {
    let subgraphs = Subgraphs::new(suite);
    let (answer, plan) = answer(suite, &subgraphs, &case.query).await;
    let mut wrong = subgraphs.faults();
    let data = answer.get("data").filter(|data| !data.is_null());
    if case.expected.data.as_ref().is_some_and(|expected| expected.as_ref() != data) {
        wrong.push(format!("expected the data {:?}", case.expected.data));
    }
    let errors = case.expected.errors.unwrap_or(hidden.is_some());
    if answer.get("errors").is_some() != errors {
        wrong.push(format!("expected errors: {errors}"));
    }
    if hidden.is_some_and(|hidden| answer.to_string().contains(hidden)) {
        wrong.push(format!("expected not to be told of {hidden:?}"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let plan = plan.map_or_else(String::new, |plan| planner::print(&plan, &suite.supergraph));
    Err(format!("{}\nanswer: {answer}\n{plan}\n{}", wrong.join("\n"), subgraphs.calls().join("\n")))
}

/// The whole answer to a query, and the plan if there is one.
pub async fn answer(suite: &Suite, subgraphs: &Subgraphs<'_>, query: &str) -> (Value, Option<QueryPlan>) {
    let supergraph = &suite.supergraph;
    let limits = OperationLimits::default();
    let document = match graphql::parse_operation(&supergraph.api_schema, query, &limits, Suggestions::Off) {
        Ok(document) => document,
        Err(found) => return (refused(found.iter()), None),
    };
    let operation = graphql::select_operation(&document, None).expect("one operation");
    let given = router_json::Object::new();
    let variables = match graphql::coerce_variables(&supergraph.api_schema, operation, given, Suggestions::Off) {
        Ok(variables) => variables,
        Err(found) => return (refused(found.iter()), None),
    };
    let condition = |name: &str| match variables.get(name) {
        Some(router_json::Value::Bool(value)) => Some(*value),
        _ => None,
    };
    let decided = planner::Decided {
        conditions: &condition,
        labels: &federation::LabelSet::default(),
        deferral: planner::Deferral::Off,
    };
    let plan = match planner::plan(supergraph, &document, None, decided, &Budget::default()) {
        Ok(plan) => plan,
        Err(error) => return (refused([error]), None),
    };
    let context = RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(30),
        cancellation: CancellationToken::new(),
        trace_id: Arc::from(""),
    };
    let request = executor::Request {
        plan: &plan,
        supergraph,
        variables: &variables,
        fetch: subgraphs,
        context: &context,
        policy: &Policy::default(),
    };
    let response = executor::execute(request).await;
    (serde_json::from_slice(&response.body).expect("a response in JSON"), Some(plan))
}

fn refused<E: std::fmt::Display>(errors: impl IntoIterator<Item = E>) -> Value {
    let errors: Vec<Value> = errors.into_iter().map(|error| json!({ "message": error.to_string() })).collect();
    json!({ "errors": errors })
}
