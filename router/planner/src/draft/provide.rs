//! Providing wanted values: from sources at hand, else from those that the best choice of subgraphs opens up.

use federation::query_graph::{Condition, Resolver};
use federation::{SubgraphId, TypeId};

use super::choose::Way;
use super::fill::Want;
use super::{Draft, PlaceId, SourceId};
use crate::PlanError;

impl Draft<'_> {
    /// Provides all wants at a place, and what is wanted below them.
    pub(super) fn take(&mut self, place: PlaceId, wants: &[Want]) -> Result<(), PlanError> {
        let (several, plain): (Vec<&Want>, Vec<&Want>) =
            wants.iter().partition(|want| self.has_alternatives(place, want));
        self.take_at_once(place, &plain)?;
        let mut missing: Vec<(&Want, TypeId)> = Vec::new();
        for want in &plain {
            for ty in want.types.iter() {
                if !self.is_provided(place, ty, want) && !self.take_direct(place, ty, want)? {
                    missing.push((want, ty));
                }
            }
        }
        if !missing.is_empty() && self.is_unknown(place) && !self.take_as_interface(place, &missing)? {
            self.learn_types(place, &missing)?;
            let known = self.state.place(place).types.clone();
            let mut left = Vec::new();
            for (want, ty) in missing {
                if known.contains(ty) && !self.is_provided(place, ty, want) && !self.take_direct(place, ty, want)? {
                    left.push((want, ty));
                }
            }
            missing = left;
        }
        missing.retain(|(want, ty)| !self.is_provided(place, *ty, want));
        if !missing.is_empty() {
            self.take_chosen(place, &missing)?;
        }
        for want in plain {
            self.fill_below(place, want)?;
        }
        for want in several {
            self.take_alternatives(place, want)?;
        }
        Ok(())
    }

    /// Whether the value of a want stands at the place already.
    pub(super) fn is_provided(&self, place: PlaceId, ty: TypeId, want: &Want) -> bool {
        self.state.place(place).values.find(&want.call, want.key.as_ref(), ty).is_some()
    }

    /// Takes a value from a source at hand: the one that needs least besides.
    fn take_direct(&mut self, place: PlaceId, ty: TypeId, want: &Want) -> Result<bool, PlanError> {
        let mut sources: Vec<SourceId> = self.state.place(place).sources.clone();
        sources.retain(|&source| self.is_in_sight(source));
        let mut best: Option<(super::estimate::Estimate, u32, SourceId, Resolver)> = None;
        for source in sources {
            let Some(resolver) = self.direct(source, ty, &want.call.name) else { continue };
            let estimate = self.estimate_value(source, &resolver, want.child);
            let depth = self.depth_of(source);
            if best.as_ref().is_none_or(|(other, other_depth, ..)| (estimate, depth) < (*other, *other_depth)) {
                best = Some((estimate, depth, source, resolver));
            }
        }
        let Some((_, _, source, resolver)) = best else { return Ok(false) };
        self.take_from(source, ty, &resolver, want)?;
        Ok(true)
    }

    /// Takes values from subgraphs that have to be entered first, in the order in which they become known.
    fn take_chosen(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Result<(), PlanError> {
        for (index, subgraph, way) in self.choose(place, missing)? {
            let Some((want, ty)) = missing.get(index) else { continue };
            if self.is_provided(place, *ty, want) {
                continue;
            }
            let above = if way == Way::Above { self.take_above(place, *ty, want, subgraph)? } else { Taken::No };
            if above == Taken::Yes {
                continue;
            }
            let chosen = self.take_by(place, *ty, want, subgraph);
            let Err(error) = chosen else { continue };
            if !matches!(error, PlanError::Unreachable { .. }) {
                return Err(error);
            }
            // The estimate was wrong: any other subgraph will do.
            let others = self.resolvers(*ty, &want.call.name).iter().map(|resolver| resolver.subgraph);
            let others: Vec<SubgraphId> = others.filter(|&other| other != subgraph).collect();
            let mut found = false;
            for other in others {
                match self.take_by(place, *ty, want, other) {
                    Ok(()) => {
                        found = true;
                        break;
                    }
                    Err(PlanError::Unreachable { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            if !found {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes a value from a subgraph that is asked the field above.
    fn take_above(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        want: &Want,
        subgraph: SubgraphId,
    ) -> Result<Taken, PlanError> {
        let mut resolvers = self.resolvers(ty, &want.call.name).iter();
        let resolver = resolvers.find(|found| found.subgraph == subgraph && self.condition(found) == Condition::Always);
        let Some(resolver) = resolver else { return Ok(Taken::No) };
        match self.enter_above(place, ty, resolver) {
            Ok(source) => self.take_from(source, ty, resolver, want).map(|()| Taken::Yes),
            Err(PlanError::Unreachable { .. }) => Ok(Taken::No),
            Err(error) => Err(error),
        }
    }

    /// Takes a value from a subgraph, entering it as need be.
    pub(super) fn take_by(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        want: &Want,
        subgraph: SubgraphId,
    ) -> Result<(), PlanError> {
        let resolvers = self.resolvers(ty, &want.call.name);
        for resolver in resolvers.iter().filter(|resolver| resolver.subgraph == subgraph) {
            let source = match self.condition(resolver) {
                Condition::Always => self.enter(place, ty, resolver),
                Condition::Requires(set) => {
                    let guard = (place, ty, want.call.clone());
                    self.check_chain(self.requiring.len(), "requirements of one another")?;
                    if !self.requiring.insert(guard.clone()) {
                        continue;
                    }
                    let entered = self.enter_with(place, ty, resolver, set);
                    self.requiring.remove(&guard);
                    entered
                }
                Condition::Provided | Condition::Never => continue,
            };
            match source {
                Ok(source) => return self.take_from(source, ty, resolver, want),
                Err(PlanError::Unreachable { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(self.unreachable(ty, &want.call.name))
    }
}

/// Whether values were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    No,
}
