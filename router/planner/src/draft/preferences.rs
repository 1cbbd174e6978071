//! What a draft prefers where it has a choice, and which choices it had. One draft decides place by place; what is best
//! for all places together is found by making several that prefer different things ([`crate::search`]).

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher as _};

use federation::query_graph::{Condition, Resolver};
use federation::{SubgraphId, TypeId};

use super::fill::Want;
use super::later::Sight;
use super::resolves::stands;
use super::{Draft, Knows, PlaceId};
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
    /// Where that takes fewer steps.
    Shorter,
    /// Where that takes no more steps.
    Everywhere,
    /// The same, at this one of [`Choices::ascents`] alone.
    At(usize),
}

/// Whether to look for what is missing at a place through the field above as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ascent {
    /// No, unless there is no other way.
    No,
    /// If that takes fewer steps.
    Shorter,
    /// If that takes no more steps.
    NoLonger,
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
    pub(super) fn ascends(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Ascent {
        if !self.may_ascend(place, missing) {
            return Ascent::No;
        }
        let number = self.had.ascents;
        self.had.ascents += 1;
        match self.preferences.ascend {
            Ascending::LastResort => Ascent::No,
            Ascending::Shorter => Ascent::Shorter,
            Ascending::Everywhere => Ascent::NoLonger,
            Ascending::At(at) if at == number => Ascent::NoLonger,
            Ascending::At(_) => Ascent::No,
        }
    }

    /// Whether a subgraph that has something of what is missing resolves the field above too. Never a root field of a
    /// mutation: it would be run twice.
    fn may_ascend(&self, place: PlaceId, missing: &[(&Want, TypeId)]) -> bool {
        let at = self.state.place(place);
        let Some(parent) = &at.parent else { return false };
        let is_top = self.state.place(parent.place).parent.is_none();
        if self.sight == Sight::Own || (is_top && self.operation.kind != OperationKind::Query) {
            return false;
        }
        let Some(above) = parent.types.iter().next() else { return false };
        let resolves = |ty: TypeId, name: &str, subgraph: SubgraphId| {
            let mut resolvers = self.resolvers(ty, name).iter();
            resolvers.any(|found| found.subgraph == subgraph && self.condition(found) == Condition::Always)
        };
        let gives = |ty: TypeId, subgraph: SubgraphId| {
            let mut resolvers = self.resolvers(above, &parent.call.name).iter();
            resolvers.any(|found| {
                found.subgraph == subgraph && self.condition(found) == Condition::Always && self.gives(found, ty)
            })
        };
        missing.iter().any(|(want, ty)| {
            let mut resolvers = self.resolvers(*ty, &want.call.name).iter();
            resolvers.any(|found| {
                resolves(*ty, &want.call.name, found.subgraph)
                    && gives(*ty, found.subgraph)
                    && !at.sources.iter().any(|&source| self.state.subgraph(source) == found.subgraph)
            })
        })
    }

    /// Notes a decision that depends on preferences.
    pub(super) fn decided(&mut self, decision: impl Hash) {
        decision.hash(&mut self.decisions);
    }

    /// Stands for all decisions made: drafts that decided the same are the same.
    pub fn decisions(&self) -> u64 {
        self.decisions.finish()
    }

    /// Whether a value of a concrete type may be had of a resolver, and known there for what it is.
    pub(super) fn gives(&self, resolver: &Resolver, ty: TypeId) -> bool {
        let Some(join) = self.supergraph.join_of(resolver) else { return false };
        let (knows, types) = stands(self.supergraph, join.ty.named(), resolver.subgraph);
        knows == Knows::Types && types.contains(ty)
    }

    /// Whether the field that led to a place may be asked of a subgraph too, for what that has of a type. What an abstract
    /// value is may differ between subgraphs, however much they promise; so it is entered by keys, unless there is none, or
    /// asking again saves a step, or another subgraph can't be entered without.
    pub(super) fn may_ask_again(&self, place: PlaceId, ty: TypeId, subgraph: SubgraphId) -> bool {
        let is_abstract = self.supergraph.ty(self.state.place(place).declared).is_abstract();
        let has_key = || self.supergraph.graph.entries(ty).iter().any(|entry| entry.subgraph == subgraph);
        let is_for_another = || self.is_given && !self.entering.contains(&(place, ty, subgraph));
        !is_abstract || self.preferences.ascend != Ascending::LastResort || !has_key() || is_for_another()
    }

    /// 1 for subgraphs to avoid, else 0.
    pub(super) fn reluctance(&self, subgraph: SubgraphId) -> u32 {
        u32::from(self.preferences.avoid.contains(&subgraph))
    }
}
