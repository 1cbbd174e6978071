//! One subgraph: what it answered when it was recorded, and how it is made to behave.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use rustc_hash::FxHashMap;

use super::meaning::meaning;
use super::{head, whole};
use crate::failure::{Failure, Result};
use crate::wire::Wire;

/// How a subgraph behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It answers at once.
    Prompt,
    /// It answers after a while.
    Slow(Duration),
    /// It answers errors and no data.
    Failing,
}

/// What a subgraph in trouble says, whatever it is asked.
const OUT_OF_ORDER: &[u8] = br#"{"data":null,"errors":[{"message":"out of order"}]}"#;

/// A recorded answer: an HTTP/1.1 response as one piece, and where its body begins.
#[derive(Clone)]
pub struct Answer {
    message: Bytes,
    body_start: usize,
}

impl Answer {
    fn of(body: &[u8]) -> Self {
        Self { message: whole("200 OK", body), body_start: head("200 OK", body.len()).len() }
    }

    /// The whole response.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// Its body alone, sharing its bytes.
    pub fn body(&self) -> Bytes {
        self.message.slice(self.body_start..)
    }
}

/// A subgraph as its callers see it.
pub struct Subgraph {
    upstream: SocketAddr,
    /// By the body as it was sent.
    answers: RefCell<FxHashMap<Box<[u8]>, Answer>>,
    /// By what it means.
    by_meaning: RefCell<FxHashMap<String, Answer>>,
    failing: Answer,
    manner: Cell<Manner>,
    calls: Cell<u64>,
}

impl Subgraph {
    /// One that knows nothing yet; `upstream` does.
    pub fn new(upstream: SocketAddr) -> Self {
        Self {
            upstream,
            answers: RefCell::default(),
            by_meaning: RefCell::default(),
            failing: Answer::of(OUT_OF_ORDER),
            manner: Cell::new(Manner::Prompt),
            calls: Cell::new(0),
        }
    }

    /// From now on it behaves like this.
    pub fn set_manner(&self, manner: Manner) {
        self.manner.set(manner);
    }

    /// Calls that it has answered.
    pub fn calls(&self) -> u64 {
        self.calls.get()
    }

    /// What it answers to this body, if that is known.
    pub fn known(&self, body: &[u8]) -> Option<Answer> {
        if self.manner.get() == Manner::Failing {
            return Some(self.failing.clone());
        }
        if let Some(answer) = self.answers.borrow().get(body) {
            return Some(answer.clone());
        }
        let same = meaning(body).and_then(|meaning| self.by_meaning.borrow().get(&meaning).cloned())?;
        // The next time it is found at once.
        self.answers.borrow_mut().insert(body.into(), same.clone());
        Some(same)
    }

    /// Asks the real subgraph and keeps its answer.
    pub async fn record(&self, name: &str, body: &[u8]) -> Result<Answer> {
        let mut wire = Wire::connect(self.upstream).await?;
        let length = body.len();
        let head = format!(
            "POST /{name} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n",
            self.upstream
        );
        wire.send(&[head.as_bytes(), body].concat()).await?;
        let (head, answered) = wire.response().await?;
        if head.status != 200 {
            return Err(Failure::Program(format!("the subgraph {name} answers with status {}", head.status)));
        }
        let answer = Answer::of(answered);
        if let Some(meaning) = meaning(body) {
            self.by_meaning.borrow_mut().insert(meaning, answer.clone());
        }
        self.answers.borrow_mut().insert(body.into(), answer.clone());
        Ok(answer)
    }

    /// Counts a call, and lets its answer wait as long as it has to.
    pub async fn give(&self, answer: Answer) -> Option<Answer> {
        self.calls.set(self.calls.get() + 1);
        if let Manner::Slow(delay) = self.manner.get() {
            tokio::time::sleep(delay).await;
        }
        Some(answer)
    }
}
