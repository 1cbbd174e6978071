//! The benchmark's operation, in pieces that can be run alone: reading a document, planning, executing, and a whole request
//! through the router without a network. Subgraphs' answers are recorded (`tests/fixtures/bench/answers.jsonl`).

mod recorded;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use executor::{AnswerHeaders, Policy, RequestContext};
use federation::{LabelSet, Limits, Supergraph};
use gateway::{Config, Gateway, Sources};
use graphql::{ExecutableDocument, OperationLimits, Suggestions, Valid, json, parse_operation};
use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt as _;
use planner::{Budget, Decided, Deferral, OperationNames, QueryPlan};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

use recorded::{Recorded, alike};

pub use recorded::Texts;

type Failure = Box<dyn Error>;

const SUPERGRAPH: &str = include_str!("../../../fixtures/bench/supergraph.graphql");
const REQUEST: &str = include_str!("../../../fixtures/bench/query.json");
const RESPONSE: &str = include_str!("../../../fixtures/bench/response.json");

/// Everything that a run needs, made beforehand.
pub struct Workload {
    supergraph: Arc<Supergraph>,
    query: String,
    plan: QueryPlan,
    fetch: Arc<Recorded>,
    policy: Policy,
    router: axum::Router,
    runtime: Runtime,
}

impl Workload {
    /// The benchmark's.
    ///
    /// # Errors
    /// If the fixtures don't fit each other: the plan asks something that isn't recorded, or the response is another.
    pub fn new(texts: Texts) -> Result<Self, Failure> {
        let supergraph = Supergraph::parse(SUPERGRAPH, Limits::default()).map_err(|found| format!("{found:?}"))?;
        let supergraph = Arc::new(supergraph);
        let request: serde_json::Value = serde_json::from_str(REQUEST)?;
        let query = request.get("query").and_then(|query| query.as_str()).ok_or("no query")?.to_owned();
        let fetch = Arc::new(Recorded::new(&supergraph, texts)?);
        let plan = plan(&supergraph, &parse(&supergraph, &query)?)?;
        let gateway =
            Gateway::new(Config::default(), Arc::clone(&supergraph), Arc::clone(&fetch) as _, Arc::new(Nowhere))?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let policy = Policy::default();
        let workload = Self { supergraph, query, plan, fetch, policy, router: gateway.router(), runtime };
        let expected: serde_json::Value = serde_json::from_str(&alike(RESPONSE))?;
        for body in [workload.execute(), workload.request()?] {
            let body = alike(std::str::from_utf8(&body)?);
            if serde_json::from_str::<serde_json::Value>(&body)? != expected {
                return Err("the response is another one".into());
            }
        }
        Ok(workload)
    }

    /// Reads the document, and validates it.
    ///
    /// # Errors
    /// None for this document.
    pub fn parse(&self) -> Result<Valid<ExecutableDocument>, Failure> {
        parse(&self.supergraph, &self.query)
    }

    /// Plans the operation.
    ///
    /// # Errors
    /// None for this document.
    pub fn plan(&self, document: &Valid<ExecutableDocument>) -> Result<QueryPlan, Failure> {
        plan(&self.supergraph, document)
    }

    /// Executes the plan: reads six answers, merges them, writes four requests of entities and the response.
    pub fn execute(&self) -> Bytes {
        let context = RequestContext {
            identity: None,
            headers: Arc::default(),
            deadline: Instant::now() + Duration::from_secs(60),
            cancellation: Default::default(),
            trace_id: "".into(),
            answer_headers: AnswerHeaders::default(),
        };
        let request = executor::Request {
            plan: &self.plan,
            supergraph: &self.supergraph,
            variables: &json::Object::default(),
            fetch: self.fetch.as_ref(),
            context: &context,
            policy: &self.policy,
        };
        self.runtime.block_on(executor::execute(request)).body
    }

    /// A whole request, but for the network: its plan is known from the second one on.
    ///
    /// # Errors
    /// None for this request.
    pub fn request(&self) -> Result<Bytes, Failure> {
        let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json").body(Body::from(REQUEST))?;
        let response = self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await?;
            response.into_body().collect().await.map_err(Failure::from)
        });
        Ok(response?.to_bytes())
    }
}

fn parse(supergraph: &Supergraph, query: &str) -> Result<Valid<ExecutableDocument>, Failure> {
    let limits = OperationLimits::default();
    parse_operation(&supergraph.api_schema, query, &limits, Suggestions::default())
        .map_err(|found| format!("{found:?}").into())
}

fn plan(supergraph: &Supergraph, document: &Valid<ExecutableDocument>) -> Result<QueryPlan, Failure> {
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: Deferral::Off };
    let mut plan = planner::plan(supergraph, document, None, decided, &Budget::default())?;
    planner::name_operations(&mut plan, supergraph, Some("TestQuery"), &|_| OperationNames::Full);
    Ok(plan)
}

/// A machine without files and variables, whose clock stands.
struct Nowhere;

impl Sources for Nowhere {
    fn read_file(&self, path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::Error::new(std::io::ErrorKind::NotFound, path.to_owned()))
    }

    fn environment(&self, _: &str) -> Option<String> {
        None
    }

    fn unix_seconds(&self) -> u64 {
        0
    }
}
