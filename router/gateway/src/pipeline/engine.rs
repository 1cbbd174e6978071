//! Planner and executor, until both are in place.

use std::sync::Arc;
use federation::Supergraph;
use graphql::{ExecutableDocument, Name, Node, Valid, json};
use planner::plan::QueryPlan;

#[derive(Clone, Copy, Debug)]
pub struct Budget { pub selections_max: u64, pub depth_max: u32, pub steps_max: u64, pub fetches_max: usize }

#[derive(Debug, thiserror::Error)]
#[allow(dead_code)]
pub enum PlanError {
    #[error("{coordinate}")]
    Unreachable { coordinate: String },
    #[error("{0}")]
    Internal(&'static str),
    #[error("{0}")]
    Other(String),
}
impl PlanError { pub fn code(&self) -> &'static str { "PLANNING_FAILED" } }

#[derive(Debug, Default, Clone)]
pub struct Policy {}
pub struct Response { pub body: bytes::Bytes, pub has_errors: bool }
pub fn condition_variables(_: &Valid<ExecutableDocument>, _: &Node<graphql::executable::Operation>) -> Vec<Name> { Vec::new() }
pub fn plan(_: &Supergraph, _: &Valid<ExecutableDocument>, _: Option<&str>, _: &dyn Fn(&str) -> Option<bool>, _: &Budget) -> Result<QueryPlan, PlanError> {
    Err(PlanError::Internal("no planner yet"))
}
pub async fn execute(_: &Arc<QueryPlan>, _: &Supergraph, _: &json::Object, _: &dyn executor::Fetch, _: &executor::RequestContext, _: &Policy) -> Response {
    Response { body: bytes::Bytes::new(), has_errors: true }
}
