//! Mutations: root fields one after another, each with all that is below it before the next.
//!
//! Neighbours of one subgraph share a request only if nothing but that request serves the earlier one: otherwise
//! the later one would run before the earlier one's entities are asked for.

use federation::TypeSet;

use super::fill::Want;
use super::{Draft, PlaceId};
use crate::PlanError;
use crate::operation::What;

impl Draft<'_> {
    /// Fills the top of a mutation.
    pub(super) fn fill_mutation(&mut self, top: PlaceId) -> Result<(), PlanError> {
        let root = self.operation.root;
        let node = self.operation.node(self.operation.top);
        let fields = node.variants.iter().flat_map(|variant| &variant.fields);
        for field in fields {
            let What::Field(call) = &field.what else { continue };
            let want = Want {
                call: call.clone(),
                key: field.key.clone(),
                client: field.child,
                child: field.child,
                types: TypeSet::one(root),
            };
            if !self.may_join(top, &want) {
                self.state.stage += 1;
                self.state.place_mut(top).sources.clear();
            }
            self.take(top, std::slice::from_ref(&want))?;
        }
        Ok(())
    }

    /// Whether a root field may be run by the request at hand.
    fn may_join(&mut self, top: PlaceId, want: &Want) -> bool {
        let stage = self.state.stage;
        let mut of_stage = self.state.requests.iter().filter(|request| request.stage == stage);
        let (Some(only), None) = (of_stage.next(), of_stage.next()) else { return false };
        let source = only.top;
        if self.state.source(source).place != top {
            return false;
        }
        let Some(resolver) = self.direct(source, self.operation.root, &want.call.name) else { return false };
        self.estimate_resolver(&resolver, want.child).requests == 0
    }
}
