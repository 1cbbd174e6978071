//! What the tests stand on: hand-made supergraphs and plans, canned answers, and ways to run them.

mod canned;
mod plan;
mod supergraph;

use std::sync::Arc;
use std::time::{Duration, Instant};

use federation::Supergraph;
use graphql::json;
use planner::QueryPlan;

use crate::fetch::{AnswerHeaders, RequestContext};
use crate::policy::Policy;
use crate::{Request, Response, execute};
pub use canned::{Canned, Reply};
pub use plan::{entities, plan, root};
pub use supergraph::supergraph;

pub const SUBGRAPHS: [&str; 3] = ["a", "b", "c"];
pub fn context() -> RequestContext {
    RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(10),
        cancellation: tokio_util::sync::CancellationToken::new(),
        trace_id: "t".into(),
        answer_headers: AnswerHeaders::default(),
    }
}

pub fn run_with(supergraph: &Supergraph, plan: &QueryPlan, fetch: &Canned, policy: &Policy) -> Response {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (context, variables) = (context(), json::Object::new());
    runtime.block_on(execute(Request { plan, supergraph, variables: &variables, fetch, context: &context, policy }))
}

pub fn run(supergraph: &Supergraph, plan: &QueryPlan, fetch: &Canned) -> String {
    let response = run_with(supergraph, plan, fetch, &Policy::default());
    String::from_utf8(response.body.to_vec()).unwrap()
}

/// The response to a query that is answered by one root fetch which takes just what the query asks.
pub fn answer(sdl: &str, query: &'static str, text: &str) -> String {
    let supergraph = supergraph(sdl);
    let plan = plan(&supergraph, query, &[root("a", query)]);
    run(&supergraph, &plan, &Canned::new([("a", text)]))
}

/// `data` of a body, and of each error its path and message.
pub fn parts(body: &str) -> (String, Vec<(String, String)>) {
    let json::Value::Object(members) = json::parse(body.as_bytes(), &json::JsonLimits::default()).unwrap() else {
        panic!("{body}")
    };
    let text = |value: &json::Value| {
        let mut out = Vec::new();
        json::write(value, &mut out);
        String::from_utf8(out).unwrap()
    };
    let errors = match members.get("errors") {
        Some(json::Value::Array(errors)) => errors.clone(),
        _ => Vec::new(),
    };
    let error = |error: &json::Value| {
        let error = error.as_object().unwrap();
        let path = error.get("path").map(text).unwrap_or_default();
        (path, error["message"].as_str().unwrap().to_owned())
    };
    (text(&members["data"]), errors.iter().map(error).collect())
}

/// `data` of a body and the paths of its errors.
pub fn paths(body: &str) -> (String, Vec<String>) {
    let (data, errors) = parts(body);
    (data, errors.into_iter().map(|(path, _)| path).collect())
}
