//! Subgraphs' answers in, a response by the specification out.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use executor::{Fetch, FetchError, Policy, Request, RequestContext, Responses, SubgraphRequest};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use graphql::{Parser, json};
use tokio_util::sync::CancellationToken;

use crate::corpus::suites;
use crate::edit::edit;
use crate::invent;
use crate::respected::respected;
use crate::script::Script;
use crate::tokens::tokens;

/// Runs a plan of one suite on subgraphs that answer anything.
pub fn check(mut script: Script<'_>) {
    let suite = script.choose(suites());
    let plan = script.choose(&suite.plans);
    let fetch = Inventing { script: Mutex::new(script.text().into_bytes()), answers: Mutex::default() };
    let context = RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(60),
        cancellation: CancellationToken::new(),
        trace_id: "fuzz".into(),
    };
    let request = Request {
        plan,
        supergraph: &suite.supergraph,
        variables: &json::Object::new(),
        fetch: &fetch,
        context: &context,
        policy: &Policy::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let response = runtime.block_on(executor::execute(request));
    if let Err(fault) = respected(plan, &suite.supergraph, &response.body) {
        let answers = fetch.answers.lock().expect("not poisoned").join("\n");
        let body = String::from_utf8_lossy(&response.body);
        panic!("{fault}\n{}\n{answers}\n{body}", planner::print(plan, &suite.supergraph));
    }
}

/// Subgraphs that answer as a script says.
struct Inventing {
    script: Mutex<Vec<u8>>,
    answers: Mutex<Vec<String>>,
}

impl Fetch for Inventing {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let answer = self.answer(&request.body);
        self.answers.lock().expect("not poisoned").push(answer.clone());
        let responses: Responses = Box::pin(futures::stream::iter([Ok(Bytes::from(answer))]));
        std::future::ready(Ok(responses)).boxed()
    }
}

impl Inventing {
    fn answer(&self, body: &[u8]) -> String {
        let mut bytes = self.script.lock().expect("not poisoned");
        let taken: Vec<u8> = {
            let half = bytes.len().div_ceil(2);
            bytes.drain(..half).collect()
        };
        let mut script = Script::new(&taken);
        let request = json::parse(body, &json::JsonLimits::default()).expect("requests are JSON");
        let request = request.as_object().expect("requests are objects");
        let document = request.get("query").and_then(json::Value::as_str).expect("requests have a document");
        let document = Parser::new().parse_ast(document, "").unwrap_or_else(|error| panic!("{document}: {error}"));
        let variables = request.get("variables").and_then(json::Value::as_object).into_iter().flatten();
        let entities =
            variables.filter(|(name, _)| name.contains("representations")).find_map(|(_, value)| match value {
                json::Value::Array(items) => Some(items.len()),
                _ => None,
            });
        let answer = invent::answer(&document, entities.unwrap_or(1), &mut script);
        match script.index(8) {
            7 => edit(&tokens(&answer), &[tokens(&answer)], &mut script),
            _ => answer,
        }
    }
}
