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

/// Where the texts of reviews begin, and how most of them do: no other text stands there.
const TEXT: &str = "\"body\":\"";
const BEGINNING: &str = "Lorem";

/// The texts of reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// All are the same, and what one author has written comes many times.
    AsRecorded,
    /// Each time that a review comes it has another text of the same length, so that none comes twice, nor its author.
    Different,
}

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
    pub fn new(supergraph: &Supergraph, texts: Texts) -> Result<Self, Failure> {
        let (mut answers, mut numbers) = (HashMap::new(), 0..);
        for line in ANSWERS.lines() {
            let call: Call = serde_json::from_str(line)?;
            let id = supergraph.subgraphs.iter().position(|subgraph| subgraph.name == call.subgraph);
            let id = SubgraphId(u16::try_from(id.ok_or("no such subgraph")?)?);
            let answer = match texts {
                Texts::AsRecorded => call.answer,
                Texts::Different => {
                    with_beginnings(&call.answer, || numbers.next().map(|number: u32| format!("{number:05}")))
                }
            };
            answers.insert((id, Bytes::from(call.body)), Bytes::from(answer));
        }
        Ok(Self(answers))
    }
}

/// A response in which all texts of reviews begin alike.
pub fn alike(response: &str) -> String {
    with_beginnings(response, || Some(BEGINNING.to_owned()))
}

fn with_beginnings(text: &str, mut beginning: impl FnMut() -> Option<String>) -> String {
    let mut parts = text.split(TEXT);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(TEXT);
        out.push_str(&beginning().unwrap_or_default());
        out.push_str(part.get(BEGINNING.len()..).unwrap_or_default());
    }
    out
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
