//! Plan execution: `(QueryPlan, variables, &dyn Fetch) → Response`.
//!
//! Knows neither HTTP nor configuration: subgraphs are reached through [`Fetch`] alone. Subgraphs' bytes are kept
//! as they came; what the client asked for is written from them once, in the client's order.

mod body;
mod bulk;
mod contexts;
mod errors;
pub mod fetch;
mod fill;
mod merge;
mod names;
mod null;
mod parts;
mod path;
pub mod policy;
mod project;
mod read;
mod represent;
mod run;
mod sent;
mod split;
mod store;

use bytes::Bytes;
use federation::Supergraph;
use graphql::json;
use indexmap::IndexMap;
use planner::QueryPlan;

pub use fetch::{AnswerHeaders, Fetch, FetchError, Idempotent, RequestContext, Responses, SubgraphRequest};
pub use policy::{ErrorPolicies, ErrorPolicy, Messages, Policy, ServiceName};

use bulk::bulk;
use errors::{Entry, Errors};
use project::{Budget, Input, TooLarge, View, project};
use run::Run;

pub use parts::{Follows, Form, Part, Parts};

/// The answer to one operation.
#[derive(Clone, Debug)]
pub struct Response {
    /// The whole body: `{"data":…}` or `{"data":…,"errors":[…]}`.
    pub body: Bytes,
    /// The number of errors; those left out of the body included.
    pub errors: usize,
}

/// All that one execution is given.
#[derive(Clone, Copy)]
pub struct Request<'p> {
    /// How the operation is answered.
    pub plan: &'p QueryPlan,
    /// What the plan's ids mean.
    pub supergraph: &'p Supergraph,
    /// The client's, coerced; those of `@skip` and `@include` alone may be left out.
    pub variables: &'p json::Object,
    /// The way to subgraphs.
    pub fetch: &'p dyn Fetch,
    /// Identity, deadline, cancellation.
    pub context: &'p RequestContext,
    /// Bounds and error rules.
    pub policy: &'p Policy,
}

/// Executes a plan to its end, whatever is deferred in it. [`Parts`] gives the response in parts.
///
/// Never fails: what goes wrong is told in the response, and what didn't depend on it still comes.
pub async fn execute(request: Request<'_>) -> Response {
    let Request { plan, supergraph, variables, policy, .. } = request;
    let mut run = Run::start_of(request);
    while run.step().await {}
    let Run { store, mut errors, .. } = run;
    errors.settle(&plan.response, &store);
    let introspection = introspect(plan, supergraph, variables, &mut errors);

    // What came once may stand at several places; but what is set aside in vain is kept until the client has the response.
    let expected = store.bytes().saturating_add(store.bytes() / 4);
    let mut body = Vec::with_capacity(expected.min(policy.response_bytes_max).saturating_add(256));
    body.extend_from_slice(b"{\"data\":");
    let bytes_max = policy.response_bytes_max;
    let budget = &Budget::new(policy, plan.blocks.len());
    let input = Input { request, store: &store, introspection: &introspection, bytes_max, budget, coming: None };
    let written =
        bulk(store.bytes(), || project(input, (&plan.response, View::Whole), &mut errors, &mut Vec::new(), &mut body));
    if let Err(TooLarge) = written {
        errors = Errors::too_large(policy.response_bytes_max);
        body = b"{\"data\":null".to_vec();
    }

    let count = errors.len();
    if !errors.is_empty() {
        body.extend_from_slice(b",\"errors\":");
        errors.write(&plan.response, &mut body);
    }
    body.push(b'}');
    Response { body: body.into(), errors: count }
}

fn introspect(
    plan: &QueryPlan,
    supergraph: &Supergraph,
    variables: &json::Object,
    errors: &mut Errors<'_>,
) -> IndexMap<String, Vec<u8>> {
    let Some(document) = &plan.introspection else { return IndexMap::new() };
    // Nothing of it has come over the network: however large, it is all still to be made.
    match bulk(usize::MAX, || supergraph.introspection.answer(&supergraph.api_schema, document, variables)) {
        Ok(answer) => answer,
        Err(error) => {
            errors.push(Entry::new(error.code, error.message, None));
            IndexMap::new()
        }
    }
}

#[cfg(test)]
mod tests;
