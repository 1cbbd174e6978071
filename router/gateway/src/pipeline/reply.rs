//! What goes through the pipeline beside the request, and what comes out.

use std::sync::Arc;

use bytes::Bytes;
use executor::{Follows, Form, RequestContext};
use planner::plan::OperationKind;

use crate::admission::Admitted;
use crate::refusal::Refusal;

/// What a transport may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operations {
    /// Queries alone: GET.
    Queries,
    /// Queries and mutations: POST.
    QueriesAndMutations,
}

/// What travels with a request through the pipeline.
#[derive(Clone, Debug)]
pub struct RequestScope {
    /// What every subgraph call carries.
    pub context: RequestContext,
    /// What the transport may carry.
    pub operations: Operations,
    /// The form of responses in parts, if the transport may carry them.
    pub parts: Option<Form>,
    /// Given back when the work is done, whether or not its client has read what came of it.
    #[expect(dead_code, reason = "it is there to be dropped with the scope")]
    pub(crate) admitted: Option<Arc<Admitted>>,
}

/// One reply. Queries and mutations have exactly one, unless their response comes in parts.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The operation, as far as it is known.
    pub operation: OperationInfo,
    /// What came of it.
    pub outcome: Outcome,
}

/// What is told of an operation in logs and metrics.
#[derive(Clone, Debug, Default)]
pub struct OperationInfo {
    /// Its name, or the beginning of a long one; none for anonymous ones.
    pub name: Option<String>,
    /// Its kind; none while it isn't known.
    pub kind: Option<OperationKind>,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was never executed.
    Refused(Refusal),
    /// It was executed.
    Executed {
        /// The response: JSON with `data`.
        body: Bytes,
        /// Whether it has errors.
        errors: Errors,
    },
    /// It is being executed: a part of the response.
    Part {
        /// JSON, in the form that was asked for.
        body: Bytes,
        /// Whether it has errors.
        errors: Errors,
        /// Whether others follow.
        follows: Follows,
    },
}

/// Whether a response has errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Errors {
    None,
    Some,
}

/// Characters kept of a name: clients choose it freely, and it stands in the log line of each request.
const NAME_CHARACTERS_MAX: usize = 128;

impl OperationInfo {
    /// Of an operation, or of a request that names one.
    pub(super) fn new(name: Option<&str>, kind: Option<OperationKind>) -> Self {
        Self { name: name.map(|name| name.chars().take(NAME_CHARACTERS_MAX).collect()), kind }
    }

    /// The kind in one word; `unknown` while it isn't known.
    pub fn kind_name(&self) -> &'static str {
        self.kind.map_or("unknown", OperationKind::word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        let info = OperationInfo::new(Some(&"ä".repeat(100_000)), None);
        assert_eq!(info.name.unwrap().chars().count(), NAME_CHARACTERS_MAX);
    }
}
