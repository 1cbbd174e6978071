//! What is told of one request in log and metrics: once, when the last of its response is handed to
//! the connection, or its client has gone.

use std::sync::Arc;
use std::time::Instant;

use http::Method;

use super::routes::GRAPHQL;
use crate::generation::Shared;
use crate::pipeline::{Errors, OperationInfo, Outcome, Reply};
use crate::telemetry::client::Client;
use crate::telemetry::metrics::Active;

/// The account of a request. Told when it is dropped, so that no way out of a request is untold.
pub(super) struct Account {
    shared: Arc<Shared>,
    start: Instant,
    method: &'static str,
    client: Client,
    trace_id: Arc<str>,
    operation: OperationInfo,
    /// None before anything is answered.
    status: Option<u16>,
    came: Came,
    parts: u32,
    /// The kinds and outcomes of its operations, if it is a batch.
    batch: Vec<(&'static str, &'static str)>,
    _active: Active,
}

/// What has come of a request so far.
#[derive(Clone, Copy)]
enum Came {
    /// Nothing, or not all of it.
    Unfinished,
    /// All of it, in a word; and the code of a refusal.
    All(&'static str, &'static str),
}

impl Account {
    /// Of a request that begins now.
    pub fn begin(shared: &Arc<Shared>, method: &Method, client: Client, trace_id: Arc<str>) -> Self {
        Self {
            start: Instant::now(),
            method: method_name(method),
            client,
            trace_id,
            operation: OperationInfo::default(),
            status: None,
            came: Came::Unfinished,
            parts: 0,
            batch: Vec::new(),
            _active: shared.metrics.active(),
            shared: Arc::clone(shared),
        }
    }

    /// When it began.
    pub fn start(&self) -> Instant {
        self.start
    }

    /// The trace that it belongs to.
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    /// The request is answered, whole or by a first part; `batch` has the replies that a batch's is made of.
    pub fn answered(&mut self, reply: &Reply, batch: &[Reply], status: u16) {
        self.operation = reply.operation.clone();
        self.status = Some(status);
        self.batch = batch.iter().map(|reply| (reply.operation.kind_name(), word(&reply.outcome).0)).collect();
        self.came(&reply.outcome);
    }

    /// More of the response has come.
    pub fn came(&mut self, outcome: &Outcome) {
        let (word, code) = word(outcome);
        let had_errors = matches!(self.came, Came::All("errors", _));
        self.parts = self.parts.saturating_add(u32::from(matches!(outcome, Outcome::Part { .. })));
        self.came = if had_errors { self.came } else { Came::All(word, code) };
    }

    /// The response has broken off, by a fault of ours.
    pub fn broke(&mut self) {
        self.came = Came::All("broken", wire::codes::INTERNAL_SERVER_ERROR);
    }

    /// Parts are still to come: if none does, the client has gone.
    pub fn awaits(self) -> Awaiting {
        Awaiting { account: self, is_over: false }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        let (outcome, code) = match self.came {
            Came::All(outcome, code) => (outcome, code),
            Came::Unfinished => ("abandoned", ""),
        };
        let (metrics, kind) = (&self.shared.metrics, self.operation.kind_name());
        if let Some(status) = self.status {
            metrics.served(self.method, GRAPHQL, status, took);
        }
        metrics.client(&self.client);
        match self.batch.as_slice() {
            [] => metrics.operated(kind, outcome),
            batch => batch.iter().for_each(|(kind, outcome)| metrics.operated(kind, outcome)),
        }
        tracing::info!(
            trace_id = &*self.trace_id,
            operation = self.operation.name.as_deref().unwrap_or_default(),
            kind,
            outcome,
            code,
            status = self.status.unwrap_or_default(),
            parts = self.parts,
            duration_ms = took.as_micros() as f64 / 1000.0,
            client_name = self.client.name,
            client_version = self.client.version,
            "request"
        );
    }
}

/// The account of a response in parts that is on its way.
pub(super) struct Awaiting {
    account: Account,
    is_over: bool,
}

impl Awaiting {
    /// A part is there.
    pub fn came(&mut self, outcome: &Outcome) {
        self.account.came(outcome);
    }

    /// It was the last one.
    pub fn ends(&mut self) {
        self.is_over = true;
    }

    /// There will be no last one, by a fault of ours.
    pub fn broke(&mut self) {
        self.account.broke();
        self.is_over = true;
    }

    /// The trace that it belongs to.
    pub fn trace_id(&self) -> &str {
        self.account.trace_id()
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        if !self.is_over {
            self.account.came = Came::Unfinished;
        }
    }
}

/// What came of a request in one word, and the code of a refusal.
fn word(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Executed { errors: Errors::None, .. } | Outcome::Part { errors: Errors::None, .. } => ("ok", ""),
        Outcome::Executed { errors: Errors::Some, .. } | Outcome::Part { errors: Errors::Some, .. } => ("errors", ""),
        Outcome::Refused(refusal) => ("refused", refusal.code()),
    }
}

/// The conventions' closed set of methods.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}
