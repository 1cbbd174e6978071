//! What a draft prefers where it has a choice, and which choices it had. One draft decides place by place; what is best
//! for all places together is found by making several that prefer different things ([`crate::search`]).

use std::collections::BTreeSet;

use federation::query_graph::Condition;
use federation::{SubgraphId, TypeId};

use super::fill::Want;
use super::later::Sight;
use super::{Draft, PlaceId};
use crate::plan::OperationKind;

/// What to prefer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Subgraphs to take values from only where no other has them.
    pub avoid: BTreeSet<SubgraphId>,
    /// When to ask the field above of another subgraph instead of entering that by a key.
    pub ascend: Ascending,
    /// Which requests are given more entities or requirements.
    pub joining: Joining,
    /// How values of interface objects are asked for.
    pub interfaces: Interfaces,
}

/// Which requests for entities are given more to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joining {
    /// Those of the same step or a later one: fewer requests, unless something waits for what is put off.
    #[default]
    Later,
    /// Those of the same step.
    SameStep,
}

/// How to ask for what is missing of values of which only the interface is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interfaces {
    /// All as interface objects, or all by their types once those are known.
    #[default]
    Alike,
    /// What can be had of interface objects at once, the rest by their types.
    Each,
}

/// When to ask the field that led to a place of another subgraph too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ascending {
    /// Where no key leads there.
    #[default]
    LastResort,
    /// Where that takes no more steps.
    Everywhere,
    /// The same, at this one of [`Choices::ascents`] alone.
    At(usize),
}

/// The choices that a draft had.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Subgraphs that have a value that another subgraph has too.
    pub contested: BTreeSet<SubgraphId>,
    /// At how many places the field above could be asked of another subgraph.
    pub ascents: usize,
    /// Whether a request was given more although it comes later.
    pub joined_later: bool,
    /// Whether some of what was missing of interface objects could be had without their types.
    pub mixed_interfaces: bool,
}

impl Draft<'_> {
    /// Notes which subgraphs could give the same value.
    pub(super) fn note_contested(&mut self, missing: &[(&Want, TypeId)]) {
        for (want, ty) in missing {
            let resolvers = self.resolvers(*ty, &want.call.name).iter();
            let usable =
                resolvers.filter(|found| !matches!(self.condition(found), Condition::Never | Condition::Provided));
            let usable: BTreeSet<SubgraphId> = usable.map(|found| found.subgraph).collect();
            if usable.len() > 1 {
                self.had.contested.extend(usable);
            }
        }
    }

    /// Whether what is missing is to be looked for through the field above as well.
    pub(super) fn ascends(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> bool {
        if !self.may_ascend(place, missing) {
            return false;
        }
        let number = self.had.ascents;
        self.had.ascents += 1;
        match self.preferences.ascend {
            Ascending::LastResort => false,
            Ascending::Everywhere => true,
            Ascending::At(at) => at == number,
        }
    }

    /// Whether a subgraph that has something of what is missing resolves the field above too. Only for values of one
    /// type: what an abstract value is may differ between subgraphs. Never a root field of a mutation: it would be run
    /// twice.
    fn may_ascend(&self, place: PlaceId, missing: &[(&Want, TypeId)]) -> bool {
        let at = self.state.place(place);
        let Some(parent) = &at.parent else { return false };
        let is_top = self.state.place(parent.place).parent.is_none();
        if self.sight == Sight::Own
            || self.supergraph.ty(at.declared).is_abstract()
            || (is_top && self.operation.kind != OperationKind::Query)
        {
            return false;
        }
        let Some(above) = parent.types.iter().next() else { return false };
        let resolves = |ty: TypeId, name: &str, subgraph: SubgraphId| {
            let mut resolvers = self.resolvers(ty, name).iter();
            resolvers.any(|found| found.subgraph == subgraph && self.condition(found) == Condition::Always)
        };
        missing.iter().any(|(want, ty)| {
            let mut resolvers = self.resolvers(*ty, &want.call.name).iter();
            resolvers.any(|found| {
                resolves(*ty, &want.call.name, found.subgraph)
                    && resolves(above, &parent.call.name, found.subgraph)
                    && !at.sources.iter().any(|&source| self.state.subgraph(source) == found.subgraph)
            })
        })
    }

    /// 1 for subgraphs to avoid, else 0.
    pub(super) fn reluctance(&self, subgraph: SubgraphId) -> u32 {
        u32::from(self.preferences.avoid.contains(&subgraph))
    }
}
