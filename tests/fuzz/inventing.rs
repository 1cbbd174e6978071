//! The subgraphs of one request, which answer as a script says, if they do.

use std::sync::Mutex;

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use graphql::{Parser, json};

use crate::edit::edit;
use crate::invent;
use crate::script::Script;
use crate::tokens::tokens;
use crate::vocabulary;

/// Subgraphs that answer as a script says.
pub struct Inventing {
    script: Mutex<Vec<u8>>,
    answers: Mutex<Vec<String>>,
}

impl Inventing {
    /// Takes all that is left of a script.
    pub fn new(script: Script<'_>) -> Self {
        Self { script: Mutex::new(script.bytes().to_vec()), answers: Mutex::default() }
    }

    /// What was answered, a line an answer.
    pub fn answers(&self) -> String {
        self.answers.lock().expect("not poisoned").join("\n")
    }

    fn answer(&self, body: &[u8]) -> Result<String, FetchError> {
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
        match script.index(16) {
            12 => Err(FetchError::Unreachable("gone".to_owned())),
            13 => Err(FetchError::Status { status: 503 }),
            14 | 15 => Ok(edit(&tokens(&answer), &[tokens(&answer)], &vocabulary::JSON, &mut script)),
            _ => Ok(answer),
        }
    }
}

impl Fetch for Inventing {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let answered = self.answer(&request.body).map(|answer| {
            self.answers.lock().expect("not poisoned").push(answer.clone());
            let responses: Responses = Box::pin(futures::stream::iter([Ok(Bytes::from(answer))]));
            responses
        });
        std::future::ready(answered).boxed()
    }
}
