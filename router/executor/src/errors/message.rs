//! Sentences about subgraphs that name them only if clients may know.

use federation::{SubgraphId, Supergraph};
use graphql::json;

use crate::fetch::FetchError;
use crate::policy::{ErrorPolicy, ServiceName};

/// `Subgraph "products"`, or `A subgraph`.
fn who(supergraph: &Supergraph, subgraph: SubgraphId, policy: &ErrorPolicy) -> String {
    match name(supergraph, subgraph, policy) {
        Some(name) => format!("Subgraph \"{name}\""),
        None => "A subgraph".to_owned(),
    }
}

fn name<'s>(supergraph: &'s Supergraph, subgraph: SubgraphId, policy: &ErrorPolicy) -> Option<&'s str> {
    let info = supergraph.subgraphs.get(usize::from(subgraph.0))?;
    (policy.service == ServiceName::Show).then_some(info.name.as_str())
}

/// The member `service` of `extensions`.
pub fn service_extension(
    supergraph: &Supergraph,
    subgraph: SubgraphId,
    policy: &ErrorPolicy,
) -> Option<(String, json::Value)> {
    let name = name(supergraph, subgraph, policy)?;
    Some(("service".to_owned(), json::Value::String(name.to_owned())))
}

/// What a subgraph did.
pub mod subgraph {
    use super::{ErrorPolicy, FetchError, SubgraphId, Supergraph, who};

    /// It gave no usable answer.
    pub fn failed(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy, error: &FetchError) -> String {
        let who = who(supergraph, id, policy);
        match error {
            FetchError::NoRoute(_) => format!("{who} can not be called."),
            FetchError::CircuitOpen => format!("{who} failed too often and is not called for a while."),
            FetchError::Unreachable(_) => format!("{who} could not be reached."),
            FetchError::Timeout => format!("{who} did not answer in time."),
            FetchError::Cancelled => "The request was cancelled.".to_owned(),
            FetchError::Status { status } => format!("{who} answered with HTTP status {status}."),
            FetchError::Malformed(_) => format!("{who} gave a malformed answer."),
            FetchError::TooLarge { .. } => format!("{who} gave too large an answer."),
        }
    }

    /// It was not asked, since what it has to be given could not be had.
    pub fn not_asked(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy) -> String {
        format!("{} was not asked, since what it needs to know could not be had.", who(supergraph, id, policy))
    }

    /// It reported an error whose message is not to be told, or which has none.
    pub fn reported(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy) -> String {
        format!("{} reported an error.", who(supergraph, id, policy))
    }

    /// It gave no data at all, and its errors are about other positions.
    pub fn no_data(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy) -> String {
        format!("{} gave no data, since something else that it was asked for failed.", who(supergraph, id, policy))
    }
}
