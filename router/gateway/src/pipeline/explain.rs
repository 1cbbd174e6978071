//! The plan of a request in its own response, for whoever may see it: the extension `queryPlan`.

use bytes::Bytes;
use federation::Supergraph;
use graphql::json::{self, Value};
use planner::plan::QueryPlan;

/// The name of the extension in request and response.
const EXTENSION: &str = "queryPlan";

/// Whether a request asks for its plan.
pub(super) fn is_wanted(extensions: &json::Object) -> bool {
    matches!(extensions.get(EXTENSION), Some(Value::Bool(true)))
}

/// The body of a response with the plan in `extensions.queryPlan`: `text`, and `json`. A body that isn't an object stays
/// as it is.
pub(super) fn with_plan(body: &Bytes, plan: &QueryPlan, supergraph: &Supergraph) -> Bytes {
    let Some(members) = body.strip_suffix(b"}") else { return body.clone() };
    let mut whole = members.to_vec();
    whole.extend_from_slice(b",\"extensions\":{\"queryPlan\":{\"text\":");
    json::write_string(&planner::print(plan, supergraph), &mut whole);
    whole.extend_from_slice(b",\"json\":");
    json::write(&planner::print_json(plan, supergraph), &mut whole);
    whole.extend_from_slice(b"}}}");
    whole.into()
}
