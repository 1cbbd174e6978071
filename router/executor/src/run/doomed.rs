//! Whether what has come so far makes `data` null already, so that no later mutation may run.

use indexmap::IndexMap;

use super::Run;
use crate::errors::Errors;
use crate::project::{Budget, Coming, Input, View, Written, project};

impl Run<'_> {
    /// Writes what is there, as far as no fetch is still to bring it, by the very rules of the response; what is written is
    /// for nobody.
    pub fn is_doomed(&self) -> bool {
        let plan = self.request.plan;
        let input = Input {
            request: self.request,
            store: &self.store,
            introspection: &IndexMap::new(),
            bytes_max: self.request.policy.response_bytes_max,
            budget: &Budget::new(self.request.policy, plan.blocks.len()),
            coming: Some(&Coming::new(plan, &self.is_done)),
        };
        let (mut errors, mut found, mut data) = (Errors::new(1), Vec::new(), Vec::new());
        let written = project(input, (&plan.response, View::First), &mut errors, &mut found, &mut data);
        written != Ok(Written::Object)
    }
}
