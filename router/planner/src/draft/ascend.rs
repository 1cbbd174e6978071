//! Asking the field that led to a place of another subgraph too.

use federation::query_graph::{Condition, Resolver};
use federation::{TypeId, TypeSet};

use super::fill::Want;
use super::{Draft, PlaceId, Sight, SourceId};
use crate::PlanError;
use crate::plan::OperationKind;

impl Draft<'_> {
    /// A source of a subgraph that is asked the field above, if there is none yet.
    pub(super) fn enter_above(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        resolver: &Resolver,
    ) -> Result<SourceId, PlanError> {
        self.step(1)?;
        match self.at_hand(place, ty, resolver) {
            Some(source) => Ok(source),
            None => self.enter_from_above(place, ty, resolver),
        }
    }

    /// Asks the field that led to the place of another subgraph too. Never a root field of a mutation: it would be run
    /// twice.
    pub(super) fn enter_from_above(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        resolver: &Resolver,
    ) -> Result<SourceId, PlanError> {
        let failure = self.unreachable(ty, &self.supergraph.field(resolver.field).name);
        let Some(parent) = self.state.place(place).parent.clone() else { return Err(failure) };
        let is_top = self.state.place(parent.place).parent.is_none();
        // What is deferred goes through no value again: it comes with the request that is there.
        if self.sight == Sight::Own
            || !self.may_ask_again(place, ty, resolver.subgraph)
            || (is_top && self.operation.kind != OperationKind::Query)
        {
            return Err(failure);
        }
        let known = self.state.place(place).types.clone();
        let value = self.state.place(parent.place).values.under(&parent.key);
        let child = value.flat_map(|value| &value.children).find(|child| child.place == place);
        // Its place stands already, so any node would do; the client's own is the right one.
        let node = child.and_then(|child| child.node).unwrap_or(self.operation.top);
        let is_client = self.state.place(parent.place).client_keys.contains(&parent.key);
        let want = Want {
            call: parent.call.clone(),
            key: is_client.then(|| parent.key.clone()),
            client: child.and_then(|child| child.node),
            child: Some(node),
            types: parent.types.clone(),
        };
        for above in parent.types.iter() {
            let resolvers = self.resolvers(above, &parent.call.name).iter();
            let mut resolvers = resolvers.filter(|found| found.subgraph == resolver.subgraph);
            let Some(found) = resolvers.find(|found| self.condition(found) == Condition::Always) else {
                return Err(failure);
            };
            let source = self.enter_for_all(parent.place, &parent.types, above, found)?;
            self.take_from(source, above, found, &want)?;
        }
        self.keep_types(place, known);
        self.decided((place, resolver.subgraph));
        self.at_hand(place, ty, resolver).ok_or(failure)
    }

    /// Lets objects be what the subgraphs that were asked first know of: where another one says otherwise, the earlier
    /// has the word.
    fn keep_types(&mut self, place: PlaceId, known: TypeSet) {
        for source in self.state.place(place).sources.clone() {
            let at = self.state.source_mut(source);
            at.types = at.types.intersection(&known);
        }
        self.state.place_mut(place).types = known;
    }
}
