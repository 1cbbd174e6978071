//! The prover: positions, and what holds at them. It only ever answers "can this be had?"; walking is done elsewhere.
//!
//! Invariant: answers are monotone. More places, or more contexts, never take an answer away; that's what lets
//! positions grow step by step and proofs be shared.

use std::rc::Rc;

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::{FieldJoin, FieldSet, TypeKind};
use federation::{FieldId, LabelSet, Supergraph, TypeId};
use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::contexts::{ContextSet, Contexts};
use super::labels;
use super::places::{Place, ViewId, Views};
use super::position::{Asked, PositionId, Positions, Way};

/// How deeply positions that conditions need may nest. Keys that need other entities' keys nest two or three deep.
const NESTING_MAX: usize = 100;

/// Resolvers that are looked at one by one; of more, only those of the subgraphs reached.
const FEW: usize = 8;

/// What answers.
pub(super) struct Prover<'a> {
    pub(super) supergraph: &'a Supergraph,
    pub(super) positions: Positions,
    pub(super) views: Views,
    pub(super) contexts: Contexts<'a>,
    pub(super) labels: labels::Below,
    pub(super) budget: Budget,
    /// Fields of an object that some subgraph resolves on a condition, by resolver index.
    conditional: FxHashMap<TypeId, Rc<[(FieldId, usize)]>>,
}

impl<'a> Prover<'a> {
    pub(super) fn new(supergraph: &'a Supergraph, budget: Budget) -> Self {
        Self {
            supergraph,
            positions: Positions::default(),
            views: Views::new(),
            contexts: Contexts::new(supergraph),
            labels: labels::Below::of(supergraph),
            budget,
            conditional: FxHashMap::default(),
        }
    }

    /// The position that a way leads to, grown.
    pub(super) fn position(&mut self, object: TypeId, seeds: Rc<[Place]>, contexts: ContextSet) -> PositionId {
        match self.positions.ask(Way { object, seeds, contexts }) {
            Asked::Ready(id) => id,
            Asked::Grow(id) if self.positions.depth() >= NESTING_MAX => {
                self.budget.exhaust();
                id
            }
            Asked::Grow(id) => {
                let mut frame = self.positions.enter(id);
                self.grow(id);
                while self.positions.again(&mut frame) && !self.budget.is_spent() {
                    self.grow(id);
                }
                self.positions.settle(id, frame);
                id
            }
        }
    }

    /// Whether some place knows what type the object really is.
    pub(super) fn type_is_known(&self, id: PositionId) -> bool {
        let Some(position) = self.positions.get(id) else { return false };
        position.places.iter().any(|place| place.ty == position.way.object)
    }

    /// A place of a position; none beyond its end.
    pub(super) fn place(&self, id: PositionId, index: usize) -> Option<Place> {
        self.positions.get(id)?.places.get(index).copied()
    }

    /// The fields of an object that some subgraph resolves on a condition.
    pub(super) fn conditional_fields(&mut self, object: TypeId) -> Rc<[(FieldId, usize)]> {
        let supergraph = self.supergraph;
        let found = self.conditional.entry(object).or_insert_with(|| {
            let mut found = Vec::new();
            for &field in supergraph.ty(object).fields.values() {
                for (index, resolver) in supergraph.graph.resolvers(field).iter().enumerate() {
                    let join = supergraph.join_of(resolver);
                    if join.is_some_and(|join| join.requires.is_some() || !join.context_arguments.is_empty()) {
                        found.push((field, index));
                    }
                }
            }
            found.into()
        });
        Rc::clone(found)
    }

    /// Where a field of the object can be had at a position while just these labels are in force.
    pub(super) fn options(&mut self, id: PositionId, field: FieldId, labels: &LabelSet) -> Vec<Place> {
        self.options_where(id, field, labels, |_| true)
    }

    /// Where a field can be had for a condition: whatever the labels are.
    pub(super) fn options_for_condition(&mut self, id: PositionId, field: FieldId) -> Vec<Place> {
        self.options_where(id, field, &LabelSet::default(), |join| join.override_label.is_none())
    }

    fn options_where(
        &mut self,
        id: PositionId,
        field: FieldId,
        labels: &LabelSet,
        allowed: impl Fn(&FieldJoin) -> bool,
    ) -> Vec<Place> {
        let supergraph = self.supergraph;
        let mut options = Vec::new();
        let resolvers = supergraph.graph.resolvers(field);
        let mut add = |prover: &mut Self, index: usize, resolver: &Resolver| {
            let Some(join) = supergraph.join_of(resolver).filter(|join| allowed(join)) else { return };
            match join.condition_under(labels) {
                Condition::Never => {}
                Condition::Always if join.context_arguments.is_empty() => {
                    prover.direct(id, field, (resolver, join), &mut options);
                }
                Condition::Provided => prover.direct(id, field, (resolver, join), &mut options),
                Condition::Always | Condition::Requires(_) => {
                    let Some(position) = prover.positions.get(id) else { return };
                    if position.served.contains(&(field, index)) {
                        let object = position.way.object;
                        let start = Place { subgraph: resolver.subgraph, ty: resolver.via, view: ViewId::NONE };
                        options.push(prover.below(object, start, field, join));
                    }
                }
            }
        };
        if resolvers.len() <= FEW {
            resolvers.iter().enumerate().for_each(|(index, resolver)| add(self, index, resolver));
        } else {
            for (index, resolver) in self.resolvers_reached(id, field) {
                add(self, index, resolver);
            }
        }
        options.sort_unstable();
        options.dedup();
        options
    }

    /// The resolvers of a field that stand in a subgraph that the position reaches, or whose conditions hold, in order: what
    /// all subgraphs share has hundreds that don't.
    fn resolvers_reached(&self, id: PositionId, field: FieldId) -> Vec<(usize, &'a Resolver)> {
        let Some(position) = self.positions.get(id) else { return Vec::new() };
        let resolvers = self.supergraph.graph.resolvers(field);
        let served = position.served.iter().filter(|(served, _)| *served == field).map(|(_, index)| *index);
        let mut indexes: Vec<usize> = served.collect();
        for place in &position.places {
            let first = resolvers.partition_point(|resolver| resolver.subgraph < place.subgraph);
            let here = resolvers.iter().skip(first).take_while(|resolver| resolver.subgraph == place.subgraph);
            indexes.extend(first..first + here.count());
        }
        indexes.sort_unstable();
        indexes.dedup();
        indexes.into_iter().filter_map(|index| Some((index, resolvers.get(index)?))).collect()
    }

    /// The field at every place of its subgraph that resolves it without more.
    fn direct(
        &mut self,
        id: PositionId,
        field: FieldId,
        (resolver, join): (&Resolver, &'a FieldJoin),
        options: &mut Vec<Place>,
    ) {
        let Some(object) = self.positions.get(id).map(|position| position.way.object) else { return };
        let mut index = 0;
        while let Some(place) = self.place(id, index) {
            index += 1;
            let here = place.subgraph == resolver.subgraph && place.ty == resolver.via;
            if here && (!join.external || self.provides(place, object, field)) {
                options.push(self.below(object, place, field, join));
            }
        }
    }

    /// Whether the way to a place provides a field of the object.
    pub(super) fn provides(&self, place: Place, object: TypeId, field: FieldId) -> bool {
        place.view != ViewId::NONE
            && self.views.get(place.view).is_some_and(|view| view.provides(self.supergraph, object, field))
    }

    /// The place that a field of a place leads to.
    pub(super) fn below(&mut self, object: TypeId, place: Place, field: FieldId, join: &'a FieldJoin) -> Place {
        let provides: Option<&FieldSet> = join.provides.as_ref();
        let view = self.views.below(self.supergraph, object, place, (field, provides));
        Place { subgraph: place.subgraph, ty: join.ty.named(), view }
    }

    /// The places of one object among those of a value, which may be of an abstract type.
    pub(super) fn places_of(&self, object: TypeId, options: &[Place]) -> Rc<[Place]> {
        let as_object = |place: &Place| {
            let join = self.supergraph.ty(place.ty).join(place.subgraph)?;
            // An interface that no object implements has no values where it is a real one.
            if place.ty == object {
                let real = self.supergraph.ty(object).is_abstract() && !join.is_interface_object;
                return (!real).then_some(*place);
            }
            let possible = join.possible_types.contains(object);
            let ty = if join.is_interface_object { place.ty } else { object };
            possible.then_some(Place { ty, ..*place })
        };
        let mut places: Vec<Place> = options.iter().filter_map(as_object).collect();
        places.sort_unstable();
        places.dedup();
        places.into()
    }

    /// The objects that clients may see a value of a type to be.
    pub(super) fn objects(&self, ty: TypeId) -> impl Iterator<Item = TypeId> + use<'a> {
        let supergraph = self.supergraph;
        self.all_objects(ty).filter(move |&object| !supergraph.ty(object).inaccessible || object == ty)
    }

    /// The objects that a value of a type may be: conditions are asked of those that are hidden, too.
    pub(super) fn all_objects(&self, ty: TypeId) -> impl Iterator<Item = TypeId> + use<'a> {
        let supergraph = self.supergraph;
        let alone = (supergraph.ty(ty).kind == TypeKind::Object).then_some(ty);
        let several = supergraph.ty(ty).possible_types.iter().filter(move |_| alone.is_none());
        alone.into_iter().chain(several)
    }
}
