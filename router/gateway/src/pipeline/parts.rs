//! Running an operation whose response comes in parts.
//!
//! It runs beside the request: what subgraphs answer is read whether or not the client reads what it was sent. It ends
//! with the last part, with the client's going, or some time after the deadline if the client stopped reading.

use std::sync::Arc;
use std::time::Duration;

use executor::{Follows, Form, Part, Parts, Request};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use graphql::json;
use planner::plan::QueryPlan;
use tokio::sync::mpsc;

use super::{Errors, Outcome, Pipeline, RequestScope};

/// Parts that may wait for the client to read them.
const PARTS_AHEAD: usize = 16;

/// What a client gets beyond the deadline to read what is written by then.
const READING: Duration = Duration::from_secs(10);

/// One execution, with all that it needs.
pub(super) struct Execution {
    pub pipeline: Arc<Pipeline>,
    pub plan: Arc<QueryPlan>,
    pub variables: json::Object,
    pub scope: RequestScope,
}

/// Starts an execution; its parts come as they are ready. A stream that ends before a last part has broken.
pub(super) fn start(execution: Execution, form: Form) -> BoxStream<'static, Outcome> {
    let (sender, receiver) = mpsc::channel(PARTS_AHEAD);
    let end = execution.scope.context.deadline + READING;
    tokio::spawn(tokio::time::timeout_at(end.into(), run(execution, form, sender)));
    let next = |mut receiver: mpsc::Receiver<Part>| async move { Some((receiver.recv().await?, receiver)) };
    stream::unfold(receiver, next).map(outcome).boxed()
}

async fn run(execution: Execution, form: Form, sender: mpsc::Sender<Part>) {
    let Execution { pipeline, plan, variables, scope } = execution;
    let mut parts = Parts::new(
        Request {
            plan: &plan,
            supergraph: &pipeline.snapshot.supergraph,
            variables: &variables,
            fetch: pipeline.snapshot.fetch.as_ref(),
            context: &scope.context,
            policy: &pipeline.settings.policy,
        },
        form,
    );
    loop {
        let part = tokio::select! {
            biased;
            () = sender.closed() => return,
            part = parts.next() => part,
        };
        let Some(part) = part else { return };
        if sender.send(part).await.is_err() {
            return;
        }
    }
}

fn outcome(part: Part) -> Outcome {
    let errors = if part.errors == 0 { Errors::None } else { Errors::Some };
    Outcome::Part { body: part.body, errors, follows: part.follows }
}

/// Whether an outcome is the last of its request.
pub(crate) fn is_last(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Part { follows: Follows::More, .. })
}
