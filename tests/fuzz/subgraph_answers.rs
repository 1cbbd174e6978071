//! Subgraphs' answers in, a response by the specification out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use executor::{AnswerHeaders, Follows, Form, Parts, Policy, Request, RequestContext};
use graphql::json::{self, JsonLimits, Value};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use crate::corpus::suites;
use crate::inventing::Inventing;
use crate::respected::respected;
use crate::script::Script;

/// Parts of one response: more than any plan of ours has blocks and lists' items in them.
const PARTS_MAX: usize = 10_000;

/// Runs a plan of one suite on subgraphs that answer anything.
pub fn check(mut script: Script<'_>) {
    let suite = script.choose(suites());
    let plan = script.choose(&suite.plans);
    let policy = policy(script.byte());
    let form = if script.byte().is_multiple_of(2) { Form::Fragments } else { Form::Fields };
    let fetch = Inventing::new(script);
    let context = RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(60),
        cancellation: CancellationToken::new(),
        trace_id: "fuzz".into(),
        answer_headers: AnswerHeaders::default(),
    };
    let variables = json::Object::new();
    let supergraph = &suite.supergraph;
    let request =
        Request { plan, supergraph, variables: &variables, fetch: &fetch, context: &context, policy: &policy };
    let response = RUNTIME.with(|runtime| {
        runtime.block_on(async {
            if plan.blocks.is_empty() {
                let body = executor::execute(request).await.body;
                return respected(plan, supergraph, &body).map_err(|fault| (fault, body));
            }
            in_parts(Parts::new(request, form)).await
        })
    });
    if let Err((fault, body)) = response {
        let body = String::from_utf8_lossy(&body);
        panic!("{fault}\n{}\n{}\n{body}", planner::print(plan, supergraph), fetch.answers());
    }
}

thread_local! {
    /// One for all inputs: they share nothing else.
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
}

/// Reads a response in parts to its end: each is an object, and just the last one says that none follows.
async fn in_parts(mut parts: Parts<'_>) -> Result<(), (String, Bytes)> {
    for _ in 0..PARTS_MAX {
        let Some(part) = parts.next().await else { return Err(("ends without saying so".to_owned(), Bytes::new())) };
        let told = match json::parse(&part.body, &JsonLimits::default()) {
            Ok(body) => body.as_object().and_then(|body| body.get("hasNext")).cloned(),
            Err(error) => return Err((error.to_string(), part.body)),
        };
        if told != Some(Value::Bool(part.follows == Follows::More)) {
            return Err(("doesn't say whether others follow".to_owned(), part.body));
        }
        if part.follows == Follows::Nothing {
            return Ok(());
        }
    }
    Err(("does not end".to_owned(), Bytes::new()))
}

/// The bounds that operators set, or such that are soon reached.
fn policy(bits: u8) -> Policy {
    let generous = Policy::default();
    if bits % 4 != 3 {
        return generous;
    }
    let bound = |bit: u8, tight: usize, generous: usize| if (bits >> bit) & 1 == 1 { tight } else { generous };
    Policy {
        representations_max: bound(2, 1, generous.representations_max),
        nodes_max: bound(3, 20, generous.nodes_max),
        answers_bytes_max: bound(6, 300, generous.answers_bytes_max),
        response_bytes_max: bound(4, 200, generous.response_bytes_max),
        errors_max: bound(5, 1, generous.errors_max),
        ..generous
    }
}
