//! Values of abstract type that several subgraphs could give: one gives it alone, since what it is may differ between them.

use federation::query_graph::{Condition, Resolver};
use federation::{SubgraphId, TypeId};

use super::fill::Want;
use super::{Draft, PlaceId, SourceId};
use crate::PlanError;

impl Draft<'_> {
    /// Whether a want leads to a value of abstract type that several subgraphs could give. Such a value has to come
    /// from one alone: what it is may differ between them.
    pub(super) fn has_alternatives(&self, place: PlaceId, want: &Want) -> bool {
        let Some(first) = want.types.iter().next() else { return false };
        if want.child.is_none() || self.is_provided(place, first, want) || self.is_unknown(place) {
            return false;
        }
        let Some(&field) = self.supergraph.ty(first).fields.get(&want.call.name) else { return false };
        if !self.supergraph.ty(self.supergraph.field(field).ty.named()).is_abstract() {
            return false;
        }
        self.alternatives(place, first, want).len() > 1
    }

    /// The resolvers that a value may come from, with the source at hand if there is one.
    fn alternatives(&self, place: PlaceId, ty: TypeId, want: &Want) -> Vec<(Resolver, Option<SourceId>)> {
        let sources = &self.state.place(place).sources;
        let resolvers = self.resolvers(ty, &want.call.name).iter();
        let alternatives = resolvers.map(|resolver| {
            let mut at_hand = sources.iter().copied();
            let at_hand = at_hand.find(|&source| {
                self.is_in_sight(source) && self.direct(source, ty, &want.call.name) == Some(*resolver)
            });
            (*resolver, at_hand)
        });
        alternatives
            .filter(|(resolver, at_hand)| at_hand.is_some() || self.condition(resolver) == Condition::Always)
            .collect()
    }

    /// Takes a value of abstract type from the first subgraph, best first, that gets everything below it.
    pub(super) fn take_alternatives(&mut self, place: PlaceId, want: &Want) -> Result<(), PlanError> {
        let Some(first) = want.types.iter().next() else { return Ok(()) };
        let sources = self.state.place(place).sources.iter();
        let soonest = sources.map(|&source| self.depth_of(source)).min().unwrap_or(0);
        let mut ranked = Vec::new();
        for (resolver, at_hand) in self.alternatives(place, first, want) {
            let (estimate, entering, depth) = match at_hand {
                Some(source) => (self.estimate_value(source, &resolver, want.child), 0, self.depth_of(source)),
                None => (self.estimate_resolver(&resolver, want.child), 1, soonest + 1),
            };
            // What is at hand came of a choice already; another subgraph may know fewer of its types.
            let reluctance = if entering > 0 { self.reluctance(resolver.subgraph) } else { 0 };
            let rank = (reluctance, depth + estimate.steps, estimate.requests + entering, estimate);
            ranked.push((rank, resolver.subgraph));
        }
        if ranked.len() > 1 {
            self.had.contested.extend(ranked.iter().map(|(_, subgraph)| *subgraph));
        }
        ranked.sort();
        let mut failure = self.unreachable(first, &want.call.name);
        for (_, subgraph) in ranked {
            self.state.begin();
            let tried = want.types.iter().try_for_each(|ty| self.take_of(place, ty, want, subgraph));
            let tried = tried.and_then(|()| self.fill_below(place, want));
            self.count_copied()?;
            match tried {
                Ok(()) => {
                    self.state.keep();
                    self.decided((place, subgraph));
                    return Ok(());
                }
                Err(error @ PlanError::Unreachable { .. }) => failure = error,
                Err(error) => return Err(error),
            }
            self.state.undo();
        }
        Err(failure)
    }

    /// Takes a value from a subgraph: from a source of it at hand, or by entering it.
    fn take_of(&mut self, place: PlaceId, ty: TypeId, want: &Want, subgraph: SubgraphId) -> Result<(), PlanError> {
        if self.is_provided(place, ty, want) {
            return Ok(());
        }
        let alternatives = self.alternatives(place, ty, want);
        let mut of_subgraph = alternatives.into_iter().filter(|(resolver, _)| resolver.subgraph == subgraph);
        match of_subgraph.find_map(|(resolver, source)| Some((resolver, source?))) {
            Some((resolver, source)) => self.take_from(source, ty, &resolver, want),
            None => self.take_by(place, ty, want, subgraph),
        }
    }
}
