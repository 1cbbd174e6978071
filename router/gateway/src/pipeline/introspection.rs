//! Whether an operation's introspection is answered at all: it may be off, or ask for too much.

use std::sync::Arc;

use graphql::{RequestError, json};
use planner::QueryPlan;

use super::{Pipeline, RequestScope};
use crate::refusal::Refusal;

impl Pipeline {
    /// Checks before anything is executed.
    ///
    /// # Errors
    /// `INTROSPECTION_DISABLED`; `MAX_INTROSPECTION_SIZE_LIMIT` for an answer that would be many times the schema.
    pub(super) async fn check_introspection(
        &self,
        plan: &Arc<QueryPlan>,
        variables: &json::Object,
        scope: &RequestScope,
    ) -> Result<(), Refusal> {
        if plan.introspection.is_none() {
            return Ok(());
        }
        if !self.settings.introspection.enabled {
            let message = "Introspection is off: __schema and __type are not answered.";
            return Err(RequestError::new("INTROSPECTION_DISABLED", message).into());
        }
        let (snapshot, plan, variables) = (Arc::clone(&self.snapshot), Arc::clone(plan), variables.clone());
        let weigh = move || {
            let supergraph = &snapshot.supergraph;
            let document = plan.introspection.as_ref();
            document.map(|document| supergraph.introspection.weigh(&supergraph.api_schema, document, &variables))
        };
        match self.off_thread(weigh, &scope.context).await? {
            Some(Err(refused)) => Err(refused.into()),
            Some(Ok(())) | None => Ok(()),
        }
    }
}
