//! Subgraphs that give recorded answers.

use std::collections::HashMap;

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::{SubgraphId, Supergraph};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use serde::Deserialize;

use crate::Failure;

const ANSWERS: &str = include_str!("../../../fixtures/bench/answers.jsonl");

/// By subgraph and request body: the answer.
pub struct Recorded(HashMap<(SubgraphId, Bytes), Bytes>);

#[derive(Deserialize)]
struct Call {
    subgraph: String,
    body: String,
    answer: String,
}

impl Recorded {
    /// The benchmark's.
    pub fn new(supergraph: &Supergraph) -> Result<Self, Failure> {
        let mut answers = HashMap::new();
        for line in ANSWERS.lines() {
            let call: Call = serde_json::from_str(line)?;
            let id = supergraph.subgraphs.iter().position(|subgraph| subgraph.name == call.subgraph);
            let id = SubgraphId(u16::try_from(id.ok_or("no such subgraph")?)?);
            answers.insert((id, Bytes::from(call.body)), Bytes::from(call.answer));
        }
        Ok(Self(answers))
    }
}

impl Fetch for Recorded {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let answer = self.0.get(&(request.subgraph, request.body.clone())).cloned();
        let answer = answer.ok_or_else(|| {
            FetchError::NoRoute(format!("no answer is recorded to {}", String::from_utf8_lossy(&request.body)))
        });
        async move { Ok(stream::once(std::future::ready(answer)).boxed() as Responses) }.boxed()
    }
}
