//! The router without its HTTP: an operation is parsed, planned, proved and executed in this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use executor::{AnswerHeaders, Fetch, FetchError, Form, Parts, Policy, RequestContext, Responses, SubgraphRequest};
use federation::{LabelSet, Supergraph};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use graphql::{ExecutableDocument, OperationLimits, Schema, Suggestions, Valid, json as router_json};
use planner::{Asked, Budget, Decided, Deferral, QueryPlan};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::data_subgraph::DataService;
use super::dataset::Dataset;
use super::parts::put_together;
use super::subgraph_schema::SubgraphSchema;
use super::value::Counters;

/// What subgraphs serve and know, by name.
pub type Data = BTreeMap<String, (Arc<SubgraphSchema>, Arc<Dataset>)>;

/// How a subgraph as a whole goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It can't be reached.
    Down,
    /// Its answers break off.
    Garbage,
    /// It answers with an error and nothing else.
    Refuses,
}

/// The subgraphs of a supergraph.
pub struct Subgraphs<'a> {
    supergraph: &'a Supergraph,
    services: BTreeMap<String, Arc<DataService>>,
    outages: BTreeMap<String, Outage>,
}

/// What became of an operation.
pub struct Routed {
    /// The response's body.
    pub body: Bytes,
    /// How it was planned, if it was.
    pub plan: Option<QueryPlan>,
    /// What is wrong with the plan, and with how parts fit each other.
    pub wrong: Vec<String>,
}

/// What is asked, and under which circumstances.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The document, of one operation.
    pub query: &'q str,
    /// Its variables.
    pub variables: &'q Value,
    /// The labels of progressive overrides that are in force.
    pub labels: &'q LabelSet,
    /// How the response comes.
    pub delivery: Delivery,
}

/// How a response comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At once, whatever is deferred.
    Whole,
    /// In parts, which are put together as a client does.
    Parts(Form),
}

impl<'a> Subgraphs<'a> {
    /// Subgraphs as if just started.
    pub fn new(supergraph: &'a Supergraph, data: &Data) -> Self {
        let counters = Counters::default();
        let service = |(name, (schema, dataset)): (&String, &(Arc<_>, Arc<_>))| {
            (name.clone(), Arc::new(DataService::new(Arc::clone(schema), Arc::clone(dataset), counters.clone())))
        };
        Self { supergraph, services: data.iter().map(service).collect(), outages: BTreeMap::new() }
    }

    /// Lets a subgraph go wrong.
    pub fn fail(&mut self, name: &str, outage: Outage) {
        self.outages.insert(name.to_owned(), outage);
    }

    /// What the router asked wrongly, and what the data doesn't tell.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.services.iter().flat_map(|(name, service)| {
            service.faults().into_iter().map(move |fault| format!("fault in {name}: {fault}"))
        });
        faults.collect()
    }

    /// What was asked of whom.
    pub fn calls(&self) -> Vec<String> {
        let calls = self
            .services
            .iter()
            .flat_map(|(name, service)| service.calls().into_iter().map(move |call| format!("to {name}: {call}")));
        calls.collect()
    }

    /// The answer of a subgraph to a request's body.
    ///
    /// # Errors
    /// If it can't be reached.
    pub async fn answer(&self, name: &str, body: &[u8]) -> Result<Bytes, FetchError> {
        let outage = self.outages.get(name).copied();
        if outage == Some(Outage::Down) {
            return Err(FetchError::Unreachable("down".to_owned()));
        }
        if outage == Some(Outage::Refuses) {
            return Ok(Bytes::from_static(br#"{"data":null,"errors":[{"message":"not now"}]}"#));
        }
        let request = serde_json::from_slice(body).expect("a request in JSON");
        let mut body = self.services[name].answer(request).await.to_string().into_bytes();
        if outage == Some(Outage::Garbage) {
            body.truncate(body.len() / 2);
        }
        Ok(Bytes::from(body))
    }
}

impl Fetch for Subgraphs<'_> {
    fn fetch<'f>(
        &'f self,
        request: SubgraphRequest,
        _context: &'f RequestContext,
    ) -> BoxFuture<'f, Result<Responses, FetchError>> {
        async move {
            let name = &self.supergraph.subgraph(request.subgraph).name;
            let body = self.answer(name, &request.body).await?;
            Ok(stream::once(async { Ok(body) }).boxed())
        }
        .boxed()
    }
}

/// Answers an operation. The plan is proved by the subgraphs' schemas.
pub async fn route(
    (supergraph, schemas): (&Supergraph, &[Valid<Schema>]),
    subgraphs: &dyn Fetch,
    question: Question<'_>,
) -> Routed {
    let refused = |errors: Vec<String>| {
        let errors: Vec<Value> = errors.into_iter().map(|message| json!({ "message": message })).collect();
        Routed { body: json!({ "errors": errors }).to_string().into(), plan: None, wrong: Vec::new() }
    };
    let document = match parse(supergraph, question.query) {
        Ok(document) => document,
        Err(errors) => return refused(errors),
    };
    let operation = graphql::select_operation(&document, None).expect("one operation");
    let given = router_json::parse(question.variables.to_string().as_bytes(), &router_json::JsonLimits::default());
    let router_json::Value::Object(given) = given.expect("variables") else { panic!("variables are an object") };
    let variables = match graphql::coerce_variables(&supergraph.api_schema, operation, given, Suggestions::Off) {
        Ok(variables) => variables,
        Err(found) => return refused(found.iter().map(ToString::to_string).collect()),
    };
    let conditions = |name: &str| match variables.get(name) {
        Some(router_json::Value::Bool(value)) => Some(*value),
        _ => None,
    };
    let deferral = if question.delivery == Delivery::Whole { Deferral::Off } else { Deferral::On };
    let decided = Decided { conditions: &conditions, labels: question.labels, deferral };
    let plan = match planner::plan(supergraph, &document, None, decided, &Budget::default()) {
        Ok(plan) => plan,
        Err(error) => return refused(vec![error.to_string()]),
    };
    let asked = Asked { document: &document, operation_name: None, decided };
    let unsound = planner::sound(&plan, (supergraph, schemas), asked).err().unwrap_or_default();
    let mut wrong: Vec<String> = unsound.iter().map(ToString::to_string).collect();
    let context = RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(30),
        cancellation: CancellationToken::new(),
        trace_id: Arc::from(""),
        answer_headers: AnswerHeaders::default(),
    };
    let policy = Policy::default();
    let request = executor::Request {
        plan: &plan,
        supergraph,
        variables: &variables,
        fetch: subgraphs,
        context: &context,
        policy: &policy,
    };
    let body = match question.delivery {
        Delivery::Whole => executor::execute(request).await.body,
        Delivery::Parts(form) => {
            let together = in_parts(request, form).await;
            together.unwrap_or_else(|fault| {
                wrong.push(fault);
                Bytes::from_static(b"{}")
            })
        }
    };
    Routed { body, plan: Some(plan), wrong }
}

/// An operation as the router reads it.
///
/// # Errors
/// What is wrong with it.
pub fn parse(supergraph: &Supergraph, query: &str) -> Result<Valid<ExecutableDocument>, Vec<String>> {
    let deferrable = query.contains("@defer").then(|| graphql::with_defer(&supergraph.api_schema));
    let schema = deferrable.as_ref().unwrap_or(&supergraph.api_schema);
    let document = graphql::parse_operation(schema, query, &OperationLimits::default(), Suggestions::Off);
    document.map_err(|found| found.iter().map(ToString::to_string).collect())
}

async fn in_parts(request: executor::Request<'_>, form: Form) -> Result<Bytes, String> {
    let mut parts = Parts::new(request, form);
    let mut bodies: Vec<Value> = Vec::new();
    while let Some(part) = parts.next().await {
        bodies.push(serde_json::from_slice(&part.body).expect("a part in JSON"));
    }
    match put_together(&bodies) {
        Ok(together) => Ok(together.to_string().into()),
        Err(fault) => {
            let bodies: Vec<String> = bodies.iter().map(Value::to_string).collect();
            Err(format!("{form:?}: {fault}\n{}", bodies.join("\n")))
        }
    }
}
